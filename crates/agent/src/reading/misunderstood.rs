//! What to say of a question that is not answered: the words that were not understood, and what is nearest to them.

use super::anchors::{What, joined};
use super::build::Reading;
use super::confidence::HARD;
use super::decide::Answer;
use super::frame::{Figure, Item, Of};
use super::grammar::Reader;
use super::language;
use super::lexicon;
use super::plan::Document;
use super::score::Feature;
use super::values::How;
use crate::reading::tokens::{Kind, Token};

/// Stored values named instead of one that is not there.
const NEAREST: usize = 3;
/// Words named at most.
const MAX_WORDS: usize = 4;

/// Why no statement was made.
#[derive(Debug, Clone)]
pub struct Misunderstanding {
    pub message: String,
    /// What could be asked instead.
    pub hints: Vec<String>,
    /// What was understood, to go on from by hand.
    pub begun: Option<Box<Document>>,
    /// The only likely reading, which is not sure enough to be told.
    pub offered: Option<Box<Answer>>,
}

impl Misunderstanding {
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hints: Vec::new(),
            begun: None,
            offered: None,
        }
    }
}

/// Parts of the question that surely carry meaning and that the reading left: quoted texts, codes, numbers, names. Each
/// with its tokens; neighbours that are names go together.
pub fn hard_leftovers(reading: &Reading, reader: &Reader<'_>) -> Vec<(usize, usize)> {
    let features = &reading.features;
    let left = &reading.frame.left;
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for &at in left {
        let Some(token) = reader.tokens.get(at) else {
            continue;
        };
        let is_hard = match token.kind {
            Kind::Quoted | Kind::Number(_) | Kind::Date => true,
            Kind::Word => {
                is_code(token)
                    || is_name(reader, at)
                    || is_strange(reader, at)
                    || is_predicate(reader, at)
                    || reader.is_function(at)
                    || lexicon::measured_by(&token.lower).is_none()
                        && !token.lower.ends_with("est")
                        && describes_rows(reading, at)
            }
            Kind::Mark => false,
        };
        if !is_hard {
            continue;
        }
        match spans.last_mut() {
            Some(last) if last.1 == at && token.kind == Kind::Word && is_name(reader, at - 1) => {
                last.1 = at + 1;
            }
            _ => spans.push((at, at + 1)),
        }
    }
    if spans.is_empty() && features.get(Feature::NumberWithoutPlace) > 0.0 {
        let number = |token: &Token| matches!(token.kind, Kind::Number(_));
        if let Some(at) = reader.tokens.iter().position(number) {
            spans.push((at, at + 1));
        }
    }
    if spans.is_empty() && HARD.iter().any(|&hard| features.get(hard) > 0.0) {
        spans.extend(left.first().map(|&at| (at, at + 1)));
    }
    spans
}

/// A word right before the noun whose rows are counted or listed says which of them: "female users" are not all users.
/// ("Biggest" says how they are ordered, and costs as an order that was lost.)
fn describes_rows(reading: &Reading, at: usize) -> bool {
    reading.frame.items.iter().any(|(item, span)| {
        let is_rows = matches!(
            item,
            Item::Entity(_)
                | Item::Figure(Figure {
                    of: Of::Rows(_),
                    ..
                })
        );
        is_rows && (span.0 == at + 1 || span.0 <= at && span.1 == at + 2)
    })
}

const COPULAS: &[&str] = &["is", "are", "was", "were", "be", "been"];
/// Stand between a copula and what is said.
const ADVERBS: &[&str] = &[
    "not",
    "still",
    "now",
    "currently",
    "also",
    "all",
    "both",
    "already",
    "never",
];
/// Say no more than that there is a row.
const OF_BEING: &[&str] = &[
    "added",
    "available",
    "booked",
    "conducted",
    "counted",
    "created",
    "done",
    "entered",
    "filed",
    "found",
    "given",
    "held",
    "included",
    "issued",
    "known",
    "listed",
    "logged",
    "made",
    "noted",
    "offered",
    "placed",
    "recorded",
    "registered",
    "released",
    "saved",
    "spoken",
    "stored",
    "submitted",
    "taken",
    "used",
];

/// What the rows are said to be: "employees that are married", "which of them are remote?".
fn is_predicate(reader: &Reader<'_>, at: usize) -> bool {
    // "taught on Mondays", "classified as theft": what follows says how it is meant.
    let goes_on = lexicon::is_past(reader.word(at));
    let ends = |at: usize| {
        reader.tokens.get(at).is_none_or(|token| {
            token.kind == Kind::Mark || !goes_on && lexicon::is_function_word(&token.lower)
        })
    };
    let before = (0..at)
        .rev()
        .find(|&before| !ADVERBS.contains(&reader.word(before)));
    !lexicon::is_function_word(reader.word(at))
        && !lexicon::is_stop(reader.word(at))
        && !OF_BEING.contains(&reader.word(at))
        && !reader.is_cue(at)
        && ends(at + 1)
        && before.is_some_and(|before| COPULAS.contains(&reader.word(before)))
}

/// Letters and digits in one word, such as AX1003.
fn is_code(token: &Token) -> bool {
    let digits = token.text.chars().any(|c| c.is_ascii_digit());
    let ordinal = ["st", "nd", "rd", "th", "s", "k", "m"]
        .iter()
        .any(|end| token.lower.trim_start_matches(|c: char| c.is_ascii_digit()) == *end);
    digits && !ordinal && token.text.chars().any(char::is_alphabetic)
}

/// No ordinary word, and nothing of the dataset: a name in lower case, or a slip.
fn is_strange(reader: &Reader<'_>, at: usize) -> bool {
    let token = &reader.tokens[at];
    token.lower.chars().count() >= 4
        && !reader.is_cue(at)
        && !lexicon::is_function_word(&token.lower)
        && !language::is_common(&token.word)
        && !reader.anchors.at[at]
            .iter()
            .any(|anchor| match &anchor.what {
                What::Value(one) => one.how <= How::Inflected,
                _ => true,
            })
}

/// A capital letter inside a sentence. Where most words have one, it says nothing.
fn is_name(reader: &Reader<'_>, at: usize) -> bool {
    let words = reader
        .tokens
        .iter()
        .filter(|token| token.kind == Kind::Word);
    let (count, capitals) = words.fold((0, 0), |(count, capitals), token| {
        (count + 1, capitals + usize::from(token.is_capitalized()))
    });
    at > 0 && reader.tokens[at].is_capitalized() && capitals * 5 <= count * 3
}

/// Words for what was left over.
pub fn message(reading: Option<&Reading>, reader: &Reader<'_>, unknown: &[usize]) -> String {
    let hard = reading.map_or_else(Vec::new, |reading| hard_leftovers(reading, reader));
    if !hard.is_empty() {
        let said: Vec<String> = hard
            .iter()
            .take(MAX_WORDS)
            .map(|&(from, to)| about(&reader.tokens[from..to], reader))
            .collect();
        return said.join(" ");
    }
    let left: &[usize] = match reading {
        Some(reading) if !reading.frame.left.is_empty() => &reading.frame.left,
        _ => unknown,
    };
    let quoted = |of: &dyn Fn(usize) -> bool| -> Vec<String> {
        left.iter()
            .filter(|&&at| of(at))
            .filter_map(|&at| reader.tokens.get(at))
            .filter(|token| token.kind != Kind::Mark)
            .take(MAX_WORDS)
            .map(|token| format!("“{}”", token.text))
            .collect()
    };
    let is_english = |at: usize| reader.is_cue(at) || reader.is_of_time(at);
    let (words, english) = (quoted(&|at| !is_english(at)), quoted(&is_english));
    match (words.as_slice(), english.as_slice()) {
        ([], []) => "I am not sure enough how to answer this from your tables.".into(),
        ([], english) => format!("I cannot tell what {} goes with here.", english.join(" ")),
        ([word], _) => format!("I do not know what {word} means in your data."),
        (words, _) => format!("I do not know what {} mean in your data.", words.join(", ")),
    }
}

/// "There is no AX1003 in your data; nearest: AX1001."
fn about(span: &[Token], reader: &Reader<'_>) -> String {
    let phrase = joined(span);
    if let [token] = span
        && matches!(token.kind, Kind::Number(_) | Kind::Date)
    {
        return format!("I do not know what {phrase} stands for here.");
    }
    let stored = reader.values.find(&phrase, false);
    if let Some(one) = stored.first() {
        let column = &reader.data.columns[one.column];
        let table = &reader.data.tables[column.table];
        return format!(
            "{phrase} stands in {} of {}, but I do not know what to do with it here.",
            plain(&column.name),
            plain(&table.name)
        );
    }
    let mut near: Vec<String> = Vec::new();
    for (_, value) in reader.values.nearest(&phrase, NEAREST * 2) {
        if !near.contains(&value) {
            near.push(value);
        }
    }
    near.truncate(NEAREST);
    let is_a_name =
        |token: &Token| token.kind == Kind::Quoted || token.is_capitalized() || is_code(token);
    // "Married" is no slip of Madrid.
    let is_ordinary = span.iter().all(|token| language::is_common(&token.word));
    if (near.is_empty() || is_ordinary) && !span.iter().any(is_a_name) {
        format!("I do not know what “{phrase}” means in your data.")
    } else if near.is_empty() {
        format!("There is no {phrase} in your data.")
    } else {
        format!(
            "There is no {phrase} in your data; nearest: {}.",
            near.join(", ")
        )
    }
}

fn plain(name: &str) -> String {
    name.replace('_', " ")
}
