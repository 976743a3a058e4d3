//! Leaves a server alone for a while after it failed several times in a row.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::{Stream, StreamExt};
use tokio::time::Instant;

use crate::LlmError;
use crate::llm::Chunk;

#[derive(Clone)]
pub(crate) struct Breaker {
    failures_before_rest: u32,
    rest: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    failures: u32,
    resting_until: Option<Instant>,
}

impl Breaker {
    pub(crate) fn new(failures_before_rest: u32, rest: Duration) -> Self {
        Self {
            failures_before_rest,
            rest,
            state: Arc::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An error while the server rests. Afterwards one failure more is enough for the next rest.
    pub(crate) fn check(&self) -> Result<(), LlmError> {
        let until = self.state().resting_until;
        match until.map(|until| until.saturating_duration_since(Instant::now())) {
            Some(left) if !left.is_zero() => Err(LlmError::Resting {
                seconds: left.as_secs() + 1,
            }),
            _ => Ok(()),
        }
    }

    /// Counts an error that tells of the server's state, not of this one request.
    pub(crate) fn note(&self, error: &LlmError) {
        let counts = error.is_transient()
            || matches!(error, LlmError::TimedOut { .. } | LlmError::BrokenOff);
        if !counts {
            return;
        }
        let mut state = self.state();
        state.failures += 1;
        if state.failures >= self.failures_before_rest {
            state.resting_until = Some(Instant::now() + self.rest);
        }
    }

    fn succeeded(&self) {
        *self.state() = State::default();
    }

    /// Hears how a reply ends; one that nobody reads to its end counts neither way.
    pub(crate) fn watch<S>(
        &self,
        chunks: S,
    ) -> impl Stream<Item = Result<Chunk, LlmError>> + Send + 'static
    where
        S: Stream<Item = Result<Chunk, LlmError>> + Send + 'static,
    {
        let breaker = self.clone();
        chunks.inspect(move |chunk| match chunk {
            Ok(Chunk::Done(_)) => breaker.succeeded(),
            Ok(_) => {}
            Err(error) => breaker.note(error),
        })
    }
}
