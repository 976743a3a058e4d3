//! Table `audit_log`: what was done in a user's name.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sqlx::sqlite::SqliteRow;

use crate::ids::{AuditId, UserId};
use crate::row::{json, parsed, text, time_text, to_json};
use crate::{Page, Paged, Result, Store};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: AuditId,
    /// Stable, in snake case: `sign_in`, `upload`, `approve`, `insert`, `insert_refused`, `insert_undone`, `delete_schema`, …
    pub action: String,
    /// Id or name of what it was done to.
    pub subject: String,
    /// No cell values and no secrets.
    pub detail: Json,
    pub created_at: DateTime<Utc>,
}

/// Adds an entry; none is ever changed.
pub async fn record(
    store: &Store,
    user: UserId,
    action: &str,
    subject: &str,
    detail: &Json,
    now: DateTime<Utc>,
) -> Result<AuditId> {
    let id = AuditId::generate();
    sqlx::query(
        "INSERT INTO audit_log (id, user_id, action, subject, detail, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(action)
    .bind(subject)
    .bind(to_json(detail)?)
    .bind(time_text(now))
    .execute(&store.pool)
    .await?;
    Ok(id)
}

/// The user's own entries, newest first.
pub async fn list(store: &Store, user: UserId, page: &Page) -> Result<Paged<AuditEntry>> {
    let (time, id) = page.after()?;
    let rows = sqlx::query(
        "SELECT * FROM audit_log
         WHERE user_id = $1 AND ($2 IS NULL OR (created_at, id) < ($2, $3))
         ORDER BY created_at DESC, id DESC LIMIT $4",
    )
    .bind(user.to_string())
    .bind(time)
    .bind(id)
    .bind(page.fetch_limit())
    .fetch_all(&store.pool)
    .await?;
    let items = rows.iter().map(from_row).collect::<Result<Vec<_>>>()?;
    Ok(Paged::from_rows(items, page, |entry| {
        (time_text(entry.created_at), entry.id.to_string())
    }))
}

fn from_row(row: &SqliteRow) -> Result<AuditEntry> {
    Ok(AuditEntry {
        id: parsed(row, "id")?,
        action: text(row, "action")?,
        subject: text(row, "subject")?,
        detail: json(row, "detail")?,
        created_at: parsed(row, "created_at")?,
    })
}
