//! How the tables of each file are filled.

use schema_gen::even::Spellings;
use schema_gen::ident::quote;
use schema_gen::model::Table;
use schema_gen::rows::{self, Cell, PlanError, TableReading};
use schema_gen::{Schema, SchemaError};

use super::LoadSource;
use crate::dataset::write::free_rowid_name;
use crate::{Result, StoreError};

/// One file with all tables that take rows from it, those looked up by others first.
pub(super) struct FilePlan<'a> {
    pub source: &'a LoadSource,
    pub tables: Vec<TablePlan<'a>>,
    /// Of `tables`, the one that records which are no rows at all are counted for.
    pub primary: usize,
}

pub(in crate::dataset) struct TablePlan<'a> {
    pub reading: TableReading<'a>,
    pub key: RowKey,
    pub insert_sql: String,
    /// The row id is bound after the columns' values.
    pub binds_row_id: bool,
}

/// What the row id of a stored row is: by it a row that turns out to be an orphan is found in its file again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::dataset) enum RowKey {
    /// The row's number.
    Number,
    /// The value of this column, because SQLite makes an INTEGER PRIMARY KEY the row id.
    Column(usize),
}

pub(super) fn plan<'a>(
    schema: &'a Schema,
    sources: &'a [LoadSource],
    spellings: &Spellings,
) -> Result<Vec<FilePlan<'a>>> {
    if let Some(table) = schema.tables.iter().find(|table| {
        !sources
            .iter()
            .any(|source| source.csv_id == table.source.csv_id)
    }) {
        return Err(StoreError::conflict(
            "file_missing",
            format!("the file of table {} is not there any more", table.name),
        ));
    }
    sources
        .iter()
        .map(|source| plan_file(schema, source, spellings))
        .collect()
}

/// What keeps keys from being read that spellings are evened out to.
pub(super) fn unreadable(error: &SchemaError) -> StoreError {
    match error {
        SchemaError::Cancelled => StoreError::Cancelled,
        error => StoreError::dataset(error.to_string()),
    }
}

fn plan_file<'a>(
    schema: &'a Schema,
    source: &'a LoadSource,
    spellings: &Spellings,
) -> Result<FilePlan<'a>> {
    let reading = rows::plan(schema, source, spellings).map_err(|error| {
        let code = match error {
            PlanError::ColumnMissing { .. } => "column_missing",
            PlanError::LookupCycle => "lookup_cycle",
        };
        StoreError::conflict(code, error.to_string())
    })?;
    Ok(FilePlan {
        source,
        primary: reading.primary,
        tables: reading
            .tables
            .into_iter()
            .map(plan_table)
            .collect::<Result<_>>()?,
    })
}

pub(in crate::dataset) fn plan_table(reading: TableReading<'_>) -> Result<TablePlan<'_>> {
    let alias = reading.row_id_column();
    let key = match alias {
        Some(column) if matches!(reading.cells[column], Cell::Field { .. }) => {
            RowKey::Column(column)
        }
        _ => RowKey::Number,
    };
    Ok(TablePlan {
        key,
        insert_sql: insert_sql(reading.table, alias.is_none())?,
        binds_row_id: alias.is_none(),
        reading,
    })
}

fn insert_sql(table: &Table, with_row_id: bool) -> Result<String> {
    let mut columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| quote(&column.name))
        .collect();
    if with_row_id {
        let taken: Vec<String> = table
            .columns
            .iter()
            .map(|column| column.name.to_lowercase())
            .collect();
        let name = free_rowid_name(&taken).ok_or_else(|| {
            StoreError::conflict(
                "row_id_names",
                format!(
                    "table {}: rename one of the columns rowid, _rowid_ and oid",
                    table.name
                ),
            )
        })?;
        columns.push(name.to_owned());
    }
    let marks: Vec<String> = (1..=columns.len())
        .map(|number| format!("?{number}"))
        .collect();
    Ok(format!(
        "INSERT INTO {} ({}) VALUES ({})",
        quote(&table.name),
        columns.join(", "),
        marks.join(", ")
    ))
}
