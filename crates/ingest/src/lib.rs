//! Bytes of a CSV file -> typed, profiled rows.
//!
//! Invariants: every record of a file comes out of [`RecordReader`] exactly once, either as a row or as a
//! rejected record that says where and why; a column gets a narrower type only if every value of it survives.
//! This crate knows nothing of async, the network or SQL.

mod analyse;
mod aside;
mod dialect;
mod encoding;
mod error;
mod finish;
mod header;
mod hidden;
mod infer;
mod lines;
mod magic;
mod marker;
mod naming;
mod number;
mod profile;
mod reader;
mod records;
mod sniff;
mod syntax;
mod temporal;
mod value;

pub use analyse::analyse;
pub use dialect::{DateOrder, Dialect};
pub use error::IngestError;
pub use hidden::is_hidden;
pub use profile::{Analysis, ColumnProfile, HistogramBin, NearType, ValueCount, Warning};
pub use reader::{Outcome, Record, RecordReader, Rejected, fields_of};
pub use value::{ColumnType, Value, ValueError, ValueParser};

/// What the caller fixes instead of leaving it to the sniffer, and the bounds of the work.
#[derive(Debug, Clone)]
pub struct Options {
    /// Dialect chosen by the user; `None` lets the sniffer decide.
    pub dialect: Option<Dialect>,
    /// More columns than this is an error.
    pub max_columns: usize,
    /// A field longer than this many bytes is an error (an unclosed quote usually).
    pub max_field_bytes: usize,
    /// The year it is, by which years of two digits are read; without it, 69 to 99 are of the last century.
    pub this_year: Option<i32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            dialect: None,
            max_columns: 2_000,
            max_field_bytes: 1 << 20,
            this_year: None,
        }
    }
}

/// Hears how far the work is, and may stop it.
pub trait Progress {
    /// `rows` records seen, `bytes` of `total_bytes` read. `false` cancels the work with [`IngestError::Cancelled`].
    fn report(&self, rows: u64, bytes: u64, total_bytes: u64) -> bool;
}

/// Progress that nobody watches.
pub struct Unwatched;

impl Progress for Unwatched {
    fn report(&self, _rows: u64, _bytes: u64, _total_bytes: u64) -> bool {
        true
    }
}
