/// Why no schema came of it.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    #[error("choose at least one file")]
    NoSources,
    #[error("cancelled")]
    Cancelled,
    #[error(transparent)]
    Plan(#[from] crate::rows::PlanError),
    #[error("{file}: {source}")]
    Ingest {
        file: String,
        source: ingest::IngestError,
    },
}
