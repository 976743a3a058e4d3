use std::path::{Path, PathBuf};

use schema_gen::Schema;
use serde_json::Value as Json;

use super::{CancelFlag, Dataset, InsertReceipt, NewRow, QueryLimits, QueryResult, ResultColumn};
use crate::{Result, StoreError};

/// A user's database in one SQLite file.
#[derive(Debug, Clone)]
pub struct SqliteDataset {
    path: PathBuf,
}

impl SqliteDataset {
    /// [`StoreError::NotFound`] where there is no file.
    pub fn open(path: &Path) -> Result<Self> {
        if !path.is_file() {
            return Err(StoreError::NotFound);
        }
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// Writes a consistent copy to `target`, which must not exist.
    pub fn export(&self, target: &Path) -> Result<()> {
        let _ = (target, &self.path);
        Err(StoreError::NotFound)
    }
}

impl Dataset for SqliteDataset {
    fn query(&self, _: &str, _: QueryLimits, _: &CancelFlag) -> Result<QueryResult> {
        Err(StoreError::NotFound)
    }

    fn check(&self, _: &str) -> Result<Vec<ResultColumn>> {
        Err(StoreError::NotFound)
    }

    fn explain(&self, _: &str) -> Result<Vec<String>> {
        Err(StoreError::NotFound)
    }

    fn stream(
        &self,
        _: &str,
        _: u64,
        _: &CancelFlag,
        _: &mut dyn FnMut(&[ResultColumn]),
        _: &mut dyn FnMut(Vec<Json>) -> bool,
    ) -> Result<()> {
        Err(StoreError::NotFound)
    }

    fn check_insert(&self, _: &Schema, _: &str, _: &[NewRow]) -> Result<()> {
        Err(StoreError::NotFound)
    }

    fn insert(&self, _: &Schema, _: &str, _: &[NewRow]) -> Result<InsertReceipt> {
        Err(StoreError::NotFound)
    }

    fn undo_insert(&self, _: &InsertReceipt) -> Result<()> {
        Err(StoreError::NotFound)
    }

    fn distinct_values(&self, _: &str, _: &str, _: usize) -> Result<Vec<String>> {
        Err(StoreError::NotFound)
    }
}
