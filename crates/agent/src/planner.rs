//! The built-in planner: a question in plain English -> one SQL statement, by rules over the schema graph, without a model.
//!
//! Phrases are matched with names and stored values, cues (comparisons, superlatives, denials …) say what to do with
//! them, and both become a typed query; joins follow the schema's relationships. It abstains rather than guesses.

mod clarify;
mod confidence;
pub(crate) mod cues;
pub(crate) mod dates;
mod followup;
pub(crate) mod items;
mod joins;
pub(crate) mod query;
mod reader;
mod render;
mod restate;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use self::confidence::Signals;
use self::items::ItemKind;
use self::query::Query;
use self::reader::Reader;
use crate::event::{Clarify, MatchedValue};
use crate::link::DatasetContext;
use crate::link::catalog::Catalog;
use crate::link::tokens::{Token, tokenize};

/// Below this the planner does not answer: fitted so that about four of five answers are right.
const ENOUGH: f64 = 0.64;

/// What came of a question.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "made once a question, never stored in bulk"
)]
pub enum Outcome {
    Answer(Plan),
    /// Several readings are about as likely; each choice's message is a question that has one reading.
    Clarify(Clarify),
    NotUnderstood(Misunderstanding),
}

/// A statement that answers the question, with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub sql: String,
    /// What the statement does, in words.
    pub restatement: String,
    pub matched_values: Vec<MatchedValue>,
    pub tables: Vec<String>,
    /// 0 to 1.
    pub confidence: f64,
    /// What a follow-up changes.
    query: Query,
}

/// Why no statement was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misunderstanding {
    pub message: String,
    /// What could be asked instead.
    pub hints: Vec<String>,
}

/// Plans an answer; `previous` is the plan that a follow-up ("and by month?") changes, `today` anchors "last month".
pub fn plan(
    question: &str,
    context: &DatasetContext,
    previous: Option<&Plan>,
    today: NaiveDate,
) -> Outcome {
    plan_with(question, context, previous, today, ENOUGH)
}

/// [`plan`] that answers from another confidence on (0: always), to measure what abstaining costs and gains.
pub fn plan_with(
    question: &str,
    context: &DatasetContext,
    previous: Option<&Plan>,
    today: NaiveDate,
    enough: f64,
) -> Outcome {
    let catalog = Catalog::new(&context.schema);
    let tokens = tokenize(question);
    let items = items::read(&tokens, &catalog, &context.values, today);
    let leans = previous.filter(|_| followup::leans_on_previous(&tokens, &items));
    let mut reader = Reader::new(&catalog, &context.values, &tokens, items);
    let mut matched = Vec::new();
    let query = match leans {
        Some(previous) => {
            matched.clone_from(&previous.matched_values);
            reader.change(&previous.query)
        }
        None => reader.read(),
    };
    let Some(query) = query else {
        return not_understood(&reader, &tokens);
    };
    let favoured = joins::favoured(&catalog, &tokens);
    let renderer = render::Renderer {
        catalog: &catalog,
        favoured: &favoured,
    };
    let mut signals = Signals::of(&reader, &query);
    if leans.is_some() {
        // The joins were accepted with the question before.
        signals.forget_structure();
    }
    let confidence = signals.confidence();
    let Some(sql) = renderer.render(&query).filter(|_| confidence >= enough) else {
        return not_understood(&reader, &tokens);
    };
    if let Some(clarify) = clarify::choices(&reader).filter(|_| enough > 0.0) {
        return Outcome::Clarify(clarify);
    }
    matched.append(&mut reader.draft.matched);
    matched.retain(|value| sql.contains(&value.value.replace('\'', "''")));
    Outcome::Answer(Plan {
        sql,
        restatement: restate::Words(&catalog).restate(&query),
        matched_values: matched,
        tables: render::tables_of(&query, &catalog)
            .into_iter()
            .map(|table| catalog.tables[table].name.clone())
            .collect(),
        confidence,
        query,
    })
}

/// Names the words that mean nothing here, and what the data is about.
fn not_understood(reader: &Reader<'_>, tokens: &[Token]) -> Outcome {
    let unknown: Vec<String> = reader
        .items
        .iter()
        .filter(|item| item.kind == ItemKind::Unknown && !item.used)
        .map(|item| format!("“{}”", tokens[item.from].text))
        .collect();
    let message = if unknown.is_empty() {
        "I am not sure enough how to answer this from your tables.".to_owned()
    } else {
        format!(
            "I do not know what {} means in your data.",
            unknown.join(", ")
        )
    };
    Outcome::NotUnderstood(Misunderstanding {
        message,
        hints: hints(reader),
    })
}

/// Questions that surely work here.
fn hints(reader: &Reader<'_>) -> Vec<String> {
    let catalog = reader.catalog;
    let mut hints: Vec<String> = reader
        .named_tables()
        .into_iter()
        .map(|(_, table)| table)
        .chain(0..catalog.tables.len())
        .take(2)
        .map(|table| {
            format!(
                "How many {} are there?",
                spoken(&catalog.tables[table].name)
            )
        })
        .collect();
    let number = catalog
        .columns
        .iter()
        .find(|column| column.is_number() && !column.is_key && !column.is_foreign);
    if let Some(column) = number {
        hints.push(format!(
            "What is the average {} of {}?",
            spoken(&column.name),
            spoken(&catalog.tables[column.table].name)
        ));
    }
    hints.dedup();
    hints
}

fn spoken(name: &str) -> String {
    name.replace('_', " ")
}
