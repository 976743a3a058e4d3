//! Reads a reply as it arrives: server-sent events whose data is a line of JSON each, with `[DONE]` at the end.

use std::collections::VecDeque;
use std::time::Duration;

use futures::{Stream, stream};
use reqwest::Response;
use serde::Deserialize;
use serde_json::Value as Json;
use tokio::time::{Instant, timeout};

use crate::LlmError;
use crate::llm::{Chunk, DoneReason, ToolCall, Usage};
use crate::model_http::{Lines, LlmLimits, ReplyClock, error_message, lines, next_line};

/// After the model has ended, the counts of tokens may follow, and the end of the stream.
const AFTER_THE_END: Duration = Duration::from_secs(2);
/// Most calls of one reply, and bytes of all their arguments.
const MAX_CALLS: usize = 64;
const MAX_CALL_BYTES: usize = 256 * 1024;

/// The pieces of a reply as a stream of events; `began` is when the request was sent.
pub(super) fn chunks(
    response: Response,
    limits: LlmLimits,
    began: Instant,
) -> impl Stream<Item = Result<Chunk, LlmError>> + Send + 'static {
    let reader = Reader {
        lines: lines(response, limits.max_line_bytes),
        max_line_bytes: limits.max_line_bytes,
        clock: ReplyClock::new(limits, began),
        reply: Partial::default(),
        ended: false,
    };
    stream::try_unfold(reader, |mut reader| async move {
        Ok(reader.next().await?.map(|chunk| (chunk, reader)))
    })
}

/// The pieces of a reply that came as one JSON object.
pub(super) fn whole(body: &[u8]) -> Result<Vec<Chunk>, LlmError> {
    let mut reply = Partial::default();
    let text = std::str::from_utf8(body).map_err(|error| malformed(&error))?;
    reply.take(text)?;
    if reply.reason.is_none() && reply.ready.is_empty() && reply.calls.is_empty() {
        return Err(malformed(&"it holds no reply"));
    }
    reply.end();
    Ok(reply.ready.into())
}

struct Reader {
    lines: Lines,
    max_line_bytes: usize,
    clock: ReplyClock,
    reply: Partial,
    ended: bool,
}

impl Reader {
    /// `None` after the last piece.
    async fn next(&mut self) -> Result<Option<Chunk>, LlmError> {
        loop {
            let ready = self.reply.ready.pop_front();
            if ready.is_some() || self.ended {
                return Ok(ready);
            }
            match self.next_data().await {
                Ok(Some(data)) if data != "[DONE]" => {
                    self.reply.take(&data)?;
                    // Some servers say who will speak before they have read the prompt.
                    if self.reply.has_begun() {
                        self.clock.heard();
                    }
                }
                Ok(Some(_)) => self.end(),
                // Nothing more is wanted once the model has ended.
                Ok(None) | Err(_) if self.reply.reason.is_some() => self.end(),
                Ok(None) => return Err(LlmError::BrokenOff),
                Err(error) => return Err(error),
            }
        }
    }

    fn end(&mut self) {
        self.ended = true;
        self.reply.end();
    }

    /// The data of the next event; `None` at the end of the body. Comments, which keep a connection alive while the model
    /// has not begun, are no words of the model's: they do not put the time limit off.
    async fn next_data(&mut self) -> Result<Option<String>, LlmError> {
        let (mut limit, what) = self.clock.next_limit();
        if self.reply.reason.is_some() {
            limit = limit.min(AFTER_THE_END);
        }
        let end = Instant::now() + limit;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let line = timeout(left, next_line(&mut self.lines, self.max_line_bytes))
                .await
                .map_err(|_| LlmError::TimedOut { what, limit })??;
            let Some(line) = line else { return Ok(None) };
            if let Some(data) = line.strip_prefix("data:") {
                return Ok(Some(data.trim().to_owned()));
            }
            if let Some(message) = line.strip_prefix("error:") {
                return Err(LlmError::Reported {
                    message: error_message(message),
                });
            }
        }
    }
}

/// What has come of a reply so far.
#[derive(Default)]
struct Partial {
    ready: VecDeque<Chunk>,
    calls: Vec<PartialCall>,
    usage: Option<Usage>,
    reason: Option<DoneReason>,
}

/// Its name and arguments come in pieces.
struct PartialCall {
    index: Option<u64>,
    id: String,
    name: String,
    arguments: String,
}

impl Partial {
    fn take(&mut self, data: &str) -> Result<(), LlmError> {
        let event: Event = serde_json::from_str(data).map_err(|error| malformed(&error))?;
        if event.error.as_ref().is_some_and(|error| !error.is_null()) {
            return Err(LlmError::Reported {
                message: error_message(data),
            });
        }
        if let Some(usage) = event.usage {
            self.usage = Some(usage.into());
        }
        // There is one choice: no more are asked for.
        let Some(choice) = event.choices.into_iter().next() else {
            return Ok(());
        };
        if let Some(delta) = choice.delta.or(choice.message) {
            let thinking = delta.reasoning_content.or(delta.reasoning);
            let some = |text: Option<String>| text.filter(|text| !text.is_empty());
            self.ready.extend(some(thinking).map(Chunk::Thinking));
            self.ready.extend(some(delta.content).map(Chunk::Text));
            for call in delta.tool_calls.unwrap_or_default() {
                self.take_call(call)?;
            }
        }
        if let Some(reason) = choice.finish_reason {
            self.reason = Some(match reason.as_str() {
                "stop" | "tool_calls" | "function_call" => DoneReason::Stop,
                "length" => DoneReason::Length,
                _ => DoneReason::Other(reason),
            });
        }
        Ok(())
    }

    fn take_call(&mut self, piece: CallPiece) -> Result<(), LlmError> {
        let id = piece.id.unwrap_or_default();
        // Some servers give every call the index 0 and an id of its own.
        let known = self.calls.iter_mut().rev().find(|call| {
            call.index == piece.index && (id.is_empty() || call.id.is_empty() || call.id == id)
        });
        let arguments = match piece.function.arguments {
            Json::Null => String::new(),
            Json::String(text) => text,
            whole => whole.to_string(),
        };
        let name = piece.function.name.unwrap_or_default();
        match known {
            Some(call) => {
                if call.id.is_empty() {
                    call.id = id;
                }
                call.name.push_str(&name);
                call.arguments.push_str(&arguments);
            }
            None => self.calls.push(PartialCall {
                index: piece.index,
                id,
                name,
                arguments,
            }),
        }
        let bytes: usize = self.calls.iter().map(|call| call.arguments.len()).sum();
        if self.calls.len() > MAX_CALLS || bytes > MAX_CALL_BYTES {
            let max_bytes = MAX_CALL_BYTES;
            return Err(LlmError::TooLong { max_bytes });
        }
        Ok(())
    }

    fn has_begun(&self) -> bool {
        !self.ready.is_empty() || !self.calls.is_empty() || self.reason.is_some()
    }

    /// What is told at the end: the calls, whole by now, the counts, and why it ended.
    fn end(&mut self) {
        for call in self.calls.drain(..) {
            let arguments = match call.arguments.trim() {
                "" => Json::Object(serde_json::Map::new()),
                text => serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.into())),
            };
            self.ready.push_back(Chunk::ToolCall(ToolCall {
                id: Some(call.id).filter(|id| !id.is_empty()),
                name: call.name,
                arguments,
            }));
        }
        self.ready.extend(self.usage.map(Chunk::Usage));
        let reason = self.reason.take().unwrap_or(DoneReason::Stop);
        self.ready.push_back(Chunk::Done(reason));
    }
}

fn malformed(error: &dyn std::fmt::Display) -> LlmError {
    LlmError::Malformed {
        detail: error.to_string(),
    }
}

#[derive(Deserialize)]
struct Event {
    #[serde(default)]
    choices: Vec<EventChoice>,
    usage: Option<EventUsage>,
    error: Option<Json>,
}

#[derive(Deserialize)]
struct EventChoice {
    delta: Option<Delta>,
    /// In place of `delta` where the reply comes whole.
    message: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
    reasoning_content: Option<String>,
    reasoning: Option<String>,
    tool_calls: Option<Vec<CallPiece>>,
}

#[derive(Deserialize)]
struct CallPiece {
    index: Option<u64>,
    id: Option<String>,
    #[serde(default)]
    function: FunctionPiece,
}

#[derive(Deserialize, Default)]
struct FunctionPiece {
    name: Option<String>,
    #[serde(default)]
    arguments: Json,
}

#[derive(Deserialize)]
struct EventUsage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
    prompt_tokens_details: Option<PromptDetails>,
}

#[derive(Deserialize)]
struct PromptDetails {
    cached_tokens: Option<u64>,
}

impl From<EventUsage> for Usage {
    fn from(usage: EventUsage) -> Self {
        Self {
            prompt_tokens: usage.prompt_tokens,
            cached_tokens: usage
                .prompt_tokens_details
                .and_then(|details| details.cached_tokens),
            reply_tokens: usage.completion_tokens,
        }
    }
}
