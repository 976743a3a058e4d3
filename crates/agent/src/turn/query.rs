//! Work on the database, on threads that may block; dropping the future stops the statement.

use serde_json::Value as Json;
use store::StoreError;
use store::dataset::{CancelFlag, QueryLimits, QueryResult};

use super::{PastMessage, Turn, TurnContext, TurnRequest};
use crate::AgentError;
use crate::link::{self, Links};
use crate::llm::Role;
use crate::planner::{self, Outcome, Plan};
use crate::prompt::{self, Samples};

/// Earlier questions that are planned again, so that a follow-up knows what it follows.
const MAX_REPLAYED_QUESTIONS: usize = 4;

/// What is known of the question before any engine is asked.
pub(super) struct Prepared {
    pub(super) links: Links,
    pub(super) outcome: Outcome,
    pub(super) samples: Samples,
}

pub(super) async fn prepare(
    context: &TurnContext,
    request: &TurnRequest,
) -> Result<Prepared, AgentError> {
    let (context, request) = (context.clone(), request.clone());
    let cancel = CancelFlag::default();
    let _stop = cancel.on_drop();
    tokio::task::spawn_blocking(move || {
        let known = &context.context;
        let previous = replayed(&request.history, &context, &request);
        Prepared {
            links: link::link(&request.question, known),
            outcome: planner::plan(&request.question, known, previous.as_ref(), request.today),
            samples: prompt::samples(
                context.dataset.as_ref(),
                &known.schema,
                &known.values,
                &cancel,
            ),
        }
    })
    .await
    .map_err(|_| AgentError::Worker)
}

/// The plan that the last understood question led to.
fn replayed(history: &[PastMessage], context: &TurnContext, request: &TurnRequest) -> Option<Plan> {
    let questions = history.iter().filter(|message| message.role == Role::User);
    let questions: Vec<_> = questions.map(|message| message.content.as_str()).collect();
    let skipped = questions.len().saturating_sub(MAX_REPLAYED_QUESTIONS);
    questions
        .into_iter()
        .skip(skipped)
        .fold(None, |previous, question| {
            match planner::plan(question, &context.context, previous.as_ref(), request.today) {
                Outcome::Answer(plan) => Some(plan),
                Outcome::Clarify(_) | Outcome::NotUnderstood(_) => previous,
            }
        })
}

/// What went wrong with a statement.
pub(super) enum Failure {
    /// The statement is at fault: another one may do better.
    Statement(String),
    /// The service is.
    Service(AgentError),
}

impl From<Failure> for AgentError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Statement(detail) => AgentError::BadStatement { detail },
            Failure::Service(error) => error,
        }
    }
}

impl Turn {
    /// Runs one statement in the sandbox.
    pub(super) async fn query(&self, sql: &str) -> Result<QueryResult, Failure> {
        self.query_rows(sql, QueryLimits::default().max_rows).await
    }

    pub(super) async fn query_rows(
        &self,
        sql: &str,
        max_rows: u64,
    ) -> Result<QueryResult, Failure> {
        let dataset = self.context.dataset.clone();
        let limits = QueryLimits {
            max_rows,
            deadline_ms: self.context.limits.query_deadline_ms,
            ..QueryLimits::default()
        };
        let (sql, cancel) = (sql.to_owned(), CancelFlag::default());
        let _stop = cancel.on_drop();
        let work = tokio::task::spawn_blocking(move || dataset.query(&sql, limits, &cancel));
        match work.await {
            Ok(Ok(result)) => Ok(result),
            Ok(Err(error)) => Err(match error {
                StoreError::BadSql { .. }
                | StoreError::Denied { .. }
                | StoreError::Limit { .. } => Failure::Statement(error.to_string()),
                other => Failure::Service(AgentError::Store(other)),
            }),
            Err(_) => Err(Failure::Service(AgentError::Worker)),
        }
    }
}

/// Whether two results hold the same rows: order, names and order of columns aside.
pub(super) fn same_rows(left: &QueryResult, right: &QueryResult) -> bool {
    if left.row_count != right.row_count || left.truncated != right.truncated {
        return false;
    }
    let rows = |result: &QueryResult| {
        let mut rows: Vec<Vec<String>> = result.rows.iter().map(|row| sorted_cells(row)).collect();
        rows.sort();
        rows
    };
    rows(left) == rows(right)
}

fn sorted_cells(row: &[Json]) -> Vec<String> {
    let text = |cell: &Json| match cell.as_f64() {
        Some(number) => format!("{number:.6}"),
        None => cell.to_string(),
    };
    let mut cells: Vec<_> = row.iter().map(text).collect();
    cells.sort();
    cells
}

/// No row, or one row of nothing.
pub(super) fn is_empty(result: &QueryResult) -> bool {
    result.rows.len() < 2 && result.rows.iter().flatten().all(Json::is_null)
}
