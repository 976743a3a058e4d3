//! Cells that were emptied, filled after all.

use std::path::Path;

use ingest::{ColumnType, Value};
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use schema_gen::even::Spellings;
use schema_gen::ident::quote;
use schema_gen::model::{SourceRows, Table};
use schema_gen::rows::{Cell, FileReading, MAX_ROW_BYTES, Part};
use schema_gen::{Schema, Source};
use serde_json::Value as Json;

use super::{
    Fault, already_mended, begin, enforced, file_reading, not_mended, open_both, source_in,
    still_referenced, stored_spellings, table_of, unread, unusable, written_number,
};
use crate::dataset::load::fill::Bound;
use crate::dataset::load::orphans::row_id;
use crate::dataset::load::refusal::{broken_constraint, no_partner, too_long};
use crate::dataset::quarantine::{self, CellEntry, Emptied, EmptiedCell, cell_of, source_of};
use crate::dataset::sandbox::Budget;
use crate::dataset::write::{self, copies, values};
use crate::{Result, StoreError};

/// The emptied cells, in the transaction over both files.
const CELLS: &str = "set_aside.emptied";
const FILES: &str = "set_aside.files";
/// Bytes of a row's values that are shown with one of its cells.
const MAX_SHOWN_BYTES: u64 = 65_536;

/// One emptied cell, with the row that it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct CellDetail {
    pub listed: Emptied,
    pub column_type: ColumnType,
    /// Why it cannot be filled from here.
    pub why_not: Option<String>,
    /// Columns of the row and their values as they are stored; empty where it is not known which row it is.
    pub row: Vec<(String, Json)>,
}

/// An emptied cell with its row; [`StoreError::NotFound`] where there is none of that id.
pub fn read_cell(
    dataset: &Path,
    schema: &Schema,
    sources: &[Source],
    id: i64,
) -> Result<CellDetail> {
    let quarantine = quarantine::open(dataset)?;
    let entry = quarantine.cell(id)?;
    let cell = &entry.cell;
    let table = table_of(schema, &cell.table)?;
    let column = table
        .column(&cell.table_column)
        .ok_or_else(|| no_column(cell.table_column.as_str()))?;
    let source = source_in(&quarantine, (&cell.csv_id, &cell.file), sources);
    let mut why_not = no_row(&entry).map(|error| error.to_string());
    match source {
        Ok(_) => {}
        Err(error @ StoreError::Conflict { .. }) => why_not = Some(error.to_string()),
        Err(error) => return Err(error),
    }
    let row = match entry.row_id {
        Some(row) => shown(dataset, table, row)?,
        None => Vec::new(),
    };
    Ok(CellDetail {
        column_type: column.column_type,
        why_not,
        row,
        listed: Emptied {
            id,
            mended: entry.mended.is_some(),
            has_row: entry.row_id.is_some(),
            cell: entry.cell,
        },
    })
}

/// The stored values of one row.
fn shown(dataset: &Path, table: &Table, row: i64) -> Result<Vec<(String, Json)>> {
    let connection = Connection::open_with_flags(dataset, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let sql = format!(
        "SELECT {} FROM {} WHERE {} = ?1",
        columns(table),
        quote(&table.name),
        row_id(table)?
    );
    let mut budget = Budget::new(Some(MAX_SHOWN_BYTES));
    let found = connection
        .query_row(&sql, [row], |row| {
            let cells = table.columns.iter().enumerate();
            cells
                .map(|(place, column)| {
                    let value = row.get_ref(place)?;
                    Ok((column.name.clone(), budget.cell(value)))
                })
                .collect::<rusqlite::Result<Vec<_>>>()
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn columns(table: &Table) -> String {
    let quoted: Vec<String> = table
        .columns
        .iter()
        .map(|column| quote(&column.name))
        .collect();
    quoted.join(", ")
}

fn no_column(column: &str) -> StoreError {
    StoreError::conflict("unreadable", format!("there is no column {column}"))
}

/// Why there is no row to fill the cell in.
fn no_row(entry: &CellEntry) -> Option<StoreError> {
    entry.row_id.is_none().then(|| {
        StoreError::conflict(
            "row_unknown",
            "it is not known which row the cell belongs to: all of its row is empty, or an earlier version of this \
             service imported it. Import the file anew to mend it.",
        )
    })
}

/// Puts `text` where a cell was emptied, read and checked as at import; gives what is wrong with it, and changes nothing then
/// or where `dry_run` says so. [`StoreError::Conflict`] where the cell cannot be filled whatever the text. Blocks.
pub fn mend_cell(
    dataset: &Path,
    schema: &Schema,
    sources: &[Source],
    (id, text): (i64, &str),
    dry_run: bool,
) -> Result<Option<Fault>> {
    let mut connection = open_both(dataset, sources)?;
    let transaction = begin(&mut connection)?;
    let fault = fill_cell(&transaction, schema, id, text)?;
    if dry_run || fault.is_some() {
        transaction.rollback()?;
    } else {
        transaction.commit()?;
    }
    Ok(fault)
}

/// [`mend_cell`] within a transaction over both files; where it gives a fault, the caller takes back what it did.
pub(in crate::dataset) fn fill_cell(
    transaction: &Connection,
    schema: &Schema,
    id: i64,
    text: &str,
) -> Result<Option<Fault>> {
    let entry = cell_of(transaction, CELLS, id)?;
    if entry.mended.is_some() {
        return Err(already_mended());
    }
    let Some(row) = entry.row_id else {
        return Err(no_row(&entry).unwrap_or(StoreError::NotFound));
    };
    let table = table_of(schema, &entry.cell.table)?;
    let column = entry.cell.table_column.as_str();
    let value = match read_text(transaction, schema, &entry, text)? {
        Ok(Value::Null) => {
            return Ok(Some(Fault::of(
                column,
                "it is empty as before: give a value",
            )));
        }
        Ok(value) => value,
        Err(message) => return Ok(Some(Fault::of(column, message))),
    };
    let sql = format!(
        "UPDATE {} SET {name} = ?2 WHERE {} = ?1 AND {name} IS NULL",
        quote(&table.name),
        row_id(table)?,
        name = quote(column)
    );
    match transaction.execute(&sql, rusqlite::params![row, Bound(&value)]) {
        Ok(1) => {}
        Ok(_) => {
            return Err(StoreError::conflict(
                "cell_changed",
                "the row is gone, or its cell has a value by now: nothing was changed",
            ));
        }
        Err(error) if write::is_constraint(&error) => {
            let (_, message) = broken_constraint(table, &error);
            return Ok(Some(Fault::of(column, message)));
        }
        Err(error) => return Err(error.into()),
    }
    if let Some(message) = unfit_row(transaction, schema, (table, column), row)? {
        return Ok(Some(Fault::of(column, message)));
    }
    mark(transaction, id, Some(text))?;
    Ok(None)
}

/// What is wrong with the row now that the cell has its value.
fn unfit_row(
    connection: &Connection,
    schema: &Schema,
    (table, column): (&Table, &str),
    row: i64,
) -> Result<Option<String>> {
    let sql = format!(
        "SELECT {} FROM {} WHERE {} = ?1",
        columns(table),
        quote(&table.name),
        row_id(table)?
    );
    let stored = connection.query_row(&sql, [row], |row| {
        (0..table.columns.len())
            .map(|place| row.get::<_, rusqlite::types::Value>(place))
            .collect::<rusqlite::Result<Vec<_>>>()
    })?;
    let bytes = stored
        .iter()
        .map(|value| match value {
            rusqlite::types::Value::Text(text) => text.len(),
            _ => 0,
        })
        .sum();
    if bytes > MAX_ROW_BYTES {
        return Ok(Some(too_long(bytes)));
    }
    let own = enforced(connection, schema, table)?;
    let own = own
        .into_iter()
        .filter(|relationship| relationship.from_columns.iter().any(|from| from == column));
    let missing = values::without_partner(connection, own, table, &stored)?;
    Ok(missing.map(no_partner))
}

/// The text as the column's value, or why it is none.
fn read_text(
    connection: &Connection,
    schema: &Schema,
    entry: &CellEntry,
    text: &str,
) -> Result<std::result::Result<Value, String>> {
    if let Some(message) = unusable(text) {
        return Ok(Err(message));
    }
    let cell = &entry.cell;
    let source = source_of(connection, FILES, &cell.csv_id)?.ok_or_else(|| unread(&cell.file))?;
    let file = file_reading(schema, &source, &Spellings::default())?;
    let Some(own) = cell_reading(&file, &cell.table, &cell.table_column) else {
        return Err(no_column(&cell.table_column));
    };
    if matches!(own, Cell::Lookup(_)) {
        return Ok(written_number(Some(text)));
    }
    let part = part_of(&file, cell);
    let parser = own
        .parser(&part)
        .ok_or_else(|| no_column(&cell.table_column))?;
    Ok(match parser.parse(Some(text)) {
        Ok(Value::Text(text)) => {
            let spellings = stored_spellings(connection, schema, &|own| {
                own.from_table == cell.table && own.from_columns == [cell.table_column.as_str()]
            })?;
            let spelling = spellings.get(&cell.table, &cell.table_column);
            let spelled = spelling.and_then(|own| own.respelled(&text).map(str::to_owned));
            Ok(Value::Text(spelled.unwrap_or(text)))
        }
        Ok(value) => Ok(value),
        Err(error) => Err(error.to_string()),
    })
}

/// What the cell's row was made of, as far as it tells how its text is read: formats are the file's columns' own.
fn part_of(file: &FileReading<'_>, cell: &EmptiedCell) -> Part {
    let mut tables = file.tables.iter();
    let reading = tables.find(|own| own.table.name == cell.table);
    match reading.map(|reading| &reading.table.source.rows) {
        Some(SourceRows::Unpivot(group)) => {
            let mut names = group.columns.iter();
            let place = names.position(|name| Some(name) == cell.column.as_ref());
            place.map_or(Part::Whole, Part::Column)
        }
        _ => Part::Whole,
    }
}

fn cell_reading<'f>(file: &'f FileReading<'_>, table: &str, column: &str) -> Option<&'f Cell> {
    let reading = file.tables.iter().find(|own| own.table.name == table)?;
    let mut columns = reading.table.columns.iter();
    let place = columns.position(|own| own.name == column)?;
    reading.cells.get(place)
}

/// Marks the cell as filled with `text`, or as empty again.
fn mark(connection: &Connection, id: i64, text: Option<&str>) -> Result<()> {
    let sql = format!(
        "UPDATE {CELLS} SET mended = ?2 WHERE id = ?1 AND (mended IS NULL) = (?2 IS NOT NULL)"
    );
    if connection.execute(&sql, (id, text))? == 1 {
        Ok(())
    } else {
        Err(StoreError::dataset("an emptied cell was marked twice"))
    }
}

/// Empties a filled cell again; gives its table. [`StoreError::Conflict`] where it was not filled, or has another value since.
pub fn undo_cell(dataset: &Path, schema: &Schema, sources: &[Source], id: i64) -> Result<String> {
    let mut connection = open_both(dataset, sources)?;
    let transaction = begin(&mut connection)?;
    let entry = cell_of(&transaction, CELLS, id)?;
    let (Some(text), Some(row)) = (&entry.mended, entry.row_id) else {
        return Err(not_mended());
    };
    let table = table_of(schema, &entry.cell.table)?;
    let changed = || {
        StoreError::conflict(
            "rows_changed",
            "the row is gone or changed since: nothing was taken back",
        )
    };
    let Ok(value) = read_text(&transaction, schema, &entry, text)? else {
        return Err(changed());
    };
    let sql = format!(
        "UPDATE {} SET {name} = NULL WHERE {} = ?1 AND {name} IS ?2",
        quote(&table.name),
        row_id(table)?,
        name = quote(&entry.cell.table_column)
    );
    if transaction.execute(&sql, rusqlite::params![row, Bound(&value)])? != 1 {
        return Err(changed());
    }
    mark(&transaction, id, None)?;
    transaction.commit().map_err(still_referenced)?;
    copies::wipe(dataset, &connection, &table.name);
    Ok(table.name.clone())
}
