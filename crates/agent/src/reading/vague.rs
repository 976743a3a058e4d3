//! "Our best customers", "the most popular class": a superlative that does not say by what. The dataset's measures of the
//! thing are offered, each as a question of its own, instead of taking one without a word.

use chrono::NaiveDate;
use schema_gen::meaning::Role;
use store::StoreError;
use store::dataset::{CancelFlag, Dataset};

use super::anchors::What;
use super::data::{Data, TableId};
use super::decide::{Answer, Asked, Knowledge, MAX_CHOICES, Pool};
use super::grammar::Reader;
use super::tokens::{Kind, tokenize};
use super::words::Word;
use crate::reading::lexicon;

/// Offered where several are asked for without a number.
const SEVERAL: u64 = 5;
/// Tokens between the superlative and its noun.
const NEAR: usize = 4;

/// The question with each measure that it may mean; `None` where it says by what, or the dataset knows fewer than two.
fn questions(question: &str, knowledge: &Knowledge) -> Option<Vec<String>> {
    // Most questions hold no such word: only those that do are linked for it.
    let said = tokenize(question);
    let is_vague = said.iter().enumerate().any(|(at, token)| {
        let next = said.get(at + 1).map_or("", |next| next.lower.as_str());
        superlative(&token.lower, next).is_some()
    });
    if !is_vague {
        return None;
    }
    let data = &knowledge.data;
    // No date is read here, so any day does.
    let reader = Reader::new(question, data, &knowledge.values, NaiveDate::default());
    let word = |at: usize| reader.word(at);
    let (cue, after, descending) = (0..reader.tokens.len()).find_map(|at| {
        let (length, descending) = superlative(word(at), word(at + 1))?;
        Some((at, at + length, descending))
    })?;
    let says_by_what = (0..reader.tokens.len()).any(|at| {
        !(cue..after).contains(&at) && tells_by_what(word(at))
            || reader.anchors.at[at].iter().any(|anchor| {
                anchor.score > 0.75
                    && match anchor.what {
                        What::Column(column) => data.columns[column].role.is_measure(),
                        What::Metric(_) => true,
                        _ => false,
                    }
            })
    });
    if says_by_what {
        return None;
    }
    // "our best trainer", "which machine is the worst"
    let near = (after..(after + NEAR).min(reader.tokens.len()))
        .chain((cue.saturating_sub(NEAR)..cue).rev());
    let (thing, start, end) = near.into_iter().find_map(|at| {
        let named = reader.anchors.at[at]
            .iter()
            .filter(|anchor| anchor.score > 0.6)
            .filter_map(|anchor| match anchor.what {
                What::Table(table) => Some((table, anchor)),
                What::Column(column) => {
                    let table = data.columns[column].table;
                    data.tables[table]
                        .label
                        .contains(&column)
                        .then_some((table, anchor))
                }
                _ => None,
            })
            .max_by(|one, two| one.1.score.total_cmp(&two.1.score))?;
        Some((named.0, at, named.1.to))
    })?;
    let number =
        (cue.min(start).saturating_sub(1)..end).find_map(|at| match reader.tokens[at].kind {
            Kind::Number(number) if (1.0..=1000.0).contains(&number) => Some(number as u64),
            _ => None,
        });
    let noun = &reader.tokens[end - 1];
    let is_plural = noun.lower != noun.word.lemma && noun.lower.ends_with('s');
    let limit = number.unwrap_or(if is_plural { SEVERAL } else { 1 });
    let rest: Vec<&str> = reader.tokens[end.max(after)..]
        .iter()
        .filter(|token| token.kind != Kind::Mark)
        .map(|token| token.text.as_str())
        .collect();
    let rest = rest.join(" ");
    let name = &data.tables[thing].name;
    let asked = |measure: String| {
        let asked = match (limit, descending) {
            (1, true) => format!("which {name} has the highest {measure}"),
            (1, false) => format!("which {name} has the lowest {measure}"),
            (limit, true) => format!("top {limit} {name} by {measure}"),
            (limit, false) => format!("bottom {limit} {name} by {measure}"),
        };
        format!("{asked} {rest}").trim().to_owned()
    };
    let measures = measures_of(thing, data);
    (measures.len() > 1).then(|| measures.into_iter().map(asked).collect())
}

/// Words that name a measure, beside the names of the data: "best paid", "best selling titles in copies".
fn tells_by_what(word: &str) -> bool {
    matches!(
        word,
        "by" | "per"
            | "average"
            | "total"
            | "number"
            | "terms"
            | "selling"
            | "sold"
            | "paid"
            | "rated"
            | "copies"
            | "units"
            | "pieces"
            | "most"
            | "highest"
            | "lowest"
    ) || lexicon::money(word).is_some()
}

/// How many words say a superlative of worth, and whether the most of it is meant.
fn superlative(first: &str, second: &str) -> Option<(usize, bool)> {
    match (first, second) {
        ("best" | "favourite" | "favorite" | "top", _) => Some((1, true)),
        ("worst", _) => Some((1, false)),
        ("most" | "least", word) if lexicon::is_of_worth(word) => Some((2, first == "most")),
        _ => None,
    }
}

/// By what things of a table may be better than others: how many events they have, what those come to, how they are rated.
fn measures_of(thing: TableId, data: &Data) -> Vec<String> {
    let mut children: Vec<TableId> = (0..data.tables.len())
        .filter(|&table| {
            table != thing
                && data.tables[table].rows > data.tables[thing].rows
                && !data.paths_up(table, thing).is_empty()
        })
        .collect();
    children.sort_by_key(|&table| {
        let distance = data.paths_up(table, thing).first().map_or(0, Vec::len);
        (distance, data.tables[table].time.is_none(), table)
    });
    let mut measures = Vec::new();
    for &table in &children {
        if let Some(column) = data.main_amount(table) {
            measures.push(format!("total {}", data.columns[column].name));
        }
    }
    for metric in data.takings() {
        if measures.is_empty() && children.contains(&data.table_of(&metric.of)) {
            measures.push(metric.name.clone());
        }
    }
    measures.truncate(2);
    if let Some(&table) = children.first() {
        measures.insert(0, format!("number of {}", data.tables[table].name));
    }
    let rated = |word: &Word| matches!(word.lemma.as_str(), "rating" | "score" | "stars" | "grade");
    let rating = std::iter::once(&thing)
        .chain(&children)
        .flat_map(|&table| &data.tables[table].columns)
        .find(|&&column| {
            let info = &data.columns[column];
            info.role == Role::Level && info.words.iter().any(rated)
        });
    if let Some(&column) = rating {
        measures.push(format!("average {}", data.columns[column].name));
    }
    measures.truncate(MAX_CHOICES);
    measures
}

/// What a vague question may mean, each with its own result; `None` where it is not vague.
pub fn choices(
    asked: Asked<'_>,
    knowledge: &Knowledge,
    dataset: &dyn Dataset,
    cancel: &CancelFlag,
) -> Result<Option<Vec<Answer>>, StoreError> {
    let Some(questions) = questions(asked.question, knowledge) else {
        return Ok(None);
    };
    let mut choices: Vec<Answer> = Vec::new();
    for question in &questions {
        let asked = Asked { question, ..asked };
        let best = Pool::gather(asked, knowledge, dataset, cancel)?
            .results(knowledge)
            .into_iter()
            .next();
        if let Some(best) = best
            && !choices
                .iter()
                .any(|known| known.restatement == best.restatement)
        {
            choices.push(best);
        }
    }
    Ok((choices.len() > 1).then_some(choices))
}
