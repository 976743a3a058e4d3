use std::path::Path;

use crate::{Dialect, IngestError};

/// A record with as many fields as the file has columns. `None` is a null: an absent field or an unquoted empty one.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// 1-based line on which the record starts.
    pub line: u64,
    pub fields: Vec<Option<String>>,
}

/// A record that cannot be a row, with all its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    pub line: u64,
    /// In words: `7 fields where the header has 5`.
    pub reason: String,
    pub raw: String,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Row(Record),
    Rejected(Rejected),
}

/// Reads every record of a file in order, in bounded memory.
pub struct RecordReader {
    _private: (),
}

impl RecordReader {
    /// `columns` is the number of columns that the analysis found.
    pub fn open(path: &Path, dialect: &Dialect, columns: usize) -> Result<Self, IngestError> {
        let _ = (path, dialect, columns);
        Err(IngestError::Empty)
    }
}

impl Iterator for RecordReader {
    type Item = Result<Outcome, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}
