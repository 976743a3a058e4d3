//! Changes to a user's database: rows added with the user's word and taken back. Values are bound, never SQL text.

pub(super) mod copies;
pub(super) mod values;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{
    Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior, params_from_iter,
};
use schema_gen::Schema;
use schema_gen::ident::quote;
use schema_gen::model::{Column, Table};
use sha2::{Digest, Sha256};

use super::{InsertReceipt, NewRow};
use crate::{Result, StoreError};

/// Most rows of one insertion.
pub const MAX_ROWS: usize = 1_000;
/// How long a writer waits for queries and other writers.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Rolls back what a crash left half written, so that read-only connections can open the file.
pub(super) fn recover(path: &Path) -> Result<()> {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    if PathBuf::from(journal).exists() {
        open(path)?.execute_batch("BEGIN IMMEDIATE; ROLLBACK")?;
    }
    Ok(())
}

pub(super) fn check_insert(
    path: &Path,
    schema: &Schema,
    table: &str,
    rows: &[NewRow],
) -> Result<()> {
    let (table, values) = fitted(schema, table, rows)?;
    let mut connection = open(path)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    insert_rows(&transaction, schema, table, rows, &values)?;
    Ok(transaction.rollback()?)
}

pub(super) fn insert(
    path: &Path,
    schema: &Schema,
    table: &str,
    rows: &[NewRow],
) -> Result<InsertReceipt> {
    let (table, values) = fitted(schema, table, rows)?;
    let mut connection = open(path)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let rowids = insert_rows(&transaction, schema, table, rows, &values)?;
    let digest = digest(&transaction, &table.name, &rowids)?.unwrap_or_default();
    transaction.commit()?;
    Ok(InsertReceipt {
        table: table.name.clone(),
        row_count: rowids.len() as u64,
        rowids,
        digest,
    })
}

pub(super) fn undo_insert(path: &Path, receipt: &InsertReceipt) -> Result<()> {
    let mut connection = open(path)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !has_table(&transaction, &receipt.table)? {
        return Err(StoreError::NotFound);
    }
    if digest(&transaction, &receipt.table, &receipt.rowids)?.as_ref() != Some(&receipt.digest) {
        return Err(StoreError::conflict(
            "rows_changed",
            "the inserted rows are gone or changed since: nothing was taken back",
        ));
    }
    let rowid = rowid_name(&transaction, &receipt.table)?;
    let sql = format!("DELETE FROM {} WHERE {rowid} = ?1", quote(&receipt.table));
    // Rows of one insertion may refer to each other; what refers to them from outside is found at the end.
    transaction.execute_batch("PRAGMA defer_foreign_keys = ON")?;
    {
        let mut delete = transaction.prepare(&sql)?;
        for id in &receipt.rowids {
            delete.execute([id])?;
        }
    }
    match transaction.commit() {
        Err(error) if is_constraint(&error) => Err(StoreError::conflict(
            "rows_referenced",
            "other rows refer to the inserted ones by now: nothing was taken back",
        )),
        other => {
            other?;
            copies::wipe(path, &connection, &receipt.table);
            Ok(())
        }
    }
}

pub(super) fn open(path: &Path) -> Result<Connection> {
    if !path.is_file() {
        return Err(StoreError::NotFound);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;",
    )?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    Ok(connection)
}

/// The table and the rows' values in the order of its columns; the faults of rows that do not fit.
fn fitted<'a>(
    schema: &'a Schema,
    name: &str,
    rows: &[NewRow],
) -> Result<(&'a Table, Vec<Vec<Value>>)> {
    let table = schema
        .tables
        .iter()
        .find(|table| table.name == name)
        .ok_or_else(|| StoreError::denied("unknown_table", format!("there is no table {name}")))?;
    if rows.is_empty() {
        return Err(StoreError::denied("no_rows", "there is no row to insert"));
    }
    if rows.len() > MAX_ROWS {
        return Err(StoreError::denied(
            "too_many_rows",
            format!(
                "{} rows, more than the {MAX_ROWS} allowed at a time",
                rows.len()
            ),
        ));
    }
    let values = rows
        .iter()
        .enumerate()
        .map(|(index, row)| values::of_row(table, row, index + 1))
        .collect::<Result<_>>()?;
    Ok((table, values))
}

fn insert_rows(
    transaction: &Transaction<'_>,
    schema: &Schema,
    table: &Table,
    rows: &[NewRow],
    values: &[Vec<Value>],
) -> Result<Vec<i64>> {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| quote(&column.name))
        .collect();
    let marks: Vec<String> = (1..=columns.len())
        .map(|number| format!("?{number}"))
        .collect();
    let sql = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        quote(&table.name),
        columns.join(", "),
        marks.join(", ")
    );
    let mut statement = transaction.prepare(&sql)?;
    let mut rowids = Vec::with_capacity(rows.len());
    for (index, row) in values.iter().enumerate() {
        match statement.execute(params_from_iter(row)) {
            Ok(_) => rowids.push(transaction.last_insert_rowid()),
            Err(error) if is_constraint(&error) => {
                let reason = values::constraint_in_words(&error);
                return Err(StoreError::denied(
                    "constraint",
                    format!("row {}: {reason}", index + 1),
                ));
            }
            Err(error) => return Err(error.into()),
        }
    }
    // SQLite looks at deferred foreign keys only when the transaction ends, and does not say which one failed.
    for (index, row) in values.iter().enumerate() {
        let relationships = schema
            .relationships
            .iter()
            .filter(|relationship| relationship.from_table == table.name);
        if let Some(missing) = values::without_partner(transaction, relationships, table, row)? {
            return Err(StoreError::denied(
                "constraint",
                format!(
                    "row {}: {}: {} has no such row",
                    index + 1,
                    missing.from_columns.join(", "),
                    missing.to_table
                ),
            ));
        }
    }
    Ok(rowids)
}

pub(super) fn is_constraint(error: &rusqlite::Error) -> bool {
    crate::error::code_of(error) == Some(ErrorCode::ConstraintViolation)
}

pub(super) fn has_table(connection: &Connection, table: &str) -> Result<bool> {
    let sql = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?1";
    Ok(connection.query_row(sql, [table], |row| row.get::<_, i64>(0))? == 1)
}

/// A name of the row id that no column of the table takes.
fn rowid_name(connection: &Connection, table: &str) -> Result<&'static str> {
    let mut statement = connection.prepare("SELECT lower(name) FROM pragma_table_info(?1)")?;
    let taken = statement
        .query_map([table], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    free_rowid_name(&taken)
        .ok_or_else(|| StoreError::dataset(format!("no name is left for the row id of {table}")))
}

/// `taken`: the table's column names in lower case.
pub(super) fn free_rowid_name(taken: &[String]) -> Option<&'static str> {
    ["rowid", "_rowid_", "oid"]
        .into_iter()
        .find(|name| !taken.iter().any(|column| column == name))
}

/// Hash of the rows with these ids; `None` where one is gone.
pub(super) fn digest(
    connection: &Connection,
    table: &str,
    rowids: &[i64],
) -> Result<Option<String>> {
    let rowid = rowid_name(connection, table)?;
    let sql = format!("SELECT * FROM {} WHERE {rowid} = ?1", quote(table));
    let mut statement = connection.prepare(&sql)?;
    let width = statement.column_count();
    let mut hash = Sha256::new();
    for id in rowids {
        let mut rows = statement.query([id])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        for index in 0..width {
            hash_value(&mut hash, row.get_ref(index)?);
        }
    }
    Ok(Some(crate::files::hex(&hash.finalize())))
}

/// Type and length go in too, so that no two rows are the same bytes.
fn hash_value(hash: &mut Sha256, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => hash.update([0]),
        ValueRef::Integer(number) => {
            hash.update([1]);
            hash.update(number.to_be_bytes());
        }
        ValueRef::Real(number) => {
            hash.update([2]);
            hash.update(number.to_be_bytes());
        }
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            hash.update([3]);
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
    }
}

/// The column's place in its table.
fn position(table: &Table, column: &str) -> Option<usize> {
    table
        .columns
        .iter()
        .position(|candidate: &Column| candidate.name == column)
}

#[cfg(test)]
mod tests;
