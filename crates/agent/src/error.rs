use std::time::Duration;

/// Why a language model gave no usable reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LlmError {
    #[error("no language model answers at {url}")]
    Unreachable { url: String },
    #[error("the model is not installed: {model}")]
    UnknownModel { model: String },
    #[error("the language model's server answered {status}: {message}")]
    Status { status: u16, message: String },
    #[error("the language model stopped with an error: {message}")]
    Reported { message: String },
    #[error("the language model's reply broke off before its end")]
    BrokenOff,
    #[error("the language model's server sent something that cannot be read: {detail}")]
    Malformed { detail: String },
    #[error("the language model's reply is longer than {max_bytes} bytes")]
    TooLong { max_bytes: usize },
    #[error("the language model gave {what} within {limit:?}")]
    TimedOut { what: &'static str, limit: Duration },
    #[error("the language model failed several times; it is asked again in {seconds} s")]
    Resting { seconds: u64 },
    #[error("the language model's server does not accept the key (LLM_API_KEY)")]
    KeyRefused,
    /// Several models, and none was chosen: they differ in price and in what they do with what they are told.
    #[error("the language model's server has several models; choose one with LLM_MODEL: {names}")]
    NoModelChosen { names: String },
    #[error("the language model takes no tools: {message}")]
    NoTools { message: String },
    #[error("models of this server cannot be fetched from here")]
    NoDownloads,
}

impl LlmError {
    /// Worth another try with the same request, as long as nothing of the reply was used.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Status { status, .. } => *status == 429 || *status >= 500,
            Self::UnknownModel { .. }
            | Self::Reported { .. }
            | Self::BrokenOff
            | Self::Malformed { .. }
            | Self::TooLong { .. }
            | Self::TimedOut { .. }
            | Self::Resting { .. }
            | Self::KeyRefused
            | Self::NoModelChosen { .. }
            | Self::NoTools { .. }
            | Self::NoDownloads => false,
        }
    }
}

/// Why a turn has no answer; shown to the user as the stream's last words.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    #[error(transparent)]
    Llm(#[from] LlmError),
    #[error(transparent)]
    Store(#[from] store::StoreError),
    #[error(transparent)]
    Schema(#[from] schema_gen::SchemaError),
    /// The model called tools without end.
    #[error("the model called tools {steps} times without giving an answer")]
    TooManySteps { steps: u32 },
    /// Neither SQL nor a tool call that could be understood, after a repair.
    #[error("the model wrote nothing that can be run: {detail}")]
    NoStatement { detail: String },
    /// A statement of a model that the database refuses, after its repairs.
    #[error("the model's SQL could not be repaired: {detail}")]
    BadStatement { detail: String },
    #[error("a worker of the service stopped")]
    Worker,
}
