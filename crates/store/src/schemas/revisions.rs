//! Changes of an executed schema. They wait as a schema of their own, a draft; when they are applied, dataset and draft change
//! contents in one transaction: the dataset keeps its id, and with it its conversations, and what was the draft is from then
//! on the version before, until the next changes are applied.

use chrono::{DateTime, Utc};
use schema_gen::difference::Matching;
use schema_gen::meaning::Edits;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

use super::{RevisionKind, SchemaRecord, SchemaStatus, from_row, get};
use crate::dataset::{InsertReceipt, LoadReport};
use crate::ids::{ApprovalId, SchemaId, UserId};
use crate::pending_writes::{self, PendingWrite};
use crate::row::{json, parsed, text, time_text, to_json};
use crate::{Result, Store, StoreError};

/// What belongs to a dataset besides itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Family {
    /// Changes that wait.
    pub draft: Option<SchemaId>,
    /// When the version before was executed, where there is one.
    pub before: Option<DateTime<Utc>>,
}

/// What comes of changes whose database stands in its place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Applied {
    pub report: LoadReport,
    /// Approved insertions and what they are in the new database.
    pub receipts: Vec<(ApprovalId, InsertReceipt)>,
}

/// A dataset after its contents were changed for others.
#[derive(Debug, Clone, PartialEq)]
pub struct Swapped {
    pub record: SchemaRecord,
    /// A database that nothing names any more.
    pub unused: Option<SchemaId>,
    /// What was said of the dataset and has nothing left to be said of, in words.
    pub meaning_dropped: Vec<String>,
}

/// What bringing the version before back would take with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WritesSince {
    /// Rows that were inserted since.
    pub inserted: u64,
    /// Rows of insertions that were taken back since: they would be there again.
    pub taken_back: u64,
}

/// What an insertion was in the version before.
#[derive(Debug, Serialize, Deserialize)]
struct WriteBefore {
    receipt: InsertReceipt,
}

/// Begins changes of an executed schema. [`StoreError::Conflict`] `revision_waiting` where there are some already,
/// `not_executed` where there is no database to change.
pub async fn begin(
    store: &Store,
    user: UserId,
    base: SchemaId,
    draft: SchemaId,
    now: DateTime<Utc>,
) -> Result<SchemaRecord> {
    let done = sqlx::query(
        "INSERT INTO generated_schemas
            (id, user_id, name, csv_upload_ids, schema_json, create_statements, llm_reasoning, llm_model, status,
             created_at, review, revises, revision)
         SELECT $3, user_id, name, csv_upload_ids, schema_json, create_statements, llm_reasoning, llm_model, 'generated',
             $4, review, id, 'draft'
         FROM generated_schemas WHERE id = $1 AND user_id = $2 AND status = 'executed' AND revises IS NULL
         ON CONFLICT (revises, revision) WHERE revises IS NOT NULL DO NOTHING",
    )
    .bind(base.to_string())
    .bind(user.to_string())
    .bind(draft.to_string())
    .bind(time_text(now))
    .execute(&store.pool)
    .await?;
    if done.rows_affected() == 1 {
        return get(store, user, draft).await;
    }
    let record = get(store, user, base).await?;
    Err(if record.status == SchemaStatus::Executed {
        waiting()
    } else {
        StoreError::conflict(
            "not_executed",
            "this schema has no database yet: change it as it is",
        )
    })
}

fn waiting() -> StoreError {
    StoreError::conflict(
        "revision_waiting",
        "changes of this dataset are waiting already: apply them or throw them away first",
    )
}

fn nothing_before() -> StoreError {
    StoreError::conflict(
        "nothing_to_undo",
        "no version before is kept: nothing was changed, or that was undone already",
    )
}

pub async fn family(store: &Store, user: UserId, base: SchemaId) -> Result<Family> {
    let rows = sqlx::query(
        "SELECT id, revision, executed_at FROM generated_schemas WHERE revises = $1 AND user_id = $2",
    )
    .bind(base.to_string())
    .bind(user.to_string())
    .fetch_all(&store.pool)
    .await?;
    let mut family = Family::default();
    for row in rows {
        match parsed(&row, "revision")? {
            RevisionKind::Draft => family.draft = Some(parsed(&row, "id")?),
            RevisionKind::Before => family.before = Some(parsed(&row, "executed_at")?),
        }
    }
    Ok(family)
}

/// The changes that wait; [`StoreError::NotFound`] where there are none.
pub async fn draft(store: &Store, user: UserId, base: SchemaId) -> Result<SchemaRecord> {
    one(store, user, base, RevisionKind::Draft).await
}

/// The version before; [`StoreError::Conflict`] `nothing_to_undo` where none is kept.
pub async fn before(store: &Store, user: UserId, base: SchemaId) -> Result<SchemaRecord> {
    match one(store, user, base, RevisionKind::Before).await {
        Err(StoreError::NotFound) => Err(nothing_before()),
        other => other,
    }
}

async fn one(
    store: &Store,
    user: UserId,
    base: SchemaId,
    kind: RevisionKind,
) -> Result<SchemaRecord> {
    let row = sqlx::query(
        "SELECT * FROM generated_schemas WHERE revises = $1 AND user_id = $2 AND revision = $3",
    )
    .bind(base.to_string())
    .bind(user.to_string())
    .bind(kind.as_str())
    .fetch_one(&store.pool)
    .await?;
    from_row(&row)
}

/// Names of all files that go with the schema when it is removed.
pub async fn database_ids(store: &Store, user: UserId, id: SchemaId) -> Result<Vec<SchemaId>> {
    let rows = sqlx::query(
        "SELECT coalesce(database_id, id) AS database_id FROM generated_schemas
         WHERE user_id = $2 AND (id = $1 OR revises = $1)",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .fetch_all(&store.pool)
    .await?;
    rows.iter().map(|row| parsed(row, "database_id")).collect()
}

/// What stands in the database of the dataset because somebody inserted it: approved and not taken back.
pub async fn insertions(store: &Store, user: UserId, base: SchemaId) -> Result<Vec<PendingWrite>> {
    let rows = sqlx::query(
        "SELECT * FROM pending_writes
         WHERE schema_id = $1 AND user_id = $2 AND state = 'approved' AND receipt IS NOT NULL ORDER BY decided_at, id",
    )
    .bind(base.to_string())
    .bind(user.to_string())
    .fetch_all(&store.pool)
    .await?;
    rows.iter().map(pending_writes::from_row).collect()
}

/// Counts what was inserted and taken back since the version before.
pub async fn writes_since(store: &Store, user: UserId, base: SchemaId) -> Result<WritesSince> {
    let rows = sqlx::query(
        "SELECT state, receipt, before FROM pending_writes
         WHERE schema_id = $1 AND user_id = $2 AND receipt IS NOT NULL",
    )
    .bind(base.to_string())
    .bind(user.to_string())
    .fetch_all(&store.pool)
    .await?;
    let mut since = WritesSince::default();
    for row in rows {
        let was_before = row.try_get::<Option<String>, _>("before")?.is_some();
        match (&*text(&row, "state")?, was_before) {
            ("approved", false) => {
                since.inserted += json::<InsertReceipt>(&row, "receipt")?.row_count;
            }
            ("undone", true) => {
                since.taken_back += json::<WriteBefore>(&row, "before")?.receipt.row_count;
            }
            _ => {}
        }
    }
    Ok(since)
}

/// Puts the draft, whose database stands in its place, where its dataset is. Its import must have been begun
/// ([`super::begin_execution`]), and nothing may write to the dataset meanwhile. All of it or nothing: an error means that
/// the dataset is as it was.
pub async fn apply(
    store: &Store,
    user: UserId,
    draft: SchemaId,
    applied: &Applied,
    now: DateTime<Utc>,
) -> Result<Swapped> {
    let mut transaction = store.pool.begin_with("BEGIN IMMEDIATE").await?;
    let new = row_of(&mut transaction, user, draft).await?;
    let base: SchemaId = parsed(&new, "revises")?;
    let old = row_of(&mut transaction, user, base).await?;
    let is_begun = new
        .try_get::<Option<String>, _>("executing_since")?
        .is_some();
    if !is_begun || text(&old, "status")? != "executed" {
        return Err(StoreError::conflict(
            "revision_gone",
            "the dataset was changed meanwhile: begin its changes again",
        ));
    }
    let unused = sqlx::query(
        "DELETE FROM generated_schemas WHERE revises = $1 AND revision = 'before'
         RETURNING coalesce(database_id, id) AS database_id",
    )
    .bind(base.to_string())
    .fetch_all(&mut *transaction)
    .await?;
    let unused = unused
        .first()
        .map(|row| parsed(row, "database_id"))
        .transpose()?;
    put(&mut transaction, draft, &old, "before").await?;
    put(&mut transaction, base, &new, "own").await?;
    sqlx::query(
        "UPDATE generated_schemas
         SET status = 'executed', failure = NULL, load_report = $2, executed_at = $3 WHERE id = $1",
    )
    .bind(base.to_string())
    .bind(to_json(&applied.report)?)
    .bind(time_text(now))
    .execute(&mut *transaction)
    .await?;
    let (old, new) = (from_row(&old)?, from_row(&new)?);
    let meaning_dropped = follow_meaning(&mut transaction, (&old, &new), now).await?;
    keep_writes(&mut transaction, base, applied, now).await?;
    // Read before the end: an error after it would be taken for one of the changes.
    let record = from_row(&row_of(&mut transaction, user, base).await?)?;
    transaction.commit().await?;
    store.wipe_later();
    Ok(Swapped {
        record,
        unused,
        meaning_dropped,
    })
}

/// Brings the version before back; the changes wait as a draft again. Nothing may write to the dataset meanwhile.
/// [`StoreError::Conflict`] `nothing_to_undo` where none is kept, `revision_waiting` where other changes wait.
pub async fn undo(
    store: &Store,
    user: UserId,
    base: SchemaId,
    now: DateTime<Utc>,
) -> Result<Swapped> {
    let family = family(store, user, base).await?;
    if family.draft.is_some() {
        return Err(waiting());
    }
    let before = before(store, user, base).await?.id;
    let mut transaction = store.pool.begin_with("BEGIN IMMEDIATE").await?;
    let new = row_of(&mut transaction, user, base).await?;
    let old = row_of(&mut transaction, user, before).await?;
    if text(&old, "revision")? != "before" {
        return Err(nothing_before());
    }
    // The index lets no second draft in.
    put(&mut transaction, before, &new, "draft").await?;
    put(&mut transaction, base, &old, "own").await?;
    sqlx::query(
        "UPDATE generated_schemas
         SET status = 'generated', failure = NULL, load_report = NULL, executed_at = NULL WHERE id = $1",
    )
    .bind(before.to_string())
    .execute(&mut *transaction)
    .await?;
    let meaning_dropped =
        restore_meaning(&mut transaction, (&from_row(&new)?, &from_row(&old)?), now).await?;
    restore_writes(&mut transaction, base, now).await?;
    let record = from_row(&row_of(&mut transaction, user, base).await?)?;
    let unused = Some(from_row(&new)?.database_id);
    transaction.commit().await?;
    store.wipe_later();
    Ok(Swapped {
        record,
        unused,
        meaning_dropped,
    })
}

async fn row_of(
    transaction: &mut Transaction<'_, Sqlite>,
    user: UserId,
    id: SchemaId,
) -> Result<SqliteRow> {
    let row = sqlx::query("SELECT * FROM generated_schemas WHERE id = $1 AND user_id = $2")
        .bind(id.to_string())
        .bind(user.to_string())
        .fetch_one(&mut **transaction)
        .await?;
    Ok(row)
}

/// Gives the row `id` what `from` holds, and makes it a `role` of its dataset: `own` for the dataset itself.
async fn put(
    transaction: &mut Transaction<'_, Sqlite>,
    id: SchemaId,
    from: &SqliteRow,
    role: &str,
) -> Result<()> {
    let content = from_row(from)?;
    let optional = |column: &str| from.try_get::<Option<String>, _>(column);
    sqlx::query(
        "UPDATE generated_schemas
         SET csv_upload_ids = $2, schema_json = $3, create_statements = $4, llm_reasoning = $5, llm_model = $6,
             status = $7, failure = $8, load_report = $9, review = $10, executed_at = $11, database_id = $12,
             executing_since = NULL, revision = CASE WHEN revises IS NULL THEN NULL ELSE $13 END
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(text(from, "csv_upload_ids")?)
    .bind(text(from, "schema_json")?)
    .bind(text(from, "create_statements")?)
    .bind(text(from, "llm_reasoning")?)
    .bind(text(from, "llm_model")?)
    .bind(text(from, "status")?)
    .bind(optional("failure")?)
    .bind(optional("load_report")?)
    .bind(optional("review")?)
    .bind(optional("executed_at")?)
    .bind(content.database_id.to_string())
    .bind(role)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// What the user says of the dataset goes on under the new names, and is kept as it was with the version before. What was
/// derived is derived anew.
async fn follow_meaning(
    transaction: &mut Transaction<'_, Sqlite>,
    (old, new): (&SchemaRecord, &SchemaRecord),
    now: DateTime<Utc>,
) -> Result<Vec<String>> {
    let Some((edits, _)) = meaning_of(transaction, old.id).await? else {
        return Ok(Vec::new());
    };
    let matching = Matching::of(&old.schema, &new.schema);
    let (followed, dropped) = edits.follow(&old.schema, &new.schema, &matching);
    // With the version of the edits that follow, so that it can be told whether they were changed since.
    sqlx::query(
        "INSERT OR REPLACE INTO meanings (schema_id, user_id, derived, derivation, edits, version, updated_at)
         SELECT $2, user_id, derived, derivation, edits, version + 1, updated_at FROM meanings WHERE schema_id = $1",
    )
    .bind(old.id.to_string())
    .bind(new.id.to_string())
    .execute(&mut **transaction)
    .await?;
    sqlx::query(
        "UPDATE meanings SET edits = $2, version = version + 1, derivation = 0, updated_at = $3 WHERE schema_id = $1",
    )
    .bind(old.id.to_string())
    .bind(to_json(&followed)?)
    .bind(time_text(now))
    .execute(&mut **transaction)
    .await?;
    Ok(dropped)
}

/// What was said of the version before is said again, unless something else was said since, which then follows the names.
/// `new`: the dataset as it was changed; `old`: the version before, as its row has it.
async fn restore_meaning(
    transaction: &mut Transaction<'_, Sqlite>,
    (new, old): (&SchemaRecord, &SchemaRecord),
    now: DateTime<Utc>,
) -> Result<Vec<String>> {
    let now_said = meaning_of(transaction, new.id).await?;
    let said_before = meaning_of(transaction, old.id).await?;
    let (restored, dropped) = match (now_said, said_before) {
        (Some((_, version)), Some((before, at))) if version == at => (before, Vec::new()),
        (Some((edits, _)), _) => {
            let matching = Matching::of(&new.schema, &old.schema);
            edits.follow(&new.schema, &old.schema, &matching)
        }
        (None, Some((before, _))) => (before, Vec::new()),
        (None, None) => (Edits::default(), Vec::new()),
    };
    sqlx::query(
        "UPDATE meanings SET edits = $2, version = version + 1, derivation = 0, updated_at = $3 WHERE schema_id = $1",
    )
    .bind(new.id.to_string())
    .bind(to_json(&restored)?)
    .bind(time_text(now))
    .execute(&mut **transaction)
    .await?;
    sqlx::query("DELETE FROM meanings WHERE schema_id = $1")
        .bind(old.id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(dropped)
}

async fn meaning_of(
    transaction: &mut Transaction<'_, Sqlite>,
    schema: SchemaId,
) -> Result<Option<(Edits, i64)>> {
    let row = sqlx::query("SELECT edits, version FROM meanings WHERE schema_id = $1")
        .bind(schema.to_string())
        .fetch_optional(&mut **transaction)
        .await?;
    row.map(|row| Ok((json(&row, "edits")?, row.try_get("version")?)))
        .transpose()
}

/// Insertions name their rows in the new database, and keep what they were. Those that wait for the user's word are refused:
/// what they were asked of is not what they would change.
async fn keep_writes(
    transaction: &mut Transaction<'_, Sqlite>,
    base: SchemaId,
    applied: &Applied,
    now: DateTime<Utc>,
) -> Result<()> {
    refuse_waiting(transaction, base, now).await?;
    sqlx::query("UPDATE pending_writes SET before = NULL WHERE schema_id = $1")
        .bind(base.to_string())
        .execute(&mut **transaction)
        .await?;
    let mut kept = 0;
    for (id, receipt) in &applied.receipts {
        let done = sqlx::query(
            "UPDATE pending_writes SET before = json_object('receipt', json(receipt)), receipt = $3
             WHERE id = $1 AND schema_id = $2 AND state = 'approved' AND receipt IS NOT NULL",
        )
        .bind(id.to_string())
        .bind(base.to_string())
        .bind(to_json(receipt)?)
        .execute(&mut **transaction)
        .await?;
        kept += done.rows_affected();
    }
    let all: i64 = sqlx::query(
        "SELECT count(*) AS n FROM pending_writes
         WHERE schema_id = $1 AND state = 'approved' AND receipt IS NOT NULL",
    )
    .bind(base.to_string())
    .fetch_one(&mut **transaction)
    .await?
    .try_get("n")?;
    // An insertion that was not looked at would be lost without a word.
    if kept != all.cast_unsigned() || kept != applied.receipts.len() as u64 {
        return Err(StoreError::conflict(
            "rows_changed",
            "rows were inserted or taken back meanwhile: apply the changes again",
        ));
    }
    Ok(())
}

async fn restore_writes(
    transaction: &mut Transaction<'_, Sqlite>,
    base: SchemaId,
    now: DateTime<Utc>,
) -> Result<()> {
    refuse_waiting(transaction, base, now).await?;
    // Their rows went with the database that they were inserted into.
    sqlx::query(
        "UPDATE pending_writes SET state = 'undone'
         WHERE schema_id = $1 AND state = 'approved' AND receipt IS NOT NULL AND before IS NULL",
    )
    .bind(base.to_string())
    .execute(&mut **transaction)
    .await?;
    sqlx::query(
        "UPDATE pending_writes
         SET receipt = json_extract(before, '$.receipt'), state = 'approved', before = NULL
         WHERE schema_id = $1 AND before IS NOT NULL",
    )
    .bind(base.to_string())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

async fn refuse_waiting(
    transaction: &mut Transaction<'_, Sqlite>,
    base: SchemaId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "UPDATE pending_writes SET state = 'refused', decided_at = $2
         WHERE schema_id = $1 AND state = 'pending'",
    )
    .bind(base.to_string())
    .bind(time_text(now))
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
