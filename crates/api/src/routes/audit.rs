//! What was done in one's name.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::ApiError;
use crate::extract::{ApiQuery, CurrentUser};
use crate::page::PageQuery;
use crate::state::AppState;

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntryResponse {
    pub id: Uuid,
    /// `sign_in`, `upload`, `approve`, `insert`, `insert_refused`, …
    pub action: String,
    /// Id or name of what it was done to.
    pub subject: String,
    #[schema(value_type = Object)]
    pub detail: Value,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditListResponse {
    pub entries: Vec<AuditEntryResponse>,
    pub next_cursor: Option<String>,
}

/// Your own entries of the audit log, newest first
#[utoipa::path(get, path = "/api/audit", tag = "account", params(PageQuery), responses((status = 200, body = AuditListResponse)))]
pub async fn list_audit(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<AuditListResponse>, ApiError> {
    let found = store::audit::list(&state.store, user.id(), &page.page()?).await?;
    let entries = found
        .items
        .into_iter()
        .map(|entry| AuditEntryResponse {
            id: entry.id.0,
            action: entry.action,
            subject: entry.subject,
            detail: entry.detail,
            created_at: entry.created_at,
        })
        .collect();
    Ok(Json(AuditListResponse {
        entries,
        next_cursor: found.next_cursor,
    }))
}
