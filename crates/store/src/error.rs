/// What can go wrong with stored data.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("not found")]
    NotFound,
    /// The state forbids it; `code` is stable, `message` is for people.
    #[error("{message}")]
    Conflict { code: &'static str, message: String },
    /// SQL that the sandbox does not allow.
    #[error("{message}")]
    Denied { code: &'static str, message: String },
    /// SQL that the database refuses (syntax, unknown column); the message is SQLite's.
    #[error("{message}")]
    BadSql { message: String },
    /// A query that ran into a limit: time, size, memory.
    #[error("{message}")]
    Limit { code: &'static str, message: String },
    #[error("cancelled")]
    Cancelled,
    #[error("the disk is full")]
    DiskFull,
    #[error("metadata database: {0}")]
    Metadata(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("dataset: {0}")]
    Dataset(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("file storage: {0}")]
    Io(#[from] std::io::Error),
}
