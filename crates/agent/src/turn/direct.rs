//! Asks a model for one statement as text, and lets it repair what the database refuses.

use super::Turn;
use super::ending::Found;
use super::model::{ModelEnding, Stopped, Work};
use super::query::{Failure, is_empty};
use crate::AgentError;
use crate::call_text::find_call;
use crate::event::Attempt;
use crate::llm::{Message, Reply, Role};
use crate::prompt::direct_messages;
use crate::tools::{CheckedCall, check_call};

impl Turn {
    pub(super) async fn write_directly(&mut self, work: &Work<'_>) -> Result<ModelEnding, Stopped> {
        let mut messages = direct_messages(&self.prompt_parts(work));
        let mut repairs_left = self.context.limits.max_repairs;
        let mut may_mend_form = true;
        let mut empty: Option<Found> = None;
        loop {
            let reply = match self.ask(work.engine, &messages, Vec::new()).await {
                Ok(reply) => reply,
                Err(error) => return ended(empty, error),
            };
            let complaint = match self.checked(&reply) {
                Ok(CheckedCall::Query { sql }) => match self.run_shown(&sql).await {
                    Ok(result)
                        if is_empty(&result)
                            && empty.is_none()
                            && !work.links.values.is_empty() =>
                    {
                        empty = Some(work.found(sql, result));
                        repairs_left = repairs_left.min(1);
                        EMPTY.to_owned()
                    }
                    Ok(result) => return Ok(self.better(empty, work.found(sql, result))),
                    Err(Failure::Statement(message)) => {
                        if repairs_left == 0 {
                            return ended(empty, AgentError::BadStatement { detail: message });
                        }
                        repairs_left -= 1;
                        format!(
                            "SQLite refused the statement: {message}. Reply with the corrected statement only."
                        )
                    }
                    Err(failure) => return Err(AgentError::from(failure).into()),
                },
                Ok(call @ CheckedCall::Insert { .. }) => {
                    match self.propose_write(call, &work.engine.name).await {
                        Ok(()) => return Ok(ModelEnding::WaitsForApproval),
                        Err(message) if may_mend_form => {
                            may_mend_form = false;
                            format!("{message} Reply with the corrected JSON only.")
                        }
                        Err(detail) => return Err(AgentError::NoStatement { detail }.into()),
                    }
                }
                Ok(CheckedCall::ReadSchema) if may_mend_form => {
                    may_mend_form = false;
                    "The schema stands above. Reply with one SELECT statement in a ```sql block."
                        .into()
                }
                Ok(CheckedCall::ReadSchema) => {
                    let detail = "it asked for the schema again and again".into();
                    return ended(empty, AgentError::NoStatement { detail });
                }
                Err(message) if may_mend_form => {
                    may_mend_form = false;
                    format!(
                        "{message} Reply with one SELECT statement in a ```sql block and nothing else."
                    )
                }
                Err(detail) => return ended(empty, AgentError::NoStatement { detail }),
            };
            self.output
                .status("repairing", "Asking for a correction")
                .await;
            messages.push(Message::new(Role::Assistant, reply.text));
            messages.push(Message::new(Role::User, complaint));
        }
    }

    fn checked(&self, reply: &Reply) -> Result<CheckedCall, String> {
        let written = reply.tool_calls.first().cloned();
        let call = written.or_else(|| find_call(&reply.text));
        let call = call.ok_or_else(|| "There was no SQL statement in the reply.".to_owned())?;
        check_call(&call, &self.context.context.schema)
    }

    /// The second statement where it finds something, else the first, which found nothing.
    fn better(&mut self, empty: Option<Found>, second: Found) -> ModelEnding {
        let chosen = match empty {
            Some(first) if is_empty(&second.result) => first,
            Some(first) => {
                self.attempts.push(Attempt {
                    sql: first.sql,
                    error: Some("It found nothing.".into()),
                });
                second
            }
            None => second,
        };
        ModelEnding::Found(Box::new(chosen))
    }
}

const EMPTY: &str = "The statement found nothing. If a condition does not fit the stored values named above, reply with the corrected statement; if it is right, repeat it.";

/// A result that found nothing is still an answer when no better one came.
fn ended(empty: Option<Found>, error: AgentError) -> Result<ModelEnding, Stopped> {
    match empty {
        Some(found) => Ok(ModelEnding::Found(Box::new(found))),
        None => Err(error.into()),
    }
}
