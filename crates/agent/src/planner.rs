//! The built-in planner: a question in plain English -> one SQL statement, by rules over the schema graph, without a model.

use chrono::NaiveDate;

use crate::event::{Clarify, MatchedValue};
use crate::link::DatasetContext;

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
    let _ = (question, context, previous, today);
    Outcome::NotUnderstood(Misunderstanding {
        message: "I do not understand this question yet.".into(),
        hints: Vec::new(),
    })
}
