//! Answers by the built-in engine alone.

use super::Turn;
use super::ending::{Ending, Found};
use super::query::{Prepared, offer};
use crate::answer::inert;
use crate::describe::describe;
use crate::engine::BUILT_IN;
use crate::reading::decide::{Answer, Decision, Knowledge};

impl Turn {
    pub(super) async fn answer_built_in(&mut self, prepared: Prepared) -> Ending {
        match prepared.decision {
            Decision::Answer(answer) => {
                self.show_run(&answer.sql, &answer.result).await;
                let found = found_by_reading(*answer, &self.context.knowledge);
                Ending::Found(Box::new(found))
            }
            Decision::Choose(choices) => Ending::Clarify(offer(&choices, &self.context.knowledge)),
            Decision::Abstain(misunderstanding) => Ending::NotUnderstood(misunderstanding),
        }
    }
}

pub(super) fn found_by_reading(answer: Answer, knowledge: &Knowledge) -> Found {
    Found {
        plan: Some(answer.plan(knowledge)),
        sql: answer.sql,
        result: answer.result,
        engine: BUILT_IN.into(),
        restatement: answer.restatement,
        matched_values: answer.matched_values,
        wording: None,
        note: (!answer.notes.is_empty()).then(|| inert(&answer.notes.join(" "))),
        error: None,
        confidence: Some(answer.confidence),
        chart: answer.chart,
    }
}

/// The statement in words, read from its own text.
pub(super) fn restated(sql: &str) -> String {
    describe(sql).map_or_else(
        || "Runs the statement shown.".into(),
        |described| described.restatement(),
    )
}
