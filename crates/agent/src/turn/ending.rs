//! The ways in which a turn ends.

use std::fmt::Write as _;
use store::dataset::QueryResult;

use super::Turn;
use super::query::{is_empty, offer_one};
use crate::AgentError;
use crate::answer;
use crate::chart;
use crate::describe::{Condition, describe};
use crate::engine::sentence;
use crate::event::{
    Attempt, ChartKind, Choice, Clarify, ClarifyKind, Event, FinishReason, MatchedValue, Receipt,
};
use crate::reading::misunderstood::Misunderstanding;
use crate::reading::plan::Plan;
use crate::suggest::suggest_questions;

pub(super) enum Ending {
    Found(Box<Found>),
    /// A write was stored, and the user is asked.
    WaitsForApproval,
    Clarify(Clarify),
    NotUnderstood(Misunderstanding),
    Failed {
        /// What to tell besides the error.
        message: String,
        error: AgentError,
    },
}

/// A statement whose result answers the question.
pub(super) struct Found {
    pub(super) sql: String,
    pub(super) result: QueryResult,
    /// `built-in` or the model's name.
    pub(super) engine: String,
    pub(super) restatement: String,
    pub(super) matched_values: Vec<MatchedValue>,
    /// The model's wording, where each number in it was found in the result.
    pub(super) wording: Option<String>,
    /// What the user should know besides, such as why another engine answered.
    pub(super) note: Option<String>,
    /// Something failed although there is an answer.
    pub(super) error: Option<AgentError>,
    /// Probability that it is right, where that is known.
    pub(super) confidence: Option<f64>,
    /// The chart that was asked for by name.
    pub(super) chart: Option<ChartKind>,
    /// What the statement was made of, unless a model wrote it.
    pub(super) plan: Option<Plan>,
}

impl Found {
    /// Adds a sentence to what the user should know besides.
    pub(super) fn add_note(&mut self, said: String) {
        self.note = Some(match self.note.take() {
            Some(note) => format!("{note} {said}"),
            None => said,
        });
    }
}

impl Ending {
    pub(super) fn not_understood(message: impl Into<String>) -> Self {
        Self::NotUnderstood(Misunderstanding::new(message))
    }

    pub(super) fn failed(error: AgentError) -> Self {
        let message = "The question could not be answered.".into();
        Self::Failed { message, error }
    }
}

impl Turn {
    pub(super) async fn end(&mut self, ending: Ending) {
        match ending {
            Ending::Found(found) => {
                let error = found
                    .error
                    .as_ref()
                    .map(|error| sentence(&error.to_string()));
                self.tell(*found).await;
                let reason = match error {
                    Some(_) => FinishReason::Error,
                    None => FinishReason::Stop,
                };
                self.output.finish(reason, error).await;
            }
            Ending::WaitsForApproval => {
                self.output.finish(FinishReason::ToolCalls, None).await;
            }
            Ending::Clarify(clarify) => {
                self.output.text(&clarify.question).await;
                self.output.send(Event::DataClarify { data: clarify }).await;
                self.output.finish(FinishReason::Stop, None).await;
            }
            Ending::NotUnderstood(Misunderstanding {
                message,
                offered: Some(only),
                ..
            }) => {
                let data = offer_one(&message, &only, &self.context.knowledge);
                self.output.text(&data.question).await;
                self.output.send(Event::DataClarify { data }).await;
                self.output.finish(FinishReason::Stop, None).await;
            }
            Ending::NotUnderstood(misunderstanding) => {
                self.say_not_understood(misunderstanding).await;
                self.output.finish(FinishReason::Stop, None).await;
            }
            Ending::Failed { message, error } => {
                let error = sentence(&error.to_string());
                self.output.text(&format!("{message} {error}")).await;
                self.output.finish(FinishReason::Error, Some(error)).await;
            }
        }
    }

    async fn say_not_understood(&self, misunderstanding: Misunderstanding) {
        self.output.text(&misunderstanding.message).await;
        let mut hints = misunderstanding.hints;
        if hints.is_empty() {
            hints = suggest_questions(&self.context.knowledge);
        }
        if hints.is_empty() {
            return;
        }
        let choice = |hint: String| Choice {
            label: hint.clone(),
            message: hint,
            preview: None,
            plan: None,
        };
        let data = Clarify {
            kind: ClarifyKind::Suggestions,
            question: "You could ask:".into(),
            choices: hints.into_iter().map(choice).collect(),
            plan: misunderstanding.begun,
        };
        self.output.send(Event::DataClarify { data }).await;
    }

    async fn tell(&mut self, found: Found) {
        let why_empty = self.why_empty(&found).await;
        let mut text = match &found.wording {
            Some(wording) => wording.clone(),
            None => answer::in_words(&found.sql, &found.result, why_empty.as_deref()),
        };
        if let Some(note) = &found.note {
            let _ = write!(text, "\n\n{note}");
        }
        self.output.text(&text).await;
        let data = Box::new(self.receipt(found));
        let id = Some("receipt".into());
        self.output.send(Event::DataReceipt { id, data }).await;
    }

    fn receipt(&mut self, found: Found) -> Receipt {
        let mut attempts = std::mem::take(&mut self.attempts);
        attempts.push(Attempt {
            sql: found.sql.clone(),
            error: None,
        });
        let chart = chart::choose_as(&found.result, &self.context.knowledge.data, found.chart);
        let mut rows = found.result.rows;
        rows.truncate(self.context.limits.receipt_rows);
        Receipt {
            sql: found.sql,
            columns: found.result.columns,
            rows,
            row_count: found.result.row_count,
            truncated: found.result.truncated,
            elapsed_ms: found.result.elapsed_ms,
            tables: found.result.tables,
            matched_values: found.matched_values,
            attempts,
            engine: found.engine,
            restatement: found.restatement,
            chart,
            confidence: found.confidence,
            plan: found.plan,
        }
    }

    /// Tries each condition alone, to tell which of them finds nothing.
    async fn why_empty(&self, found: &Found) -> Option<String> {
        if !is_empty(&found.result) {
            return None;
        }
        let described = describe(&found.sql)?;
        if described.conditions.is_empty() {
            return None;
        }
        if !described.conditions.iter().all(Condition::can_be_said) {
            // What was looked for, in the words of the reading.
            return Some(found.restatement.clone()).filter(|said| !said.contains("SELECT "));
        }
        let subject = described.subject();
        for condition in described.conditions.iter().take(5) {
            let probe = described.probe(condition)?;
            let found = self.query_rows(&probe, 1).await.ok()?;
            if found.rows.is_empty() {
                return Some(format!("No row of {subject} has: {}.", condition.words));
            }
        }
        let [_, _, ..] = described.conditions.as_slice() else {
            return None;
        };
        Some("Each condition finds rows alone, but no row meets all of them.".into())
    }
}
