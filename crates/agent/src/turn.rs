//! One turn of the conversation: a question -> a stream of events, always with an end.

mod ask;
mod bind;
mod built_in;
mod direct;
mod ending;
mod model;
mod output;
mod plan;
mod query;
mod tool_loop;
mod tries;
mod write;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use futures::StreamExt;
use futures::stream::BoxStream;
use store::StoreError;
use store::dataset::{Dataset, InsertReceipt, NewRow};

use crate::engine::{BUILT_IN, Engine, Engines};
use crate::event::{Attempt, Event};
use crate::insert_text::requested_insert;
use crate::llm::Role;
use crate::reading::confidence;
use crate::reading::decide::{Knowledge, READS_ONLY};
use crate::reading::language;
use crate::reading::plan::Document;
use crate::reading::query::Query;
use crate::trust;
use ending::Ending;
use output::Output;

/// The events of one turn; dropping it stops the model and the query.
pub type EventStream = BoxStream<'static, Event>;

/// What a turn works on.
#[derive(Clone)]
pub struct TurnContext {
    pub dataset: Arc<dyn Dataset>,
    pub knowledge: Arc<Knowledge>,
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
    /// What is to be run in place of the question, which only says it: a plan that was checked.
    pub plan: Option<Query>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// The model when one answers, else the built-in engine.
    #[default]
    Auto,
    BuiltIn,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PastMessage {
    pub role: Role,
    pub content: String,
    /// The receipt's statement, for answers.
    pub sql: Option<String>,
    /// Of an answer: the receipt's plan. Of a question: the plan that was run in place of its words.
    pub plan: Option<Document>,
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
    /// Probability from which on what a small model's first statement found is told without another try, 0 to 1.
    pub enough_trust_at_once: f64,
    /// Probability from which on the likeliest of what its tries and the readings found is told, 0 to 1.
    pub enough_trust: f64,
    /// Below this probability it is said of such an answer that it is not sure, 0 to 1.
    pub sure: f64,
}

impl Default for TurnLimits {
    fn default() -> Self {
        Self {
            max_steps: 6,
            max_repairs: 2,
            receipt_rows: 200,
            tool_result_bytes: 8 * 1024,
            query_deadline_ms: 2_000,
            enough_trust_at_once: trust::enough_at_once(),
            enough_trust: trust::enough(),
            sure: confidence::enough_to_answer(),
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

/// Answers a question. The stream always ends with `finish`; dropping it stops the model and the query.
pub fn run_turn(engines: Arc<Engines>, context: TurnContext, request: TurnRequest) -> EventStream {
    output::stream_of(|events| async move {
        let output = Output::new(events, &request.message_id);
        output.start(&request.message_id).await;
        let mut turn = Turn {
            output,
            context,
            request,
            attempts: Vec::new(),
        };
        let ending = turn.answer(&engines).await;
        turn.end(ending).await;
    })
}

/// Goes on after the user's word about a write: executes exactly the stored call, or says that nothing was changed; the
/// events that tell of it. The caller has marked the write as decided, so that it runs once, and polls this to its end in
/// a task that no reader's leaving stops: a write must not be without its record.
pub async fn resume_after_approval(context: TurnContext, write: DecidedWrite) -> Vec<Event> {
    let events = output::stream_of(|events| async move {
        // The message has parts already: ids of new ones must differ from theirs.
        let output = Output::new(events, &format!("{}_after", write.message_id));
        output.start(&write.message_id).await;
        write::carry_out(&output, context, write).await;
    });
    events.collect().await
}

/// A turn under way.
struct Turn {
    output: Output,
    context: TurnContext,
    request: TurnRequest,
    /// Statements that did not hold, with what was wrong.
    attempts: Vec<Attempt>,
}

impl Turn {
    async fn answer(&mut self, engines: &Engines) -> Ending {
        let question = self.request.question.trim().to_owned();
        if let Some(plan) = self.request.plan.take() {
            return self.answer_by_plan(plan).await;
        }
        if question.is_empty() {
            return Ending::not_understood("Ask a question about your data.");
        }
        if is_small_talk(&question) {
            return Ending::not_understood("I answer questions about your data.");
        }
        self.output
            .status("linking", "Finding the words of the question in the data")
            .await;
        match requested_insert(&question, &self.context.knowledge.schema) {
            Some(Ok(call)) => return self.write_or_say(call, BUILT_IN).await,
            Some(Err(message)) => return Ending::not_understood(message),
            None => {}
        }
        if language::asks_to_change(&question) {
            return Ending::not_understood(READS_ONLY);
        }
        let engine = match self.request.engine {
            EngineChoice::Auto => engines.current().await,
            EngineChoice::BuiltIn => Engine::BuiltIn {
                reason: String::new(),
            },
        };
        let for_model = matches!(engine, Engine::Model(_));
        let prepared = match query::prepare(&self.context, &self.request, for_model).await {
            Ok(prepared) => prepared,
            Err(error) => return Ending::failed(error),
        };
        match engine {
            Engine::BuiltIn { .. } => self.answer_built_in(prepared).await,
            Engine::Model(model) => self.answer_by_model(&model, prepared).await,
        }
    }

    async fn write_or_say(&mut self, call: crate::tools::CheckedCall, engine: &str) -> Ending {
        match self.propose_write(call, engine).await {
            Ok(()) => Ending::WaitsForApproval,
            Err(message) => Ending::not_understood(message),
        }
    }
}

/// Words that no database answers; a model would make up a query for them.
fn is_small_talk(question: &str) -> bool {
    let lower = question.to_lowercase();
    let words: Vec<_> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    matches!(
        words.join(" ").as_str(),
        "hello"
            | "hi"
            | "hey"
            | "hi there"
            | "hello there"
            | "good morning"
            | "good evening"
            | "thanks"
            | "thank you"
            | "ok"
            | "help"
            | "what can you do"
            | "who are you"
            | "how are you"
    )
}

#[cfg(test)]
mod tests;
