use std::collections::HashSet;
use std::path::{Path, PathBuf};

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Files, UNFINISHED_PREFIX, blocking, dataset_files};
use crate::dataset::{self, LoadReport};
use crate::ids::{SchemaId, UploadId, UserId};
use crate::row::{optional_json, parsed, text};
use crate::{Result, Store};

/// What [`Files::reconcile`] put right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Files that nothing refers to, and unfinished ones.
    pub files_removed: u64,
    /// Files of people whom the metadata does not know; they are left where they are.
    pub files_unknown: u64,
    /// Uploads that never arrived whole.
    pub uploads_dropped: u64,
    /// Uploads whose bytes are gone.
    pub uploads_missing: u64,
    /// Executed schemas whose database is gone; they can be approved again.
    pub datasets_missing: u64,
    /// Executed schemas whose counts were behind what was mended.
    pub reports_recounted: u64,
    /// Executed schemas whose files cannot be read; whatever lies beside them is left where it is.
    pub datasets_unreadable: u64,
}

impl Files {
    /// Makes files and metadata agree again after a crash. Only for the start, before anything else runs: what is
    /// unfinished then can never be finished.
    pub async fn reconcile(&self, store: &Store) -> Result<Reconciled> {
        let dropped = sqlx::query("DELETE FROM csv_uploads WHERE status = 'pending'")
            .execute(&store.pool)
            .await?;
        let mut done = Reconciled {
            uploads_dropped: dropped.rows_affected(),
            ..Reconciled::default()
        };
        sqlx::query("UPDATE generated_schemas SET executing_since = NULL")
            .execute(&store.pool)
            .await?;
        let mut expected = self.check_uploads(store, &mut done).await?;
        expected.extend(self.check_datasets(store, &mut done).await?);
        let users = known_users(store).await?;
        for folder in [&self.upload_dir, &self.user_db_dir] {
            remove_unexpected(folder, &users, &expected, &mut done)?;
        }
        Ok(done)
    }

    /// Paths of all uploads; those without a file are marked, those that have it again unmarked.
    async fn check_uploads(
        &self,
        store: &Store,
        done: &mut Reconciled,
    ) -> Result<HashSet<PathBuf>> {
        let rows = sqlx::query("SELECT id, user_id, status FROM csv_uploads")
            .fetch_all(&store.pool)
            .await?;
        let mut expected = HashSet::new();
        for row in rows {
            let id: UploadId = parsed(&row, "id")?;
            let path = self.upload_path(parsed::<UserId>(&row, "user_id")?, id);
            let status = if path.exists() { "ready" } else { "missing" };
            done.uploads_missing += u64::from(status == "missing");
            if text(&row, "status")? != status {
                sqlx::query("UPDATE csv_uploads SET status = $2 WHERE id = $1")
                    .bind(id.to_string())
                    .bind(status)
                    .execute(&store.pool)
                    .await?;
            }
            expected.insert(path);
        }
        Ok(expected)
    }

    /// Paths of all executed schemas' files; schemas without theirs are marked as failed.
    async fn check_datasets(
        &self,
        store: &Store,
        done: &mut Reconciled,
    ) -> Result<HashSet<PathBuf>> {
        let rows = sqlx::query(
            "SELECT id, user_id, coalesce(database_id, id) AS database_id, revision, load_report
             FROM generated_schemas WHERE status = 'executed'",
        )
        .fetch_all(&store.pool)
        .await?;
        let mut expected = HashSet::new();
        for row in rows {
            let id: SchemaId = parsed(&row, "id")?;
            let database: SchemaId = parsed(&row, "database_id")?;
            let path = self.dataset_path(parsed::<UserId>(&row, "user_id")?, database);
            if path.exists() {
                expected.extend(dataset_files(&path));
                if let Err(error) = put_right(store, &row, &path, done).await {
                    tracing::warn!(%error, %id, "a dataset's files cannot be read");
                    done.datasets_unreadable += 1;
                    expected.extend(beside(&path)?);
                }
                continue;
            }
            if row.try_get::<Option<String>, _>("revision")?.is_some() {
                // Nothing is left to bring back.
                sqlx::query("DELETE FROM generated_schemas WHERE id = $1")
                    .bind(id.to_string())
                    .execute(&store.pool)
                    .await?;
                continue;
            }
            done.datasets_missing += 1;
            sqlx::query(
                "UPDATE generated_schemas
                 SET status = 'failed', failure = $2, executed_at = NULL, load_report = NULL WHERE id = $1",
            )
            .bind(row.try_get::<String, _>("id")?)
            .bind("the database file is gone: approve again to import the data anew")
            .execute(&store.pool)
            .await?;
        }
        Ok(expected)
    }
}

/// Ends what a crash left in the middle: both files of a dataset as before the change or as after it, and the counts of its
/// import as the files have them.
async fn put_right(
    store: &Store,
    row: &SqliteRow,
    dataset: &Path,
    done: &mut Reconciled,
) -> Result<()> {
    let Some(report) = optional_json::<LoadReport>(row, "load_report")? else {
        return Ok(());
    };
    let path = dataset.to_owned();
    let (report, is_counted) = blocking(move || {
        dataset::recover(&path)?;
        let is_counted = dataset::is_counted(&path, &report)?;
        Ok((report, is_counted))
    })
    .await?;
    if is_counted {
        return Ok(());
    }
    let (id, user) = (parsed(row, "id")?, parsed(row, "user_id")?);
    let schema = crate::schemas::get_any(store, user, id).await?.schema;
    let path = dataset.to_owned();
    let report = blocking(move || dataset::recount(&path, &schema, &report, None)).await?;
    crate::schemas::update_report(store, user, id, &report).await?;
    done.reports_recounted += 1;
    Ok(())
}

/// All that SQLite left beside the database.
fn beside(dataset: &Path) -> Result<Vec<PathBuf>> {
    let (Some(folder), Some(stem)) = (dataset.parent(), dataset.file_stem()) else {
        return Ok(Vec::new());
    };
    let stem = stem.to_string_lossy();
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let file = file?;
        if file.file_name().to_string_lossy().starts_with(&*stem) {
            found.push(file.path());
        }
    }
    Ok(found)
}

/// Names of the folders of all users.
async fn known_users(store: &Store) -> Result<HashSet<String>> {
    let rows = sqlx::query("SELECT id FROM users")
        .fetch_all(&store.pool)
        .await?;
    rows.iter().map(|row| text(row, "id")).collect()
}

/// Removes what looks like ours in the users' folders and is not expected; folders left empty go too. Of somebody whom the
/// metadata does not know only unfinished files go: the metadata may be the wrong one, and its files are the users'.
fn remove_unexpected(
    folder: &Path,
    users: &HashSet<String>,
    expected: &HashSet<PathBuf>,
    done: &mut Reconciled,
) -> Result<()> {
    for user_folder in std::fs::read_dir(folder)? {
        let user_folder = user_folder?;
        let is_ours = user_folder.file_type()?.is_dir() && starts_with_id(&user_folder.file_name());
        if !is_ours {
            continue;
        }
        let known = users.contains(user_folder.file_name().to_string_lossy().as_ref());
        for file in std::fs::read_dir(user_folder.path())? {
            let file = file?;
            let name = file.file_name();
            let unfinished = name.to_string_lossy().starts_with(UNFINISHED_PREFIX);
            let unexpected = starts_with_id(&name) && !expected.contains(&file.path());
            if unfinished || (known && unexpected) {
                std::fs::remove_file(file.path())?;
                done.files_removed += 1;
            } else if unexpected {
                done.files_unknown += 1;
            }
        }
        // Refused where files are left, as it should be.
        let _ = std::fs::remove_dir(user_folder.path());
    }
    Ok(())
}

fn starts_with_id(name: &std::ffi::OsStr) -> bool {
    let name = name.to_string_lossy();
    let id = name.split('.').next().unwrap_or_default();
    uuid::Uuid::parse_str(id).is_ok()
}
