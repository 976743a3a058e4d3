//! What the question's words name in the dataset, apart from any reading: for a model's prompt, and to say what was
//! matched.

use chrono::NaiveDate;

use super::anchors::{Anchor, What, joined};
use super::cues;
use super::data::Data;
use super::decide::Knowledge;
use super::frame::{Cond, Frame, Item};
use super::grammar::Reader;
use super::values::How;
use crate::event::MatchedValue;
use crate::reading::lexicon;
use crate::reading::tokens::Kind;

/// Names that fit less are not worth telling.
const GOOD_FIT: f64 = 0.6;
/// Of one phrase, names within this distance of the best fit are told.
const TIE: f64 = 0.2;

/// A phrase of the question and the table or column it names.
#[derive(Debug, Clone, PartialEq)]
pub struct NameLink {
    pub phrase: String,
    pub table: String,
    /// `None` where the phrase names the table itself.
    pub column: Option<String>,
    /// About 0 to 1.
    pub score: f64,
}

/// Everything in the question that was found in the database, and the words that were not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Links {
    pub tables: Vec<NameLink>,
    pub columns: Vec<NameLink>,
    pub values: Vec<MatchedValue>,
    pub unknown_words: Vec<String>,
}

/// Matches the question's phrases with names and values of the dataset.
pub fn link(question: &str, knowledge: &Knowledge) -> Links {
    // No date of the question is read here, so any day does.
    let today = NaiveDate::default();
    let reader = Reader::new(question, &knowledge.data, &knowledge.values, today);
    let mut links = Links::default();
    for (from, to) in cover(&reader) {
        let phrase = joined(&reader.tokens[from..to]);
        let here = || usable(&reader, from).filter(|anchor| anchor.to == to);
        let best = here().map(|anchor| anchor.score).fold(0.0, f64::max);
        for anchor in here().filter(|anchor| anchor.score >= best - TIE) {
            add(&mut links, &knowledge.data, &phrase, anchor);
        }
    }
    links.unknown_words = unknown(&reader)
        .into_iter()
        .map(|at| reader.tokens[at].text.clone())
        .collect();
    links
}

fn usable<'r>(reader: &'r Reader<'_>, at: usize) -> impl Iterator<Item = &'r Anchor> {
    let capital = reader.tokens[at].is_capitalized() && at > 0;
    reader.anchors.at[at]
        .iter()
        .filter(move |anchor| match &anchor.what {
            What::Value(one) => one.how <= How::Inflected || capital || anchor.to - anchor.from > 1,
            _ => anchor.score >= GOOD_FIT,
        })
}

/// Spans that do not overlap: at each word the longest phrase that names something.
fn cover(reader: &Reader<'_>) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < reader.tokens.len() {
        let weight = |anchor: &Anchor| (anchor.to - anchor.from) as f64 * anchor.score;
        let longest = usable(reader, at).max_by(|one, two| weight(one).total_cmp(&weight(two)));
        match longest {
            Some(anchor) => {
                spans.push((at, anchor.to));
                at = anchor.to;
            }
            None => at += 1,
        }
    }
    spans
}

fn add(links: &mut Links, data: &Data, phrase: &str, anchor: &Anchor) {
    let mut name = |table: usize, column: Option<usize>| {
        let link = NameLink {
            phrase: phrase.to_owned(),
            table: data.tables[table].name.clone(),
            column: column.map(|column| data.columns[column].name.clone()),
            score: anchor.score,
        };
        match column {
            Some(_) => links.columns.push(link),
            None => links.tables.push(link),
        }
    };
    match &anchor.what {
        What::Table(table) => name(*table, None),
        What::Column(column) => name(data.columns[*column].table, Some(*column)),
        What::Value(one) => {
            let column = &data.columns[one.column];
            for value in &one.values {
                links.values.push(MatchedValue {
                    phrase: phrase.to_owned(),
                    table: data.tables[column.table].name.clone(),
                    column: column.name.clone(),
                    value: value.clone(),
                });
            }
        }
        What::Metric(_) => {}
    }
}

/// Words that name nothing here and are no ordinary words of a question.
pub fn unknown(reader: &Reader<'_>) -> Vec<usize> {
    let mut covered = vec![false; reader.tokens.len()];
    for (from, to) in cover(reader) {
        covered[from..to].fill(true);
    }
    (0..reader.tokens.len())
        .filter(|&at| {
            let token = &reader.tokens[at];
            let word = |offset: usize| reader.word(at + offset);
            token.kind == Kind::Word
                && !covered[at]
                && !lexicon::is_stop(&token.lower)
                && !lexicon::is_function_word(&token.lower)
                && cues::at(&word).is_empty()
        })
        .collect()
}

/// The stored values that a reading's conditions compare with, beside the words that led to them.
pub fn matched_values(frame: &Frame, reader: &Reader<'_>) -> Vec<MatchedValue> {
    let mut matched: Vec<MatchedValue> = Vec::new();
    for (item, _) in &frame.items {
        let conds: Vec<&Cond> = match item {
            Item::Cond(cond) => vec![cond],
            Item::Figure(figure) => figure.only.iter().collect(),
            Item::Ratio { over, under, .. } => over.only.iter().chain(&under.only).collect(),
            _ => Vec::new(),
        };
        for cond in conds {
            matched_by(cond, reader, &mut matched);
        }
    }
    matched
}

fn matched_by(cond: &Cond, reader: &Reader<'_>, matched: &mut Vec<MatchedValue>) {
    match cond {
        Cond::Is { column, values, .. } => {
            for value in values {
                let said = reader.anchors.at.iter().flatten().filter(|anchor| {
                    matches!(&anchor.what, What::Value(one) if one.column == *column && one.values.contains(value))
                });
                let Some(anchor) = said.max_by(|one, two| one.score.total_cmp(&two.score)) else {
                    continue;
                };
                let info = &reader.data.columns[*column];
                let found = MatchedValue {
                    phrase: joined(&reader.tokens[anchor.from..anchor.to]),
                    table: reader.data.tables[info.table].name.clone(),
                    column: info.name.clone(),
                    value: value.clone(),
                };
                if !matched.contains(&found) {
                    matched.push(found);
                }
            }
        }
        Cond::Any(any) => {
            for cond in any {
                matched_by(cond, reader, matched);
            }
        }
        _ => {}
    }
}
