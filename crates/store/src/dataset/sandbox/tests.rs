#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::format_push_string
)]
//! The numbers in the names are those of the project's list of attacks (docs/SECURITY.md).

mod compiled;
mod cut;
mod denied;
mod results;

use std::path::PathBuf;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::StoreError;
use crate::dataset::{CancelFlag, Dataset, QueryLimits, QueryResult, SqliteDataset};

/// A database with two tables in a folder of its own.
pub(super) struct Fixture {
    pub folder: TempDir,
    pub path: PathBuf,
    pub dataset: SqliteDataset,
}

impl Fixture {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.db");
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL, note TEXT) STRICT;
                 CREATE TABLE wide (n INTEGER, s TEXT) STRICT;
                 INSERT INTO t VALUES (1, 'apple', 0.5, NULL), (2, 'pear', 1.25, 'ripe'), (3, 'fig', NULL, '');
                 WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3000)
                 INSERT INTO wide SELECT n, printf('row %d', n) FROM c;",
            )
            .unwrap();
        drop(connection);
        let dataset = SqliteDataset::open(&path).unwrap();
        Self {
            folder,
            path,
            dataset,
        }
    }

    pub fn query(&self, sql: &str) -> Result<QueryResult, StoreError> {
        self.dataset
            .query(sql, QueryLimits::default(), &CancelFlag::default())
    }

    pub fn rows(&self, sql: &str) -> Vec<Vec<serde_json::Value>> {
        self.query(sql).unwrap().rows
    }

    /// Names of all files in the folder with their bytes.
    pub fn bytes(&self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<_> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let name = entry.file_name().into_string().unwrap();
                (name, std::fs::read(entry.path()).unwrap())
            })
            .collect();
        files.sort();
        files
    }
}
