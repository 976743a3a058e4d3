//! A turn's events as server-sent events, and as the message that is kept when the turn has ended.

use std::convert::Infallible;

use agent::Event;
use agent::event::FinishReason;
use agent::turn::EventStream;
use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{Event as Frame, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt};
use serde_json::json;
use store::conversations::Role;
use store::ids::{ConversationId, MessageId, UserId};
use tokio::task::JoinHandle;

use super::parts::PartsBuilder;
use crate::sse::KEEP_ALIVE;
use crate::state::AppState;
use crate::stop::Stop;
use crate::turns::RunningTurn;

/// Whose turn it is and where its message goes.
pub struct Turn {
    pub state: AppState,
    pub user: UserId,
    pub conversation: ConversationId,
    pub message: MessageId,
    pub parts: PartsBuilder,
    /// Held until the message is kept.
    pub running: Option<RunningTurn>,
}

impl Turn {
    /// Keeps the message of a turn that is over; its events, as the client gets them.
    pub async fn told(mut self, events: Vec<Event>) -> Vec<Event> {
        let events: Vec<Event> = events
            .into_iter()
            .map(|event| with_conversation(event, self.conversation))
            .collect();
        for event in &events {
            self.parts.add(event);
            count(event);
        }
        keep(&mut self).await;
        events
    }
}

/// The response that carries `events`; leaving it drops them, which stops the model and the query.
pub fn respond(
    turn: Turn,
    events: EventStream,
    stopped: impl Future<Output = Stop> + Send + 'static,
) -> Response {
    let conversation = turn.conversation;
    response(conversation, frames(turn, events, stopped))
}

/// The response that tells what became of work which goes on without it.
pub fn report(conversation: ConversationId, told: JoinHandle<Vec<Event>>) -> Response {
    let frames = async_stream::stream! {
        let open = OpenStream::new();
        let events = told.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a decided write broke off");
            vec![Event::Error { error_text: "Something went wrong on the server. The log has the details.".into() }, failed()]
        });
        for event in events {
            yield Ok(frame(&event));
        }
        drop(open);
        yield Ok(Frame::default().data("[DONE]"));
    };
    response(conversation, frames)
}

fn response(
    conversation: ConversationId,
    frames: impl Stream<Item = Result<Frame, Infallible>> + Send + 'static,
) -> Response {
    let conversation = conversation.to_string();
    let mut response = Sse::new(frames)
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response();
    let headers = response.headers_mut();
    headers.insert(
        HeaderName::from_static("x-vercel-ai-ui-message-stream"),
        HeaderValue::from_static("v1"),
    );
    headers.insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    if let Ok(value) = HeaderValue::from_str(&conversation) {
        headers.insert(HeaderName::from_static("x-conversation-id"), value);
    }
    response
}

fn frames(
    mut turn: Turn,
    mut events: EventStream,
    stopped: impl Future<Output = Stop>,
) -> impl Stream<Item = Result<Frame, Infallible>> {
    async_stream::stream! {
        let open = OpenStream::new();
        let mut stopped = std::pin::pin!(stopped);
        loop {
            let event = tokio::select! {
                event = events.next() => event,
                why = &mut stopped => Some(Event::Abort { reason: Some(why.reason().into()) }),
            };
            // A stream that ends without its last event would look finished and fine.
            let event = with_conversation(event.unwrap_or_else(|| last_event(&turn)), turn.conversation);
            turn.parts.add(&event);
            count(&event);
            let ended = turn.parts.finished.is_some();
            if ended {
                // Kept before the client hears of the end, so that a reload at once finds it.
                keep(&mut turn).await;
                // Whoever hears of the end may ask on at once.
                turn.running = None;
            }
            yield Ok(frame(&event));
            if ended {
                break;
            }
        }
        drop(open);
        yield Ok(Frame::default().data("[DONE]"));
    }
}

fn last_event(turn: &Turn) -> Event {
    tracing::error!(message_id = %turn.message, "a turn ended without its last event");
    failed()
}

fn failed() -> Event {
    Event::Finish {
        finish_reason: FinishReason::Error,
        message_metadata: None,
    }
}

/// Tells the client which conversation a new question began.
fn with_conversation(event: Event, conversation: ConversationId) -> Event {
    match event {
        Event::Start {
            message_id,
            message_metadata: None,
        } => Event::Start {
            message_id,
            message_metadata: Some(json!({"conversationId": conversation})),
        },
        other => other,
    }
}

fn frame(event: &Event) -> Frame {
    Frame::default().json_data(event).unwrap_or_else(|error| {
        Frame::default().data(json!({"type": "error", "errorText": error.to_string()}).to_string())
    })
}

async fn keep(turn: &mut Turn) {
    let parts = std::mem::take(&mut turn.parts);
    let finished = parts.finished;
    let parts = parts.into_parts();
    let kept = store::conversations::append_message(
        &turn.state.store,
        turn.user,
        turn.conversation,
        turn.message,
        Role::Assistant,
        &parts,
        turn.state.now(),
    );
    if let Err(error) = kept.await {
        tracing::error!(%error, message_id = %turn.message, "an answer could not be kept");
    }
    turn.parts.finished = finished;
}

/// Answers by engine, and the time of the query behind each.
fn count(event: &Event) {
    if let Event::DataReceipt { data, .. } = event {
        let engine = if data.engine == "built-in" {
            "built-in"
        } else {
            "model"
        };
        metrics::counter!("answers_total", "engine" => engine).increment(1);
        metrics::histogram!("query_duration_seconds", "by" => "question")
            .record(data.elapsed_ms / 1_000.0);
    }
}

/// Counts a stream while it is open.
struct OpenStream;

impl OpenStream {
    fn new() -> Self {
        metrics::gauge!("chat_streams_open").increment(1.0);
        Self
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        metrics::gauge!("chat_streams_open").decrement(1.0);
    }
}
