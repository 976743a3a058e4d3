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
use crate::jobs::to_its_end;
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
    let (at, user) = (state.clone(), user.id());
    let ended = to_its_end(&state.shutdown, async move {
        let ended = at.auth.end_all(user, at.now()).await?;
        let detail = json!({"sessions": ended});
        let action = "sign_out_everywhere";
        store::audit::record(&at.store, user, action, "", &detail, at.now()).await?;
        Ok(ended)
    })
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
    let (at, user) = (state.clone(), user.id());
    to_its_end(&state.shutdown, async move {
        at.auth.end_session(user, id, at.now()).await?;
        let (action, subject) = ("end_session", id.to_string());
        store::audit::record(&at.store, user, action, &subject, &json!({}), at.now()).await?;
        Ok(())
    })
    .await?;
    Ok(MessageResponse::new("The session has ended."))
}

/// Remove the account with every file, database and row of it
#[utoipa::path(delete, path = "/api/auth/account", tag = "sign-in", responses((status = 200, body = MessageResponse)))]
pub async fn remove_account(
    State(state): State<AppState>,
    user: CurrentUser,
) -> Result<Response, ApiError> {
    let (at, user) = (state.clone(), user.id());
    to_its_end(&state.shutdown, async move {
        // Files first: a crash between the two leaves an account that can be removed again, not files that are nobody's.
        at.files.remove_user(user).await?;
        at.auth.remove_account(user).await?;
        tracing::info!(user_id = %user, "account removed");
        at.datasets.forget_user(user);
        // What came in between.
        at.files.remove_user(user).await?;
        Ok(())
    })
    .await?;
    let mut response =
        MessageResponse::new("Your account and everything in it has been removed.").into_response();
    clear_cookies(&state, response.headers_mut());
    Ok(response)
}
