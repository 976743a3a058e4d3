//! How the records of a file become rows of a schema's tables. The forecast and the import read by this, so that what is
//! announced is what happens.

use ingest::{ColumnType, Record, Value, ValueError, ValueParser};

use crate::model::{Column, Misfits, SourceRows, Table};
use crate::{Schema, Source};

/// Most text of one row, in bytes; a longer one could be stored but not be queried.
pub const MAX_ROW_BYTES: usize = 131_072;

/// Why a file cannot be read into the schema's tables.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("{file} has no column {column}")]
    ColumnMissing { file: String, column: String },
    #[error("tables split off one file refer to each other in a circle")]
    LookupCycle,
}

/// One file with all tables that take rows from it, those looked up by others first.
#[derive(Debug)]
pub struct FileReading<'a> {
    pub tables: Vec<TableReading<'a>>,
    /// Of `tables`, the one that records which are no rows at all are counted for.
    pub primary: usize,
}

/// How one table reads the records of its file.
#[derive(Debug)]
pub struct TableReading<'a> {
    /// Place in the schema.
    pub index: usize,
    pub table: &'a Table,
    /// Rows equal to an earlier one are merged with it.
    pub distinct: bool,
    /// What goes into each column, in order.
    pub cells: Vec<Cell>,
}

/// Where a column's value comes from.
#[derive(Debug)]
pub enum Cell {
    /// A field of the record.
    Field {
        index: usize,
        parser: Box<ValueParser>,
        /// What becomes of a value that does not fit: a part of the primary key is never emptied.
        misfits: Misfits,
    },
    /// The row's number: a surrogate key.
    Number,
    /// The number of this record's row in another table of the same file, by its place in [`FileReading::tables`].
    Lookup(usize),
    /// A field that is not looked at, because nothing that is asked depends on it; null then. No import has such cells.
    Unread,
}

/// The values of one record in a table; kept from record to record, so that it need not be made anew.
#[derive(Debug, Default)]
pub struct Row {
    pub values: Vec<Value>,
    /// Columns whose text did not fit, and that are null therefore.
    pub emptied: Vec<(usize, ValueError)>,
}

/// Why a record is no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    Value { place: usize, error: ValueError },
    TooLong { bytes: usize },
}

/// How the tables of `source` read its records.
pub fn plan<'a>(schema: &'a Schema, source: &Source) -> Result<FileReading<'a>, PlanError> {
    let order = in_lookup_order(schema, &source.csv_id)?;
    let tables = order
        .iter()
        .map(|&index| {
            let table = &schema.tables[index];
            let cells = table
                .columns
                .iter()
                .map(|column| cell(schema, source, index, column, &order))
                .collect::<Result<_, _>>()?;
            Ok(TableReading {
                index,
                table,
                distinct: table.source.rows == SourceRows::Distinct,
                cells,
            })
        })
        .collect::<Result<Vec<_>, PlanError>>()?;
    let primary = tables.iter().position(|table| !table.distinct).unwrap_or(0);
    Ok(FileReading { tables, primary })
}

fn cell(
    schema: &Schema,
    source: &Source,
    table_index: usize,
    column: &Column,
    order: &[usize],
) -> Result<Cell, PlanError> {
    let Some(name) = &column.source_column else {
        let target = lookup_target(schema, table_index, column);
        let place = target.and_then(|target| order.iter().position(|&index| index == target));
        return Ok(place.map_or(Cell::Number, Cell::Lookup));
    };
    let profiles = &source.analysis.columns;
    let index = profiles
        .iter()
        .position(|profile| &profile.column == name)
        .ok_or_else(|| PlanError::ColumnMissing {
            file: source.original_filename.clone(),
            column: name.clone(),
        })?;
    let parser = ValueParser::of(
        column.column_type,
        &profiles[index],
        source.analysis.dialect.decimal,
    );
    let is_key = schema.tables[table_index]
        .enforced_key()
        .contains(&column.name);
    Ok(Cell::Field {
        index,
        parser: Box::new(parser),
        misfits: if is_key {
            Misfits::SetAside
        } else {
            column.misfits
        },
    })
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
fn in_lookup_order(schema: &Schema, csv_id: &str) -> Result<Vec<usize>, PlanError> {
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
            return Err(PlanError::LookupCycle);
        }
        ordered.extend(ready);
        waiting = rest;
    }
    Ok(ordered)
}

impl TableReading<'_> {
    /// Makes the record's values. `number` is the number that the row would have, `looked_up` the number of this record's
    /// row in another table of the file.
    pub fn read(
        &self,
        record: &Record,
        number: i64,
        looked_up: &dyn Fn(usize) -> Option<i64>,
        row: &mut Row,
    ) -> Result<(), Unfit> {
        row.values.clear();
        row.emptied.clear();
        let mut bytes = 0;
        for (place, cell) in self.cells.iter().enumerate() {
            let value = match cell {
                Cell::Unread => Value::Null,
                Cell::Number => Value::Integer(number),
                Cell::Lookup(table) => looked_up(*table).map_or(Value::Null, Value::Integer),
                Cell::Field {
                    index,
                    parser,
                    misfits,
                } => match parser.parse(record.fields.get(*index).and_then(Option::as_deref)) {
                    Ok(value) => value,
                    Err(error) if *misfits == Misfits::SetAside => {
                        return Err(Unfit::Value { place, error });
                    }
                    Err(error) => {
                        row.emptied.push((place, error));
                        Value::Null
                    }
                },
            };
            if let Value::Text(text) = &value {
                bytes += text.len();
            }
            row.values.push(value);
        }
        if bytes > MAX_ROW_BYTES {
            return Err(Unfit::TooLong { bytes });
        }
        Ok(())
    }

    /// Columns that must not be null.
    pub fn required(&self) -> Vec<usize> {
        let columns = self.table.columns.iter().enumerate();
        columns
            .filter(|(_, column)| {
                column.is_not_null() || self.table.enforced_key().contains(&column.name)
            })
            .map(|(place, _)| place)
            .collect()
    }

    /// The column whose value is the row's id, because SQLite makes an INTEGER PRIMARY KEY that.
    pub fn row_id_column(&self) -> Option<usize> {
        let [key] = self.table.enforced_key() else {
            return None;
        };
        self.table.columns.iter().position(|column| {
            &column.name == key
                && matches!(
                    column.column_type,
                    ColumnType::Integer | ColumnType::Boolean
                )
        })
    }
}
