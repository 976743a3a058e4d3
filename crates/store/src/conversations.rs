//! Tables `conversations` and `messages`: what was asked and answered.

use chrono::{DateTime, Utc};
use schema_gen::ident::without_hidden;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::ids::{ConversationId, MessageId, SchemaId, UserId};
use crate::row::{json, parsed, text, time_text, to_json, words};
use crate::uploads::found;
use crate::{Page, Paged, Result, Store, StoreError};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    pub id: ConversationId,
    pub schema_id: SchemaId,
    pub title: String,
    pub created_at: DateTime<Utc>,
    /// Time of the last message or renaming.
    pub updated_at: DateTime<Utc>,
}

words! {
    Role {
        User = "user",
        Assistant = "assistant",
        System = "system",
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub role: Role,
    /// UI message parts of the AI SDK, receipts (`data-receipt`) among them.
    pub parts: Vec<Json>,
    pub created_at: DateTime<Utc>,
}

/// A question of the user with where it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentQuestion {
    pub conversation_id: ConversationId,
    pub schema_id: SchemaId,
    pub schema_name: String,
    pub question: String,
    pub asked_at: DateTime<Utc>,
}

/// Longest title, in characters.
const MAX_TITLE_CHARS: usize = 200;

/// Starts a conversation about one of the user's schemas; [`StoreError::NotFound`] where the schema is not theirs.
pub async fn create(
    store: &Store,
    user: UserId,
    id: ConversationId,
    schema: SchemaId,
    title: &str,
    now: DateTime<Utc>,
) -> Result<Conversation> {
    let done = sqlx::query(
        "INSERT INTO conversations (id, user_id, schema_id, title, created_at, updated_at)
         SELECT $1, user_id, id, $4, $5, $5 FROM generated_schemas WHERE id = $3 AND user_id = $2",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(schema.to_string())
    .bind(clip(title))
    .bind(time_text(now))
    .execute(&store.pool)
    .await?;
    found(done.rows_affected())?;
    get(store, user, id).await
}

pub async fn get(store: &Store, user: UserId, id: ConversationId) -> Result<Conversation> {
    let row = sqlx::query("SELECT * FROM conversations WHERE id = $1 AND user_id = $2")
        .bind(id.to_string())
        .bind(user.to_string())
        .fetch_one(&store.pool)
        .await?;
    from_row(&row)
}

/// The user's conversations, last used first; of one schema, and with `search` in the title or a message, where given.
pub async fn list(
    store: &Store,
    user: UserId,
    schema: Option<SchemaId>,
    search: Option<&str>,
    page: &Page,
) -> Result<Paged<Conversation>> {
    let (time, id) = page.after()?;
    let rows = sqlx::query(
        r"SELECT * FROM conversations c
          WHERE user_id = $1 AND ($2 IS NULL OR schema_id = $2)
            AND ($3 IS NULL OR lower(title) LIKE $3 ESCAPE '\' OR EXISTS (
                SELECT 1 FROM messages m
                WHERE m.conversation_id = c.id AND lower(m.content) LIKE $3 ESCAPE '\'))
            AND ($4 IS NULL OR (updated_at, id) < ($4, $5))
          ORDER BY updated_at DESC, id DESC LIMIT $6",
    )
    .bind(user.to_string())
    .bind(schema.map(|id| id.to_string()))
    .bind(search.map(like_pattern))
    .bind(time)
    .bind(id)
    .bind(page.fetch_limit())
    .fetch_all(&store.pool)
    .await?;
    let items = rows.iter().map(from_row).collect::<Result<Vec<_>>>()?;
    Ok(Paged::from_rows(items, page, |conversation| {
        (
            time_text(conversation.updated_at),
            conversation.id.to_string(),
        )
    }))
}

pub async fn rename(
    store: &Store,
    user: UserId,
    id: ConversationId,
    title: &str,
    now: DateTime<Utc>,
) -> Result<Conversation> {
    let done = sqlx::query(
        "UPDATE conversations SET title = $3, updated_at = $4 WHERE id = $1 AND user_id = $2",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(clip(title))
    .bind(time_text(now))
    .execute(&store.pool)
    .await?;
    found(done.rows_affected())?;
    store.wipe_later();
    get(store, user, id).await
}

/// Removes the conversation with its messages and waiting writes.
pub async fn delete(store: &Store, user: UserId, id: ConversationId) -> Result<()> {
    let done = sqlx::query("DELETE FROM conversations WHERE id = $1 AND user_id = $2")
        .bind(id.to_string())
        .bind(user.to_string())
        .execute(&store.pool)
        .await?;
    found(done.rows_affected())?;
    store.wipe_now().await;
    Ok(())
}

/// Adds a message at the end. Where the id stands in this conversation already (a turn that went on after the user's
/// word), its parts are replaced instead; where it stands in another one, [`StoreError::Conflict`] `message_id`.
pub async fn append_message(
    store: &Store,
    user: UserId,
    conversation: ConversationId,
    id: MessageId,
    role: Role,
    parts: &[Json],
    now: DateTime<Utc>,
) -> Result<Message> {
    let mut transaction = store.pool.begin_with("BEGIN IMMEDIATE").await?;
    let touched =
        sqlx::query("UPDATE conversations SET updated_at = $3 WHERE id = $1 AND user_id = $2")
            .bind(conversation.to_string())
            .bind(user.to_string())
            .bind(time_text(now))
            .execute(&mut *transaction)
            .await?;
    found(touched.rows_affected())?;
    let done = sqlx::query(
        "INSERT INTO messages (id, conversation_id, user_id, position, role, parts, content, created_at)
         SELECT $1, $2, $3, coalesce(max(position), 0) + 1, $4, $5, $6, $7
         FROM messages WHERE conversation_id = $2
         ON CONFLICT (id) DO UPDATE SET parts = excluded.parts, content = excluded.content
         WHERE messages.conversation_id = excluded.conversation_id AND messages.role = excluded.role",
    )
    .bind(id.to_string())
    .bind(conversation.to_string())
    .bind(user.to_string())
    .bind(role.as_str())
    .bind(to_json(parts)?)
    .bind(plain_text(parts))
    .bind(time_text(now))
    .execute(&mut *transaction)
    .await?;
    if done.rows_affected() == 0 {
        return Err(StoreError::conflict(
            "message_id",
            "this message id is in use already",
        ));
    }
    let row = sqlx::query("SELECT * FROM messages WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(&mut *transaction)
        .await?;
    transaction.commit().await?;
    message_from_row(&row)
}

/// All messages of the conversation, oldest first.
pub async fn messages(
    store: &Store,
    user: UserId,
    conversation: ConversationId,
) -> Result<Vec<Message>> {
    get(store, user, conversation).await?;
    let rows = sqlx::query(
        "SELECT * FROM messages WHERE conversation_id = $1 AND user_id = $2 ORDER BY position",
    )
    .bind(conversation.to_string())
    .bind(user.to_string())
    .fetch_all(&store.pool)
    .await?;
    rows.iter().map(message_from_row).collect()
}

/// Removes `message` and all after it (an answer that is to be made anew); the number of messages removed.
pub async fn truncate_from(
    store: &Store,
    user: UserId,
    conversation: ConversationId,
    message: MessageId,
) -> Result<u64> {
    let done = sqlx::query(
        "DELETE FROM messages WHERE conversation_id = $1 AND user_id = $2 AND position >=
            (SELECT position FROM messages WHERE id = $3 AND conversation_id = $1 AND user_id = $2)",
    )
    .bind(conversation.to_string())
    .bind(user.to_string())
    .bind(message.to_string())
    .execute(&store.pool)
    .await?;
    found(done.rows_affected())?;
    store.wipe_later();
    Ok(done.rows_affected())
}

/// The user's last questions, newest first.
pub async fn recent_questions(
    store: &Store,
    user: UserId,
    limit: u32,
) -> Result<Vec<RecentQuestion>> {
    let rows = sqlx::query(
        "SELECT m.conversation_id, c.schema_id, s.name AS schema_name, m.content, m.created_at
         FROM messages m
         JOIN conversations c ON c.id = m.conversation_id
         JOIN generated_schemas s ON s.id = c.schema_id
         WHERE m.user_id = $1 AND m.role = 'user' AND m.content <> ''
         ORDER BY m.created_at DESC, m.id DESC LIMIT $2",
    )
    .bind(user.to_string())
    .bind(i64::from(limit.clamp(1, Page::MAX_LIMIT)))
    .fetch_all(&store.pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(RecentQuestion {
                conversation_id: parsed(row, "conversation_id")?,
                schema_id: parsed(row, "schema_id")?,
                schema_name: text(row, "schema_name")?,
                question: text(row, "content")?,
                asked_at: parsed(row, "created_at")?,
            })
        })
        .collect()
}

/// The text parts of a message, a line each.
fn plain_text(parts: &[Json]) -> String {
    let texts: Vec<&str> = parts
        .iter()
        .filter(|part| part["type"] == "text")
        .filter_map(|part| part["text"].as_str())
        .collect();
    texts.join("\n")
}

/// `search` anywhere, in any case, taken literally.
fn like_pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    // SQLite's lower() folds ASCII alone, so more must not be folded here.
    for character in search.trim().to_ascii_lowercase().chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// What is shown of a title: a question may be one, and hold anything.
fn clip(title: &str) -> String {
    let shown = without_hidden(&title.replace(['\r', '\n', '\t'], " "));
    shown.trim().chars().take(MAX_TITLE_CHARS).collect()
}

fn from_row(row: &SqliteRow) -> Result<Conversation> {
    Ok(Conversation {
        id: parsed(row, "id")?,
        schema_id: parsed(row, "schema_id")?,
        title: row.try_get("title")?,
        created_at: parsed(row, "created_at")?,
        updated_at: parsed(row, "updated_at")?,
    })
}

fn message_from_row(row: &SqliteRow) -> Result<Message> {
    Ok(Message {
        id: parsed(row, "id")?,
        conversation_id: parsed(row, "conversation_id")?,
        role: parsed(row, "role")?,
        parts: json(row, "parts")?,
        created_at: parsed(row, "created_at")?,
    })
}

#[cfg(test)]
mod tests;
