//! Table `csv_uploads`: what is known of each uploaded file. The bytes are in [`crate::files`].

use chrono::{DateTime, Utc};
use ingest::Analysis;
use schema_gen::ident::without_hidden;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::ids::{UploadId, UserId};
use crate::row::{optional_json, parsed, text, time_text, to_json, words};
use crate::{Page, Paged, Result, Store, StoreError};

words! {
    UploadStatus {
        /// The bytes are still arriving.
        Pending = "pending",
        Ready = "ready",
        /// The bytes are gone from the disk.
        Missing = "missing",
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Upload {
    pub id: UploadId,
    pub user_id: UserId,
    /// Name under which the bytes are stored: made from the id alone.
    pub filename: String,
    /// The user's name for the file, cleaned by [`display_name`].
    pub original_filename: String,
    pub created_at: DateTime<Utc>,
    pub file_size_bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
    pub status: UploadStatus,
    /// Present once `status` is no longer pending.
    pub analysis: Option<Analysis>,
}

/// Takes one of the user's `limit` places before any byte is stored; [`StoreError::Conflict`] `file_limit` where none
/// is free, also when several requests come at once. [`complete`] or [`delete`] must follow.
pub async fn reserve(
    store: &Store,
    user: UserId,
    id: UploadId,
    original_filename: &str,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<Upload> {
    let filename = format!("{id}.csv");
    let original_filename = display_name(original_filename);
    // One statement counts and inserts, so that no other writer comes between.
    let done = sqlx::query(
        "INSERT INTO csv_uploads
            (id, user_id, filename, original_filename, created_at, file_size_bytes, sha256, status)
         SELECT $1, $2, $3, $4, $5, 0, '', 'pending'
         WHERE (SELECT count(*) FROM csv_uploads WHERE user_id = $2) < $6",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(&filename)
    .bind(&original_filename)
    .bind(time_text(now))
    .bind(i64::from(limit))
    .execute(&store.pool)
    .await?;
    if done.rows_affected() == 0 {
        return Err(StoreError::conflict(
            "file_limit",
            format!("you have {limit} files already, which is the limit: delete one first"),
        ));
    }
    Ok(Upload {
        id,
        user_id: user,
        filename,
        original_filename,
        created_at: now,
        file_size_bytes: 0,
        sha256: String::new(),
        status: UploadStatus::Pending,
        analysis: None,
    })
}

/// Stores what the bytes turned out to be; from now on the upload is listed.
pub async fn complete(
    store: &Store,
    user: UserId,
    id: UploadId,
    file_size_bytes: u64,
    sha256: &str,
    analysis: &Analysis,
) -> Result<Upload> {
    let done = sqlx::query(
        "UPDATE csv_uploads SET file_size_bytes = $3, sha256 = $4, analysis = $5, status = 'ready'
         WHERE id = $1 AND user_id = $2 AND status = 'pending'",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(file_size_bytes.cast_signed())
    .bind(sha256)
    .bind(to_json(analysis)?)
    .execute(&store.pool)
    .await?;
    if done.rows_affected() == 0 {
        return Err(StoreError::NotFound);
    }
    get(store, user, id).await
}

/// Stores another analysis of the same bytes (the user chose another dialect).
pub async fn update_analysis(
    store: &Store,
    user: UserId,
    id: UploadId,
    analysis: &Analysis,
) -> Result<()> {
    let done = sqlx::query(
        "UPDATE csv_uploads SET analysis = $3 WHERE id = $1 AND user_id = $2 AND status = 'ready'",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .bind(to_json(analysis)?)
    .execute(&store.pool)
    .await?;
    found(done.rows_affected())
}

/// One upload of the user that is not pending.
pub async fn get(store: &Store, user: UserId, id: UploadId) -> Result<Upload> {
    let row = sqlx::query(
        "SELECT * FROM csv_uploads WHERE id = $1 AND user_id = $2 AND status <> 'pending'",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .fetch_one(&store.pool)
    .await?;
    from_row(&row)
}

/// The user's uploads that are not pending, newest first.
pub async fn list(store: &Store, user: UserId, page: &Page) -> Result<Paged<Upload>> {
    let (time, id) = page.after()?;
    let rows = sqlx::query(
        "SELECT * FROM csv_uploads
         WHERE user_id = $1 AND status <> 'pending' AND ($2 IS NULL OR (created_at, id) < ($2, $3))
         ORDER BY created_at DESC, id DESC LIMIT $4",
    )
    .bind(user.to_string())
    .bind(time)
    .bind(id)
    .bind(page.fetch_limit())
    .fetch_all(&store.pool)
    .await?;
    let items = rows.iter().map(from_row).collect::<Result<Vec<_>>>()?;
    Ok(Paged::from_rows(items, page, |upload| {
        (time_text(upload.created_at), upload.id.to_string())
    }))
}

/// Removes the row, also of a pending upload; the bytes go with [`crate::files::Files::delete_upload`].
pub async fn delete(store: &Store, user: UserId, id: UploadId) -> Result<()> {
    let rows = sqlx::query(
        "DELETE FROM csv_uploads WHERE id = $1 AND user_id = $2 RETURNING status, sha256",
    )
    .bind(id.to_string())
    .bind(user.to_string())
    .fetch_all(&store.pool)
    .await?;
    let row = rows.first().ok_or(StoreError::NotFound)?;
    crate::helps::forget_answers(store, user, &text(row, "sha256")?).await?;
    // Nothing of a file is stored before it is whole, and refused uploads may be many.
    if parsed::<UploadStatus>(row, "status")? == UploadStatus::Pending {
        store.wipe_later();
    } else {
        store.wipe_now().await;
    }
    Ok(())
}

pub(crate) fn found(rows_affected: u64) -> Result<()> {
    if rows_affected == 0 {
        Err(StoreError::NotFound)
    } else {
        Ok(())
    }
}

fn from_row(row: &SqliteRow) -> Result<Upload> {
    Ok(Upload {
        id: parsed(row, "id")?,
        user_id: parsed(row, "user_id")?,
        filename: text(row, "filename")?,
        original_filename: text(row, "original_filename")?,
        created_at: parsed(row, "created_at")?,
        file_size_bytes: row.try_get::<i64, _>("file_size_bytes")?.cast_unsigned(),
        sha256: text(row, "sha256")?,
        status: parsed(row, "status")?,
        analysis: optional_json(row, "analysis")?,
    })
}

/// Longest file name shown, in characters.
const MAX_NAME_CHARS: usize = 120;

/// A file name fit for display: its last path segment, without control, format or direction-override characters and
/// without surrounding dots and blanks; `file.csv` where nothing is left. Never used as a path.
pub fn display_name(raw: &str) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean = without_hidden(last);
    let trimmed = clean.trim().trim_matches('.').trim();
    if trimmed.is_empty() {
        return "file.csv".to_owned();
    }
    let length = trimmed.chars().count();
    if length <= MAX_NAME_CHARS {
        return trimmed.to_owned();
    }
    // The ending tells the kind of file, so it is kept.
    let tail: String = trimmed.chars().skip(length - 20).collect();
    let head: String = trimmed.chars().take(MAX_NAME_CHARS - 21).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests;
