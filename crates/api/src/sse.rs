//! Long work as server-sent events: progress while it runs, the result or a problem last.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use serde::Serialize;
use store::dataset::{CancelFlag, CancelOnDrop};
use tokio::sync::mpsc;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::extract::CurrentUser;
use crate::state::AppState;
use crate::stop::{Stop, stopped};

/// How often a silent stream shows that it lives.
pub const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// The form of each event of a stream (WHATWG HTML, server-sent events).
#[derive(Debug, Serialize, ToSchema)]
pub struct ServerSentEvent {
    /// Absent in the chat stream.
    pub event: Option<String>,
    /// JSON as text; `[DONE]` at the end of a chat stream.
    pub data: String,
}

/// Whether the client asked for events instead of one document.
pub fn wants_events(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().any(|value| {
        value
            .to_str()
            .is_ok_and(|text| text.contains("text/event-stream"))
    })
}

/// Where a job reports; a full or closed channel never holds up the work.
#[derive(Clone)]
pub struct Reporter {
    events: Option<mpsc::Sender<Event>>,
    cancel: CancelFlag,
}

impl Reporter {
    /// Sends a named event. `false` when the work should stop.
    pub fn report(&self, name: &str, data: &impl Serialize) -> bool {
        if let Some(events) = &self.events {
            let _ = events.try_send(named_event(name, data));
        }
        !self.cancel.is_cancelled()
    }

    /// An error where nobody wants the work any more: the last look before something is kept.
    pub fn go_on(&self) -> Result<(), ApiError> {
        if self.cancel.is_cancelled() {
            return Err(ApiError::cancelled());
        }
        Ok(())
    }

    pub fn cancel_flag(&self) -> &CancelFlag {
        &self.cancel
    }
}

fn named_event(name: &str, data: &impl Serialize) -> Event {
    // Our own types serialise; the fallback keeps the stream alive if one ever does not.
    Event::default()
        .event(name)
        .json_data(data)
        .unwrap_or_else(|error| Event::default().event("error").data(error.to_string()))
}

/// Runs `work` in a task of its own and answers with its result as JSON with `status`, or as events with the result in an
/// event named `last`. When the client leaves, `user` is signed out or the server stops, the work is told to cancel and cleans
/// up by itself.
pub async fn run_job<T, W>(
    state: &AppState,
    user: &CurrentUser,
    events_wanted: bool,
    status: StatusCode,
    last: &'static str,
    work: impl FnOnce(Reporter) -> W,
) -> Result<Response, ApiError>
where
    T: Serialize + Send + 'static,
    W: Future<Output = Result<T, ApiError>> + Send + 'static,
{
    let cancel = CancelFlag::default();
    let waiting = cancel.on_drop();
    let (sender, receiver) = mpsc::channel(256);
    let reporter = Reporter {
        events: events_wanted.then(|| sender.clone()),
        cancel: cancel.clone(),
    };
    let job = cancel_on(stopped(state, user), work(reporter), cancel);
    let job = state.shutdown.spawn(job);
    if !events_wanted {
        let result = job.await;
        waiting.end();
        return Ok((status, Json(result.map_err(ApiError::internal)??)).into_response());
    }
    tokio::spawn(async move {
        let event = match job
            .await
            .map_err(ApiError::internal)
            .and_then(|result| result)
        {
            Ok(value) => named_event(last, &value),
            Err(error) => named_event("error", &error.problem()),
        };
        let _ = sender.send(event).await;
    });
    Ok(Sse::new(until_closed(receiver, waiting))
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response())
}

/// Cancels `work` when `stop` comes first, and says why in place of what was cancelled.
async fn cancel_on<T>(
    stop: impl Future<Output = Stop>,
    work: impl Future<Output = Result<T, ApiError>>,
    cancel: CancelFlag,
) -> Result<T, ApiError> {
    let mut work = std::pin::pin!(work);
    let why = tokio::select! {
        done = &mut work => return done,
        why = stop => why,
    };
    cancel.cancel();
    work.await.map_err(|error| {
        if error.is_cancelled() {
            why.error()
        } else {
            error
        }
    })
}

/// The events of `receiver`; dropping the stream (the client left) drops `waiting` and so cancels the work.
fn until_closed(
    mut receiver: mpsc::Receiver<Event>,
    waiting: CancelOnDrop,
) -> impl Stream<Item = Result<Event, Infallible>> {
    async_stream::stream! {
        let _waiting = waiting;
        while let Some(event) = receiver.recv().await {
            yield Ok(event);
        }
    }
}
