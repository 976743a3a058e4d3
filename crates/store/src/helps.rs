//! Tables `model_help` and `model_answers`: a language model's help with a schema, piece by piece, and what it answered.

use chrono::{DateTime, Utc};
use schema_gen::Schema;
use schema_gen::llm::{Change, Piece};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::ids::{SchemaId, UserId};
use crate::row::{json, text, time_text, to_json};
use crate::schemas::{Review, SchemaStatus};
use crate::{Result, Store, StoreError};

/// Where the help with a schema stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    pub model: String,
    /// Of the questions ([`schema_gen::llm::PROMPT_VERSION`]).
    pub prompt_version: u32,
    pub pieces: Vec<HelpPiece>,
    /// What was proposed, oldest first; nothing is taken out.
    pub changes: Vec<Change>,
    /// Why it ended before its end, in words.
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpPiece {
    pub piece: Piece,
    pub state: PieceState,
    /// What went wrong, in words.
    #[serde(default)]
    pub message: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PieceState {
    Waiting,
    /// Answered, or nothing was left to ask.
    Done,
    /// Answered with what cannot be used; the same would come again.
    Unusable,
    /// Not answered; asked again when the help goes on.
    Failed,
}

impl PieceState {
    /// Whether it is not asked again.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Unusable)
    }
}

/// A schema with what held of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Helped {
    pub schema: Schema,
    pub create_statements: Vec<String>,
    /// Where names in it changed.
    pub review: Option<Review>,
}

/// `None` where no model was asked.
pub async fn get(store: &Store, user: UserId, schema: SchemaId) -> Result<Option<Help>> {
    let row = sqlx::query("SELECT help FROM model_help WHERE schema_id = $1 AND user_id = $2")
        .bind(schema.to_string())
        .bind(user.to_string())
        .fetch_optional(&store.pool)
        .await?;
    row.map(|row| json(&row, "help")).transpose()
}

/// Keeps where the help stands. [`StoreError::NotFound`] where the schema is gone.
pub async fn keep(
    store: &Store,
    user: UserId,
    schema: SchemaId,
    help: &Help,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut connection = store.pool.acquire().await?;
    keep_in(&mut connection, (user, schema), help, now).await
}

/// The same, and in one transaction puts the schema in the place of `expected`: whoever reads both misses nothing.
/// [`StoreError::Conflict`] `schema_changed` where another schema is stored by now, `already_executed` or `executing` where it
/// cannot be changed any more.
pub async fn take(
    store: &Store,
    (user, id): (UserId, SchemaId),
    expected: &Schema,
    helped: &Helped,
    help: &Help,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut transaction = store.pool.begin_with("BEGIN IMMEDIATE").await?;
    let row = sqlx::query(
        "SELECT schema_json, status, executing_since FROM generated_schemas WHERE id = $1 AND user_id = $2",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(StoreError::NotFound)?;
    if crate::row::parsed::<SchemaStatus>(&row, "status")? == SchemaStatus::Executed {
        return Err(StoreError::conflict(
            "already_executed",
            "the schema is approved already",
        ));
    }
    if row
        .try_get::<Option<String>, _>("executing_since")?
        .is_some()
    {
        return Err(StoreError::conflict(
            "executing",
            "the schema is being imported",
        ));
    }
    if json::<Schema>(&row, "schema_json")? != *expected {
        return Err(StoreError::conflict(
            "schema_changed",
            "the schema was changed meanwhile",
        ));
    }
    sqlx::query(
        "UPDATE generated_schemas
         SET schema_json = $3, create_statements = $4, review = coalesce($5, review), llm_model = $6
         WHERE id = $1 AND user_id = $2",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(to_json(&helped.schema)?)
    .bind(to_json(&helped.create_statements)?)
    .bind(helped.review.as_ref().map(to_json).transpose()?)
    .bind(&help.model)
    .execute(&mut *transaction)
    .await?;
    keep_in(&mut transaction, (user, id), help, now).await?;
    transaction.commit().await?;
    Ok(())
}

async fn keep_in(
    connection: &mut sqlx::SqliteConnection,
    (user, schema): (UserId, SchemaId),
    help: &Help,
    now: DateTime<Utc>,
) -> Result<()> {
    let done = sqlx::query(
        "INSERT INTO model_help (schema_id, user_id, help, updated_at)
         SELECT id, user_id, $3, $4 FROM generated_schemas WHERE id = $1 AND user_id = $2
         ON CONFLICT (schema_id) DO UPDATE SET help = excluded.help, updated_at = excluded.updated_at",
    )
    .bind(schema.to_string())
    .bind(user.to_string())
    .bind(to_json(help)?)
    .bind(time_text(now))
    .execute(connection)
    .await?;
    crate::uploads::found(done.rows_affected())
}

/// Names an answer: by the hashes of the files that the question shows, the model, the version of the prompts, and the question.
pub fn answer_key(files: &[String], model: &str, prompt_version: u32, question: &str) -> String {
    let mut hash = Sha256::new();
    for part in [
        files.join(" ").as_str(),
        model,
        &prompt_version.to_string(),
        question,
    ] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    crate::files::hex(&hash.finalize())
}

/// What was answered before.
pub async fn answer(store: &Store, user: UserId, key: &str) -> Result<Option<String>> {
    let row = sqlx::query("SELECT answer FROM model_answers WHERE user_id = $1 AND key = $2")
        .bind(user.to_string())
        .bind(key)
        .fetch_optional(&store.pool)
        .await?;
    row.map(|row| text(&row, "answer")).transpose()
}

/// Keeps an answer for as long as the user has the `files`.
pub async fn keep_answer(
    store: &Store,
    user: UserId,
    key: &str,
    files: &[String],
    answer: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO model_answers (user_id, key, files, answer, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, key) DO UPDATE SET answer = excluded.answer",
    )
    .bind(user.to_string())
    .bind(key)
    .bind(files.join(" "))
    .bind(answer)
    .bind(time_text(now))
    .execute(&store.pool)
    .await?;
    Ok(())
}

/// A file is removed, and with it what was answered about it.
pub(crate) async fn forget_answers(store: &Store, user: UserId, file: &str) -> Result<()> {
    if file.is_empty() {
        return Ok(());
    }
    sqlx::query("DELETE FROM model_answers WHERE user_id = $1 AND instr(files, $2) > 0")
        .bind(user.to_string())
        .bind(file)
        .execute(&store.pool)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
