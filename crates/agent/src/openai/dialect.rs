//! What of a request a server takes, learnt from what it refuses: servers and even the models of one server differ, and
//! tell only by an error.

use crate::LlmError;
use crate::llm::ChatRequest;

/// What is left out or put differently. The default is the whole request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) format: Format,
    pub(super) no_temperature: bool,
    pub(super) no_seed: bool,
    pub(super) no_usage: bool,
    /// `max_completion_tokens` in place of `max_tokens`.
    pub(super) completion_tokens: bool,
    pub(super) no_tools: bool,
}

/// How the form of the reply is asked for, from the strictest on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Format {
    #[default]
    JsonSchema,
    JsonObject,
    /// By the words of the prompt alone.
    Unsaid,
}

impl Format {
    fn next(self) -> Option<Self> {
        match self {
            Self::JsonSchema => Some(Self::JsonObject),
            Self::JsonObject => Some(Self::Unsaid),
            Self::Unsaid => None,
        }
    }
}

/// Whether an error says that the request cannot be taken as it is. llama.cpp answers 500 to some of these.
fn refusal(error: &LlmError) -> Option<String> {
    match error {
        LlmError::Status {
            status: 400 | 422 | 500 | 501,
            message,
        } => Some(message.to_lowercase()),
        _ => None,
    }
}

/// Whether it is the tools that the server does not take.
pub(super) fn refuses_tools(error: &LlmError, request: &ChatRequest) -> bool {
    let names_tools = |message: String| message.contains("tool") || message.contains("jinja");
    !request.tools.is_empty() && refusal(error).is_some_and(names_tools)
}

impl Dialect {
    /// The next form to try after a refusal; `None` when nothing that may be left out is at fault.
    pub(super) fn after(self, error: &LlmError, request: &ChatRequest) -> Option<Self> {
        let message = refusal(error)?;
        let names = |words: &[&str]| words.iter().any(|word| message.contains(word));
        let asks_format = request.format.is_some() && self.format.next().is_some();
        if names(&["max_tokens"]) && !self.completion_tokens {
            return Some(Self {
                completion_tokens: true,
                ..self
            });
        }
        if names(&["temperature"]) && !self.no_temperature {
            return Some(Self {
                no_temperature: true,
                ..self
            });
        }
        if names(&["stream_options", "include_usage"]) && !self.no_usage {
            return Some(Self {
                no_usage: true,
                ..self
            });
        }
        if names(&["seed"]) && !self.no_seed {
            return Some(Self {
                no_seed: true,
                ..self
            });
        }
        // Refusals of a schema come in many words; without it the prompt still says what is wanted.
        let format = self.format.next().filter(|_| asks_format)?;
        Some(Self { format, ..self })
    }
}
