//! The built-in planner: a question in plain English -> one SQL statement, by rules over the schema graph, without a model.

mod cues;
mod dates;
mod items;
mod joins;
mod query;
mod reader;
mod render;

use chrono::NaiveDate;

use crate::event::{Clarify, MatchedValue};
use crate::link::DatasetContext;
use crate::link::catalog::Catalog;
use crate::link::tokens::tokenize;

/// What came of a question.
#[derive(Debug, Clone, PartialEq)]
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
    let _ = previous;
    let catalog = Catalog::new(&context.schema);
    let tokens = tokenize(question);
    let items = items::read(&tokens, &catalog, &context.values);
    let mut reader = reader::Reader::new(&catalog, &context.values, &tokens, items, today);
    let query = reader.read();
    if std::env::var("PLAN_DEBUG").is_ok() {
        tracing::error!("{:#?}", reader.items);
    }
    let favoured = joins::favoured(&catalog, &tokens);
    let renderer = render::Renderer {
        catalog: &catalog,
        favoured: &favoured,
    };
    let sql = query.as_ref().and_then(|query| renderer.render(query));
    match (query, sql) {
        (Some(query), Some(sql)) => Outcome::Answer(Plan {
            sql,
            restatement: String::new(),
            matched_values: reader.draft.matched.clone(),
            tables: render::tables_of(&query, &catalog)
                .into_iter()
                .map(|table| catalog.tables[table].name.clone())
                .collect(),
            confidence: 1.0,
        }),
        _ => Outcome::NotUnderstood(Misunderstanding {
            message: "I do not understand this question yet.".into(),
            hints: Vec::new(),
        }),
    }
}
