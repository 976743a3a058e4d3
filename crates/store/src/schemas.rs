//! Table `generated_schemas`: schemas from their first proposal to the executed database.

mod outline;
pub mod revisions;

use chrono::{DateTime, Utc};
use schema_gen::{Forecast, Problem, Schema};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::dataset::LoadReport;
use crate::ids::{SchemaId, UploadId, UserId};
use crate::row::{json, optional_json, optional_parsed, parsed, text, time_text, to_json, words};
use crate::uploads::found;
use crate::{Result, Store, StoreError};

pub use outline::{MAX_OUTLINE_TABLES, Outline, SchemaSummary, list};

words! {
    SchemaStatus {
        /// Proposed or edited; nothing is loaded.
        Generated = "generated",
        /// The database exists and holds the data.
        Executed = "executed",
        /// The last import failed; nothing is loaded.
        Failed = "failed",
    }
}

words! {
    RevisionKind {
        /// Changes that wait to be applied.
        Draft = "draft",
        /// The version before the changes that were applied last.
        Before = "before",
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SchemaRecord {
    pub id: SchemaId,
    pub user_id: UserId,
    pub name: String,
    /// Uploads it was made from; some may be deleted by now.
    pub csv_upload_ids: Vec<UploadId>,
    pub schema: Schema,
    pub create_statements: Vec<String>,
    pub llm_reasoning: String,
    /// `built-in` without a model.
    pub llm_model: String,
    pub status: SchemaStatus,
    /// Why the last import failed, in words.
    pub failure: Option<String>,
    /// Present once executed.
    pub load_report: Option<LoadReport>,
    /// Absent in schemas from before it was kept.
    pub review: Option<Review>,
    pub created_at: DateTime<Utc>,
    pub executed_at: Option<DateTime<Utc>>,
    /// The executed schema that this one belongs to, and as what; `None` for a dataset of its own.
    pub revises: Option<(SchemaId, RevisionKind)>,
    /// Names its files ([`crate::files::Files::dataset_path`]): another id than its own once changes were applied.
    pub database_id: SchemaId,
}

/// What an import would do with the data, as it was counted when the schema came to be what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub forecast: Forecast,
    /// What of it a person should know, each with the field of the schema.
    pub notices: Vec<Problem>,
}

/// What a new schema is made of; the rest of [`SchemaRecord`] starts empty.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSchema {
    pub name: String,
    pub csv_upload_ids: Vec<UploadId>,
    pub schema: Schema,
    pub create_statements: Vec<String>,
    pub llm_reasoning: String,
    pub llm_model: String,
    pub review: Option<Review>,
}

/// What [`begin_execution`] found.
#[derive(Debug, Clone, PartialEq)]
pub enum Execution {
    /// The caller, and nobody else, is to import now; [`mark_executed`] or [`mark_failed`] must follow.
    Begun(Box<SchemaRecord>),
    /// It is done already: nothing is to be changed.
    AlreadyExecuted(Box<SchemaRecord>),
}

pub async fn insert(
    store: &Store,
    user: UserId,
    id: SchemaId,
    new: &NewSchema,
    now: DateTime<Utc>,
) -> Result<SchemaRecord> {
    sqlx::query(
        "INSERT INTO generated_schemas
            (id, user_id, name, csv_upload_ids, schema_json, create_statements, llm_reasoning, llm_model, status,
             created_at, review)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'generated', $9, $10)",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(&new.name)
    .bind(to_json(&new.csv_upload_ids)?)
    .bind(to_json(&new.schema)?)
    .bind(to_json(&new.create_statements)?)
    .bind(&new.llm_reasoning)
    .bind(&new.llm_model)
    .bind(time_text(now))
    .bind(new.review.as_ref().map(to_json).transpose()?)
    .execute(&store.pool)
    .await?;
    get(store, user, id).await
}

/// A dataset or its draft; a version before is reached by [`revisions`] alone.
pub async fn get(store: &Store, user: UserId, id: SchemaId) -> Result<SchemaRecord> {
    let record = get_any(store, user, id).await?;
    match record.revises {
        Some((_, RevisionKind::Before)) => Err(StoreError::NotFound),
        _ => Ok(record),
    }
}

pub(crate) async fn get_any(store: &Store, user: UserId, id: SchemaId) -> Result<SchemaRecord> {
    let row = sqlx::query("SELECT * FROM generated_schemas WHERE id = $1 AND user_id = $2")
        .bind(id.to_string())
        .bind(user.to_string())
        .fetch_one(&store.pool)
        .await?;
    from_row(&row)
}

/// Replaces the model of the schema; [`StoreError::Conflict`] `already_executed` once its database exists, `executing`
/// while it is being made. With `expected` [`StoreError::Conflict`] `schema_changed` where another schema is stored by now.
pub async fn update_schema(
    store: &Store,
    (user, id): (UserId, SchemaId),
    expected: Option<&Schema>,
    schema: &Schema,
    create_statements: &[String],
    review: &Review,
) -> Result<SchemaRecord> {
    let done = sqlx::query(
        "UPDATE generated_schemas
         SET schema_json = $3, create_statements = $4, review = $5, status = 'generated', failure = NULL
         WHERE id = $1 AND user_id = $2 AND status <> 'executed' AND executing_since IS NULL
            AND ($6 IS NULL OR schema_json = $6)",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(to_json(schema)?)
    .bind(to_json(create_statements)?)
    .bind(to_json(review)?)
    .bind(expected.map(to_json).transpose()?)
    .execute(&store.pool)
    .await?;
    let record = get(store, user, id).await?;
    if done.rows_affected() == 1 {
        store.wipe_later();
        return Ok(record);
    }
    Err(if record.status == SchemaStatus::Executed {
        StoreError::conflict(
            "already_executed",
            "this schema's database exists already: begin a revision to change it",
        )
    } else if expected.is_some_and(|expected| *expected != record.schema) {
        StoreError::conflict("schema_changed", "the schema was changed meanwhile")
    } else {
        executing()
    })
}

/// Changes the name alone, at any time: a dataset and its draft have one.
pub async fn rename(store: &Store, user: UserId, id: SchemaId, name: &str) -> Result<()> {
    let done = sqlx::query(
        "UPDATE generated_schemas SET name = $3
         WHERE user_id = $2 AND coalesce(revises, id) =
            (SELECT coalesce(revises, id) FROM generated_schemas WHERE id = $1 AND user_id = $2)",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(name)
    .execute(&store.pool)
    .await?;
    found(done.rows_affected())
}

/// Lets one caller import; [`StoreError::Conflict`] `executing` while another one does.
pub async fn begin_execution(
    store: &Store,
    user: UserId,
    id: SchemaId,
    now: DateTime<Utc>,
) -> Result<Execution> {
    let done = sqlx::query(
        "UPDATE generated_schemas SET executing_since = $3
         WHERE id = $1 AND user_id = $2 AND status <> 'executed' AND executing_since IS NULL
            AND (revises IS NULL OR EXISTS
                (SELECT 1 FROM generated_schemas own WHERE own.id = generated_schemas.revises AND own.status = 'executed'))",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(time_text(now))
    .execute(&store.pool)
    .await?;
    let record = Box::new(get(store, user, id).await?);
    if done.rows_affected() == 1 {
        Ok(Execution::Begun(record))
    } else if record.status == SchemaStatus::Executed {
        Ok(Execution::AlreadyExecuted(record))
    } else if let Some((base, _)) = record.revises
        && get(store, user, base).await?.status != SchemaStatus::Executed
    {
        Err(StoreError::conflict(
            "not_executed",
            "the database that is to be changed is gone: approve its schema again first",
        ))
    } else {
        Err(executing())
    }
}

fn executing() -> StoreError {
    StoreError::conflict(
        "executing",
        "this schema is being imported right now: wait until that is done",
    )
}

/// The last step of an import: the database file is in its place.
pub async fn mark_executed(
    store: &Store,
    user: UserId,
    id: SchemaId,
    report: &LoadReport,
    now: DateTime<Utc>,
) -> Result<SchemaRecord> {
    // One statement: an error then always means that the schema is not executed, and its file can be removed.
    let rows = sqlx::query(
        "UPDATE generated_schemas
         SET status = 'executed', executed_at = $3, load_report = $4, failure = NULL, executing_since = NULL
         WHERE id = $1 AND user_id = $2 AND status <> 'executed' AND revises IS NULL RETURNING *",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(time_text(now))
    .bind(to_json(report)?)
    .fetch_all(&store.pool)
    .await?;
    from_row(rows.first().ok_or(StoreError::NotFound)?)
}

/// Puts the counts of an import right, after rows and cells of it were mended.
pub async fn update_report(
    store: &Store,
    user: UserId,
    id: SchemaId,
    report: &LoadReport,
) -> Result<()> {
    let done = sqlx::query(
        "UPDATE generated_schemas SET load_report = $3 WHERE id = $1 AND user_id = $2 AND status = 'executed'",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(to_json(report)?)
    .execute(&store.pool)
    .await?;
    found(done.rows_affected())
}

/// The import came to nothing; `failure` says why, `None` where it was cancelled.
pub async fn mark_failed(
    store: &Store,
    user: UserId,
    id: SchemaId,
    failure: Option<&str>,
) -> Result<()> {
    let done = sqlx::query(
        "UPDATE generated_schemas
         SET status = CASE WHEN $3 IS NULL THEN 'generated' ELSE 'failed' END, failure = $3, executing_since = NULL
         WHERE id = $1 AND user_id = $2 AND status <> 'executed'",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(failure)
    .execute(&store.pool)
    .await?;
    found(done.rows_affected())
}

/// Removes the row with its conversations, its draft and the version before; the databases ([`revisions::database_ids`]) go
/// with [`crate::files::Files::delete_dataset`]. [`StoreError::Conflict`] `executing` while one is being made: what is not
/// there yet could not be removed.
pub async fn delete(store: &Store, user: UserId, id: SchemaId) -> Result<()> {
    let done = sqlx::query(
        "DELETE FROM generated_schemas WHERE id = $1 AND user_id = $2 AND executing_since IS NULL
            AND NOT EXISTS (SELECT 1 FROM generated_schemas own WHERE own.revises = $1 AND own.executing_since IS NOT NULL)",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .execute(&store.pool)
    .await?;
    if done.rows_affected() == 1 {
        store.wipe_now().await;
        return Ok(());
    }
    get(store, user, id).await?;
    Err(executing())
}

fn from_row(row: &SqliteRow) -> Result<SchemaRecord> {
    let id = parsed(row, "id")?;
    let revises = optional_parsed(row, "revises")?;
    let kind = optional_parsed(row, "revision")?;
    Ok(SchemaRecord {
        id,
        revises: revises.zip(kind),
        database_id: optional_parsed(row, "database_id")?.unwrap_or(id),
        user_id: parsed(row, "user_id")?,
        name: text(row, "name")?,
        csv_upload_ids: json(row, "csv_upload_ids")?,
        schema: json(row, "schema_json")?,
        create_statements: json(row, "create_statements")?,
        llm_reasoning: text(row, "llm_reasoning")?,
        llm_model: text(row, "llm_model")?,
        status: parsed(row, "status")?,
        failure: row.try_get("failure")?,
        load_report: optional_json(row, "load_report")?,
        review: optional_json(row, "review")?,
        created_at: parsed(row, "created_at")?,
        executed_at: optional_parsed(row, "executed_at")?,
    })
}

#[cfg(test)]
mod tests;
