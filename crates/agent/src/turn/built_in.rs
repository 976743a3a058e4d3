//! Answers by the built-in planner alone.

use super::Turn;
use super::ending::{Ending, Found};
use super::output::sql_input;
use super::query::{Failure, Prepared};
use crate::AgentError;
use crate::describe::describe;
use crate::engine::BUILT_IN;
use crate::event::Attempt;
use crate::planner::{Outcome, Plan};
use crate::tools::{EXECUTE_SQL, capped_result};

impl Turn {
    pub(super) async fn answer_built_in(&mut self, prepared: Prepared) -> Ending {
        match prepared.outcome {
            Outcome::Answer(plan) => match self.run_plan(plan).await {
                Ok(found) => Ending::Found(Box::new(found)),
                Err(error) => Ending::failed(error),
            },
            Outcome::Clarify(clarify) => Ending::Clarify(clarify),
            Outcome::NotUnderstood(misunderstanding) => Ending::NotUnderstood(misunderstanding),
        }
    }

    /// Runs a plan's statement, shown as a tool call.
    pub(super) async fn run_plan(&mut self, plan: Plan) -> Result<Found, AgentError> {
        self.output.status("running", "Running the query").await;
        let call_id = self
            .output
            .tool_input(EXECUTE_SQL, sql_input(&plan.sql))
            .await;
        match self.query(&plan.sql).await {
            Ok(result) => {
                let output = capped_result(&result, self.context.limits.tool_result_bytes);
                self.output.tool_output(call_id, Ok(output)).await;
                Ok(found_by_plan(plan, result))
            }
            Err(failure) => {
                if let Failure::Statement(message) = &failure {
                    self.attempts.push(Attempt {
                        sql: plan.sql,
                        error: Some(message.clone()),
                    });
                }
                let error = match failure {
                    Failure::Statement(detail) => AgentError::BadPlan { detail },
                    Failure::Service(error) => error,
                };
                self.output
                    .tool_output(call_id, Err(error.to_string()))
                    .await;
                Err(error)
            }
        }
    }
}

pub(super) fn found_by_plan(plan: Plan, result: store::dataset::QueryResult) -> Found {
    let restatement = if plan.restatement.is_empty() {
        restated(&plan.sql)
    } else {
        plan.restatement
    };
    Found {
        sql: plan.sql,
        result,
        engine: BUILT_IN.into(),
        restatement,
        matched_values: plan.matched_values,
        wording: None,
        note: None,
        error: None,
    }
}

/// The statement in words, read from its own text.
pub(super) fn restated(sql: &str) -> String {
    describe(sql).map_or_else(
        || "Runs the statement shown.".into(),
        |described| described.restatement(),
    )
}
