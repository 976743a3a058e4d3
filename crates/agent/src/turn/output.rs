//! The sending side of a turn.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

use futures::{FutureExt, StreamExt, stream};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::EventStream;
use crate::event::{Event, FinishReason, Status};

/// Events that wait for a slow reader before the turn waits too.
const BUFFERED_EVENTS: usize = 32;

/// A stream of what `work` sends. The stream owns the work: dropping one drops the other.
pub(super) fn stream_of<W, F>(work: W) -> EventStream
where
    W: FnOnce(mpsc::Sender<Event>) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(BUFFERED_EVENTS);
    let driver = work(sender).into_stream().filter_map(|()| async { None });
    stream::select(ReceiverStream::new(receiver), driver).boxed()
}

pub(super) struct Output {
    events: mpsc::Sender<Event>,
    /// Makes ids of parts, unique within the conversation.
    id_prefix: String,
    parts: AtomicU32,
}

impl Output {
    pub(super) fn new(events: mpsc::Sender<Event>, message_id: &str) -> Self {
        Self {
            events,
            id_prefix: message_id.to_owned(),
            parts: AtomicU32::new(0),
        }
    }

    /// The receiver lives as long as the work does, so sending does not fail.
    pub(super) async fn send(&self, event: Event) {
        let _ = self.events.send(event).await;
    }

    pub(super) fn new_id(&self, kind: &str) -> String {
        let number = self.parts.fetch_add(1, Ordering::Relaxed) + 1;
        format!("{kind}_{}_{number}", self.id_prefix)
    }

    pub(super) async fn start(&self, message_id: &str) {
        self.send(Event::Start {
            message_id: Some(message_id.to_owned()),
            message_metadata: None,
        })
        .await;
        self.send(Event::StartStep).await;
    }

    pub(super) async fn status(&self, stage: &str, message: impl Into<String>) {
        let data = Status {
            stage: stage.into(),
            message: message.into(),
        };
        let transient = true;
        self.send(Event::DataStatus { data, transient }).await;
    }

    pub(super) async fn text(&self, text: &str) {
        if text.is_empty() {
            return;
        }
        let id = self.new_id("text");
        self.send(Event::TextStart { id: id.clone() }).await;
        for delta in pieces(text) {
            let (id, delta) = (id.clone(), delta.to_owned());
            self.send(Event::TextDelta { id, delta }).await;
        }
        self.send(Event::TextEnd { id }).await;
    }

    pub(super) async fn tool_input(&self, tool_name: &str, input: Json) -> String {
        let tool_call_id = self.new_id("call");
        self.send(Event::ToolInputAvailable {
            tool_call_id: tool_call_id.clone(),
            tool_name: tool_name.into(),
            input,
        })
        .await;
        tool_call_id
    }

    pub(super) async fn tool_output(&self, tool_call_id: String, output: Result<Json, String>) {
        let event = match output {
            Ok(output) => Event::ToolOutputAvailable {
                tool_call_id,
                output,
            },
            Err(error_text) => Event::ToolOutputError {
                tool_call_id,
                error_text,
            },
        };
        self.send(event).await;
    }

    pub(super) async fn tool_ran(&self, tool_name: &str, input: Json, output: Json) {
        let id = self.tool_input(tool_name, input).await;
        self.tool_output(id, Ok(output)).await;
    }

    /// The last two events of every turn; `error` comes before them where there is one.
    pub(super) async fn finish(&self, reason: FinishReason, error: Option<String>) {
        if let Some(error_text) = error {
            self.send(Event::Error { error_text }).await;
        }
        self.send(Event::FinishStep).await;
        self.send(Event::Finish {
            finish_reason: reason,
            message_metadata: None,
        })
        .await;
    }
}

/// Lines of the text, their ends included.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n')
}

pub(super) fn sql_input(sql: &str) -> Json {
    json!({ "query": sql })
}
