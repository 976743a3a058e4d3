//! What of a request a server takes, learnt from what it refuses: servers and even the models of one server differ, and
//! tell only by an error.

use crate::LlmError;
use crate::llm::ChatRequest;

/// What is left out or put differently. The default is the whole request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) format: Format,
    refused: Vec<Part>,
}

/// A part of a request that is not taken everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Temperature,
    Seed,
    /// The wish to be told the counts of tokens.
    Usage,
    /// Under this name; newer models want `max_completion_tokens`.
    MaxTokens,
    Tools,
}

impl Part {
    /// Words by which an error means it.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Temperature => &["temperature"],
            Self::Seed => &["seed"],
            Self::Usage => &["stream_options", "include_usage"],
            Self::MaxTokens => &["max_tokens"],
            // llama.cpp takes tools with its option of this name alone.
            Self::Tools => &["tool", "jinja"],
        }
    }

    fn is_named(self, message: &str) -> bool {
        self.words().iter().any(|word| message.contains(word))
    }
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
    !request.tools.is_empty()
        && refusal(error).is_some_and(|message| Part::Tools.is_named(&message))
}

impl Dialect {
    pub(super) fn takes(&self, part: Part) -> bool {
        !self.refused.contains(&part)
    }

    pub(super) fn without(&self, part: Part) -> Self {
        let mut refused = self.refused.clone();
        if self.takes(part) {
            refused.push(part);
        }
        Self {
            refused,
            ..self.clone()
        }
    }

    /// The next form to try after a refusal; `None` when nothing that may be left out is at fault.
    pub(super) fn after(&self, error: &LlmError, request: &ChatRequest) -> Option<Self> {
        let message = refusal(error)?;
        let parts = [Part::MaxTokens, Part::Temperature, Part::Usage, Part::Seed];
        let named = parts
            .into_iter()
            .find(|part| self.takes(*part) && part.is_named(&message));
        if let Some(part) = named {
            return Some(self.without(part));
        }
        // Refusals of a schema come in many words; without it the prompt still says what is wanted.
        request.format.as_ref()?;
        Some(Self {
            format: self.format.next()?,
            refused: self.refused.clone(),
        })
    }
}
