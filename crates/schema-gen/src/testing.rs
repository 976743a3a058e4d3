//! A small shop to test with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ingest::{Analysis, ColumnProfile, ColumnType, Dialect};

use crate::model::{
    Cardinality, Column, Evidence, Index, Misfits, Orphans, Relationship, Table, TableSource,
};
use crate::{Schema, Source};

pub fn profile(name: &str, column_type: ColumnType) -> ColumnProfile {
    ColumnProfile {
        column: name.to_owned(),
        column_type,
        null_count: 0,
        distinct_count: 3,
        distinct_exact: true,
        min: None,
        max: None,
        mean: None,
        top_values: Vec::new(),
        histogram: Vec::new(),
        is_unique: false,
        format: None,
        near: Vec::new(),
        min_length: 1,
        max_length: 9,
    }
}

pub fn source(csv_id: &str, filename: &str, columns: &[(&str, ColumnType)]) -> Source {
    Source {
        csv_id: csv_id.to_owned(),
        original_filename: filename.to_owned(),
        path: filename.into(),
        analysis: Analysis {
            dialect: Dialect::rfc4180(),
            columns: columns
                .iter()
                .map(|(name, column_type)| profile(name, *column_type))
                .collect(),
            row_count: 3,
            rejected_count: 0,
            set_aside_count: 0,
            sample_rows: Vec::new(),
            warnings: Vec::new(),
        },
    }
}

pub fn column(name: &str, column_type: ColumnType, constraints: &[&str]) -> Column {
    Column {
        name: name.to_owned(),
        column_type,
        constraints: constraints.iter().map(ToString::to_string).collect(),
        source_column: Some(name.to_owned()),
        references: None,
        misfits: Misfits::default(),
        description: None,
        words: Vec::new(),
    }
}

pub fn table(csv_id: &str, name: &str, primary_key: &[&str], columns: Vec<Column>) -> Table {
    Table {
        name: name.to_owned(),
        source: TableSource {
            csv_id: csv_id.to_owned(),
            rows: crate::model::SourceRows::All,
        },
        primary_key: primary_key.iter().map(ToString::to_string).collect(),
        repeats: crate::model::Repeats::default(),
        key_exceptions: None,
        columns,
        description: None,
        label: None,
    }
}

pub fn relationship(from: (&str, &str), to: (&str, &str)) -> Relationship {
    Relationship {
        from_table: from.0.to_owned(),
        from_columns: vec![from.1.to_owned()],
        to_table: to.0.to_owned(),
        to_columns: vec![to.1.to_owned()],
        cardinality: Cardinality::ManyToOne,
        confidence: 0.9,
        evidence: Evidence::default(),
        orphans: Orphans::default(),
        even_out: Vec::new(),
    }
}

/// Two files, two tables, one reference, one index.
pub fn shop() -> (Schema, Vec<Source>) {
    use ColumnType::{Boolean, Date, Decimal, Integer, Text};
    let customers = [("id", Integer), ("email", Text), ("active", Boolean)];
    let orders = [
        ("number", Integer),
        ("customer_id", Integer),
        ("ordered", Date),
        ("total", Decimal),
    ];
    let schema = Schema {
        tables: vec![
            table(
                "c1",
                "customers",
                &["id"],
                vec![
                    column("id", Integer, &["NOT NULL"]),
                    column("email", Text, &["UNIQUE"]),
                    column("active", Boolean, &[]),
                ],
            ),
            table(
                "o1",
                "orders",
                &["number"],
                vec![
                    column("number", Integer, &["NOT NULL"]),
                    column("customer_id", Integer, &[]),
                    column("ordered", Date, &[]),
                    column("total", Decimal, &["NOT NULL"]),
                ],
            ),
        ],
        relationships: vec![relationship(("orders", "customer_id"), ("customers", "id"))],
        indexes: vec![Index {
            name: "idx_orders_customer_id".to_owned(),
            table: "orders".to_owned(),
            columns: vec!["customer_id".to_owned()],
            unique: false,
        }],
        ..Schema::default()
    };
    let sources = vec![
        source("c1", "customers.csv", &customers),
        source("o1", "orders.csv", &orders),
    ];
    (schema, sources)
}

/// Files with the given text, analysed as uploads are.
pub struct Files {
    /// Removed with its files when dropped.
    _folder: tempfile::TempDir,
    pub sources: Vec<Source>,
}

impl Files {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sources = files
            .iter()
            .map(|(name, text)| {
                let path = folder.path().join(name);
                std::fs::write(&path, text).unwrap();
                let options = ingest::Options::default();
                Source {
                    csv_id: (*name).to_owned(),
                    original_filename: (*name).to_owned(),
                    analysis: ingest::analyse(&path, &options, &ingest::Unwatched).unwrap(),
                    path,
                }
            })
            .collect();
        Self {
            _folder: folder,
            sources,
        }
    }

    pub fn schema(&self) -> Schema {
        crate::generate(&self.sources, &|_| true).unwrap()
    }
}

/// `orders.customer_id -> customers.id`, one for each relationship.
pub fn arrows(schema: &Schema) -> Vec<String> {
    schema
        .relationships
        .iter()
        .map(|found| {
            format!(
                "{}.{} -> {}.{}",
                found.from_table,
                found.from_columns.join("+"),
                found.to_table,
                found.to_columns.join("+")
            )
        })
        .collect()
}

/// A file of `rows` rows, each written by `row`.
pub fn file(head: &str, rows: u32, row: impl Fn(u32) -> String) -> String {
    let mut text = format!("{head}\n");
    for number in 0..rows {
        text.push_str(&row(number));
        text.push('\n');
    }
    text
}
