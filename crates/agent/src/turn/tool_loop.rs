//! Lets a model call the tools, a bounded number of times, until it words an answer.

use serde_json::Value as Json;

use super::Turn;
use super::ending::Found;
use super::model::{ModelEnding, Stopped, Work};
use super::query::Failure;
use crate::AgentError;
use crate::answer::only_numbers_of;
use crate::call_text::find_call;
use crate::llm::{Message, Reply, Role, ToolCall};
use crate::prompt::{complaint, tool_messages};
use crate::tools::{CheckedCall, READ_SCHEMA, capped_result, check_call, definitions};

/// Calls taken from one reply.
const MAX_CALLS_PER_REPLY: usize = 3;
/// Longest wording that is shown.
const MAX_WORDING_CHARS: usize = 1_500;

/// What a call led to.
enum Done {
    /// Words for the model.
    Result(String),
    WaitsForApproval,
}

/// What is counted over the whole loop.
struct Progress {
    messages: Vec<Message>,
    last_good: Option<Box<Found>>,
    repairs_left: u32,
    may_mend_form: bool,
}

impl Turn {
    pub(super) async fn tool_loop(&mut self, work: &Work<'_>) -> Result<ModelEnding, Stopped> {
        let mut progress = Progress {
            messages: tool_messages(&self.prompt_parts(work)),
            last_good: None,
            repairs_left: self.context.limits.max_repairs,
            may_mend_form: true,
        };
        match self.steps(work, &mut progress).await {
            Ok(Some(ending)) => Ok(ending),
            Ok(None) => Err(Stopped {
                error: AgentError::TooManySteps {
                    steps: self.context.limits.max_steps,
                },
                last_good: progress.last_good,
            }),
            Err(error) => Err(Stopped {
                error,
                last_good: progress.last_good,
            }),
        }
    }

    /// `None` when the steps are used up.
    async fn steps(
        &mut self,
        work: &Work<'_>,
        progress: &mut Progress,
    ) -> Result<Option<ModelEnding>, AgentError> {
        for _ in 0..self.context.limits.max_steps {
            let reply = self
                .ask(work.engine, &progress.messages, definitions(), 0.0)
                .await?;
            let calls = calls_of(&reply);
            if calls.is_empty() {
                match progress.last_good.take() {
                    Some(found) => return Ok(Some(self.worded(found, &reply))),
                    None => progress.mend("the reply had neither a tool call nor SQL".into())?,
                }
                progress
                    .messages
                    .push(Message::new(Role::Assistant, reply.text));
                progress.messages.push(Message::new(
                    Role::User,
                    "Call execute_sql_query with one SELECT statement that answers the question.",
                ));
                continue;
            }
            let mut said = Message::new(Role::Assistant, reply.text);
            said.tool_calls.clone_from(&calls);
            progress.messages.push(said);
            for call in calls {
                match self.carry_out_call(work, progress, &call).await? {
                    Done::WaitsForApproval => return Ok(Some(ModelEnding::WaitsForApproval)),
                    Done::Result(text) => {
                        let mut result = Message::new(Role::Tool, text);
                        result.tool_name = Some(call.name);
                        progress.messages.push(result);
                    }
                }
            }
        }
        Ok(None)
    }

    async fn carry_out_call(
        &mut self,
        work: &Work<'_>,
        progress: &mut Progress,
        call: &ToolCall,
    ) -> Result<Done, AgentError> {
        let checked = match check_call(call, &self.context.knowledge.schema) {
            Ok(checked) => checked,
            Err(message) => {
                progress.mend(message.clone())?;
                self.output
                    .status("repairing", "Asking for a correction")
                    .await;
                return Ok(Done::Result(format!("Error: {message}")));
            }
        };
        match checked {
            CheckedCall::ReadSchema => {
                let text = Json::String(work.schema_text.clone());
                let input = serde_json::json!({});
                self.output.tool_ran(READ_SCHEMA, input, text).await;
                Ok(Done::Result(work.schema_text.clone()))
            }
            CheckedCall::Query { sql } => self.query_for_model(work, progress, sql).await,
            CheckedCall::Insert { .. } => {
                match self.propose_write(checked, &work.engine.name).await {
                    Ok(()) => Ok(Done::WaitsForApproval),
                    Err(message) => {
                        progress.mend(message.clone())?;
                        Ok(Done::Result(format!("Error: {message}")))
                    }
                }
            }
        }
    }

    async fn query_for_model(
        &mut self,
        work: &Work<'_>,
        progress: &mut Progress,
        sql: String,
    ) -> Result<Done, AgentError> {
        let (sql, read_as) = self.bound(sql).await;
        match self.run_shown(&sql).await {
            Ok(result) => {
                let mut text = capped_result(&result, self.context.limits.tool_result_bytes);
                if let Some(words) = read_as {
                    text["read_as"] = words.into();
                }
                progress.last_good = Some(Box::new(work.found(sql, result)));
                Ok(Done::Result(text.to_string()))
            }
            Err(Failure::Statement(message)) if progress.repairs_left > 0 => {
                progress.repairs_left -= 1;
                self.output
                    .status("repairing", "Asking for a correction")
                    .await;
                let told = complaint(&message, &sql, &self.context.knowledge.schema);
                let read_as = read_as.map(|words| format!("\n{words}"));
                Ok(Done::Result(told + &read_as.unwrap_or_default()))
            }
            Err(failure) => Err(failure.into()),
        }
    }

    /// Takes the model's words where they keep to the result; else the rows speak for themselves.
    fn worded(&self, mut found: Box<Found>, reply: &Reply) -> ModelEnding {
        let text = reply
            .text
            .rsplit_once("</think>")
            .map_or(reply.text.as_str(), |(_, rest)| rest);
        let text = text.trim();
        let fits = !reply.cut_off
            && !text.is_empty()
            && text.chars().count() <= MAX_WORDING_CHARS
            && !text.contains("![")
            && names_a_cell(text, &found)
            && only_numbers_of(text, &found.result, &self.request.question);
        found.wording = fits.then(|| text.to_owned());
        ModelEnding::Found(found)
    }
}

impl Progress {
    /// Allows one malformed reply; the second ends the loop.
    fn mend(&mut self, detail: String) -> Result<(), AgentError> {
        if std::mem::take(&mut self.may_mend_form) {
            Ok(())
        } else {
            Err(AgentError::NoStatement { detail })
        }
    }
}

fn calls_of(reply: &Reply) -> Vec<ToolCall> {
    let mut calls = reply.tool_calls.clone();
    if calls.is_empty() {
        calls.extend(find_call(&reply.text));
    }
    calls.truncate(MAX_CALLS_PER_REPLY);
    calls
}

/// Words that state nothing of the result are no answer.
fn names_a_cell(text: &str, found: &Found) -> bool {
    let plain = text.replace(',', "");
    let mut cells = found.result.rows.iter().flatten();
    cells.any(|cell| match cell {
        Json::String(value) => !value.trim().is_empty() && text.contains(value.trim()),
        Json::Number(number) => {
            let exact = number.to_string();
            let whole = exact.split('.').next().unwrap_or_default();
            !whole.is_empty() && plain.contains(whole)
        }
        _ => false,
    })
}
