//! Rows and cells that could not be stored, in a SQLite file of their own, so that the user's database holds nothing but
//! theirs. What is added back later stays listed as mended, so that both files together always account for every row.

mod evened;
mod list;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ingest::{Analysis, ColumnProfile};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use schema_gen::Source;
use schema_gen::forecast::EvenedColumn;
use serde::{Deserialize, Serialize};

use super::write::{self, has_table};
use crate::{Result, StoreError};

pub use evened::{EvenedCell, EvenedPage, read_evened};
pub(super) use evened::{evened_columns, insert_evened};
pub(super) use list::fields_in;
pub use list::{
    Facets, FileCount, PlaceFilter, ValueCount, export_emptied, export_quarantine, read_emptied,
    read_quarantine,
};

/// Most bytes kept of a record's text.
pub(super) const MAX_RAW_BYTES: usize = 65_536;
/// Ends the name of the file of what people added or mended by hand, which is in no file: its `csv_id` is empty.
pub(super) const BY_HAND: &str = "by hand";
/// Form of the file, in its `user_version`: 2 since rows and cells can be mended, 0 before.
const VERSION: i64 = 2;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

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

/// A quarantined row as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Stays the same as long as the database is there.
    pub id: i64,
    /// The reason without the value, so that rows with one fault can be found together.
    pub kind: String,
    /// It was added to its table since.
    pub mended: bool,
    pub row: QuarantinedRow,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinePage {
    pub rows: Vec<SetAside>,
    /// All that the filter lets through, in all pages.
    pub total: u64,
    pub facets: Facets,
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

/// An emptied cell as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emptied {
    /// Stays the same as long as the database is there.
    pub id: i64,
    pub mended: bool,
    /// Whether it is known which row the cell belongs to.
    pub has_row: bool,
    pub cell: EmptiedCell,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmptiedPage {
    pub cells: Vec<Emptied>,
    /// All that the filter lets through, in all pages.
    pub total: u64,
    pub facets: Facets,
}

/// Where a row that was set aside stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowPlace {
    number: u64,
    part: Option<usize>,
}

impl RowPlace {
    /// `number`: of the record within its file, from 1.
    pub fn record(number: u64) -> Self {
        Self { number, part: None }
    }

    /// `number`: of the row among those meant for its table, from 1; `part`: among those of its record, from 0.
    pub fn part_of_record(number: u64, part: usize) -> Self {
        Self {
            number,
            part: Some(part),
        }
    }
}

/// How the text of a row set aside is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As the file has it: no record could be made of it.
    File,
    /// Made of the record's fields (RFC 4180 with the file's delimiter); nothing stands for null, `""` for empty text.
    Fields,
}

/// The quarantine's file of the database at `dataset`.
pub fn quarantine_path(dataset: &Path) -> PathBuf {
    dataset.with_extension("quarantine.db")
}

/// A reason without the value that it begins with, or the number in it.
pub(super) fn kind_of(reason: &str) -> &str {
    const NOT: &str = "\" is not ";
    match reason.rfind(NOT) {
        Some(at) if reason.starts_with('"') => &reason[at + 2 + "is ".len()..],
        _ if reason.starts_with("the row has ") => "the row is too long",
        _ => reason,
    }
}

/// Opens the quarantine of the database at `dataset` for reading; [`StoreError::NotFound`] where there is none.
pub(super) fn open(dataset: &Path) -> Result<Quarantine> {
    let path = quarantine_path(dataset);
    if !path.is_file() {
        return Err(StoreError::NotFound);
    }
    write::recover(&path)?;
    let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    add_functions(&connection)?;
    let is_current = version(&connection)? == VERSION;
    // A quarantine made before cells were emptied has no list of them.
    let lists_cells = has_table(&connection, "emptied")?;
    Ok(Quarantine {
        connection,
        is_current,
        lists_cells,
    })
}

/// A quarantine opened for reading.
pub(super) struct Quarantine {
    pub connection: Connection,
    is_current: bool,
    lists_cells: bool,
}

impl Quarantine {
    /// What stands behind `FROM` for rows, in the form of today.
    pub fn rows(&self) -> &'static str {
        if self.is_current {
            "quarantine"
        } else {
            "(SELECT id, table_name, csv_id, file, line, column_name, reason, raw, kind_of(reason) AS kind,
                     form_of(reason) AS form, NULL AS number, NULL AS part, NULL AS mended, NULL AS row_id, NULL AS digest
              FROM quarantine)"
        }
    }

    /// What stands behind `FROM` for cells, in the form of today.
    pub fn cells(&self) -> &'static str {
        match (self.is_current, self.lists_cells) {
            (true, _) => "emptied",
            (false, true) => {
                "(SELECT id, table_name, table_column, csv_id, file, line, column_name, reason, text,
                         NULL AS row_id, NULL AS mended FROM emptied)"
            }
            (false, false) => {
                "(SELECT 0 AS id, '' AS table_name, '' AS table_column, '' AS csv_id, '' AS file, 0 AS line,
                         '' AS column_name, '' AS reason, '' AS text, NULL AS row_id, NULL AS mended WHERE 0)"
            }
        }
    }

    /// Statements that count rows by table, those mended and those not, and among them the merged ones. Rows that are in no
    /// file are in no account of an import.
    pub fn row_counts(&self) -> [(bool, String); 2] {
        [(false, "IS NULL"), (true, "IS NOT NULL")].map(|(mended, test)| {
            let sql = format!(
                "SELECT table_name, count(*), coalesce(sum(mended = 'merged'), 0) FROM {}
                 WHERE mended {test} AND csv_id <> '' GROUP BY 1",
                self.rows()
            );
            (mended, sql)
        })
    }

    /// Counts empty cells by table and column.
    pub fn cell_counts(&self) -> String {
        format!(
            "SELECT table_name, table_column, count(*) FROM {} WHERE mended IS NULL GROUP BY 1, 2",
            self.cells()
        )
    }

    /// The respelled cells by table; none where an earlier version of this service imported the data.
    pub fn evened_columns(&self) -> Result<BTreeMap<String, Vec<EvenedColumn>>> {
        if self.is_current {
            evened_columns(&self.connection)
        } else {
            Ok(BTreeMap::new())
        }
    }

    pub fn row(&self, id: i64) -> Result<RowEntry> {
        row_of(&self.connection, self.rows(), id)
    }

    pub fn cell(&self, id: i64) -> Result<CellEntry> {
        cell_of(&self.connection, self.cells(), id)
    }

    /// How the file with this id was read, where it is kept here or is among `sources`.
    pub fn source(&self, csv_id: &str, sources: &[Source]) -> Result<Option<Source>> {
        if self.is_current
            && let Some(kept) = source_of(&self.connection, "files", csv_id)?
        {
            return Ok(Some(kept));
        }
        Ok(sources
            .iter()
            .find(|source| source.csv_id == csv_id)
            .cloned())
    }
}

/// A row set aside, with what mending it needs.
pub(super) struct RowEntry {
    pub listed: SetAside,
    pub form: Form,
    /// Row id that the import would have given it, where it was a record.
    pub number: Option<i64>,
    /// Which of the rows that its record is, from 0, in a table for which a record may be several.
    pub part: Option<usize>,
    /// What it became: `stored` or `merged`.
    pub mended: Option<String>,
    /// Of the row that it became.
    pub row_id: Option<i64>,
    pub digest: Option<String>,
}

impl RowEntry {
    /// Only the beginning of its text is kept.
    pub fn is_cut(&self) -> bool {
        self.listed.row.raw.len() > MAX_RAW_BYTES - 4
    }
}

/// An emptied cell, with what mending it needs.
pub(super) struct CellEntry {
    pub cell: EmptiedCell,
    pub row_id: Option<i64>,
    /// The text that was put in its place.
    pub mended: Option<String>,
}

/// Columns of a row in [`read_row`]'s order.
const ROW_COLUMNS: &str =
    "id, table_name, csv_id, file, line, column_name, reason, raw, kind, mended";
/// Columns of a cell in [`read_cell`]'s order.
const CELL_COLUMNS: &str =
    "id, table_name, table_column, csv_id, file, line, column_name, reason, text, mended, row_id";

fn read_row(row: &Row<'_>) -> rusqlite::Result<SetAside> {
    Ok(SetAside {
        id: row.get(0)?,
        kind: row.get(8)?,
        mended: row.get::<_, Option<String>>(9)?.is_some(),
        row: QuarantinedRow {
            table: row.get(1)?,
            csv_id: row.get(2)?,
            file: row.get(3)?,
            line: row.get::<_, i64>(4)?.cast_unsigned(),
            column: row.get(5)?,
            reason: row.get(6)?,
            raw: row.get(7)?,
        },
    })
}

fn read_cell(row: &Row<'_>) -> rusqlite::Result<Emptied> {
    Ok(Emptied {
        id: row.get(0)?,
        mended: row.get::<_, Option<String>>(9)?.is_some(),
        has_row: row.get::<_, Option<i64>>(10)?.is_some(),
        cell: EmptiedCell {
            table: row.get(1)?,
            table_column: row.get(2)?,
            csv_id: row.get(3)?,
            file: row.get(4)?,
            line: row.get::<_, i64>(5)?.cast_unsigned(),
            column: row.get(6)?,
            reason: row.get(7)?,
            text: row.get(8)?,
        },
    })
}

/// `rows`: what stands behind `FROM`.
pub(super) fn row_of(connection: &Connection, rows: &str, id: i64) -> Result<RowEntry> {
    let sql = format!(
        "SELECT {ROW_COLUMNS}, form, number, part, row_id, digest FROM {rows} WHERE id = ?1"
    );
    let found = connection
        .prepare_cached(&sql)?
        .query_row([id], |row| {
            Ok(RowEntry {
                listed: read_row(row)?,
                mended: row.get(9)?,
                form: match row.get::<_, String>(10)?.as_str() {
                    "file" => Form::File,
                    _ => Form::Fields,
                },
                number: row.get(11)?,
                part: row.get::<_, Option<i64>>(12)?.map(|part| part as usize),
                row_id: row.get(13)?,
                digest: row.get(14)?,
            })
        })
        .optional()?;
    found.ok_or(StoreError::NotFound)
}

/// `cells`: what stands behind `FROM`.
pub(super) fn cell_of(connection: &Connection, cells: &str, id: i64) -> Result<CellEntry> {
    let sql = format!("SELECT {CELL_COLUMNS} FROM {cells} WHERE id = ?1");
    let found = connection
        .query_row(&sql, [id], |row| {
            Ok(CellEntry {
                cell: read_cell(row)?.cell,
                mended: row.get(9)?,
                row_id: row.get(10)?,
            })
        })
        .optional()?;
    found.ok_or(StoreError::NotFound)
}

/// `files`: the table, by its name or with its database's.
pub(super) fn source_of(
    connection: &Connection,
    files: &str,
    csv_id: &str,
) -> Result<Option<Source>> {
    let sql = format!("SELECT name, reading FROM {files} WHERE csv_id = ?1");
    let found: Option<(String, String)> = connection
        .query_row(&sql, [csv_id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((original_filename, reading)) = found else {
        return Ok(None);
    };
    Ok(Some(Source {
        csv_id: csv_id.to_owned(),
        original_filename,
        path: PathBuf::new(),
        analysis: serde_json::from_str(&reading).map_err(StoreError::dataset)?,
    }))
}

/// What reading a text as the import did needs of an analysis: nothing of the values.
fn reading_of(analysis: &Analysis) -> Result<String> {
    let kept = Analysis {
        dialect: analysis.dialect.clone(),
        columns: analysis
            .columns
            .iter()
            .map(|profile| ColumnProfile {
                min: None,
                max: None,
                mean: None,
                top_values: Vec::new(),
                histogram: Vec::new(),
                ..profile.clone()
            })
            .collect(),
        row_count: analysis.row_count,
        rejected_count: analysis.rejected_count,
        set_aside_count: analysis.set_aside_count,
        sample_rows: Vec::new(),
        warnings: Vec::new(),
    };
    serde_json::to_string(&kept).map_err(StoreError::dataset)
}

fn version(connection: &Connection) -> Result<i64> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// `kind_of(reason)` and `form_of(reason)`, for files that keep neither.
fn add_functions(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("kind_of", 1, flags, |context| {
        let reason: String = context.get(0)?;
        Ok(kind_of(&reason).to_owned())
    })?;
    connection.create_scalar_function("form_of", 1, flags, |context| {
        let reason: String = context.get(0)?;
        let is_rejected = reason.contains(" fields where the table has ");
        Ok(if is_rejected { "file" } else { "fields" })
    })?;
    Ok(())
}

/// Whether the quarantine of the database at `dataset` keeps how its files are read; an import of an earlier version wants the
/// files' own analyses for that.
pub fn keeps_readings(dataset: &Path) -> Result<bool> {
    Ok(open(dataset)?.is_current)
}

/// The files that the database at `dataset` was made from, as far as it keeps how they are read; they may be gone. Blocks.
pub fn kept_sources(dataset: &Path) -> Result<Vec<Source>> {
    let quarantine = open(dataset)?;
    if !quarantine.is_current {
        return Ok(Vec::new());
    }
    let mut statement = quarantine
        .connection
        .prepare("SELECT csv_id FROM files ORDER BY csv_id")?;
    let ids = statement
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    let sources = ids
        .iter()
        .filter_map(|id| quarantine.source(id, &[]).transpose());
    sources.collect()
}

/// Brings a quarantine of an earlier form to that of today, keeping how `sources` are read. Which row an emptied cell belongs
/// to was not kept then.
pub(super) fn upgrade(dataset: &Path, sources: &[Source]) -> Result<()> {
    let path = quarantine_path(dataset);
    if !path.is_file() {
        return Err(StoreError::NotFound);
    }
    write::recover(&path)?;
    let mut connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    if version(&connection)? == VERSION {
        return Ok(());
    }
    add_functions(&connection)?;
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    if version(&transaction)? == VERSION {
        return Ok(());
    }
    if !has_table(&transaction, "emptied")? {
        transaction.execute_batch(OLD_EMPTIED)?;
    }
    transaction.execute_batch(
        "ALTER TABLE quarantine RENAME TO old_quarantine; ALTER TABLE emptied RENAME TO old_emptied;",
    )?;
    transaction.execute_batch(TABLES)?;
    transaction.execute_batch(
        "INSERT INTO quarantine (id, table_name, csv_id, file, line, column_name, reason, raw, kind, form)
         SELECT id, table_name, csv_id, file, line, column_name, reason, raw, kind_of(reason), form_of(reason)
         FROM old_quarantine;
         INSERT INTO emptied (id, table_name, table_column, csv_id, file, line, column_name, reason, text)
         SELECT id, table_name, table_column, csv_id, file, line, column_name, reason, text FROM old_emptied;
         DROP TABLE old_quarantine; DROP TABLE old_emptied;",
    )?;
    keep_sources(&transaction, sources)?;
    transaction.execute_batch(INDEXES)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(transaction.commit()?)
}

fn keep_sources(connection: &Connection, sources: &[Source]) -> Result<()> {
    for source in sources {
        connection.execute(
            "INSERT OR REPLACE INTO files (csv_id, name, reading) VALUES (?1, ?2, ?3)",
            (
                &source.csv_id,
                &source.original_filename,
                reading_of(&source.analysis)?,
            ),
        )?;
    }
    Ok(())
}

const OLD_EMPTIED: &str =
    "CREATE TABLE emptied (id INTEGER PRIMARY KEY, table_name TEXT, table_column TEXT,
     csv_id TEXT, file TEXT, line INTEGER, column_name TEXT, reason TEXT, text TEXT)";

const TABLES: &str = "
    CREATE TABLE quarantine (
        id INTEGER PRIMARY KEY,
        table_name TEXT NOT NULL,
        csv_id TEXT NOT NULL,
        file TEXT NOT NULL,
        line INTEGER NOT NULL,
        column_name TEXT,
        reason TEXT NOT NULL,
        raw TEXT NOT NULL,
        kind TEXT NOT NULL,     -- the reason without the value
        form TEXT NOT NULL,     -- 'file': raw is as the file has it; 'fields': made of the record's fields
        number INTEGER,         -- row id that the import would have given it; null where it was no record, or not known
        part INTEGER,           -- which of the rows of its record, from 0; null where it is the whole record
        mended TEXT,            -- 'stored' or 'merged' once it was added to its table
        row_id INTEGER,         -- of the row that it became
        digest TEXT             -- of that row, where it was stored: tells whether it is still the same
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
        text TEXT NOT NULL,
        row_id INTEGER,         -- of the row that the cell belongs to; null where there is none, or not known
        mended TEXT             -- the text that was put in its place since
    ) STRICT;
    CREATE TABLE evened (
        id INTEGER PRIMARY KEY,
        table_name TEXT NOT NULL,
        table_column TEXT NOT NULL,
        csv_id TEXT NOT NULL,
        file TEXT NOT NULL,
        line INTEGER NOT NULL,
        column_name TEXT,
        text TEXT NOT NULL,     -- as the file has it
        stored TEXT NOT NULL,   -- as the key has it
        row_id INTEGER          -- of the row that the cell belongs to
    ) STRICT;
    CREATE TABLE files (
        csv_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        reading TEXT NOT NULL   -- JSON: how its text is read
    ) STRICT;";

const INDEXES: &str = "
    CREATE INDEX quarantine_open ON quarantine (table_name, kind, column_name) WHERE mended IS NULL;
    CREATE INDEX quarantine_records ON quarantine (csv_id, line) WHERE mended IS NOT NULL;
    CREATE INDEX emptied_open ON emptied (table_name, table_column, reason) WHERE mended IS NULL;";

/// Fills the quarantine of a database that is being made.
pub(super) struct QuarantineWriter {
    connection: Connection,
}

impl QuarantineWriter {
    /// `sources`: the files that rows come from.
    pub fn create(path: &Path, sources: &[Source]) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;")?;
        connection.execute_batch(TABLES)?;
        keep_sources(&connection, sources)?;
        Ok(Self { connection })
    }

    /// `place`: where the row stood; `None` where no record could be made of the text.
    pub fn add(&mut self, row: &QuarantinedRow, place: Option<RowPlace>) -> Result<()> {
        let raw = &row.raw[..row.raw.floor_char_boundary(MAX_RAW_BYTES)];
        self.connection
            .prepare_cached(
                "INSERT INTO quarantine (table_name, csv_id, file, line, column_name, reason, raw, kind, form, number, part)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute((
                &row.table,
                &row.csv_id,
                &row.file,
                row.line.cast_signed(),
                &row.column,
                &row.reason,
                raw,
                kind_of(&row.reason),
                if place.is_some() { "fields" } else { "file" },
                place.map(|place| place.number.cast_signed()),
                place.and_then(|place| place.part).map(|part| part as i64),
            ))?;
        Ok(())
    }

    /// `row_id`: of the row that the cell belongs to, where one is stored.
    pub fn add_cell(&mut self, cell: &EmptiedCell, row_id: Option<i64>) -> Result<()> {
        let text = &cell.text[..cell.text.floor_char_boundary(MAX_RAW_BYTES)];
        self.connection
            .prepare_cached(
                "INSERT INTO emptied
                    (table_name, table_column, csv_id, file, line, column_name, reason, text, row_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
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
                row_id,
            ))?;
        Ok(())
    }

    /// Makes ready for [`Self::forget_cells`].
    pub fn index_cells(&self) -> Result<()> {
        self.connection.execute_batch(
            "CREATE INDEX IF NOT EXISTS emptied_rows ON emptied (table_name, row_id);
             CREATE INDEX IF NOT EXISTS evened_rows ON evened (table_name, row_id);",
        )?;
        Ok(())
    }

    /// Strikes the emptied cells of a row that is set aside after all; gives their columns.
    pub fn forget_cells(&mut self, table: &str, row_id: i64) -> Result<Vec<String>> {
        self.forget("emptied", table, row_id)
    }

    fn forget(&mut self, list: &str, table: &str, row_id: i64) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "DELETE FROM {list} WHERE table_name = ?1 AND row_id = ?2 RETURNING table_column"
        ))?;
        let columns = statement
            .query_map((table, row_id), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(columns)
    }

    /// `row_id`: of the row that the cell belongs to.
    pub fn add_evened(&mut self, cell: &EvenedCell, row_id: Option<i64>) -> Result<()> {
        insert_evened(&self.connection, "evened", cell, row_id)
    }

    /// Strikes the respelled cells of a row that is set aside after all; gives their columns.
    pub fn forget_evened(&mut self, table: &str, row_id: i64) -> Result<Vec<String>> {
        self.forget("evened", table, row_id)
    }

    /// The respelled cells by table.
    pub fn evened_columns(&self) -> Result<BTreeMap<String, Vec<EvenedColumn>>> {
        evened_columns(&self.connection)
    }

    pub fn count_evened(&self) -> Result<u64> {
        self.counted("SELECT count(*) FROM evened")
    }

    pub fn count_cells(&self) -> Result<u64> {
        self.counted("SELECT count(*) FROM emptied")
    }

    pub fn count(&self) -> Result<u64> {
        self.counted("SELECT count(*) FROM quarantine")
    }

    fn counted(&self, sql: &str) -> Result<u64> {
        let count: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
        Ok(count.cast_unsigned())
    }

    pub fn finish(self) -> Result<()> {
        self.connection.execute_batch(INDEXES)?;
        self.connection
            .pragma_update(None, "user_version", VERSION)?;
        self.connection.execute_batch("COMMIT")?;
        self.connection.close().map_err(|(_, error)| error)?;
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests;
