//! One's sessions and one's account.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use store::ids::SessionId;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::ApiError;
use crate::extract::{CurrentUser, PathId};
use crate::routes::auth::{MessageResponse, clear_cookies};
use crate::state::AppState;

#[derive(Debug, Serialize, ToSchema)]
pub struct SessionResponse {
    pub id: Uuid,
    pub user_agent: Option<String>,
    pub address: Option<String>,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
    /// The session's last moment, used or not.
    pub expires_at: DateTime<Utc>,
    /// Its last moment unless it is used before.
    pub idle_expires_at: DateTime<Utc>,
    /// The session that asks.
    pub current: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SessionListResponse {
    pub sessions: Vec<SessionResponse>,
}

/// The browsers and clients that are signed in
#[utoipa::path(get, path = "/api/auth/sessions", tag = "sign-in", responses((status = 200, body = SessionListResponse)))]
pub async fn list_sessions(
    State(state): State<AppState>,
    user: CurrentUser,
) -> Result<Json<SessionListResponse>, ApiError> {
    let sessions = state.auth.sessions(&user.0, state.now()).await?;
    let sessions = sessions
        .into_iter()
        .map(|session| SessionResponse {
            id: session.id.0,
            user_agent: session.user_agent,
            address: session.address,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
            idle_expires_at: session.idle_expires_at,
            current: session.current,
        })
        .collect();
    Ok(Json(SessionListResponse { sessions }))
}

/// Sign out everywhere
#[utoipa::path(delete, path = "/api/auth/sessions", tag = "sign-in", responses((status = 200, body = MessageResponse)))]
pub async fn end_all_sessions(
    State(state): State<AppState>,
    user: CurrentUser,
) -> Result<Response, ApiError> {
    let ended = state.auth.end_all(user.id(), state.now()).await?;
    store::audit::record(
        &state.store,
        user.id(),
        "sign_out_everywhere",
        "",
        &json!({"sessions": ended}),
        state.now(),
    )
    .await?;
    let mut response =
        MessageResponse::new(format!("Signed out of {ended} sessions.")).into_response();
    clear_cookies(&state, response.headers_mut());
    Ok(response)
}

/// End one session
#[utoipa::path(delete, path = "/api/auth/sessions/{id}", tag = "sign-in", params(("id" = Uuid, Path)), responses((status = 200, body = MessageResponse)))]
pub async fn end_session(
    State(state): State<AppState>,
    user: CurrentUser,
    PathId(id): PathId<SessionId>,
) -> Result<Json<MessageResponse>, ApiError> {
    state.auth.end_session(user.id(), id, state.now()).await?;
    store::audit::record(
        &state.store,
        user.id(),
        "end_session",
        &id.to_string(),
        &json!({}),
        state.now(),
    )
    .await?;
    Ok(MessageResponse::new("The session has ended."))
}

/// Remove the account with every file, database and row of it
#[utoipa::path(delete, path = "/api/auth/account", tag = "sign-in", responses((status = 200, body = MessageResponse)))]
pub async fn remove_account(
    State(state): State<AppState>,
    user: CurrentUser,
) -> Result<Response, ApiError> {
    // Files first: a crash between the two leaves an account that can be removed again, not files that are nobody's.
    state.files.remove_user(user.id()).await?;
    state.auth.remove_account(user.id()).await?;
    state.datasets.forget_user(user.id());
    // What came in between.
    state.files.remove_user(user.id()).await?;
    tracing::info!(user_id = %user.id(), "account removed");
    let mut response =
        MessageResponse::new("Your account and everything in it has been removed.").into_response();
    clear_cookies(&state, response.headers_mut());
    Ok(response)
}
