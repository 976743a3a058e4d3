//! Lines of a body as they arrive. Bytes become text a whole line at a time, so a character that is cut between two packets
//! stays whole.

use std::time::Duration;

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use reqwest::Response;
use tokio::time::Instant;
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};
use tokio_util::io::StreamReader;

use super::LlmLimits;
use crate::LlmError;

pub(crate) type Lines =
    FramedRead<StreamReader<BoxStream<'static, std::io::Result<Bytes>>, Bytes>, LinesCodec>;

pub(crate) fn lines(response: Response, max_line_bytes: usize) -> Lines {
    let bytes = response.bytes_stream().map_err(std::io::Error::other);
    let codec = LinesCodec::new_with_max_length(max_line_bytes);
    FramedRead::new(StreamReader::new(bytes.boxed()), codec)
}

/// The next line that is not blank; `None` at the end of the body.
pub(crate) async fn next_line(
    lines: &mut Lines,
    max_bytes: usize,
) -> Result<Option<String>, LlmError> {
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

/// How long the next piece of one reply may take.
pub(crate) struct ReplyClock {
    limits: LlmLimits,
    began: Instant,
    heard: bool,
}

impl ReplyClock {
    /// `began` is when the request was sent.
    pub(crate) fn new(limits: LlmLimits, began: Instant) -> Self {
        Self {
            limits,
            began,
            heard: false,
        }
    }

    /// A piece came.
    pub(crate) fn heard(&mut self) {
        self.heard = true;
    }

    /// How long the next one may take, and what is missing when it does not come.
    pub(crate) fn next_limit(&self) -> (Duration, &'static str) {
        let spent = self.began.elapsed();
        let (limit, what) = if self.heard {
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
}
