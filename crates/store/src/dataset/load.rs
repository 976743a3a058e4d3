//! Files -> a new database, all or nothing, every row accounted for.

use std::path::{Path, PathBuf};

use ingest::Analysis;
use schema_gen::Schema;
use serde::{Deserialize, Serialize};

use super::CancelFlag;
use crate::{Result, StoreError};

/// One file that tables of the schema take rows from.
#[derive(Debug, Clone)]
pub struct LoadSource {
    /// As in [`schema_gen::model::TableSource`].
    pub csv_id: String,
    pub path: PathBuf,
    pub analysis: Analysis,
    /// The user's name for it.
    pub original_filename: String,
}

/// How far an import is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadProgress {
    /// Stable: `loading`, `checking`, `indexing`, `finishing`.
    pub stage: &'static str,
    /// Table at work; empty where it is none in particular.
    pub table: String,
    pub rows_done: u64,
    /// As the analysis counted them.
    pub rows_total: u64,
}

/// What became of every row: for each table, `rows_in = row_count + merged + quarantined`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadReport {
    pub tables: Vec<TableReport>,
    pub elapsed_ms: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    pub name: String,
    /// Records of the file that were meant for the table.
    pub rows_in: u64,
    /// Rows stored.
    pub row_count: u64,
    /// Rows equal to one stored before; only where the table holds distinct rows.
    pub merged: u64,
    pub quarantined: u64,
}

/// Builds the database of `schema` at `target` and its quarantine beside it. The files appear whole or not at all: a
/// failure or a cancellation leaves nothing. Blocks.
pub fn load(
    schema: &Schema,
    sources: &[LoadSource],
    target: &Path,
    on_progress: &mut dyn FnMut(LoadProgress),
    cancel: &CancelFlag,
) -> Result<LoadReport> {
    let _ = (schema, sources, target, on_progress, cancel);
    Err(StoreError::NotFound)
}
