#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod compared;
mod evened;
mod foretold;
mod keys;
pub(in crate::dataset) mod made_rows;
mod orphans;
mod outcome;
mod split;

use std::path::{Path, PathBuf};

use ingest::{ColumnType, Dialect, Options, Unwatched};
use rusqlite::Connection;
use schema_gen::Schema;
use schema_gen::model::{
    Cardinality, Column, Evidence, Misfits, Orphans, Relationship, SourceRows, Table, TableSource,
};
use tempfile::TempDir;

use super::{LoadReport, LoadSource, load};
use crate::dataset::{
    CancelFlag, EmptiedCell, PlaceFilter, QuarantinedRow, read_emptied, read_quarantine,
};
use crate::{Result, StoreError};

/// A folder with CSV files and the database made of them.
pub(in crate::dataset) struct Import {
    pub folder: TempDir,
    pub sources: Vec<LoadSource>,
}

impl Import {
    /// `files`: name and text of each; the name without its ending is its id. Comma and header are given, so that no guess
    /// of the sniffer is under test here.
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self::with(files, Dialect::rfc4180())
    }

    pub fn with(files: &[(&str, &str)], dialect: Dialect) -> Self {
        let options = Options {
            dialect: Some(dialect),
            ..Options::default()
        };
        let folder = tempfile::tempdir().unwrap();
        let sources = files
            .iter()
            .map(|(name, text)| {
                let path = folder.path().join(name);
                std::fs::write(&path, text).unwrap();
                let analysis = ingest::analyse(&path, &options, &Unwatched).unwrap();
                LoadSource {
                    csv_id: name.trim_end_matches(".csv").to_owned(),
                    path,
                    analysis,
                    original_filename: (*name).to_owned(),
                }
            })
            .collect();
        Self { folder, sources }
    }

    pub fn target(&self) -> PathBuf {
        let databases = self.folder.path().join("databases");
        std::fs::create_dir_all(&databases).unwrap();
        databases.join("one.db")
    }

    pub fn load(&self, schema: &Schema) -> Result<LoadReport> {
        self.load_with(schema, &CancelFlag::default())
    }

    pub fn load_with(&self, schema: &Schema, cancel: &CancelFlag) -> Result<LoadReport> {
        load(schema, &self.sources, &self.target(), &mut |_| (), cancel)
    }

    /// The first column of each row of `sql` as text.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        let connection = Connection::open(self.target()).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        statement
            .query_map([], |row| {
                Ok(match row.get_ref(0)? {
                    rusqlite::types::ValueRef::Null => "NULL".to_owned(),
                    rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                    rusqlite::types::ValueRef::Real(number) => format!("{number:?}"),
                    other => other.as_str()?.to_owned(),
                })
            })
            .unwrap()
            .map(|text| text.unwrap())
            .collect()
    }

    pub fn quarantined(&self) -> Vec<QuarantinedRow> {
        let page = read_quarantine(&self.target(), &all(), 0, 1_000, &CancelFlag::default());
        let rows = page.unwrap().rows;
        rows.into_iter().map(|listed| listed.row).collect()
    }

    pub fn emptied(&self) -> Vec<EmptiedCell> {
        let page = read_emptied(&self.target(), &all(), 0, 1_000, &CancelFlag::default());
        let cells = page.unwrap().cells;
        cells.into_iter().map(|listed| listed.cell).collect()
    }

    /// Line and reason of each quarantined row.
    pub fn reasons(&self) -> Vec<(u64, String)> {
        self.quarantined()
            .into_iter()
            .map(|row| (row.line, row.reason))
            .collect()
    }
}

fn all() -> PlaceFilter {
    PlaceFilter::default()
}

/// A table of the file of the same name; columns as `name TYPE [NOT NULL] [UNIQUE]`, named as in the file.
pub(crate) fn table(name: &str, key: &[&str], columns: &[&str]) -> Table {
    Table {
        name: name.to_owned(),
        source: TableSource {
            csv_id: name.to_owned(),
            rows: SourceRows::All,
        },
        primary_key: key.iter().map(|&name| name.to_owned()).collect(),
        repeats: schema_gen::model::Repeats::default(),
        key_exceptions: None,
        columns: columns.iter().map(|text| column(text)).collect(),
        description: None,
        label: None,
    }
}

pub(in crate::dataset) fn column(text: &str) -> Column {
    let mut words = text.splitn(3, ' ');
    let name = words.next().unwrap();
    let column_type = serde_json::from_value(words.next().unwrap().into()).unwrap();
    let constraints = words.next().unwrap_or_default();
    Column {
        name: name.to_owned(),
        column_type,
        constraints: ["NOT NULL", "UNIQUE"]
            .into_iter()
            .filter(|&constraint| constraints.contains(constraint))
            .map(str::to_owned)
            .collect(),
        source_column: Some(name.to_owned()),
        references: None,
        misfits: Misfits::default(),
        description: None,
        words: Vec::new(),
    }
}

/// A column that no field of the file fills.
pub(in crate::dataset) fn numbered(name: &str) -> Column {
    Column {
        source_column: None,
        column_type: ColumnType::Integer,
        ..column(&format!("{name} INTEGER"))
    }
}

/// `from` and `to` as `table.column[,column]`.
pub(in crate::dataset) fn relationship(from: &str, to: &str) -> Relationship {
    let parts = |text: &str| {
        let (table, columns) = text.split_once('.').unwrap();
        let columns: Vec<String> = columns.split(',').map(str::to_owned).collect();
        (table.to_owned(), columns)
    };
    let ((from_table, from_columns), (to_table, to_columns)) = (parts(from), parts(to));
    Relationship {
        even_out: Vec::new(),
        from_table,
        from_columns,
        to_table,
        to_columns,
        cardinality: Cardinality::ManyToOne,
        confidence: 1.0,
        evidence: Evidence::default(),
        orphans: Orphans::default(),
    }
}

/// A reference whose rows without partner are set aside.
pub(in crate::dataset) fn strict(from: &str, to: &str) -> Relationship {
    Relationship {
        orphans: Orphans::SetAside,
        ..relationship(from, to)
    }
}

pub(crate) fn schema(tables: Vec<Table>, relationships: Vec<Relationship>) -> Schema {
    Schema {
        tables,
        relationships,
        ..Schema::default()
    }
}

/// Rows in, stored, merged and quarantined of each table, checked to add up.
pub(in crate::dataset) fn accounts(report: &LoadReport) -> Vec<(String, u64, u64, u64, u64)> {
    for table in &report.tables {
        assert_eq!(
            table.rows_in,
            table.row_count + table.merged + table.quarantined,
            "{table:?}"
        );
    }
    report
        .tables
        .iter()
        .map(|table| {
            (
                table.name.clone(),
                table.rows_in,
                table.row_count,
                table.merged,
                table.quarantined,
            )
        })
        .collect()
}

pub(in crate::dataset) fn account(
    name: &str,
    rows_in: u64,
    stored: u64,
    merged: u64,
    quarantined: u64,
) -> (String, u64, u64, u64, u64) {
    (name.to_owned(), rows_in, stored, merged, quarantined)
}

pub(in crate::dataset) fn files_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

pub(in crate::dataset) fn assert_nothing_left(import: &Import) {
    let target = import.target();
    assert_eq!(files_in(target.parent().unwrap()), Vec::<String>::new());
    assert!(matches!(
        read_quarantine(&target, &all(), 0, 1, &CancelFlag::default()),
        Err(StoreError::NotFound)
    ));
}
