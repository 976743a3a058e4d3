//! Asks a model for one statement as text, and lets it repair what the database refuses.

use super::Turn;
use super::ending::Found;
use super::model::{ModelEnding, Stopped, Work};
use super::query::{Failure, is_empty};
use crate::AgentError;
use crate::call_text::find_call;
use crate::event::Attempt;
use crate::llm::{Message, Reply, Role};
use crate::prompt::{complaint, direct_messages};
use crate::tools::{CheckedCall, check_call};

const ONE_SELECT: &str = "Reply with one SELECT statement in a ```sql block and nothing else.";
const EMPTY: &str = "The statement found nothing. If a condition does not fit the stored values named above, reply with the corrected statement; if it is right, repeat it.";

const REPEATED_TEMPERATURE: f32 = 0.6;

/// What may still be asked of the model, and what was found so far.
struct Progress {
    repairs_left: u32,
    may_mend_form: bool,
    /// Above 0 once the model repeats its mistake.
    temperature: f32,
    /// A statement that ran and found nothing.
    empty: Option<Found>,
}

/// What follows from a reply.
enum Next {
    End(ModelEnding),
    /// What to tell the model.
    Complain(String),
}

impl Turn {
    pub(super) async fn write_directly(&mut self, work: &Work<'_>) -> Result<ModelEnding, Stopped> {
        let mut messages = direct_messages(&self.prompt_parts(work));
        let mut progress = Progress {
            repairs_left: self.context.limits.max_repairs,
            may_mend_form: true,
            temperature: 0.0,
            empty: None,
        };
        loop {
            let next = match self
                .ask(work.engine, &messages, Vec::new(), progress.temperature)
                .await
            {
                Ok(reply) => {
                    let next = self.take_reply(work, &mut progress, &reply).await;
                    messages.push(Message::new(Role::Assistant, reply.text));
                    next
                }
                Err(error) => Err(error),
            };
            match (next, progress.empty.take()) {
                (Ok(Next::End(ending)), _) => return Ok(ending),
                (Ok(Next::Complain(complaint)), empty) => {
                    progress.empty = empty;
                    let status = "Asking for a correction";
                    self.output.status("repairing", status).await;
                    messages.push(Message::new(Role::User, complaint));
                }
                // A result that found nothing is still an answer when no better one came.
                (Err(_), Some(empty)) => return Ok(ModelEnding::Found(Box::new(empty))),
                (Err(error), None) => return Err(error.into()),
            }
        }
    }

    async fn take_reply(
        &mut self,
        work: &Work<'_>,
        progress: &mut Progress,
        reply: &Reply,
    ) -> Result<Next, AgentError> {
        let call = match self.checked(reply) {
            Ok(CheckedCall::Query { sql }) => return self.take_sql(work, progress, sql).await,
            Ok(call) => call,
            Err(message) => return progress.mend_form(message, ONE_SELECT),
        };
        if call == CheckedCall::ReadSchema {
            return progress.mend_form("The schema stands above.".into(), ONE_SELECT);
        }
        match self.propose_write(call, &work.engine.name).await {
            Ok(()) => Ok(Next::End(ModelEnding::WaitsForApproval)),
            Err(message) => progress.mend_form(message, "Reply with the corrected JSON only."),
        }
    }

    async fn take_sql(
        &mut self,
        work: &Work<'_>,
        progress: &mut Progress,
        sql: String,
    ) -> Result<Next, AgentError> {
        let (sql, read_as) = self.bound(sql).await;
        match self.run_shown(&sql).await {
            Ok(result) => {
                let found = work.found(sql, result);
                let retry = is_empty(&found.result) && !work.links.values.is_empty();
                if retry && progress.empty.is_none() && progress.repairs_left > 0 {
                    progress.repairs_left = 1;
                    progress.empty = Some(found);
                    return Ok(Next::Complain(EMPTY.into()));
                }
                Ok(Next::End(self.better(progress.empty.take(), found)))
            }
            Err(Failure::Statement(message)) if progress.repairs_left > 0 => {
                progress.repairs_left -= 1;
                if self
                    .attempts
                    .iter()
                    .filter(|attempt| attempt.sql == sql)
                    .count()
                    > 1
                {
                    progress.temperature = REPEATED_TEMPERATURE;
                }
                let told = complaint(&message, &sql, &self.context.knowledge.schema);
                let read_as = read_as.map(|words| format!(" {words}"));
                Ok(Next::Complain(format!(
                    "{told}{} Reply with the corrected statement only.",
                    read_as.unwrap_or_default()
                )))
            }
            Err(failure) => Err(failure.into()),
        }
    }

    fn checked(&self, reply: &Reply) -> Result<CheckedCall, String> {
        let written = reply.tool_calls.first().cloned();
        let call = written.or_else(|| find_call(&reply.text));
        let call = call.ok_or_else(|| "There was no SQL statement in the reply.".to_owned())?;
        check_call(&call, &self.context.knowledge.schema)
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

impl Progress {
    /// Allows one malformed reply; the second ends the work.
    fn mend_form(&mut self, detail: String, request: &str) -> Result<Next, AgentError> {
        if std::mem::take(&mut self.may_mend_form) {
            Ok(Next::Complain(format!("{detail} {request}")))
        } else {
            Err(AgentError::NoStatement { detail })
        }
    }
}
