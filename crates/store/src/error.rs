use std::error::Error;

/// What can go wrong with stored data.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("not found")]
    NotFound,
    /// The state forbids it; `code` is stable, `message` is for people.
    #[error("{message}")]
    Conflict { code: &'static str, message: String },
    /// SQL that the sandbox does not allow, or rows that do not fit their table. Of the codes, `sql_nul`, `sql_empty`
    /// and `bad_cursor` say that the request itself is malformed.
    #[error("{message}")]
    Denied { code: &'static str, message: String },
    /// SQL that the database refuses (syntax, unknown column); the message is SQLite's.
    #[error("{message}")]
    BadSql { message: String },
    /// A query or a file that ran into a limit: time, size, memory.
    #[error("{message}")]
    Limit { code: &'static str, message: String },
    #[error("cancelled")]
    Cancelled,
    #[error("the disk is full")]
    DiskFull,
    #[error("metadata database: {0}")]
    Metadata(#[source] Box<dyn Error + Send + Sync>),
    #[error("dataset: {0}")]
    Dataset(#[source] Box<dyn Error + Send + Sync>),
    #[error("file storage: {0}")]
    Io(#[source] std::io::Error),
}

/// SQLite's primary result code for a full disk.
const SQLITE_FULL: &str = "13";

impl StoreError {
    pub(crate) fn metadata(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Metadata(source.into())
    }

    pub(crate) fn dataset(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Dataset(source.into())
    }

    pub(crate) fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict {
            code,
            message: message.into(),
        }
    }

    pub(crate) fn denied(code: &'static str, message: impl Into<String>) -> Self {
        Self::Denied {
            code,
            message: message.into(),
        }
    }

    pub(crate) fn limit(code: &'static str, message: impl Into<String>) -> Self {
        Self::Limit {
            code,
            message: message.into(),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(fault) if fault.code().as_deref() == Some(SQLITE_FULL) => {
                Self::DiskFull
            }
            _ => Self::metadata(error),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match code_of(&error) {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            Some(rusqlite::ErrorCode::OperationInterrupted) => Self::Cancelled,
            _ => Self::dataset(error),
        }
    }
}

/// SQLite's primary result code, wherever rusqlite puts it.
pub(crate) fn code_of(error: &rusqlite::Error) -> Option<rusqlite::ErrorCode> {
    match error {
        rusqlite::Error::SqliteFailure(fault, _) => Some(fault.code),
        rusqlite::Error::SqlInputError { error, .. } => Some(error.code),
        _ => None,
    }
}
