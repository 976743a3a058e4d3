//! Rows that could not be stored, in a SQLite file of their own, so that the user's database holds nothing but theirs.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use crate::{Result, StoreError};

/// Most rows of one page.
const MAX_PAGE: u64 = 1_000;
/// Most bytes kept of a record's text.
const MAX_RAW_BYTES: usize = 65_536;
const COUNT: &str = "SELECT count(*) FROM quarantine";

/// A row that could not be stored, with all that a person needs to find and mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedRow {
    /// Table that it was for.
    pub table: String,
    /// Id of the upload.
    pub csv_id: String,
    /// The user's name for the file.
    pub file: String,
    /// 1-based line on which the record starts.
    pub line: u64,
    /// Column of the file, where one column is to blame.
    pub column: Option<String>,
    pub reason: String,
    /// The record as CSV.
    pub raw: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinePage {
    pub rows: Vec<QuarantinedRow>,
    /// All there are, in all pages.
    pub total: u64,
}

/// The quarantine's file of the database at `dataset`.
pub fn quarantine_path(dataset: &Path) -> PathBuf {
    dataset.with_extension("quarantine.db")
}

/// Part of the quarantine of the database at `dataset`, in the order in which the rows were found;
/// [`StoreError::NotFound`] where there is none.
pub fn read_quarantine(dataset: &Path, offset: u64, limit: u64) -> Result<QuarantinePage> {
    let path = quarantine_path(dataset);
    if !path.is_file() {
        return Err(StoreError::NotFound);
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let total: i64 = connection.query_row(COUNT, [], |row| row.get(0))?;
    let mut statement = connection.prepare(
        "SELECT table_name, csv_id, file, line, column_name, reason, raw
         FROM quarantine ORDER BY id LIMIT ?1 OFFSET ?2",
    )?;
    let rows = statement
        .query_map(
            [
                limit.min(MAX_PAGE).cast_signed(),
                offset.min(u64::MAX >> 1).cast_signed(),
            ],
            |row| {
                Ok(QuarantinedRow {
                    table: row.get(0)?,
                    csv_id: row.get(1)?,
                    file: row.get(2)?,
                    line: row.get::<_, i64>(3)?.cast_unsigned(),
                    column: row.get(4)?,
                    reason: row.get(5)?,
                    raw: row.get(6)?,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(QuarantinePage {
        rows,
        total: total.cast_unsigned(),
    })
}

/// Fills the quarantine of a database that is being made.
pub(super) struct QuarantineWriter {
    connection: Connection,
}

impl QuarantineWriter {
    pub fn create(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = OFF;
             PRAGMA synchronous = OFF;
             BEGIN;
             CREATE TABLE quarantine (
                 id INTEGER PRIMARY KEY,
                 table_name TEXT NOT NULL,
                 csv_id TEXT NOT NULL,
                 file TEXT NOT NULL,
                 line INTEGER NOT NULL,
                 column_name TEXT,
                 reason TEXT NOT NULL,
                 raw TEXT NOT NULL
             ) STRICT;",
        )?;
        Ok(Self { connection })
    }

    pub fn add(&mut self, row: &QuarantinedRow) -> Result<()> {
        let raw = &row.raw[..row.raw.floor_char_boundary(MAX_RAW_BYTES)];
        self.connection
            .prepare_cached(
                "INSERT INTO quarantine (table_name, csv_id, file, line, column_name, reason, raw)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute((
                &row.table,
                &row.csv_id,
                &row.file,
                row.line.cast_signed(),
                &row.column,
                &row.reason,
                raw,
            ))?;
        Ok(())
    }

    pub fn count(&self) -> Result<u64> {
        let count: i64 = self.connection.query_row(COUNT, [], |row| row.get(0))?;
        Ok(count.cast_unsigned())
    }

    pub fn finish(self) -> Result<()> {
        self.connection.execute_batch("COMMIT")?;
        self.connection.close().map_err(|(_, error)| error)?;
        Ok(())
    }
}
