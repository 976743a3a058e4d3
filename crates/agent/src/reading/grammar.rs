//! Puts cues, names, values, numbers and times together, from left to right, keeping the best readings.

mod against_average;
mod amounts;
mod closed_words;
mod comparisons;
mod denied;
mod doings;
mod durations;
mod extremes;
mod figures;
mod first_last;
mod keys;
mod names;
mod nested;
mod patterns;
mod periods;
mod self_reference;
mod superlatives;
mod values;

use chrono::NaiveDate;
use schema_gen::meaning::Role;

use self::denied::denied_by;
use self::periods::stored_periods;
use super::anchors::{Anchors, What};
use super::cues::{self, Cue};
use super::data::{ColumnId, Data, TableId};
use super::dates::{self, Time};
use super::frame::{By, Cond, Figure, Frame, Item, Of, Pending};
use super::query::Function;
use super::score::Feature;
use super::values::{How, Values};
use crate::reading::lexicon;
use crate::reading::tokens::{Kind, Token, tokenize};

/// Readings kept at each word.
const BEAM: usize = 48;

pub struct Reader<'a> {
    pub tokens: Vec<Token>,
    pub data: &'a Data,
    pub values: &'a Values,
    pub anchors: Anchors,
    pub today: NaiveDate,
    times: Vec<Vec<(usize, Time)>>,
    cues: Vec<Vec<(usize, Cue)>>,
    /// What each token says by denying a word of the data: a flag, a time or a value ("inactive", "unpaid").
    denied: Vec<Vec<Cond>>,
    /// Periods stored as text that begin at each token ("this school year"): the token after, column and value.
    periods: Vec<Vec<(usize, ColumnId, String)>>,
}

/// A noun phrase that names a table or a column.
#[derive(Debug, Clone)]
struct Noun {
    to: usize,
    what: NounOf,
    score: f64,
    words: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum NounOf {
    Table(TableId),
    Column(ColumnId),
    /// Position among the dataset's metrics.
    Metric(usize),
}

impl<'a> Reader<'a> {
    pub fn new(question: &str, data: &'a Data, values: &'a Values, today: NaiveDate) -> Self {
        let tokens = tokenize(question);
        let anchors = Anchors::find(&tokens, data, values);
        let times = (0..tokens.len())
            .map(|at| {
                if anchors.is_given(at) {
                    Vec::new()
                } else {
                    dates::read(&tokens, at, today)
                }
            })
            .collect();
        let cues = (0..tokens.len())
            .map(|at| {
                let word = |offset: usize| {
                    tokens
                        .get(at + offset)
                        .map_or("", |token| token.lower.as_str())
                };
                if tokens[at].kind == Kind::Quoted
                    || anchors.is_given(at)
                    || matches!(tokens[at].lower.as_str(), "no" | "not" | "non" | "without")
                        && anchors.is_in_value(at)
                {
                    Vec::new()
                } else {
                    cues::at(&word)
                }
            })
            .collect();
        let denied = tokens
            .iter()
            .map(|token| denied_by(token, data, values))
            .collect();
        let periods = (0..tokens.len())
            .map(|at| stored_periods(at, &tokens, &anchors, (data, values), today))
            .collect();
        Self {
            tokens,
            data,
            values,
            anchors,
            today,
            times,
            cues,
            denied,
            periods,
        }
    }

    /// The best readings of the whole question.
    pub fn frames(&self) -> Vec<Frame> {
        let count = self.tokens.len();
        let mut states: Vec<Vec<Frame>> = vec![Vec::new(); count + 1];
        states[0].push(Frame::default());
        for at in 0..count {
            let mut here = std::mem::take(&mut states[at]);
            here.sort_by(|one, two| two.score.total_cmp(&one.score));
            let mut kept: Vec<Frame> = Vec::new();
            for frame in here {
                if kept.len() >= BEAM {
                    break;
                }
                if !kept.iter().any(|other| {
                    other.items == frame.items
                        && other.pending == frame.pending
                        && other.negated == frame.negated
                }) {
                    kept.push(frame);
                }
            }
            for frame in kept {
                for (to, next) in self.step(&frame, at) {
                    states[to.min(count)].push(next);
                }
            }
        }
        let mut done = std::mem::take(&mut states[count]);
        for frame in &mut done {
            self.close(frame);
        }
        done.sort_by(|one, two| two.score.total_cmp(&one.score));
        let mut kept: Vec<Frame> = Vec::new();
        for frame in done {
            if kept.len() >= BEAM {
                break;
            }
            if !kept.iter().any(|other| other.items == frame.items) {
                kept.push(frame);
            }
        }
        kept
    }

    pub fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.lower.as_str())
    }

    /// Whether a closed word of English that says what is done with names begins here.
    pub fn is_cue(&self, at: usize) -> bool {
        self.cues.get(at).is_some_and(|cues| !cues.is_empty())
    }

    /// Whether the word alone says what is worked out of a number: "sum", "average".
    pub fn is_function(&self, at: usize) -> bool {
        self.says_alone(at, |cue| matches!(cue, Cue::Function(_)))
    }

    /// Whether a cue of one word that begins here is `wanted`.
    fn says_alone(&self, at: usize, wanted: impl Fn(&Cue) -> bool) -> bool {
        self.cues
            .get(at)
            .is_some_and(|cues| cues.iter().any(|(length, cue)| *length == 1 && wanted(cue)))
    }

    /// Whether the word is part of a time: "last year".
    pub fn is_of_time(&self, at: usize) -> bool {
        self.times
            .iter()
            .enumerate()
            .take(at + 1)
            .any(|(from, times)| times.iter().any(|(length, _)| from + length > at))
    }

    fn number(&self, at: usize) -> Option<f64> {
        match self.tokens.get(at)?.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// What was begun and not ended costs.
    fn close(&self, frame: &mut Frame) {
        self.drop_pending(frame);
        if frame.negated.take().is_some() {
            frame.add(Feature::LostNegation, 1.0);
        }
    }

    fn drop_pending(&self, frame: &mut Frame) {
        match frame.pending.take() {
            None | Some((Pending::Show | Pending::HowMuch, _)) => {}
            Some((Pending::Key | Pending::Per, _)) => frame.add(Feature::LostFunction, 0.8),
            Some((
                Pending::Superlative {
                    descending,
                    limit,
                    offset,
                    is_top: false,
                },
                _,
            )) => {
                // "whose price is the highest"
                let last = frame.items.iter().rposition(|(item, _)| match item {
                    Item::Column(column) => {
                        self.data.columns[*column].is_number()
                            || self.data.columns[*column].is_time()
                    }
                    Item::Figure(_) => true,
                    _ => false,
                });
                match last {
                    Some(last) => {
                        let (of, function) = match frame.items[last].0.clone() {
                            Item::Column(column) => self
                                .done_most(column, frame.items[last].1)
                                .unwrap_or((Of::Column(column), None)),
                            Item::Figure(figure) => (figure.of, figure.function),
                            _ => return,
                        };
                        let span = frame.items[last].1;
                        frame.items[last] = (
                            Item::Order {
                                by: By::Of(of),
                                function,
                                descending,
                                limit: Some(limit),
                                offset,
                            },
                            span,
                        );
                        frame.add(Feature::Superlative, 1.0);
                    }
                    None => frame.add(Feature::LostFunction, 1.0),
                }
            }
            Some((
                Pending::Superlative {
                    descending,
                    limit,
                    offset,
                    is_top: true,
                },
                at,
            )) => {
                // "the top 5": by what the question asks for.
                frame.push(
                    Item::first_by(By::Measure, None, (descending, limit, offset)),
                    (at, at + 1),
                );
            }
            Some((Pending::Without, _)) => frame.add(Feature::LostNegation, 1.0),
            Some((Pending::Count { .. }, _)) => {
                // "churned accounts without a reason, how many?"
                let named = frame
                    .items
                    .iter()
                    .position(|(item, _)| matches!(item, Item::Entity(_)));
                let has_figure = frame.has(|item| matches!(item, Item::Figure(_)));
                match named {
                    Some(at) if !has_figure => {
                        if let Item::Entity(table) = frame.items[at].0 {
                            frame.items[at].0 =
                                Item::Figure(Figure::new(Some(Function::Count), Of::Rows(table)));
                        }
                    }
                    _ => {
                        // The key of a table stands for its rows.
                        let key = frame.items.iter().position(|(item, _)| matches!(item, Item::Column(column) if self.is_own_key(*column)));
                        match key {
                            Some(at) if !has_figure => {
                                if let Item::Column(column) = frame.items[at].0 {
                                    frame.items[at].0 = Item::Figure(Figure::new(
                                        Some(Function::Count),
                                        Of::Rows(self.data.columns[column].table),
                                    ));
                                }
                            }
                            _ => frame.add(Feature::LostFunction, 1.0),
                        }
                    }
                }
            }
            Some(_) => frame.add(Feature::LostFunction, 1.0),
        }
    }

    /// "gets booked the most", "spent the most": not the latest time of it, but how often or how much.
    fn done_most(&self, column: ColumnId, span: (usize, usize)) -> Option<(Of, Option<Function>)> {
        let info = &self.data.columns[column];
        let after = span.1 + usize::from(self.word(span.1) == "the");
        if !info.is_time() || !matches!(self.word(after), "most" | "least") {
            return None;
        }
        let is_money = lexicon::money(self.word(span.1 - 1)).is_some();
        Some(
            match self.data.main_amount(info.table).filter(|_| is_money) {
                Some(amount) => (Of::Column(amount), Some(Function::Sum)),
                None => (Of::Rows(info.table), Some(Function::Count)),
            },
        )
    }

    /// Whether more and less of it mean something.
    fn comparable(&self, column: ColumnId) -> bool {
        let info = &self.data.columns[column];
        info.is_number() && !info.is_foreign && info.role != Role::Identifier
    }

    /// Whether the column alone tells the rows of its table apart.
    fn is_own_key(&self, column: ColumnId) -> bool {
        let table = self.data.columns[column].table;
        self.data.tables[table].key == [column]
    }

    fn step(&self, frame: &Frame, at: usize) -> Vec<(usize, Frame)> {
        let mut out = Vec::new();
        self.skip(frame, at, &mut out);
        if self.tokens[at].kind == Kind::Mark
            && !matches!(
                self.word(at),
                "," | "&" | "%" | "=" | ">" | "<" | ">=" | "<="
            )
        {
            return out;
        }
        self.time(frame, at, &mut out);
        self.cue(frame, at, &mut out);
        self.patterns(frame, at, &mut out);
        self.superlatives(frame, at, &mut out);
        self.extremes(frame, at, &mut out);
        self.when_first(frame, at, &mut out);
        self.nouns_here(frame, at, &mut out);
        self.values_here(frame, at, &mut out);
        self.comparisons(frame, at, &mut out);
        self.numbers(frame, at, &mut out);
        self.parts(frame, at, &mut out);
        self.durations(frame, at, &mut out);
        self.unit_of_duration(frame, at, &mut out);
        self.deadlines(frame, at, &mut out);
        self.units_sold(frame, at, &mut out);
        self.denied_words(frame, at, &mut out);
        self.left_out_after(frame, at, &mut out);
        self.endings(frame, at, &mut out);
        self.doings(frame, at, &mut out);
        self.percentiles(frame, at, &mut out);
        self.longest_here(frame, at, &mut out);
        self.stored_periods(frame, at, &mut out);
        self.others_said(frame, at, &mut out);
        self.leavings(frame, at, &mut out);
        self.hours(frame, at, &mut out);
        out
    }

    /// Passing over a word costs as much as it seems to mean.
    fn skip(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let token = &self.tokens[at];
        let mut next = frame.clone();
        match token.kind {
            Kind::Mark => {
                if matches!(
                    token.text.as_str(),
                    "?" | "." | "!" | "," | ";" | ":" | "(" | ")" | "-" | "–" | "—" | "/"
                ) {
                    out.push((at + 1, next));
                    return;
                }
                next.add(Feature::SkippedCue, 1.0);
            }
            Kind::Quoted => {
                next.add(Feature::SkippedQuoted, 1.0);
                next.left.push(at);
            }
            Kind::Number(_) => {
                if matches!(token.lower.as_str(), "one") {
                    next.add(Feature::SkippedStop, 1.0);
                } else {
                    next.add(Feature::SkippedNumber, 1.0);
                    next.left.push(at);
                }
            }
            Kind::Date => {
                next.add(Feature::SkippedNumber, 1.0);
                next.left.push(at);
            }
            Kind::Word => {
                let strongest = self.anchors.at[at]
                    .iter()
                    .map(|anchor| match &anchor.what {
                        What::Value(one) if one.how <= How::Inflected => {
                            (Feature::SkippedValue, anchor.score)
                        }
                        What::Value(_) => (Feature::SkippedWord, 0.5),
                        _ => (Feature::SkippedName, anchor.score),
                    })
                    .max_by(|one, two| {
                        (one.1 * one.0.weight().abs()).total_cmp(&(two.1 * two.0.weight().abs()))
                    });
                if lexicon::money(&token.lower).is_some_and(|money| money.goes_out.is_some())
                    && strongest.is_none()
                {
                    // What is asked for is lost with it.
                    next.add(Feature::SkippedCue, 1.0);
                }
                if matches!(token.lower.as_str(), "than" | "this") {
                    // What is compared, or which period is meant, is lost with it.
                    next.add(Feature::SkippedCue, 1.0);
                    next.left.push(at);
                }
                let is_stop = lexicon::is_stop(&token.lower)
                    || matches!(
                        token.lower.as_str(),
                        "i" | "we"
                            | "us"
                            | "our"
                            | "please"
                            | "can"
                            | "could"
                            | "would"
                            | "you"
                            | "there"
                            | "'s"
                            | "s"
                            | "it"
                            | "them"
                            | "they"
                            | "their"
                            | "were"
                            | "be"
                            | "been"
                            | "being"
                            | "will"
                            | "ever"
                            | "did"
                            | "do"
                            | "does"
                            | "so"
                            | "just"
                            | "only"
                            | "any"
                            | "some"
                            | "also"
                            | "then"
                            | "than"
                            | "as"
                            | "if"
                            | "about"
                            | "single"
                            | "currently"
                            | "current"
                            | "now"
                            | "right"
                    );
                if is_stop {
                    next.add(Feature::SkippedStop, 1.0);
                    if let Some((Feature::SkippedName, score)) = strongest
                        && score > 0.85
                        && !lexicon::is_function_word(&token.lower)
                    {
                        next.add(Feature::SkippedName, 0.4);
                    }
                    if !self.cues[at].is_empty()
                        && matches!(
                            self.cues[at][0].1,
                            Cue::Not
                                | Cue::Never
                                | Cue::Without
                                | Cue::Function(_)
                                | Cue::Superlative { .. }
                                | Cue::Share
                                | Cue::Window(_)
                                | Cue::Both
                                | Cue::Or
                                | Cue::Each
                                | Cue::Count { .. }
                                | Cue::Ask(_)
                                | Cue::Growth
                                | Cue::OrderBy(_)
                                | Cue::Top { .. }
                        )
                    {
                        next.add(Feature::SkippedCue, 1.0);
                    }
                } else if !self.cues[at].is_empty() && strongest.is_none() {
                    next.add(Feature::SkippedCue, 1.0);
                    next.left.push(at);
                } else if let Some((feature, score)) = strongest {
                    next.add(feature, score);
                    next.left.push(at);
                } else {
                    let name = token.is_capitalized() && at > 0;
                    next.add(
                        if name {
                            Feature::SkippedCapital
                        } else {
                            Feature::SkippedWord
                        },
                        1.0,
                    );
                    next.left.push(at);
                }
            }
        }
        out.push((at + 1, next));
    }
}

fn same_unit(own: &str, said: &str) -> bool {
    let plain = |text: &str| match text {
        "hrs" | "hr" | "h" | "hour" => "hours".to_owned(),
        "mins" | "min" | "minute" => "minutes".to_owned(),
        "kilo" | "kilos" | "kilogram" | "kilograms" => "kg".to_owned(),
        "kilometers" | "kilometres" | "kilometre" | "kilometer" => "km".to_owned(),
        "euro" | "euros" | "€" => "eur".to_owned(),
        "dollar" | "dollars" | "$" => "usd".to_owned(),
        "percent" | "%" => "pct".to_owned(),
        "square metre" | "square metres" | "square meter" | "square meters" | "m2" => {
            "sqm".to_owned()
        }
        "litre" | "litres" | "liter" | "liters" | "l" => "litres".to_owned(),
        other => other.to_owned(),
    };
    !said.is_empty() && plain(own) == plain(said)
}
