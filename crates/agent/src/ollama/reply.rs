//! Reads newline-delimited JSON as it arrives. Bytes become text a whole line at a time, so a character that is cut between
//! two packets stays whole.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use reqwest::Response;
use serde::Deserialize;
use serde_json::Value as Json;
use tokio::time::{Instant, timeout};
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};
use tokio_util::io::StreamReader;

use super::LlmLimits;
use crate::LlmError;
use crate::llm::{Chunk, DoneReason, PullProgress, PullStream, ToolCall};

type Lines =
    FramedRead<StreamReader<BoxStream<'static, std::io::Result<Bytes>>, Bytes>, LinesCodec>;

fn lines(response: Response, max_line_bytes: usize) -> Lines {
    let bytes = response.bytes_stream().map_err(std::io::Error::other);
    let codec = LinesCodec::new_with_max_length(max_line_bytes);
    FramedRead::new(StreamReader::new(bytes.boxed()), codec)
}

/// The next line that is not blank; `None` at the end of the body.
async fn next_line(lines: &mut Lines, max_bytes: usize) -> Result<Option<String>, LlmError> {
    loop {
        return match lines.next().await {
            None => Ok(None),
            Some(Ok(line)) if line.trim().is_empty() => continue,
            Some(Ok(line)) => Ok(Some(line)),
            Some(Err(LinesCodecError::MaxLineLengthExceeded)) => {
                Err(LlmError::TooLong { max_bytes })
            }
            Some(Err(LinesCodecError::Io(error)))
                if error.kind() == std::io::ErrorKind::InvalidData =>
            {
                Err(LlmError::Malformed {
                    detail: error.to_string(),
                })
            }
            Some(Err(LinesCodecError::Io(_))) => Err(LlmError::BrokenOff),
        };
    }
}

struct Reader {
    lines: Lines,
    limits: LlmLimits,
    began: Instant,
    any: bool,
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
        limits,
        began,
        any: false,
        ready: VecDeque::new(),
        ended: false,
    };
    stream::unfold(reader, |mut reader| async move {
        if reader.ended && reader.ready.is_empty() {
            return None;
        }
        let chunk = reader.next().await;
        reader.ended |= chunk.is_err();
        Some((chunk, reader))
    })
}

impl Reader {
    async fn next(&mut self) -> Result<Chunk, LlmError> {
        loop {
            if let Some(chunk) = self.ready.pop_front() {
                return Ok(chunk);
            }
            let (limit, what) = self.next_limit();
            let max_bytes = self.limits.max_line_bytes;
            let line = timeout(limit, next_line(&mut self.lines, max_bytes))
                .await
                .map_err(|_| LlmError::TimedOut { what, limit })??
                .ok_or(LlmError::BrokenOff)?;
            self.any = true;
            self.take(&line)?;
        }
    }

    /// How long the next line may take, and what is missing when it does not come.
    fn next_limit(&self) -> (Duration, &'static str) {
        let spent = self.began.elapsed();
        let (limit, what) = if self.any {
            (self.limits.idle, "no further word")
        } else {
            let left = self.limits.first_token.saturating_sub(spent);
            (left, "no first word")
        };
        let total_left = self.limits.total.saturating_sub(spent);
        if total_left < limit {
            (total_left, "no complete answer")
        } else {
            (limit, what)
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
