//! The cells of a table as an edited schema types them.

use ingest::{Outcome, Value, ValueParser};

use crate::model::{SourceRows, Table};
use crate::values::{self, NULL, Values};
use crate::{Schema, SchemaError, Source};

use super::SAMPLES;

const CANCEL_EVERY: usize = 20_000;

/// What was counted of a table's columns, in their order.
#[derive(Debug)]
pub struct TableData {
    pub columns: Vec<ColumnData>,
}

#[derive(Debug, Default)]
pub struct ColumnData {
    /// Values that are not of the column's type.
    pub misfits: u64,
    pub samples: Vec<String>,
    pub nulls: u64,
    /// Kept only where a key or a relationship needs them.
    pub values: Option<Values>,
}

struct Reading {
    field: Option<usize>,
    parser: ValueParser,
    keep: bool,
    rows: Vec<u64>,
    counts: ColumnData,
}

/// Reads every row of the table's file once.
pub fn load(
    schema: &Schema,
    table: &Table,
    source: &Source,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<TableData, SchemaError> {
    let mut columns = readings(schema, table, source);
    for (number, outcome) in values::open(source)?.enumerate() {
        if number % CANCEL_EVERY == 0 && !go_on() {
            return Err(SchemaError::Cancelled);
        }
        if let Outcome::Row(record) = outcome.map_err(|error| values::failed(source, error))? {
            for column in &mut columns {
                column.take(&record.fields);
            }
        }
    }
    Ok(TableData {
        columns: columns.into_iter().map(Reading::finish).collect(),
    })
}

fn readings(schema: &Schema, table: &Table, source: &Source) -> Vec<Reading> {
    let dialect = &source.analysis.dialect;
    table
        .columns
        .iter()
        .map(|column| {
            let field = source
                .analysis
                .columns
                .iter()
                .position(|profile| Some(&profile.column) == column.source_column.as_ref());
            let parser = match field {
                Some(field) => ValueParser::of(
                    column.column_type,
                    &source.analysis.columns[field],
                    dialect.decimal,
                ),
                None => ValueParser::new(column.column_type, None, dialect.decimal),
            };
            Reading {
                field,
                parser,
                keep: field.is_some() && is_compared(schema, table, &column.name),
                rows: Vec::new(),
                counts: ColumnData::default(),
            }
        })
        .collect()
}

/// Whether a key or a relationship has the column; of a split-off table every column, to tell its distinct rows.
fn is_compared(schema: &Schema, table: &Table, column: &String) -> bool {
    table.source.rows == SourceRows::Distinct
        || table.primary_key.contains(column)
        || table
            .column(column)
            .is_some_and(crate::model::Column::is_unique)
        || schema.indexes.iter().any(|index| {
            index.unique && index.table == table.name && index.columns.contains(column)
        })
        || schema.relationships.iter().any(|relationship| {
            (relationship.from_table == table.name && relationship.from_columns.contains(column))
                || (relationship.to_table == table.name && relationship.to_columns.contains(column))
        })
}

impl Reading {
    fn take(&mut self, fields: &[Option<String>]) {
        let Some(field) = self.field else {
            return;
        };
        let raw = fields.get(field).and_then(Option::as_deref);
        let fingerprint = match self.parser.parse(raw) {
            Ok(Value::Null) => {
                self.counts.nulls += 1;
                NULL
            }
            Ok(value) => values::fingerprint(&value),
            Err(misfit) => {
                self.counts.misfits += 1;
                if self.counts.samples.len() < SAMPLES && !self.counts.samples.contains(&misfit.raw)
                {
                    self.counts.samples.push(misfit.raw);
                }
                NULL
            }
        };
        if self.keep {
            self.rows.push(fingerprint);
        }
    }

    fn finish(self) -> ColumnData {
        let mut counts = self.counts;
        counts.values = self.keep.then(|| values::finish(self.rows, None));
        counts
    }
}

/// The cells of some rows of a file as they are written, those of one row joined by a comma.
pub fn raw_cells(
    table: &Table,
    source: &Source,
    columns: &[String],
    rows: &[usize],
) -> Result<Vec<String>, SchemaError> {
    let fields: Vec<usize> = columns
        .iter()
        .filter_map(|name| table.column(name)?.source_column.as_ref())
        .filter_map(|name| {
            let profiles = &source.analysis.columns;
            profiles.iter().position(|profile| &profile.column == name)
        })
        .collect();
    let Some(&last) = rows.iter().max() else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    let mut number = 0;
    for outcome in values::open(source)? {
        let Outcome::Row(record) = outcome.map_err(|error| values::failed(source, error))? else {
            continue;
        };
        if rows.contains(&number) {
            let cells: Vec<&str> = fields
                .iter()
                .filter_map(|&field| record.fields.get(field)?.as_deref())
                .collect();
            found.push(cells.join(", ").chars().take(80).collect());
        }
        if number == last {
            break;
        }
        number += 1;
    }
    Ok(found)
}
