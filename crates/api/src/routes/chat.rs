//! Questions and answers.

mod decide;

use std::sync::Arc;

use agent::llm::Role as AgentRole;
use agent::reading::plan::Document;
use agent::reading::query::Query;
use agent::turn::{EngineChoice, PastMessage, TurnContext, TurnLimits, TurnRequest, run_turn};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use store::conversations::{Message, Role};
use store::ids::{ConversationId, MessageId};
use uuid::Uuid;

use crate::chat::parts::PartsBuilder;
use crate::chat::request::{Ask, ChatEngine, ChatRequest};
use crate::chat::stream::{Turn, respond};
use crate::chat::writes::ConversationWrites;
use crate::error::ApiError;
use crate::extract::{ApiJson, CurrentUser, OwnedConversation, OwnedSchema};
use crate::routes::query::owned_schema;
use crate::routes::schema::changed_plan;
use crate::sse::ServerSentEvent;
use crate::state::AppState;
use crate::stop::stopped;
use crate::turns::RunningTurn;

/// Characters of a question that become the conversation's title.
const TITLE_CHARS: usize = 80;
/// The part of a question that keeps its plan.
const PLAN_PART: &str = "data-plan";

/// Ask a question
///
/// The answer streams in the AI SDK's UI message stream protocol, v1.
#[utoipa::path(post, path = "/api/chat", tag = "questions", request_body = ChatRequest, responses((status = 200, content_type = "text/event-stream", body = ServerSentEvent)))]
pub async fn post_chat(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiJson(request): ApiJson<ChatRequest>,
) -> Result<Response, ApiError> {
    let ask = request.ask()?;
    let owned = owned_schema(&state, &user, request.schema_id).await?;
    let conversation = match request.conversation_id {
        Some(id) => Some(conversation_of(&state, &owned, id).await?),
        None => None,
    };
    match (ask, conversation) {
        (Ask::Question(question), conversation) => {
            ask_question(state, user, owned, conversation, question, &request).await
        }
        (Ask::Decision(decision), Some(conversation)) => {
            decide::decide_write(state, owned, conversation, decision).await
        }
        (Ask::Again, Some(conversation)) => {
            ask_again(state, user, owned, conversation, &request).await
        }
        (Ask::Decision(_) | Ask::Again, None) => Err(ApiError::unprocessable(
            "no_conversation",
            "Name the conversation that this belongs to: conversation_id.",
        )),
    }
}

/// Resume a stream; 204 when nothing runs
#[utoipa::path(get, path = "/api/chat/{id}/stream", tag = "questions", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn resume_chat(_owned: OwnedConversation) -> Response {
    // A turn ends with the connection that asked for it, so nothing runs that could be resumed.
    StatusCode::NO_CONTENT.into_response()
}

async fn conversation_of(
    state: &AppState,
    owned: &OwnedSchema,
    id: Uuid,
) -> Result<ConversationId, ApiError> {
    let conversation =
        store::conversations::get(&state.store, owned.user, ConversationId(id)).await?;
    if conversation.schema_id != owned.row.id {
        return Err(ApiError::not_found());
    }
    Ok(conversation.id)
}

async fn ask_question(
    state: AppState,
    user: CurrentUser,
    owned: OwnedSchema,
    conversation: Option<ConversationId>,
    question: String,
    request: &ChatRequest,
) -> Result<Response, ApiError> {
    // Opened first: a question to a dataset that does not answer begins no conversation.
    let context = state.datasets.open(&state, &owned).await?;
    let plan = match &request.plan {
        Some(step) => Some(changed_plan(
            &context.knowledge,
            state.now().date_naive(),
            step.document.as_ref(),
            &step.changes,
        )?),
        None => None,
    };
    let conversation_id = conversation.unwrap_or_else(ConversationId::generate);
    let running = state.turns.begin(conversation_id).await?;
    let (conversation, history) = if let Some(id) = conversation {
        let messages = store::conversations::messages(&state.store, owned.user, id).await?;
        (id, history_of(&messages))
    } else {
        let id = conversation_id;
        let title: String = question.chars().take(TITLE_CHARS).collect();
        let (schema, now) = (owned.row.id, state.now());
        store::conversations::create(&state.store, owned.user, id, schema, &title, now).await?;
        (id, history_of_request(request))
    };
    let mut parts = vec![json!({"type": "text", "text": question})];
    if let Some(plan) = &plan {
        // What was run in place of the words, for the question to be answered again and gone on from.
        let document = Document::of(plan, &context.knowledge.data);
        parts.push(json!({"type": PLAN_PART, "data": {"document": document}}));
    }
    store::conversations::append_message(
        &state.store,
        owned.user,
        conversation,
        MessageId::generate(),
        Role::User,
        &parts,
        state.now(),
    )
    .await?;
    let turn = TurnOf {
        user,
        running,
        conversation,
        history,
        engine: engine_of(request),
        plan,
    };
    Ok(answer(state, &owned, &context, question, turn))
}

/// What a turn goes on from.
struct TurnOf {
    user: CurrentUser,
    running: RunningTurn,
    conversation: ConversationId,
    history: Vec<PastMessage>,
    engine: EngineChoice,
    plan: Option<Query>,
}

fn answer(
    state: AppState,
    owned: &OwnedSchema,
    open: &crate::datasets::OpenDataset,
    question: String,
    of: TurnOf,
) -> Response {
    let message = MessageId::generate();
    let context = turn_context(&state, owned, open, of.conversation);
    let request = TurnRequest {
        message_id: message.to_string(),
        question,
        history: of.history,
        today: state.now().date_naive(),
        engine: of.engine,
        plan: of.plan,
    };
    let stopped = stopped(&state, &of.user);
    let events = run_turn(Arc::clone(&state.engines), context, request);
    respond(
        Turn {
            user: owned.user,
            conversation: of.conversation,
            message,
            parts: PartsBuilder::default(),
            running: Some(of.running),
            state,
        },
        events,
        stopped,
    )
}

async fn ask_again(
    state: AppState,
    user: CurrentUser,
    owned: OwnedSchema,
    conversation: ConversationId,
    request: &ChatRequest,
) -> Result<Response, ApiError> {
    let context = state.datasets.open(&state, &owned).await?;
    let running = state.turns.begin(conversation).await?;
    let mut messages =
        store::conversations::messages(&state.store, owned.user, conversation).await?;
    let last = match request.message_id.as_deref() {
        Some(id) => position_of(&messages, id)?,
        None => messages.len().saturating_sub(1),
    };
    let Some(asked) = messages
        .iter()
        .take(last + 1)
        .rposition(|message| message.role == Role::User)
    else {
        return Err(ApiError::conflict(
            "nothing_asked",
            "There is no question to answer again.",
        ));
    };
    let plan = plan_part(&messages[asked].parts)
        .map(|document| {
            changed_plan(
                &context.knowledge,
                state.now().date_naive(),
                Some(document),
                &[],
            )
        })
        .transpose()?;
    if let Some(after) = messages.get(asked + 1) {
        store::conversations::truncate_from(&state.store, owned.user, conversation, after.id)
            .await?;
    }
    let question = text_of(&messages[asked].parts);
    messages.truncate(asked);
    let turn = TurnOf {
        user,
        running,
        conversation,
        history: history_of(&messages),
        engine: engine_of(request),
        plan,
    };
    Ok(answer(state, &owned, &context, question, turn))
}

/// The named message; 404 `unknown_message` where the conversation has none of that id: nothing is answered again by guess.
fn position_of(messages: &[Message], id: &str) -> Result<usize, ApiError> {
    let id = id.parse::<MessageId>().ok();
    messages
        .iter()
        .position(|message| Some(message.id) == id)
        .ok_or_else(|| {
            ApiError::new(
                StatusCode::NOT_FOUND,
                "unknown_message",
                "This conversation has no message of that id; nothing was changed.",
            )
        })
}

fn turn_context(
    state: &AppState,
    owned: &OwnedSchema,
    open: &crate::datasets::OpenDataset,
    conversation: ConversationId,
) -> TurnContext {
    let writes = ConversationWrites {
        state: state.clone(),
        user: owned.user,
        schema: owned.row.id,
        database: owned.row.database_id,
        conversation,
    };
    TurnContext {
        dataset: Arc::clone(&open.dataset),
        knowledge: Arc::clone(&open.knowledge),
        writes: Arc::new(writes),
        limits: TurnLimits {
            query_deadline_ms: state.config.limits.sql_time_limit_ms,
            ..TurnLimits::default()
        },
    }
}

fn engine_of(request: &ChatRequest) -> EngineChoice {
    match request.engine {
        Some(ChatEngine::Builtin) => EngineChoice::BuiltIn,
        Some(ChatEngine::Auto) | None => EngineChoice::Auto,
    }
}

fn history_of(messages: &[Message]) -> Vec<PastMessage> {
    messages
        .iter()
        .filter_map(|message| {
            let role = match message.role {
                Role::User => AgentRole::User,
                Role::Assistant => AgentRole::Assistant,
                Role::System => return None,
            };
            let receipt = message
                .parts
                .iter()
                .rev()
                .find(|part| part["type"] == "data-receipt");
            let sql = receipt
                .and_then(|part| part["data"]["sql"].as_str())
                .map(str::to_owned);
            let shown = receipt.map(|part| &part["data"]["plan"]["document"]);
            let plan = shown
                .or_else(|| plan_part(&message.parts))
                .and_then(|document| Document::read(document).ok());
            Some(PastMessage {
                role,
                content: text_of(&message.parts),
                sql,
                plan,
            })
        })
        .collect()
}

/// The earlier messages of a client that keeps its conversation itself.
fn history_of_request(request: &ChatRequest) -> Vec<PastMessage> {
    let earlier = request
        .messages
        .split_last()
        .map_or(&[][..], |(_, earlier)| earlier);
    let past = |message: &crate::chat::request::ChatMessage| {
        let role = if message.role == "user" {
            AgentRole::User
        } else {
            AgentRole::Assistant
        };
        PastMessage {
            role,
            content: message.text(),
            sql: None,
            plan: None,
        }
    };
    earlier
        .iter()
        .filter(|message| matches!(message.role.as_str(), "user" | "assistant"))
        .map(past)
        .collect()
}

/// The plan that was run in place of a question's words.
fn plan_part(parts: &[Value]) -> Option<&Value> {
    let part = parts.iter().find(|part| part["type"] == PLAN_PART)?;
    part["data"].get("document")
}

fn text_of(parts: &[Value]) -> String {
    let texts: Vec<&str> = parts
        .iter()
        .filter(|part| part["type"] == "text")
        .filter_map(|part| part["text"].as_str())
        .collect();
    texts.join("\n")
}
