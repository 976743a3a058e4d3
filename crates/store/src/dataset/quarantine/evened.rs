//! Cells that are stored in the spelling of the key that they refer to, listed beside what the file has.

use std::collections::BTreeMap;
use std::path::Path;

use ingest::Value;
use rusqlite::Connection;
use schema_gen::forecast::{EvenedColumn, Respelled, SAMPLES};
use schema_gen::model::Table;
use schema_gen::rows::{Part, Row};
use serde::{Deserialize, Serialize};

use super::open;
use crate::Result;
use crate::dataset::load::refusal::source_column;

/// A cell that is stored in the spelling of the key that it refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvenedCell {
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
    /// What the file has.
    pub text: String,
    pub stored: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvenedPage {
    pub cells: Vec<EvenedCell>,
    /// All of the table and the column that were asked for, in all pages.
    pub total: u64,
}

impl EvenedCell {
    /// The respelled cells of a row of `table`, with their columns' places; `place`: id and name of the file, and the line.
    pub(in crate::dataset) fn of<'r>(
        table: &'r Table,
        part: &'r Part,
        row: &'r Row,
        place: (&'r str, &'r str, u64),
    ) -> impl Iterator<Item = (usize, Self)> + 'r {
        let (csv_id, file, line) = place;
        row.evened.iter().filter_map(move |(at, text)| {
            let Value::Text(stored) = &row.values[*at] else {
                return None;
            };
            let cell = Self {
                table: table.name.clone(),
                table_column: table.columns[*at].name.clone(),
                csv_id: csv_id.to_owned(),
                file: file.to_owned(),
                line,
                column: source_column(table, *at, part),
                text: text.clone(),
                stored: stored.clone(),
            };
            Some((*at, cell))
        })
    }
}

/// Columns with respelled cells, by table.
pub(in crate::dataset) fn evened_columns(
    connection: &Connection,
) -> Result<BTreeMap<String, Vec<EvenedColumn>>> {
    let mut statement = connection
        .prepare("SELECT table_name, table_column, count(*) FROM evened GROUP BY 1, 2")?;
    let counts = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<Vec<(String, String, i64)>>>()?;
    let mut columns: BTreeMap<String, Vec<EvenedColumn>> = BTreeMap::new();
    for (table, column, cells) in counts {
        let samples = samples(connection, &table, &column)?;
        columns.entry(table).or_default().push(EvenedColumn {
            column,
            cells: cells.cast_unsigned(),
            samples,
        });
    }
    Ok(columns)
}

/// The first different texts of a column.
fn samples(connection: &Connection, table: &str, column: &str) -> Result<Vec<Respelled>> {
    let mut statement = connection.prepare_cached(
        "SELECT text, stored FROM evened WHERE table_name = ?1 AND table_column = ?2
         GROUP BY text, stored ORDER BY min(id) LIMIT ?3",
    )?;
    let samples = statement
        .query_map((table, column, SAMPLES as i64), |row| {
            Ok(Respelled {
                text: row.get(0)?,
                stored: row.get(1)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(samples)
}

/// `table`: the list, by its name or with its database's.
pub(in crate::dataset) fn insert_evened(
    connection: &Connection,
    table: &str,
    cell: &EvenedCell,
    row_id: Option<i64>,
) -> Result<()> {
    let sql = format!(
        "INSERT INTO {table} (table_name, table_column, csv_id, file, line, column_name, text, stored, row_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    );
    connection.prepare_cached(&sql)?.execute((
        &cell.table,
        &cell.table_column,
        &cell.csv_id,
        &cell.file,
        cell.line.cast_signed(),
        &cell.column,
        &cell.text,
        &cell.stored,
        row_id,
    ))?;
    Ok(())
}

/// Cells that are stored in another spelling than their file's, in the order of the files; of one table and one column, where
/// they are given. None where an earlier version of this service imported the data. Blocks.
pub fn read_evened(
    dataset: &Path,
    (table, column): (Option<&str>, Option<&str>),
    offset: u64,
    limit: u64,
) -> Result<EvenedPage> {
    let quarantine = open(dataset)?;
    if !quarantine.is_current {
        return Ok(EvenedPage {
            cells: Vec::new(),
            total: 0,
        });
    }
    let connection = quarantine.connection;
    let filter =
        "FROM evened WHERE (?1 IS NULL OR table_name = ?1) AND (?2 IS NULL OR table_column = ?2)";
    let total: i64 = connection.query_row(
        &format!("SELECT count(*) {filter}"),
        (table, column),
        |row| row.get(0),
    )?;
    let mut statement = connection.prepare(&format!(
        "SELECT table_name, table_column, csv_id, file, line, column_name, text, stored {filter}
         ORDER BY id LIMIT ?3 OFFSET ?4"
    ))?;
    let cells = statement
        .query_map(
            (table, column, limit.cast_signed(), offset.cast_signed()),
            |row| {
                Ok(EvenedCell {
                    table: row.get(0)?,
                    table_column: row.get(1)?,
                    csv_id: row.get(2)?,
                    file: row.get(3)?,
                    line: row.get::<_, i64>(4)?.cast_unsigned(),
                    column: row.get(5)?,
                    text: row.get(6)?,
                    stored: row.get(7)?,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(EvenedPage {
        cells,
        total: total.cast_unsigned(),
    })
}
