//! A user's database: one file (or, later, one PostgreSQL schema) for each approved schema.

mod copy;
pub(crate) mod load;
mod mend;
mod order;
mod quarantine;
mod revise;
mod sandbox;
mod sqlite;
mod workers;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use schema_gen::Schema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tokio::sync::Notify;

pub use load::{LoadProgress, LoadReport, LoadSource, TableReport, load};
pub(crate) use mend::recover;
pub use mend::{
    CellDetail, Fault, FieldDetail, Mend, MendMode, Mended, MendedRow, Origin, Refused, RowDetail,
    is_counted, mend_cell, mend_rows, read_cell, read_row, recount, undo_cell, undo_row,
};
pub use order::SqlRunner;
pub use quarantine::{
    Emptied, EmptiedCell, EmptiedPage, EvenedCell, EvenedPage, Facets, FileCount, PlaceFilter,
    QuarantinePage, QuarantinedRow, SetAside, ValueCount, export_emptied, export_quarantine,
    keeps_readings, kept_sources, quarantine_path, read_emptied, read_evened, read_quarantine,
};
pub use revise::{
    ByHand, Carried, MendedSince, carry_over, copy_renamed, mended_by_table, mended_since,
};
pub use sqlite::SqliteDataset;
pub use workers::{WorkerPool, serve as serve_statements};

use crate::StoreError;

/// Stops a query or an import from outside; clones share the flag. Dropping a future alone stops nothing in SQLite.
#[derive(Debug, Clone, Default)]
pub struct CancelFlag(Arc<Cancel>);

/// A look at the flag must cost next to nothing: a query takes one every 100 operations.
#[derive(Debug, Default)]
struct Cancel {
    is_cancelled: AtomicBool,
    told: Notify,
}

impl CancelFlag {
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::SeqCst);
        self.0.told.notify_waiters();
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Relaxed)
    }

    /// Waits until it is cancelled, for work that itself waits.
    pub async fn cancelled(&self) {
        // Listening comes before looking, so that nothing is missed in between.
        let told = self.0.told.notified();
        if !self.0.is_cancelled.load(Ordering::SeqCst) {
            told.await;
        }
    }

    /// Cancels when the guard is dropped: hold it in the future that waits for the work.
    pub fn on_drop(&self) -> CancelOnDrop {
        CancelOnDrop(Some(self.clone()))
    }
}

/// Cancels its flag when dropped before [`CancelOnDrop::end`]: whoever waited has left.
pub struct CancelOnDrop(Option<CancelFlag>);

impl CancelOnDrop {
    /// The work has ended, or goes on by itself.
    pub fn end(mut self) {
        self.0 = None;
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(flag) = &self.0 {
            flag.cancel();
        }
    }
}

/// Bounds of one query; a cut-off shows as `truncated`, a time-out as [`StoreError::Limit`].
#[derive(Debug, Clone, Copy)]
pub struct QueryLimits {
    pub max_rows: u64,
    pub max_bytes: u64,
    pub deadline_ms: u64,
    /// Rows to skip first.
    pub offset: u64,
}

impl Default for QueryLimits {
    fn default() -> Self {
        Self {
            max_rows: 1_000,
            max_bytes: 1 << 20,
            deadline_ms: 2_000,
            offset: 0,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResultColumn {
    pub name: String,
    /// Declared type where the column is one of a table, else the storage class of the first non-null value.
    #[serde(rename = "type")]
    pub column_type: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueryResult {
    pub columns: Vec<ResultColumn>,
    /// Cells are null, number or string; integers beyond 2^53 are strings.
    pub rows: Vec<Vec<Json>>,
    /// Rows in `rows`.
    pub row_count: u64,
    /// More rows, or more bytes of a cell, than the limits let through.
    pub truncated: bool,
    pub elapsed_ms: f64,
    /// Tables that the statement reads (from the authorizer).
    pub tables: Vec<String>,
}

/// Rows that `insert_data` would add: column -> value.
pub type NewRow = BTreeMap<String, Json>;

/// What an insertion did; enough to undo it exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InsertReceipt {
    pub table: String,
    pub row_count: u64,
    pub rowids: Vec<i64>,
    /// SHA-256 of the rows as stored, in hex: tells whether they are still the same.
    #[serde(default)]
    pub digest: String,
}

/// One user's database, opened. All calls block: the caller runs them on a blocking thread.
pub trait Dataset: Send + Sync {
    /// Runs one read-only statement in the sandbox.
    fn query(
        &self,
        sql: &str,
        limits: QueryLimits,
        cancel: &CancelFlag,
    ) -> Result<QueryResult, StoreError>;

    /// Compiles the statement in the sandbox without running it; gives the result's columns.
    fn check(&self, sql: &str, cancel: &CancelFlag) -> Result<Vec<ResultColumn>, StoreError>;

    /// The query plan, a line a step.
    fn explain(&self, sql: &str, cancel: &CancelFlag) -> Result<Vec<String>, StoreError>;

    /// Runs one statement without row and byte limits, handing over each row; `on_row` returns `false` to stop.
    fn stream(
        &self,
        sql: &str,
        deadline_ms: u64,
        cancel: &CancelFlag,
        on_columns: &mut dyn FnMut(&[ResultColumn]),
        on_row: &mut dyn FnMut(Vec<Json>) -> bool,
    ) -> Result<(), StoreError>;

    /// Checks rows against the table without storing them; the messages of what would not fit.
    fn check_insert(&self, schema: &Schema, table: &str, rows: &[NewRow])
    -> Result<(), StoreError>;

    /// Stores all rows or none, values bound, never as SQL text.
    fn insert(
        &self,
        schema: &Schema,
        table: &str,
        rows: &[NewRow],
    ) -> Result<InsertReceipt, StoreError>;

    /// Takes back exactly the rows of `receipt`; a conflict when they changed or are referenced since.
    fn undo_insert(&self, receipt: &InsertReceipt) -> Result<(), StoreError>;

    /// Distinct non-null values of a text column, most frequent first, at most `limit`: for value linking.
    fn distinct_values(
        &self,
        table: &str,
        column: &str,
        limit: usize,
        cancel: &CancelFlag,
    ) -> Result<Vec<String>, StoreError>;
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn whoever_waits_for_a_cancellation_hears_of_it_before_and_after() {
        let flag = CancelFlag::default();
        let waiting = flag.clone();
        let mut early = Box::pin(waiting.cancelled());
        assert!(early.as_mut().now_or_never().is_none());
        flag.cancel();
        early.await;
        flag.cancelled().await;
        assert!(waiting.is_cancelled());
    }
}
