//! Which tables take which cells of a file, and in which order.

use ingest::{ColumnType, ValueParser};
use schema_gen::Schema;
use schema_gen::ident::quote;
use schema_gen::model::{Column, SourceRows, Table};

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

pub(super) struct TablePlan<'a> {
    /// Place in the schema.
    pub index: usize,
    pub table: &'a Table,
    pub distinct: bool,
    /// What goes into each column, in order.
    pub cells: Vec<Cell>,
    pub key: RowKey,
    pub insert_sql: String,
    /// The row id is bound after the columns' values.
    pub binds_row_id: bool,
}

/// Where a column's value comes from.
pub(super) enum Cell {
    /// A field of the record.
    Field {
        index: usize,
        parser: Box<ValueParser>,
    },
    /// The row's number: a surrogate key.
    Number,
    /// The number of this record's row in another table of the same file, by its place in [`FilePlan::tables`].
    Lookup(usize),
}

/// What the row id of a stored row is: by it a row that turns out to be an orphan is found in its file again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKey {
    /// The row's number.
    Number,
    /// The value of this column, because SQLite makes an INTEGER PRIMARY KEY the row id.
    Column(usize),
}

pub(super) fn plan<'a>(schema: &'a Schema, sources: &'a [LoadSource]) -> Result<Vec<FilePlan<'a>>> {
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
        .map(|source| plan_file(schema, source))
        .collect()
}

fn plan_file<'a>(schema: &'a Schema, source: &'a LoadSource) -> Result<FilePlan<'a>> {
    let tables = in_lookup_order(schema, &source.csv_id)?;
    let plans = tables
        .iter()
        .map(|&index| plan_table(schema, source, index, &tables))
        .collect::<Result<Vec<_>>>()?;
    let primary = plans.iter().position(|plan| !plan.distinct).unwrap_or(0);
    Ok(FilePlan {
        source,
        tables: plans,
        primary,
    })
}

fn plan_table<'a>(
    schema: &'a Schema,
    source: &LoadSource,
    index: usize,
    tables: &[usize],
) -> Result<TablePlan<'a>> {
    let table = &schema.tables[index];
    let cells = table
        .columns
        .iter()
        .map(|column| cell(schema, source, index, column, tables))
        .collect::<Result<Vec<_>>>()?;
    let alias = row_id_column(table);
    let key = match alias {
        Some(column) if matches!(cells[column], Cell::Field { .. }) => RowKey::Column(column),
        _ => RowKey::Number,
    };
    Ok(TablePlan {
        index,
        table,
        distinct: table.source.rows == SourceRows::Distinct,
        cells,
        key,
        insert_sql: insert_sql(table, alias.is_none())?,
        binds_row_id: alias.is_none(),
    })
}

fn cell(
    schema: &Schema,
    source: &LoadSource,
    table_index: usize,
    column: &Column,
    tables: &[usize],
) -> Result<Cell> {
    let Some(name) = &column.source_column else {
        let target = lookup_target(schema, table_index, column);
        let place = target.and_then(|target| tables.iter().position(|&index| index == target));
        return Ok(place.map_or(Cell::Number, Cell::Lookup));
    };
    let profiles = &source.analysis.columns;
    let index = profiles
        .iter()
        .position(|profile| &profile.column == name)
        .ok_or_else(|| {
            StoreError::conflict(
                "column_missing",
                format!("{} has no column {name}", source.original_filename),
            )
        })?;
    let parser = ValueParser::of(
        column.column_type,
        &profiles[index],
        source.analysis.dialect.decimal,
    );
    Ok(Cell::Field {
        index,
        parser: Box::new(parser),
    })
}

/// The column that SQLite makes the row id.
fn row_id_column(table: &Table) -> Option<usize> {
    let [key] = table.primary_key.as_slice() else {
        return None;
    };
    table.columns.iter().position(|column| {
        &column.name == key
            && matches!(
                column.column_type,
                ColumnType::Integer | ColumnType::Boolean
            )
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

/// For a column without a field of its own that refers to a surrogate key of a table split off the same file: that table.
fn lookup_target(schema: &Schema, table_index: usize, column: &Column) -> Option<usize> {
    let table = &schema.tables[table_index];
    let (to_table, to_column) = schema
        .relationships
        .iter()
        .find(|relationship| {
            relationship.from_table == table.name
                && relationship.from_columns.as_slice() == std::slice::from_ref(&column.name)
        })
        .map(|relationship| (&relationship.to_table, relationship.to_columns.first()))
        .or_else(|| {
            let target = column.references.as_ref()?;
            Some((&target.table, Some(&target.column)))
        })?;
    schema.tables.iter().position(|target| {
        &target.name == to_table
            && target.source.csv_id == table.source.csv_id
            && target.source.rows == SourceRows::Distinct
            && target.columns.iter().any(|candidate| {
                Some(&candidate.name) == to_column && candidate.source_column.is_none()
            })
    })
}

/// The file's tables, each after those that it looks up.
fn in_lookup_order(schema: &Schema, csv_id: &str) -> Result<Vec<usize>> {
    let mut waiting: Vec<usize> = (0..schema.tables.len())
        .filter(|&index| schema.tables[index].source.csv_id == csv_id)
        .collect();
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let (ready, rest): (Vec<usize>, Vec<usize>) = waiting.iter().partition(|&&index| {
            schema.tables[index]
                .columns
                .iter()
                .filter(|column| column.source_column.is_none())
                .filter_map(|column| lookup_target(schema, index, column))
                .all(|target| target == index || ordered.contains(&target))
        });
        if ready.is_empty() {
            return Err(StoreError::conflict(
                "lookup_cycle",
                "tables split off one file refer to each other in a circle",
            ));
        }
        ordered.extend(ready);
        waiting = rest;
    }
    Ok(ordered)
}
