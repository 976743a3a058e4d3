//! Rows that were set aside and cells that were emptied, put where they belong after all. Their texts are read as the import
//! reads them and held to the same rules.
//!
//! The user's database and its quarantine change together or not at all: one connection has both, and SQLite commits a
//! transaction over several files atomically, also through a crash (<https://sqlite.org/atomiccommit.html>, "Multi-file
//! Commit"). The counts of the import, which metadata keeps, follow from the two files ([`recount`]).

mod cells;
mod counts;
mod rows;

use std::path::Path;

use ingest::Value;
use rusqlite::types::Value as Stored;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use schema_gen::even::Spellings;
use schema_gen::ident::quote;
use schema_gen::model::{Relationship, Table};
use schema_gen::rows::{self as reading, FileReading, MAX_ROW_BYTES};
use schema_gen::{Schema, Source};

use super::load::orphans;
use super::quarantine::{BY_HAND, Quarantine, quarantine_path, upgrade};
use super::write;
use crate::{Result, StoreError};

pub(super) use cells::fill_cell;
pub use cells::{CellDetail, mend_cell, read_cell, undo_cell};
pub use counts::{is_counted, recount};
pub use rows::{
    FieldDetail, Mend, MendMode, Mended, MendedRow, Refused, RowDetail, mend_rows, read_row,
    undo_row,
};
pub(super) use rows::{delete, mark_mended};

/// What keeps a text from being stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Column of the table, where one is to blame.
    pub column: Option<String>,
    pub message: String,
}

impl Fault {
    fn of(column: &str, message: impl Into<String>) -> Self {
        Self {
            column: Some(column.to_owned()),
            message: message.into(),
        }
    }
}

/// Where a column's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A field of the record, or an item of the list in one.
    Field,
    /// The name of the column that the row's value stands in.
    ColumnName,
    /// The database numbers the rows.
    Numbered,
    /// The number of the record's row in another table of the same file.
    LookedUp,
}

/// Rolls back what a crash left half written in the database or in its quarantine. Until both are opened like this, whatever
/// lies beside them must stay: it says what belongs together.
pub(crate) fn recover(dataset: &Path) -> Result<()> {
    write::recover(dataset)?;
    write::recover(&quarantine_path(dataset))
}

/// The user's database with its quarantine as `set_aside`.
pub(super) fn open_both(dataset: &Path, sources: &[Source]) -> Result<Connection> {
    if !dataset.is_file() {
        return Err(StoreError::NotFound);
    }
    recover(dataset)?;
    upgrade(dataset, sources)?;
    let connection = write::open(dataset)?;
    let path = quarantine_path(dataset);
    let path = path
        .to_str()
        .ok_or_else(|| StoreError::dataset("the path of the quarantine is not UTF-8"))?;
    connection.execute("ATTACH ?1 AS set_aside", [path])?;
    connection.execute_batch("PRAGMA set_aside.synchronous = FULL")?;
    Ok(connection)
}

/// A transaction over both files.
pub(super) fn begin(connection: &mut Connection) -> Result<Transaction<'_>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch("PRAGMA defer_foreign_keys = ON")?;
    Ok(transaction)
}

/// How the tables of a file read its records.
fn file_reading<'a>(
    schema: &'a Schema,
    source: &Source,
    spellings: &Spellings,
) -> Result<FileReading<'a>> {
    reading::plan(schema, source, spellings)
        .map_err(|error| StoreError::conflict("unreadable", error.to_string()))
}

/// How the database has the keys to whose spelling columns are evened out; all keys of a relationship are read for it.
pub(super) fn stored_spellings(
    connection: &Connection,
    schema: &Schema,
    is_wanted: &dyn Fn(&Relationship) -> bool,
) -> Result<Spellings> {
    Spellings::of(schema, |relationship| {
        if !is_wanted(relationship) {
            return Ok(Vec::new());
        }
        let key = quote(&relationship.to_columns[0]);
        let sql = format!(
            "SELECT DISTINCT {key} FROM {} WHERE typeof({key}) = 'text'",
            quote(&relationship.to_table)
        );
        let mut statement = connection.prepare(&sql)?;
        let keys = statement.query_map([], |row| row.get(0))?;
        Ok(keys.collect::<rusqlite::Result<_>>()?)
    })
}

fn unread(file: &str) -> StoreError {
    if file.ends_with(BY_HAND) {
        return StoreError::conflict(
            "file_unknown",
            "this is in no file: it was added or mended by hand before the schema was changed. Add it again in the chat.",
        );
    }
    StoreError::conflict(
        "file_unknown",
        format!(
            "how {file} is written is not known any more: it was imported by an earlier version of this service and \
             removed since. Upload the mended file and import it anew."
        ),
    )
}

/// The source of a quarantine that is only read.
fn source_in(
    quarantine: &Quarantine,
    (csv_id, file): (&str, &str),
    sources: &[Source],
) -> Result<Source> {
    quarantine
        .source(csv_id, sources)?
        .ok_or_else(|| unread(file))
}

fn table_of<'a>(schema: &'a Schema, name: &str) -> Result<&'a Table> {
    schema
        .table(name)
        .ok_or_else(|| StoreError::conflict("unreadable", format!("there is no table {name}")))
}

/// Why a text cannot be looked at, whatever the column.
fn unusable(text: &str) -> Option<String> {
    if text.contains('\0') {
        return Some("it holds a NUL character, which no cell may".to_owned());
    }
    (text.len() > MAX_ROW_BYTES).then(|| {
        format!(
            "it has {} bytes, more than the {MAX_ROW_BYTES} that can be queried",
            text.len()
        )
    })
}

/// The number of a row of another table, as somebody writes it.
fn written_number(text: Option<&str>) -> std::result::Result<Value, String> {
    match text.map(str::trim) {
        None | Some("") => Ok(Value::Null),
        Some(text) => text
            .parse()
            .map(Value::Integer)
            .map_err(|_| format!("{text:?} is not a whole number")),
    }
}

fn stored(value: &Value) -> Stored {
    match value {
        Value::Null => Stored::Null,
        Value::Integer(number) => Stored::Integer(*number),
        Value::Real(number) => Stored::Real(*number),
        Value::Text(text) => Stored::Text(text.clone()),
    }
}

/// The table's references that the database holds its rows to.
pub(super) fn enforced<'a>(
    connection: &Connection,
    schema: &'a Schema,
    table: &Table,
) -> Result<Vec<&'a Relationship>> {
    let mut places: Vec<usize> = orphans::foreign_keys(connection, schema, table)?
        .into_values()
        .collect();
    places.sort_unstable();
    Ok(places
        .into_iter()
        .map(|place| &schema.relationships[place])
        .collect())
}

/// What a commit that breaks a reference means: something refers to what was to go.
fn still_referenced(error: rusqlite::Error) -> StoreError {
    if write::is_constraint(&error) {
        StoreError::conflict(
            "rows_referenced",
            "other rows refer to it by now: nothing was taken back",
        )
    } else {
        error.into()
    }
}

fn already_mended() -> StoreError {
    StoreError::conflict("already_mended", "this was added back already")
}

fn not_mended() -> StoreError {
    StoreError::conflict(
        "nothing_to_undo",
        "this was not added back, so there is nothing to undo",
    )
}

#[cfg(test)]
mod tests;
