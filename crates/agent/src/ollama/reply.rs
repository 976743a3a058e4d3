//! Reads Ollama's newline-delimited JSON as it arrives.

use std::collections::VecDeque;

use futures::{Stream, StreamExt, stream};
use reqwest::Response;
use serde::Deserialize;
use serde_json::Value as Json;
use tokio::time::{Instant, timeout};

use crate::LlmError;
use crate::llm::{Chunk, DoneReason, PullProgress, PullStream, ToolCall, Usage};
use crate::model_http::{Lines, LlmLimits, ReplyClock, lines, next_line};

struct Reader {
    lines: Lines,
    max_line_bytes: usize,
    clock: ReplyClock,
    ready: VecDeque<Chunk>,
    ended: bool,
}

/// The pieces of a chat reply; `began` is when the request was sent.
pub(super) fn chunks(
    response: Response,
    limits: LlmLimits,
    began: Instant,
) -> impl Stream<Item = Result<Chunk, LlmError>> + Send + 'static {
    let reader = Reader {
        lines: lines(response, limits.max_line_bytes),
        max_line_bytes: limits.max_line_bytes,
        clock: ReplyClock::new(limits, began),
        ready: VecDeque::new(),
        ended: false,
    };
    stream::try_unfold(reader, |mut reader| async move {
        Ok(reader.next().await?.map(|chunk| (chunk, reader)))
    })
}

impl Reader {
    /// `None` after the last piece.
    async fn next(&mut self) -> Result<Option<Chunk>, LlmError> {
        loop {
            let ready = self.ready.pop_front();
            if ready.is_some() || self.ended {
                return Ok(ready);
            }
            let (limit, what) = self.clock.next_limit();
            let line = timeout(limit, next_line(&mut self.lines, self.max_line_bytes))
                .await
                .map_err(|_| LlmError::TimedOut { what, limit })??
                .ok_or(LlmError::BrokenOff)?;
            self.clock.heard();
            self.take(&line)?;
        }
    }

    fn take(&mut self, line: &str) -> Result<(), LlmError> {
        let line = parse::<ChatLine>(line)?;
        if let Some(message) = line.error {
            return Err(LlmError::Reported { message });
        }
        if let Some(message) = line.message {
            let thinking = message.thinking.filter(|text| !text.is_empty());
            self.ready.extend(thinking.map(Chunk::Thinking));
            let text = message.content.filter(|text| !text.is_empty());
            self.ready.extend(text.map(Chunk::Text));
            let calls = message.tool_calls.unwrap_or_default();
            self.ready
                .extend(calls.into_iter().map(|call| Chunk::ToolCall(call.into())));
        }
        if line.done {
            let usage = line.prompt_eval_count.map(|prompt_tokens| Usage {
                prompt_tokens,
                cached_tokens: None,
                reply_tokens: line.eval_count.unwrap_or_default(),
            });
            self.ready.extend(usage.map(Chunk::Usage));
            let reason = match line.done_reason.as_deref() {
                None | Some("stop") => DoneReason::Stop,
                Some("length") => DoneReason::Length,
                Some(other) => DoneReason::Other(other.to_owned()),
            };
            self.ready.push_back(Chunk::Done(reason));
            self.ended = true;
        }
        Ok(())
    }
}

/// The progress of a download.
pub(super) fn pull_progress(response: Response, limits: LlmLimits) -> PullStream {
    let state = (lines(response, limits.max_line_bytes), false);
    stream::unfold(state, move |(mut lines, ended)| async move {
        if ended {
            return None;
        }
        let item = next_progress(&mut lines, limits).await;
        let ended = item
            .as_ref()
            .map_or(true, |progress| progress.status == "success");
        Some((item, (lines, ended)))
    })
    .boxed()
}

async fn next_progress(lines: &mut Lines, limits: LlmLimits) -> Result<PullProgress, LlmError> {
    let limit = limits.first_token;
    let what = "no progress";
    let line = timeout(limit, next_line(lines, limits.max_line_bytes))
        .await
        .map_err(|_| LlmError::TimedOut { what, limit })??
        .ok_or(LlmError::BrokenOff)?;
    let line = parse::<PullLine>(&line)?;
    if let Some(message) = line.error {
        return Err(LlmError::Reported { message });
    }
    Ok(PullProgress {
        status: line.status.unwrap_or_default(),
        total: line.total,
        completed: line.completed,
    })
}

fn parse<'line, T: Deserialize<'line>>(line: &'line str) -> Result<T, LlmError> {
    serde_json::from_str(line).map_err(|error| LlmError::Malformed {
        detail: error.to_string(),
    })
}

#[derive(Deserialize)]
struct ChatLine {
    message: Option<ChatLineMessage>,
    #[serde(default)]
    done: bool,
    done_reason: Option<String>,
    prompt_eval_count: Option<u64>,
    eval_count: Option<u64>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct ChatLineMessage {
    content: Option<String>,
    thinking: Option<String>,
    tool_calls: Option<Vec<ChatLineCall>>,
}

#[derive(Deserialize)]
struct ChatLineCall {
    id: Option<String>,
    #[serde(default)]
    function: ChatLineFunction,
}

#[derive(Deserialize, Default)]
struct ChatLineFunction {
    #[serde(default)]
    name: String,
    #[serde(default)]
    arguments: Json,
}

impl From<ChatLineCall> for ToolCall {
    fn from(call: ChatLineCall) -> Self {
        Self {
            id: call.id,
            name: call.function.name,
            arguments: call.function.arguments,
        }
    }
}

#[derive(Deserialize)]
struct PullLine {
    status: Option<String>,
    total: Option<u64>,
    completed: Option<u64>,
    error: Option<String>,
}
