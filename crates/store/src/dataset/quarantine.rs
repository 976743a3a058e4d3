//! Rows that could not be stored, in a SQLite file of their own, so that the user's database holds nothing but theirs.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Result, StoreError};

/// A row that could not be stored, with all that a person needs to find and mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedRow {
    /// Table that it was for.
    pub table: String,
    /// Id of the upload.
    pub csv_id: String,
    /// The user's name for the file.
    pub file: String,
    /// 1-based line on which the record starts.
    pub line: u64,
    /// Column of the file, where one column is to blame.
    pub column: Option<String>,
    pub reason: String,
    /// The record as CSV.
    pub raw: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinePage {
    pub rows: Vec<QuarantinedRow>,
    /// All there are, in all pages.
    pub total: u64,
}

/// The quarantine's file of the database at `dataset`.
pub fn quarantine_path(dataset: &Path) -> PathBuf {
    dataset.with_extension("quarantine.db")
}

/// Part of the quarantine of the database at `dataset`, in the order of files and lines.
pub fn read_quarantine(dataset: &Path, offset: u64, limit: u64) -> Result<QuarantinePage> {
    let _ = (dataset, offset, limit);
    Err(StoreError::NotFound)
}
