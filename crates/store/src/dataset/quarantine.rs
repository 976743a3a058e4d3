//! Rows and cells that could not be stored, in a SQLite file of their own, so that the user's database holds nothing but
//! theirs.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use crate::{Result, StoreError};

/// Most rows of one page.
const MAX_PAGE: u64 = 1_000;
/// Most bytes kept of a record's text.
const MAX_RAW_BYTES: usize = 65_536;
const COUNT: &str = "SELECT count(*) FROM quarantine";
const COUNT_CELLS: &str = "SELECT count(*) FROM emptied";

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

/// A cell whose text is not in the database, though its row is: there it is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmptiedCell {
    pub table: String,
    /// Column of the table.
    pub table_column: String,
    /// Id of the upload.
    pub csv_id: String,
    /// The user's name for the file.
    pub file: String,
    /// 1-based line on which the record starts.
    pub line: u64,
    /// Column of the file.
    pub column: Option<String>,
    pub reason: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmptiedPage {
    pub cells: Vec<EmptiedCell>,
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

/// Part of the emptied cells of the database at `dataset`, in the order in which they were found;
/// [`StoreError::NotFound`] where there is no quarantine.
pub fn read_emptied(dataset: &Path, offset: u64, limit: u64) -> Result<EmptiedPage> {
    let path = quarantine_path(dataset);
    if !path.is_file() {
        return Err(StoreError::NotFound);
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    // A quarantine made before cells were emptied has no such table.
    let sql = "SELECT count(*) FROM sqlite_master WHERE name = 'emptied'";
    if connection.query_row(sql, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(EmptiedPage {
            cells: Vec::new(),
            total: 0,
        });
    }
    let total: i64 = connection.query_row(COUNT_CELLS, [], |row| row.get(0))?;
    let mut statement = connection.prepare(
        "SELECT table_name, table_column, csv_id, file, line, column_name, reason, text
         FROM emptied ORDER BY id LIMIT ?1 OFFSET ?2",
    )?;
    let cells = statement
        .query_map(
            [
                limit.min(MAX_PAGE).cast_signed(),
                offset.min(u64::MAX >> 1).cast_signed(),
            ],
            |row| {
                Ok(EmptiedCell {
                    table: row.get(0)?,
                    table_column: row.get(1)?,
                    csv_id: row.get(2)?,
                    file: row.get(3)?,
                    line: row.get::<_, i64>(4)?.cast_unsigned(),
                    column: row.get(5)?,
                    reason: row.get(6)?,
                    text: row.get(7)?,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(EmptiedPage {
        cells,
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
             ) STRICT;
             CREATE TABLE emptied (
                 id INTEGER PRIMARY KEY,
                 table_name TEXT NOT NULL,
                 table_column TEXT NOT NULL,
                 csv_id TEXT NOT NULL,
                 file TEXT NOT NULL,
                 line INTEGER NOT NULL,
                 column_name TEXT,
                 reason TEXT NOT NULL,
                 text TEXT NOT NULL
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

    pub fn add_cell(&mut self, cell: &EmptiedCell) -> Result<()> {
        let text = &cell.text[..cell.text.floor_char_boundary(MAX_RAW_BYTES)];
        self.connection
            .prepare_cached(
                "INSERT INTO emptied
                    (table_name, table_column, csv_id, file, line, column_name, reason, text)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute((
                &cell.table,
                &cell.table_column,
                &cell.csv_id,
                &cell.file,
                cell.line.cast_signed(),
                &cell.column,
                &cell.reason,
                text,
            ))?;
        Ok(())
    }

    /// Makes ready for [`Self::forget_cells`].
    pub fn index_cells(&self) -> Result<()> {
        self.connection.execute_batch(
            "CREATE INDEX IF NOT EXISTS emptied_rows ON emptied (table_name, line)",
        )?;
        Ok(())
    }

    /// Strikes the emptied cells of a row that is set aside after all; gives their columns.
    pub fn forget_cells(&mut self, table: &str, line: u64) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "DELETE FROM emptied WHERE table_name = ?1 AND line = ?2 RETURNING table_column",
        )?;
        let columns = statement
            .query_map((table, line.cast_signed()), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(columns)
    }

    pub fn count_cells(&self) -> Result<u64> {
        let count: i64 = self
            .connection
            .query_row(COUNT_CELLS, [], |row| row.get(0))?;
        Ok(count.cast_unsigned())
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
