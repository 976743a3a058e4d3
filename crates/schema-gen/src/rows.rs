//! How the records of a file become rows of a schema's tables. The forecast and the import read by this, so that what is
//! announced is what happens.

use std::ops::Range;
use std::sync::Arc;

use ingest::{ColumnType, Record, Value, ValueError, ValueParser};

use crate::even::{Spelling, Spellings};
use crate::model::{Column, ColumnGroup, ListItems, Misfits, SourceRows, Table};
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
    /// A record may be several rows, or none.
    pub expansion: Expansion,
    /// What goes into each column, in order.
    pub cells: Vec<Cell>,
    /// For each column the spellings of the key that it refers to, where they are evened out.
    pub spellings: Vec<Option<Arc<Spelling>>>,
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
    /// The item of a list, for a row of which [`Part::Item`] is.
    Item {
        index: usize,
        parser: Box<ValueParser>,
        misfits: Misfits,
    },
    /// The name of one of several columns, and what its cell holds, for a row of which [`Part::Column`] is.
    ColumnName(Vec<Value>),
    ColumnCell {
        columns: Vec<(usize, ValueParser)>,
        misfits: Misfits,
    },
    /// The row's number: a surrogate key.
    Number,
    /// The number of this record's row in another table of the same file, by its place in [`FileReading::tables`].
    Lookup(usize),
    /// A field that is not looked at, because nothing that is asked depends on it; null then. No import has such cells.
    Unread,
}

/// Which rows a record becomes.
#[derive(Debug)]
pub enum Expansion {
    /// One.
    Whole,
    /// One for each item of the list in a field.
    Items { index: usize, separator: String },
    /// One for each of these fields that holds something.
    Columns(Vec<(usize, ValueParser)>),
}

/// What of a record a row is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Whole,
    /// Bytes of the list's field.
    Item(Range<usize>),
    /// The place of a column among those of the expansion.
    Column(usize),
}

/// The values of one record in a table; kept from record to record, so that it need not be made anew.
#[derive(Debug, Default)]
pub struct Row {
    pub values: Vec<Value>,
    /// Columns whose text did not fit, and that are null therefore.
    pub emptied: Vec<(usize, ValueError)>,
    /// Columns whose text stands in the key's spelling now, with what the file has.
    pub evened: Vec<(usize, String)>,
}

/// Why a record is no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    Value { place: usize, error: ValueError },
    TooLong { bytes: usize },
}

/// How the tables of `source` read its records.
///
/// `spellings`: those of the keys to which columns are evened out.
pub fn plan<'a>(
    schema: &'a Schema,
    source: &Source,
    spellings: &Spellings,
) -> Result<FileReading<'a>, PlanError> {
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
            let spelling = |column: &Column| spellings.get(&table.name, &column.name).cloned();
            Ok(TableReading {
                index,
                table,
                spellings: table.columns.iter().map(spelling).collect(),
                distinct: table.source.rows == SourceRows::Distinct,
                expansion: expansion(source, table)?,
                cells,
            })
        })
        .collect::<Result<Vec<_>, PlanError>>()?;
    let all = |table: &TableReading<'_>| table.table.source.rows == SourceRows::All;
    let primary = tables.iter().position(all).unwrap_or(0);
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
        if let SourceRows::Unpivot(group) = &schema.tables[table_index].source.rows {
            let is_key = schema.tables[table_index]
                .enforced_key()
                .contains(&column.name);
            if let Some(cell) = group_cell(source, group, column, is_key)? {
                return Ok(cell);
            }
        }
        let target = lookup_target(schema, table_index, column);
        let place = target.and_then(|target| order.iter().position(|&index| index == target));
        return Ok(place.map_or(Cell::Number, Cell::Lookup));
    };
    let index = field(source, name)?;
    let parser = Box::new(parser(source, index, column.column_type));
    let table = &schema.tables[table_index];
    let misfits = misfits(column, table.enforced_key().contains(&column.name));
    Ok(match &table.source.rows {
        SourceRows::Split(list) if &list.column == name => Cell::Item {
            index,
            parser,
            misfits,
        },
        _ => Cell::Field {
            index,
            parser,
            misfits,
        },
    })
}

/// A part of the primary key is never emptied.
fn misfits(column: &Column, is_key: bool) -> Misfits {
    if is_key {
        Misfits::SetAside
    } else {
        column.misfits
    }
}

/// The place of a column in its file.
fn field(source: &Source, name: &str) -> Result<usize, PlanError> {
    let mut profiles = source.analysis.columns.iter();
    profiles
        .position(|profile| profile.column == name)
        .ok_or_else(|| PlanError::ColumnMissing {
            file: source.original_filename.clone(),
            column: name.to_owned(),
        })
}

fn parser(source: &Source, index: usize, column_type: ColumnType) -> ValueParser {
    let analysis = &source.analysis;
    ValueParser::of(
        column_type,
        &analysis.columns[index],
        analysis.dialect.decimal,
    )
}

/// The fields of the group's columns, read as `column_type`.
fn group_fields(
    source: &Source,
    group: &ColumnGroup,
    column_type: ColumnType,
) -> Result<Vec<(usize, ValueParser)>, PlanError> {
    let columns = group.columns.iter();
    columns
        .map(|name| {
            let index = field(source, name)?;
            Ok((index, parser(source, index, column_type)))
        })
        .collect()
}

/// What an unpivoted table's own two columns hold.
fn group_cell(
    source: &Source,
    group: &ColumnGroup,
    column: &Column,
    is_key: bool,
) -> Result<Option<Cell>, PlanError> {
    if column.name == group.name_column {
        let names = group.names.iter().map(|name| match column.column_type {
            ColumnType::Integer => name
                .parse()
                .map_or_else(|_| Value::Text(name.clone()), Value::Integer),
            _ => Value::Text(name.clone()),
        });
        return Ok(Some(Cell::ColumnName(names.collect())));
    }
    if column.name == group.value_column {
        return Ok(Some(Cell::ColumnCell {
            columns: group_fields(source, group, column.column_type)?,
            misfits: misfits(column, is_key),
        }));
    }
    Ok(None)
}

fn expansion(source: &Source, table: &Table) -> Result<Expansion, PlanError> {
    Ok(match &table.source.rows {
        SourceRows::All | SourceRows::Distinct => Expansion::Whole,
        SourceRows::Split(ListItems { column, separator }) => Expansion::Items {
            index: field(source, column)?,
            separator: separator.clone(),
        },
        SourceRows::Unpivot(group) => {
            let value = table.column(&group.value_column);
            let column_type = value.map_or(ColumnType::Text, |column| column.column_type);
            Expansion::Columns(group_fields(source, group, column_type)?)
        }
    })
}

/// The items of a list in a cell, as places in its text.
pub fn items<'t>(text: &'t str, separator: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
    let mut start = 0;
    text.split(separator).filter_map(move |piece| {
        let begin = start + piece.len() - piece.trim_start().len();
        start += piece.len() + separator.len();
        let item = piece.trim();
        (!item.is_empty()).then(|| begin..begin + item.len())
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

impl Cell {
    /// The field that the part's text stands in.
    pub fn field(&self, part: &Part) -> Option<usize> {
        match (self, part) {
            (Self::Field { index, .. } | Self::Item { index, .. }, _) => Some(*index),
            (Self::ColumnCell { columns, .. }, Part::Column(at)) => Some(columns.get(*at)?.0),
            _ => None,
        }
    }

    /// How the part's text is read.
    pub fn parser(&self, part: &Part) -> Option<&ValueParser> {
        match (self, part) {
            (Self::Field { parser, .. } | Self::Item { parser, .. }, _) => Some(parser),
            (Self::ColumnCell { columns, .. }, Part::Column(at)) => Some(&columns.get(*at)?.1),
            _ => None,
        }
    }

    /// The text that the record's part has there.
    pub fn text<'r>(&self, record: &'r Record, part: &Part) -> Option<&'r str> {
        let text = record.fields.get(self.field(part)?)?.as_deref()?;
        match (self, part) {
            (Self::Item { .. }, Part::Item(bytes)) => text.get(bytes.clone()),
            (Self::Item { .. }, _) => None,
            _ => Some(text),
        }
    }

    /// What the record's part has there, and what becomes of it where it does not fit; null where the record does not say.
    fn read(&self, record: &Record, part: &Part) -> (Result<Value, ValueError>, Misfits) {
        let misfits = match self {
            Self::Field { misfits, .. }
            | Self::Item { misfits, .. }
            | Self::ColumnCell { misfits, .. } => *misfits,
            _ => Misfits::Empty,
        };
        let value = match (self, part) {
            (Self::ColumnName(names), Part::Column(at)) => {
                Ok(names.get(*at).cloned().unwrap_or(Value::Null))
            }
            _ => match self.parser(part) {
                Some(parser) => parser.parse(self.text(record, part)),
                None => Ok(Value::Null),
            },
        };
        (value, misfits)
    }
}

impl TableReading<'_> {
    /// What of the record the table's rows are made of, put into `parts`.
    pub fn parts(&self, record: &Record, parts: &mut Vec<Part>) {
        parts.clear();
        let field = |index: usize| record.fields.get(index).and_then(Option::as_deref);
        match &self.expansion {
            Expansion::Whole => parts.push(Part::Whole),
            Expansion::Items { index, separator } => {
                let text = field(*index).unwrap_or_default();
                parts.extend(items(text, separator).map(Part::Item));
            }
            Expansion::Columns(columns) => {
                let filled = columns.iter().enumerate().filter(|(_, (index, parser))| {
                    !matches!(parser.parse(field(*index)), Ok(Value::Null))
                });
                parts.extend(filled.map(|(place, _)| Part::Column(place)));
            }
        }
    }

    /// Makes the values of a record's part. `number` is the number that the row would have, `looked_up` the number of this record's
    /// row in another table of the file.
    pub fn read(
        &self,
        record: &Record,
        part: &Part,
        number: i64,
        looked_up: &dyn Fn(usize) -> Option<i64>,
        row: &mut Row,
    ) -> Result<(), Unfit> {
        row.values.clear();
        row.emptied.clear();
        row.evened.clear();
        let mut bytes = 0;
        for (place, cell) in self.cells.iter().enumerate() {
            let (parsed, misfits) = match cell {
                Cell::Number => (Ok(Value::Integer(number)), Misfits::Empty),
                Cell::Lookup(table) => {
                    let found = looked_up(*table).map_or(Value::Null, Value::Integer);
                    (Ok(found), Misfits::Empty)
                }
                cell => cell.read(record, part),
            };
            let value = match parsed {
                Ok(value) => value,
                Err(error) if misfits == Misfits::SetAside => {
                    return Err(Unfit::Value { place, error });
                }
                Err(error) => {
                    row.emptied.push((place, error));
                    Value::Null
                }
            };
            let value = match (value, &self.spellings[place]) {
                (Value::Text(text), Some(spelling)) => match spelling.respelled(&text) {
                    Some(spelled) => {
                        let spelled = spelled.to_owned();
                        row.evened.push((place, text));
                        Value::Text(spelled)
                    }
                    None => Value::Text(text),
                },
                (value, _) => value,
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

    /// Leaves all columns but one out.
    pub fn read_only(&mut self, place: usize) {
        for (at, cell) in self.cells.iter_mut().enumerate() {
            if at != place {
                *cell = Cell::Unread;
            }
        }
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
