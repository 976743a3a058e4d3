//! What an import would do with every row and every cell, counted before it is done.
//!
//! The files are read by [`crate::rows`], as the import reads them; keys and references are compared as fingerprints
//! ([`crate::values`]). In the order of the import: cells, then keys, then references.

mod pass;
mod references;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::even::Spellings;
use crate::model::{Orphans, Table};
use crate::values::{self, Values};
use crate::{Schema, SchemaError, Source, type_name};

pub use references::ReferenceOutcome;

/// Examples shown of values that do not fit.
pub const SAMPLES: usize = 5;
/// Losses of a table that are more than a few: so many rows and cells, or such a share of its rows.
const MANY: u64 = 10;
/// In words, why a heading, a rule, a total or a note is not stored.
const NO_ROW: &str = "no row, but a heading, rule, total or note";
const MANY_SHARE: f64 = 0.01;
/// Rows between two looks at whether the work was cancelled.
const CANCEL_EVERY: u64 = 20_000;

/// What an import would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    pub tables: Vec<TableForecast>,
    /// References for which rows that are kept have no partner.
    pub references: Vec<OrphanCount>,
}

/// For each table `rows_in + added = row_count + merged + quarantined`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableForecast {
    pub name: String,
    /// Records of the file that are meant for the table.
    pub rows_in: u64,
    /// Rows that would be stored.
    pub row_count: u64,
    /// Rows equal to one before, where the table holds distinct rows.
    pub merged: u64,
    /// Rows that would be set aside.
    pub quarantined: u64,
    /// Rows with a key alone, added for those that refer to them.
    pub added: u64,
    /// Cells that would be emptied, by column; only columns that have any.
    pub emptied: Vec<EmptiedColumn>,
    /// Cells that would be stored in the spelling of the key that they refer to, by column; only columns that have any.
    #[serde(default)]
    pub evened: Vec<EvenedColumn>,
    /// Why rows would be set aside.
    pub reasons: Vec<ReasonCount>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvenedColumn {
    pub column: String,
    pub cells: u64,
    /// At most [`SAMPLES`] different ones.
    pub samples: Vec<Respelled>,
}

/// A text of the file and what is stored for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Respelled {
    pub text: String,
    pub stored: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmptiedColumn {
    pub column: String,
    pub cells: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonCount {
    pub reason: String,
    pub rows: u64,
}

/// Stored rows whose reference has no partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrphanCount {
    pub from_table: String,
    pub from_columns: Vec<String>,
    pub to_table: String,
    pub to_columns: Vec<String>,
    pub orphan_rows: u64,
}

impl Forecast {
    /// Whether a table would lose more than a few rows or cells, so that the user has to agree.
    pub fn loses_much(&self) -> bool {
        self.tables.iter().any(|table| {
            let lost = table.quarantined - table.no_rows() + table.emptied_cells();
            lost > MANY || lost as f64 > table.rows_in as f64 * MANY_SHARE
        })
    }
}

impl TableForecast {
    /// Records that are set aside without loss, for they never were rows.
    fn no_rows(&self) -> u64 {
        let found = self.reasons.iter().find(|each| each.reason == NO_ROW);
        found.map_or(0, |each| each.rows)
    }

    pub fn emptied_cells(&self) -> u64 {
        self.emptied.iter().map(|column| column.cells).sum()
    }
}

impl OrphanCount {
    pub fn is_of(&self, relationship: &crate::model::Relationship) -> bool {
        self.from_table == relationship.from_table
            && self.from_columns == relationship.from_columns
            && self.to_table == relationship.to_table
            && self.to_columns == relationship.to_columns
    }

    pub fn of(relationship: &crate::model::Relationship, orphan_rows: u64) -> Self {
        Self {
            from_table: relationship.from_table.clone(),
            from_columns: relationship.from_columns.clone(),
            to_table: relationship.to_table.clone(),
            to_columns: relationship.to_columns.clone(),
            orphan_rows,
        }
    }
}

/// Why a row would be set aside; columns and keys by their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It never was a row: a heading, a rule, a total, a note.
    NoRow,
    Fields,
    Unfit(usize),
    TooLong,
    Empty(usize),
    Repeats(usize),
    /// The relationship, by its place in the schema.
    Orphan(usize),
}

/// What does not fit in one column.
#[derive(Debug, Clone, Default)]
pub struct Unfits {
    pub count: u64,
    pub samples: Vec<String>,
    /// Cells that are empty by themselves.
    pub nulls: u64,
}

/// The rows of a table, as they would be stored.
#[derive(Debug, Default)]
pub struct Rows {
    pub rows_in: u64,
    pub merged: u64,
    pub added: u64,
    pub reasons: BTreeMap<Reason, u64>,
    /// Fingerprints of the stored rows' cells, of columns that a key or a relationship has.
    pub columns: Vec<Option<Vec<u64>>>,
    /// Number of the record that each row is made of, from 1; 0 for an added one.
    pub records: Vec<u64>,
    pub unfits: Vec<Unfits>,
    /// Row and column of each emptied cell.
    pub emptied: Vec<(usize, usize)>,
    /// Emptied cells, by column, of rows that were merged.
    pub emptied_merged: Vec<u64>,
    /// Row and column of each cell that is stored in the spelling of a key.
    pub evened: Vec<(usize, usize)>,
    /// Examples of them by column.
    pub evened_samples: Vec<Vec<Respelled>>,
    /// Rows that are not set aside again for their references; all of them at first.
    pub is_stored: Vec<bool>,
}

/// What has to be unique in a table, each with the field of the schema that says so.
#[derive(Debug, Clone)]
pub struct Key {
    pub field: String,
    pub columns: Vec<String>,
    pub places: Vec<usize>,
}

/// All tables after cells and keys.
#[derive(Debug)]
pub struct Simulation {
    /// As the schema's tables; `None` where the file is gone.
    pub tables: Vec<Option<Rows>>,
    /// Of each table.
    pub keys: Vec<Vec<Key>>,
}

/// Reads the files of the schema's tables, two at a time at most.
pub fn simulate(
    schema: &Schema,
    sources: &[Source],
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<Simulation, SchemaError> {
    let keys: Vec<Vec<Key>> = schema
        .tables
        .iter()
        .map(|table| keys_of(schema, table))
        .collect();
    let mut tables: Vec<Option<Rows>> = schema.tables.iter().map(|_| None).collect();
    let spellings = Spellings::read(schema, sources, go_on)?;
    let used: Vec<&Source> = sources
        .iter()
        .filter(|source| {
            let mut all = schema.tables.iter();
            all.any(|table| table.source.csv_id == source.csv_id)
        })
        .collect();
    for pair in used.chunks(2) {
        let read = std::thread::scope(|scope| {
            let running: Vec<_> = pair
                .iter()
                .map(|source| {
                    scope.spawn(|| pass::read(schema, source, (&keys, &spellings), go_on))
                })
                .collect();
            running
                .into_iter()
                .map(|thread| {
                    thread
                        .join()
                        .unwrap_or_else(|fault| std::panic::resume_unwind(fault))
                })
                .collect::<Vec<_>>()
        });
        for file in read {
            for (index, rows) in file? {
                tables[index] = Some(rows);
            }
        }
    }
    Ok(Simulation { tables, keys })
}

impl Simulation {
    /// The values of some columns of a table, joined.
    pub fn joined(&self, schema: &Schema, table: &str, columns: &[String]) -> Option<Values> {
        let index = schema.tables.iter().position(|own| own.name == table)?;
        let places = places_of(&schema.tables[index], columns)?;
        let rows = self.tables[index].as_ref()?;
        let count = rows.records.len();
        let key = rows.key(&places)?;
        Some(values::finish((0..count).map(key).collect(), None))
    }

    /// The record of each row of a table.
    pub fn records(&self, schema: &Schema, table: &str) -> &[u64] {
        let index = schema.tables.iter().position(|own| own.name == table);
        let rows = index.and_then(|index| self.tables[index].as_ref());
        rows.map_or(&[], |rows| &rows.records)
    }

    /// Follows the references as the import does; what comes of each relationship, in their order.
    pub fn follow_references(
        &mut self,
        schema: &Schema,
        go_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<ReferenceOutcome>, SchemaError> {
        references::follow(schema, &mut self.tables, go_on)
    }

    /// The numbers, after the references were followed.
    pub fn forecast(&self, schema: &Schema, references: &[ReferenceOutcome]) -> Forecast {
        let tables = schema
            .tables
            .iter()
            .zip(&self.tables)
            .zip(&self.keys)
            .filter_map(|((table, rows), keys)| Some(rows.as_ref()?.forecast(schema, table, keys)))
            .collect();
        let references = schema
            .relationships
            .iter()
            .zip(references)
            .filter(|(_, outcome)| outcome.orphan_rows > 0)
            .map(|(relationship, outcome)| OrphanCount::of(relationship, outcome.orphan_rows))
            .collect();
        Forecast { tables, references }
    }
}

impl Rows {
    /// Gives the fingerprint of a row's values in the columns; [`values::NULL`] where one of them is null.
    pub fn key<'a>(&'a self, places: &[usize]) -> Option<impl Fn(usize) -> u64 + use<'a>> {
        let columns: Vec<&[u64]> = places
            .iter()
            .map(|&place| self.columns.get(place)?.as_deref())
            .collect::<Option<_>>()?;
        Some(move |row: usize| match columns.as_slice() {
            [only] => only[row],
            several => values::combine(several.iter().map(|column| column[row])),
        })
    }

    fn refuse(&mut self, reason: Reason) {
        *self.reasons.entry(reason).or_default() += 1;
    }

    fn forecast(&self, schema: &Schema, table: &Table, keys: &[Key]) -> TableForecast {
        let mut cells = self.emptied_merged.clone();
        for &(row, column) in &self.emptied {
            cells[column] += u64::from(self.is_stored[row]);
        }
        let emptied = table
            .columns
            .iter()
            .zip(cells)
            .filter(|(_, cells)| *cells > 0)
            .map(|(column, cells)| EmptiedColumn {
                column: column.name.clone(),
                cells,
            })
            .collect();
        let mut respelled = vec![0_u64; table.columns.len()];
        for &(row, column) in &self.evened {
            respelled[column] += u64::from(self.is_stored[row]);
        }
        let evened = (table.columns.iter().zip(respelled))
            .zip(&self.evened_samples)
            .filter(|((_, cells), _)| *cells > 0)
            .map(|((column, cells), samples)| EvenedColumn {
                column: column.name.clone(),
                cells,
                samples: samples.clone(),
            })
            .collect();
        let reasons = self
            .reasons
            .iter()
            .map(|(reason, rows)| ReasonCount {
                reason: in_words(schema, table, keys, *reason),
                rows: *rows,
            })
            .collect();
        TableForecast {
            name: table.name.clone(),
            rows_in: self.rows_in,
            row_count: self.is_stored.iter().filter(|stored| **stored).count() as u64,
            merged: self.merged,
            quarantined: self.reasons.values().sum(),
            added: self.added,
            emptied,
            evened,
            reasons,
        }
    }
}

fn in_words(schema: &Schema, table: &Table, keys: &[Key], reason: Reason) -> String {
    let name = |place: usize| table.columns[place].name.as_str();
    match reason {
        Reason::NoRow => NO_ROW.to_owned(),
        Reason::Fields => "more fields than the table has columns".to_owned(),
        Reason::Unfit(place) => format!(
            "{} is not {}",
            name(place),
            type_name(table.columns[place].column_type)
        ),
        Reason::TooLong => "more text than can be queried".to_owned(),
        Reason::Empty(place) => format!("{} is empty, and must not be", name(place)),
        Reason::Repeats(key) => {
            format!(
                "an earlier row has the same {}",
                keys[key].columns.join(", ")
            )
        }
        Reason::Orphan(relationship) => {
            let relationship = &schema.relationships[relationship];
            format!(
                "{} refers to a row of {} that is not there",
                relationship.from_columns.join(", "),
                relationship.to_table
            )
        }
    }
}

fn keys_of(schema: &Schema, table: &Table) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut add = |field: String, columns: &[String]| {
        if let Some(places) = places_of(table, columns) {
            keys.push(Key {
                field,
                columns: columns.to_vec(),
                places,
            });
        }
    };
    if !table.enforced_key().is_empty() {
        add("primary_key".to_owned(), &table.primary_key);
    }
    for (position, column) in table.columns.iter().enumerate() {
        if column.is_unique() && table.enforced_key() != [column.name.as_str()] {
            add(
                format!("columns[{position}].constraints"),
                std::slice::from_ref(&column.name),
            );
        }
    }
    for index in &schema.indexes {
        if index.unique && index.table == table.name {
            add("columns".to_owned(), &index.columns);
        }
    }
    keys
}

fn places_of(table: &Table, columns: &[String]) -> Option<Vec<usize>> {
    columns
        .iter()
        .map(|name| table.columns.iter().position(|own| &own.name == name))
        .collect()
}

/// Whether a key, enforced or not, or a relationship has the column.
fn is_compared(schema: &Schema, table: &Table, keys: &[Key], place: usize) -> bool {
    let column = &table.columns[place].name;
    table.primary_key.contains(column)
        || keys.iter().any(|key| key.places.contains(&place))
        || schema.relationships.iter().any(|relationship| {
            (relationship.from_table == table.name && relationship.from_columns.contains(column))
                || (relationship.to_table == table.name && relationship.to_columns.contains(column))
        })
}

/// What becomes of the rows without partner of a relationship, in words.
pub fn fate(orphans: Orphans) -> &'static str {
    match orphans {
        Orphans::Keep => "they are kept, and the reference is not enforced",
        Orphans::Placeholder => "rows with these keys alone are added",
        Orphans::SetAside => "they are set aside",
        Orphans::Empty => "the reference is emptied",
    }
}
