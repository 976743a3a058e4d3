//! Table `pending_writes`: calls of `insert_data` that wait for the user's word, and what became of them.
//! The client's copy of a call is never trusted: what is inserted is what stands here.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;

use crate::dataset::{InsertReceipt, NewRow};
use crate::ids::{ApprovalId, ConversationId, MessageId, SchemaId, UserId};
use crate::row::{json, optional_json, optional_parsed, parsed, text, time_text, to_json, words};
use crate::uploads::found;
use crate::{Result, Store, StoreError};

words! {
    WriteState {
        Pending = "pending",
        Approved = "approved",
        Refused = "refused",
        Undone = "undone",
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PendingWrite {
    pub id: ApprovalId,
    pub conversation_id: ConversationId,
    pub schema_id: SchemaId,
    /// The assistant's message that holds the call.
    pub message_id: Option<MessageId>,
    pub tool_call_id: String,
    pub table: String,
    pub rows: Vec<NewRow>,
    pub state: WriteState,
    /// Present once the rows were inserted; undoing wants it.
    pub receipt: Option<InsertReceipt>,
    pub created_at: DateTime<Utc>,
    pub decided_at: Option<DateTime<Utc>>,
}

/// What a new waiting write is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct NewWrite {
    pub conversation_id: ConversationId,
    pub message_id: Option<MessageId>,
    pub tool_call_id: String,
    pub table: String,
    pub rows: Vec<NewRow>,
}

/// Stores the call; its schema is the conversation's. [`StoreError::NotFound`] where the conversation is not the user's.
pub async fn create(
    store: &Store,
    user: UserId,
    id: ApprovalId,
    new: &NewWrite,
    now: DateTime<Utc>,
) -> Result<PendingWrite> {
    let done = sqlx::query(
        "INSERT INTO pending_writes
            (id, user_id, conversation_id, schema_id, message_id, tool_call_id, table_name, new_rows, state, created_at)
         SELECT $1, user_id, id, schema_id, $4, $5, $6, $7, 'pending', $8
         FROM conversations WHERE id = $3 AND user_id = $2",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(new.conversation_id.to_string())
    .bind(new.message_id.map(|id| id.to_string()))
    .bind(&new.tool_call_id)
    .bind(&new.table)
    .bind(to_json(&new.rows)?)
    .bind(time_text(now))
    .execute(&store.pool)
    .await?;
    found(done.rows_affected())?;
    get(store, user, id).await
}

pub async fn get(store: &Store, user: UserId, id: ApprovalId) -> Result<PendingWrite> {
    let row = sqlx::query("SELECT * FROM pending_writes WHERE id = $1 AND user_id = $2")
        .bind(id.to_string())
        .bind(user.to_string())
        .fetch_one(&store.pool)
        .await?;
    from_row(&row)
}

/// All writes of a conversation, oldest first, whatever became of them.
pub async fn list(
    store: &Store,
    user: UserId,
    conversation: ConversationId,
) -> Result<Vec<PendingWrite>> {
    let rows = sqlx::query(
        "SELECT * FROM pending_writes WHERE conversation_id = $1 AND user_id = $2 ORDER BY created_at, id",
    )
    .bind(conversation.to_string())
    .bind(user.to_string())
    .fetch_all(&store.pool)
    .await?;
    rows.iter().map(from_row).collect()
}

/// The user's word on a waiting write. Exactly one caller gets it; [`StoreError::Conflict`] `already_decided` after.
/// The write comes back in its new state; where it is approved, the caller inserts and calls [`record_receipt`].
pub async fn take(
    store: &Store,
    user: UserId,
    id: ApprovalId,
    approved: bool,
    now: DateTime<Utc>,
) -> Result<PendingWrite> {
    let state = if approved {
        WriteState::Approved
    } else {
        WriteState::Refused
    };
    let done = sqlx::query(
        "UPDATE pending_writes SET state = $3, decided_at = $4
         WHERE id = $1 AND user_id = $2 AND state = 'pending'",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(state.as_str())
    .bind(time_text(now))
    .execute(&store.pool)
    .await?;
    let write = get(store, user, id).await?;
    if done.rows_affected() == 0 {
        return Err(StoreError::conflict(
            "already_decided",
            format!("this write is {} already", write.state),
        ));
    }
    Ok(write)
}

/// Keeps what the approved write inserted, so that it can be undone.
pub async fn record_receipt(
    store: &Store,
    user: UserId,
    id: ApprovalId,
    receipt: &InsertReceipt,
) -> Result<()> {
    let done = sqlx::query(
        "UPDATE pending_writes SET receipt = $3
         WHERE id = $1 AND user_id = $2 AND state = 'approved' AND receipt IS NULL",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(to_json(receipt)?)
    .execute(&store.pool)
    .await?;
    found(done.rows_affected())
}

/// The inserted rows are taken back; [`StoreError::Conflict`] `not_undoable` where there is nothing to take back.
pub async fn mark_undone(store: &Store, user: UserId, id: ApprovalId) -> Result<PendingWrite> {
    let done = sqlx::query(
        "UPDATE pending_writes SET state = 'undone'
         WHERE id = $1 AND user_id = $2 AND state = 'approved' AND receipt IS NOT NULL",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .execute(&store.pool)
    .await?;
    let write = get(store, user, id).await?;
    if done.rows_affected() == 0 {
        return Err(StoreError::conflict(
            "not_undoable",
            format!(
                "this write is {}: there is nothing to take back",
                write.state
            ),
        ));
    }
    Ok(write)
}

pub(crate) fn from_row(row: &SqliteRow) -> Result<PendingWrite> {
    Ok(PendingWrite {
        id: parsed(row, "id")?,
        conversation_id: parsed(row, "conversation_id")?,
        schema_id: parsed(row, "schema_id")?,
        message_id: optional_parsed(row, "message_id")?,
        tool_call_id: text(row, "tool_call_id")?,
        table: text(row, "table_name")?,
        rows: json(row, "new_rows")?,
        state: parsed(row, "state")?,
        receipt: optional_json(row, "receipt")?,
        created_at: parsed(row, "created_at")?,
        decided_at: optional_parsed(row, "decided_at")?,
    })
}

#[cfg(test)]
mod tests;
