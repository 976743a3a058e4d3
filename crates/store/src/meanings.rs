//! Table `meanings`: what was derived of an executed schema, and what its user says differently.

use chrono::{DateTime, Utc};
use schema_gen::meaning::{DERIVATION, Edits, Meaning};
use sqlx::Row;

use crate::ids::{SchemaId, UserId};
use crate::row::{json, parsed, text, time_text, to_json};
use crate::uploads::found;
use crate::{Result, Store, StoreError};

#[derive(Debug, Clone, PartialEq)]
pub struct StoredMeaning {
    /// `None` where other rules than today's derived it.
    pub derived: Option<Meaning>,
    pub edits: Edits,
    /// One more with each change of the edits.
    pub version: u64,
    pub updated_at: DateTime<Utc>,
}

/// `None` where nothing was derived yet.
pub async fn get(store: &Store, user: UserId, schema: SchemaId) -> Result<Option<StoredMeaning>> {
    let row = sqlx::query("SELECT * FROM meanings WHERE schema_id = $1 AND user_id = $2")
        .bind(schema.to_string())
        .bind(user.to_string())
        .fetch_optional(&store.pool)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let is_current = row.try_get::<i64, _>("derivation")? == i64::from(DERIVATION);
    Ok(Some(StoredMeaning {
        // Other rules may have written another form.
        derived: if is_current {
            serde_json::from_str(&text(&row, "derived")?).ok()
        } else {
            None
        },
        edits: json(&row, "edits")?,
        version: version_of(&row)?,
        updated_at: parsed(&row, "updated_at")?,
    }))
}

/// Of the edits; 0 where nothing is stored. Cheap, so that every question can look.
pub async fn version(store: &Store, user: UserId, schema: SchemaId) -> Result<u64> {
    let row = sqlx::query("SELECT version FROM meanings WHERE schema_id = $1 AND user_id = $2")
        .bind(schema.to_string())
        .bind(user.to_string())
        .fetch_optional(&store.pool)
        .await?;
    row.as_ref().map_or(Ok(0), version_of)
}

/// Keeps what was derived of `database` by today's rules; the edits stay as they are. [`StoreError::NotFound`] where the schema
/// is gone, or has another database by now.
pub async fn keep_derived(
    store: &Store,
    user: UserId,
    (schema, database): (SchemaId, SchemaId),
    derived: &Meaning,
    now: DateTime<Utc>,
) -> Result<()> {
    let done = sqlx::query(
        "INSERT INTO meanings (schema_id, user_id, derived, derivation, edits, version, updated_at)
         SELECT id, user_id, $3, $4, '{}', 0, $5 FROM generated_schemas
         WHERE id = $1 AND user_id = $2 AND coalesce(database_id, id) = $6
         ON CONFLICT (schema_id) DO UPDATE
         SET derived = excluded.derived, derivation = excluded.derivation, updated_at = excluded.updated_at",
    )
    .bind(schema.to_string())
    .bind(user.to_string())
    .bind(to_json(derived)?)
    .bind(i64::from(DERIVATION))
    .bind(time_text(now))
    .bind(database.to_string())
    .execute(&store.pool)
    .await?;
    found(done.rows_affected())
}

/// Puts these edits in the place of all before them; gives the new version. [`StoreError::Conflict`] `meaning_changed`
/// where another version than `expected` is stored, [`StoreError::NotFound`] where nothing was derived yet.
pub async fn replace_edits(
    store: &Store,
    user: UserId,
    schema: SchemaId,
    edits: &Edits,
    expected: Option<u64>,
    now: DateTime<Utc>,
) -> Result<u64> {
    let expected = expected.map(|version| i64::try_from(version).unwrap_or(i64::MAX));
    // One statement: of two that expect the same version one is refused.
    let row = sqlx::query(
        "UPDATE meanings SET edits = $3, version = version + 1, updated_at = $4
         WHERE schema_id = $1 AND user_id = $2 AND ($5 IS NULL OR version = $5) RETURNING version",
    )
    .bind(schema.to_string())
    .bind(user.to_string())
    .bind(to_json(edits)?)
    .bind(time_text(now))
    .bind(expected)
    .fetch_optional(&store.pool)
    .await?;
    if let Some(row) = row {
        // What a removed word stood for may be nobody else's to read.
        store.wipe_later();
        return version_of(&row);
    }
    get(store, user, schema)
        .await?
        .ok_or(StoreError::NotFound)?;
    Err(StoreError::conflict(
        "meaning_changed",
        "this was changed meanwhile, perhaps in another window: load it again, and make your change there",
    ))
}

fn version_of(row: &sqlx::sqlite::SqliteRow) -> Result<u64> {
    u64::try_from(row.try_get::<i64, _>("version")?).map_err(StoreError::metadata)
}

#[cfg(test)]
mod tests;
