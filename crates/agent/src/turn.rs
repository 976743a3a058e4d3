//! One turn of the conversation: a question -> a stream of events, always with an end.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use store::StoreError;
use store::dataset::{Dataset, InsertReceipt, NewRow};

use crate::engine::Engines;
use crate::event::{Event, FinishReason};
use crate::link::DatasetContext;
use crate::llm::Role;

/// The events of one turn; dropping it stops the model and the query.
pub type EventStream = BoxStream<'static, Event>;

/// What a turn works on.
#[derive(Clone)]
pub struct TurnContext {
    pub dataset: Arc<dyn Dataset>,
    pub context: Arc<DatasetContext>,
    pub writes: Arc<dyn PendingWrites>,
    pub limits: TurnLimits,
}

#[derive(Debug, Clone)]
pub struct TurnRequest {
    /// The id of the answer's message.
    pub message_id: String,
    pub question: String,
    /// Earlier messages of the conversation, oldest first.
    pub history: Vec<PastMessage>,
    /// Anchors "last month".
    pub today: NaiveDate,
    pub engine: EngineChoice,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// The model when one answers, else the built-in planner.
    #[default]
    Auto,
    BuiltIn,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastMessage {
    pub role: Role,
    pub content: String,
    /// The receipt's statement, for answers.
    pub sql: Option<String>,
}

/// Bounds of one turn.
#[derive(Debug, Clone, Copy)]
pub struct TurnLimits {
    /// Most calls of the model in one turn.
    pub max_steps: u32,
    /// Most repairs of a statement.
    pub max_repairs: u32,
    /// Rows of a result in the receipt.
    pub receipt_rows: usize,
    /// Bytes of a tool's result that go back to the model.
    pub tool_result_bytes: usize,
    pub query_deadline_ms: u64,
}

impl Default for TurnLimits {
    fn default() -> Self {
        Self {
            max_steps: 6,
            max_repairs: 2,
            receipt_rows: 200,
            tool_result_bytes: 8 * 1024,
            query_deadline_ms: 2_000,
        }
    }
}

/// A write that the user has not yet allowed.
#[derive(Debug, Clone, PartialEq)]
pub struct NewWrite {
    /// The message that shows it.
    pub message_id: String,
    pub tool_call_id: String,
    pub table: String,
    pub rows: Vec<NewRow>,
    /// `built-in` or the model's name.
    pub engine: String,
}

/// A stored write that the user has now decided about.
#[derive(Debug, Clone, PartialEq)]
pub struct DecidedWrite {
    pub approval_id: String,
    pub message_id: String,
    pub tool_call_id: String,
    pub table: String,
    pub rows: Vec<NewRow>,
    pub approved: bool,
}

/// What became of an approved write.
#[derive(Debug, Clone, PartialEq)]
pub enum WriteOutcome {
    Stored(InsertReceipt),
    Refused,
    Failed { message: String },
}

/// Keeps writes until the user has spoken. The one who implements it makes sure that each is decided once.
#[async_trait]
pub trait PendingWrites: Send + Sync {
    /// Stores a write; gives its approval id.
    async fn create(&self, write: NewWrite) -> Result<String, StoreError>;

    /// Notes what became of it.
    async fn finish(&self, approval_id: &str, outcome: WriteOutcome) -> Result<(), StoreError>;
}

/// Answers a question.
pub fn run_turn(engines: Arc<Engines>, context: TurnContext, request: TurnRequest) -> EventStream {
    let _ = (engines, context);
    finish_only(request.message_id)
}

/// Goes on after the user's word about a write: executes exactly the stored call, or says that nothing was changed.
/// The caller has marked the write as decided, so that it runs once.
pub fn resume_after_approval(context: TurnContext, write: DecidedWrite) -> EventStream {
    let _ = context;
    finish_only(write.message_id)
}

fn finish_only(message_id: String) -> EventStream {
    stream::iter([
        Event::Start {
            message_id: Some(message_id),
            message_metadata: None,
        },
        Event::Finish {
            finish_reason: FinishReason::Stop,
            message_metadata: None,
        },
    ])
    .boxed()
}
