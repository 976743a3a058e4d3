//! Takes what was removed out of the metadata file and its log, so that nobody finds it there.
//!
//! Connections have `secure_delete`, which puts zeros over what is deleted. That is not all: the write-ahead log keeps
//! older versions of pages until it is cut, and where SQLite moves rows from one page to another it leaves copies behind
//! that no deletion reaches (one or more of 600 removed messages that had grown). Only VACUUM, which writes the file anew, is
//! whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Connection, Row, SqliteConnection, SqlitePool};

use crate::{Result, Store};

/// How long a wipe waits for readers and writers; they wait for it meanwhile.
const PATIENCE: Duration = Duration::from_millis(250);
/// A file up to this size is written anew before the removal is answered: at 16 MiB it takes about 0.1 s.
const AT_ONCE_BYTES: i64 = 16 << 20;

/// How much a wipe may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Somebody waits: a large file is left for [`Effort::Whole`].
    Cheap,
    /// Whatever it takes.
    Whole,
}

/// The connection for it, and whether there is anything to wipe. Clones share both.
#[derive(Debug, Clone)]
pub(super) struct Wiper {
    /// `None` for a database in memory.
    connections: Option<SqlitePool>,
    is_due: Arc<AtomicBool>,
}

impl Wiper {
    pub(super) fn new(options: &SqliteConnectOptions, in_memory: bool) -> Self {
        let connections = (!in_memory).then(|| {
            SqlitePoolOptions::new()
                .max_connections(1)
                .connect_lazy_with(options.clone().busy_timeout(PATIENCE))
        });
        Self {
            connections,
            is_due: Arc::default(),
        }
    }
}

impl Store {
    /// Something was removed or replaced: the next [`Store::wipe`] takes it off the disk.
    pub(crate) fn wipe_later(&self) {
        self.wiper.is_due.store(true, Ordering::SeqCst);
    }

    /// After a removal that is committed. What cannot be wiped now (the database is busy, or large) stays due; the removal
    /// stands either way, so there is no error.
    pub async fn wipe_now(&self) {
        self.wipe_later();
        if let Err(error) = self.wipe(Effort::Cheap).await {
            tracing::warn!(%error, "what was removed is still in the metadata file; it is tried again");
        }
    }

    /// Takes what was removed since the last time out of the file; gives whether nothing is left to be wiped. Does nothing
    /// where nothing was removed.
    pub async fn wipe(&self, effort: Effort) -> Result<bool> {
        let Some(connections) = &self.wiper.connections else {
            return Ok(true);
        };
        let mut connection = connections.acquire().await?;
        // Of several that waited for the connection, the first did the work of all: their removals were committed before.
        if !self.wiper.is_due.swap(false, Ordering::SeqCst) {
            return Ok(true);
        }
        let done = wipe_file(&mut connection, effort).await;
        if !matches!(done, Ok(true)) {
            self.wipe_later();
        }
        done
    }
}

async fn wipe_file(connection: &mut SqliteConnection, effort: Effort) -> Result<bool> {
    let is_small = size_bytes(connection).await? <= AT_ONCE_BYTES;
    let rewrites = is_small || effort == Effort::Whole;
    let statement = if rewrites {
        "VACUUM"
    } else {
        "PRAGMA incremental_vacuum"
    };
    sqlx::query(statement).fetch_all(&mut *connection).await?;
    // `busy` is 1 where a reader or a writer kept the log from being cut.
    let busy: i64 = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_one(connection)
        .await?
        .try_get(0)?;
    Ok(rewrites && busy == 0)
}

async fn size_bytes(connection: &mut SqliteConnection) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    )
    .fetch_one(connection)
    .await?)
}

/// Gives a file of a release that did not wipe what it needs to be wiped cheaply, and takes out of it what was removed
/// until now. Writes it anew once; does nothing where that was done.
pub(super) async fn prepare(options: &SqliteConnectOptions) -> Result<()> {
    let mut connection = SqliteConnection::connect_with(options).await?;
    let mode: i64 = sqlx::query_scalar("PRAGMA auto_vacuum")
        .fetch_one(&mut connection)
        .await?;
    if mode != INCREMENTAL {
        sqlx::query("PRAGMA auto_vacuum = INCREMENTAL")
            .execute(&mut connection)
            .await?;
        sqlx::query("VACUUM").execute(&mut connection).await?;
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_all(&mut connection)
            .await?;
    }
    connection.close().await?;
    Ok(())
}

/// As `PRAGMA auto_vacuum` tells it.
const INCREMENTAL: i64 = 2;

#[cfg(test)]
mod tests;
