/// Why a file could not be read as CSV. Each variant says where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    #[error("the file is empty: it holds no record")]
    Empty,
    #[error("this is {found}, not CSV: {advice}")]
    NotCsv { found: String, advice: String },
    #[error("line {line}: {message}")]
    Malformed { line: u64, message: String },
    #[error("{count} columns, more than the {limit} allowed")]
    TooManyColumns { count: usize, limit: usize },
    #[error("line {line}: a field of more than {limit_bytes} bytes; is a quote left open?")]
    FieldTooLong { line: u64, limit_bytes: usize },
    #[error("cancelled")]
    Cancelled,
    #[error("reading the file failed: {0}")]
    Io(#[from] std::io::Error),
}
