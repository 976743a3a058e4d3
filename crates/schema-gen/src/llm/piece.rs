//! Which pieces a model is asked about.

use serde::{Deserialize, Serialize};

use super::columns;
use crate::Schema;
use crate::model::Table;

/// Tables that are asked about; the first ones.
const MOST_TABLES: usize = 40;
/// Columns of one piece: its answer stays below 150 tokens.
const COLUMNS_AT_ONCE: usize = 5;

/// One small question. Names are those of the schema that it was planned for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Different from those of the others.
    pub id: String,
    pub kind: Kind,
    pub table: Place,
    /// The columns it is about, for [`Kind::Columns`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What a row of the table is, and which column names it.
    Rows,
    /// What columns hold whose names say little or nothing.
    Columns,
}

/// A table or a column, found again also where it is renamed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub name: String,
    /// The id of the table's file, or the column's name in it.
    pub source: Option<String>,
}

/// All pieces of a schema, table by table in their order.
pub fn plan(schema: &Schema) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let tables = &schema.tables[..schema.tables.len().min(MOST_TABLES)];
    for table in tables {
        pieces.push(Piece {
            id: format!("rows:{}", table.name),
            kind: Kind::Rows,
            table: place(table),
            columns: Vec::new(),
        });
        let unclear: Vec<Place> = table
            .columns
            .iter()
            .filter(|column| columns::is_unclear(schema, table, column))
            .map(|column| Place {
                name: column.name.clone(),
                source: column.source_column.clone(),
            })
            .collect();
        for (number, some) in (1..).zip(unclear.chunks(COLUMNS_AT_ONCE)) {
            pieces.push(Piece {
                id: format!("columns:{}:{number}", table.name),
                kind: Kind::Columns,
                table: place(table),
                columns: some.to_vec(),
            });
        }
    }
    pieces
}

fn place(table: &Table) -> Place {
    Place {
        name: table.name.clone(),
        source: Some(table.source.csv_id.clone()),
    }
}

impl Place {
    /// Where the table stands now: under its name, else as the only table of its file.
    pub(super) fn table(&self, schema: &Schema) -> Option<usize> {
        let is_of_file = |table: &Table| Some(&table.source.csv_id) == self.source.as_ref();
        let named = schema
            .tables
            .iter()
            .position(|table| table.name == self.name && is_of_file(table));
        named.or_else(|| {
            let mut of_file = schema
                .tables
                .iter()
                .enumerate()
                .filter(|(_, table)| is_of_file(table));
            let (at, _) = of_file.next()?;
            of_file.next().is_none().then_some(at)
        })
    }

    /// Where the column stands now: by its column of the file.
    pub(super) fn column(&self, table: &Table) -> Option<usize> {
        table.columns.iter().position(|column| {
            if self.source.is_some() {
                column.source_column == self.source
            } else {
                column.name == self.name && column.source_column.is_none()
            }
        })
    }
}
