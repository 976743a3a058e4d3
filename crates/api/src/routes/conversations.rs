//! Kept conversations.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::conversations::{Conversation, Message};
use store::ids::SchemaId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::error::ApiError;
use crate::extract::{ApiJson, ApiQuery, CurrentUser, OwnedConversation};
use crate::jobs::to_its_end;
use crate::names::typed_name;
use crate::page::PageQuery;
use crate::routes::auth::MessageResponse;
use crate::state::AppState;

#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationResponse {
    pub id: Uuid,
    pub schema_id: Uuid,
    pub title: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Conversation> for ConversationResponse {
    fn from(row: Conversation) -> Self {
        Self {
            id: row.id.0,
            schema_id: row.schema_id.0,
            title: row.title,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationListResponse {
    pub conversations: Vec<ConversationResponse>,
    pub next_cursor: Option<String>,
}

/// A message as the AI SDK has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageItem {
    pub id: Uuid,
    /// `user` or `assistant`.
    pub role: String,
    #[schema(value_type = Vec<Object>)]
    pub parts: Vec<Value>,
    pub created_at: DateTime<Utc>,
}

impl From<Message> for MessageItem {
    fn from(row: Message) -> Self {
        Self {
            id: row.id.0,
            role: row.role.to_string(),
            parts: row.parts,
            created_at: row.created_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationDetailResponse {
    #[serde(flatten)]
    pub conversation: ConversationResponse,
    pub messages: Vec<MessageItem>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConversationQuery {
    /// Only those about this schema.
    pub schema_id: Option<Uuid>,
    /// Only those whose title or messages hold this text.
    pub search: Option<String>,
    /// Items at most, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the part before.
    pub cursor: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct RenameRequest {
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
}

/// Your conversations, the latest first
#[utoipa::path(get, path = "/api/conversations", tag = "questions", params(ConversationQuery), responses((status = 200, body = ConversationListResponse)))]
pub async fn list_conversations(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(query): ApiQuery<ConversationQuery>,
) -> Result<Json<ConversationListResponse>, ApiError> {
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    }
    .page()?;
    let search = query
        .search
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let found = store::conversations::list(
        &state.store,
        user.id(),
        query.schema_id.map(SchemaId),
        search,
        &page,
    )
    .await?;
    Ok(Json(ConversationListResponse {
        conversations: found
            .items
            .into_iter()
            .map(ConversationResponse::from)
            .collect(),
        next_cursor: found.next_cursor,
    }))
}

/// A conversation with its messages
#[utoipa::path(get, path = "/api/conversations/{id}", tag = "questions", params(("id" = Uuid, Path)), responses((status = 200, body = ConversationDetailResponse)))]
pub async fn get_conversation(
    State(state): State<AppState>,
    owned: OwnedConversation,
) -> Result<Json<ConversationDetailResponse>, ApiError> {
    let messages = store::conversations::messages(&state.store, owned.user, owned.row.id).await?;
    Ok(Json(ConversationDetailResponse {
        conversation: owned.row.into(),
        messages: messages.into_iter().map(MessageItem::from).collect(),
    }))
}

/// Rename a conversation
#[utoipa::path(patch, path = "/api/conversations/{id}", tag = "questions", params(("id" = Uuid, Path)), request_body = RenameRequest, responses((status = 200, body = ConversationResponse)))]
pub async fn rename_conversation(
    State(state): State<AppState>,
    owned: OwnedConversation,
    ApiJson(request): ApiJson<RenameRequest>,
) -> Result<Json<ConversationResponse>, ApiError> {
    let title = typed_name(
        "title",
        &request.title,
        "invalid_title",
        "The title cannot be used.",
    )?;
    store::conversations::rename(&state.store, owned.user, owned.row.id, &title, state.now())
        .await?;
    Ok(Json(
        store::conversations::get(&state.store, owned.user, owned.row.id)
            .await?
            .into(),
    ))
}

/// Remove a conversation
#[utoipa::path(delete, path = "/api/conversations/{id}", tag = "questions", params(("id" = Uuid, Path)), responses((status = 200, body = MessageResponse)))]
pub async fn delete_conversation(
    State(state): State<AppState>,
    owned: OwnedConversation,
) -> Result<Json<MessageResponse>, ApiError> {
    let shutdown = state.shutdown.clone();
    to_its_end(&shutdown, delete(state, owned)).await?;
    Ok(MessageResponse::new("The conversation was removed."))
}

async fn delete(state: AppState, owned: OwnedConversation) -> Result<(), ApiError> {
    let id = owned.row.id;
    store::conversations::delete(&state.store, owned.user, id).await?;
    // Without its title: that is what somebody asked.
    let detail = json!({"schema_id": owned.row.schema_id});
    store::audit::record(
        &state.store,
        owned.user,
        "delete_conversation",
        &id.to_string(),
        &detail,
        state.now(),
    )
    .await?;
    Ok(())
}
