//! What any language model can be asked for; [`crate::ollama`] and [`crate::openai`] implement it.

use async_trait::async_trait;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use url::Url;

use crate::LlmError;

/// Pieces of one reply, in order; dropping the stream stops the model. The last good item is [`Chunk::Done`].
pub type ChunkStream = BoxStream<'static, Result<Chunk, LlmError>>;

/// Progress of a download; ends after the item whose status is `success`, or with an error.
pub type PullStream = BoxStream<'static, Result<PullProgress, LlmError>>;

/// A server of language models. Each call has time limits of its own.
#[async_trait]
pub trait LlmClient: Send + Sync {
    /// `ollama`, `openai`.
    fn provider(&self) -> &'static str;

    /// Where everything that is asked goes; `None` where nothing leaves this process.
    fn base_url(&self) -> Option<&Url> {
        None
    }

    /// Models that may be asked, in the server's order.
    async fn list_models(&self) -> Result<Vec<InstalledModel>, LlmError>;

    /// What a model can do.
    async fn show(&self, model: &str) -> Result<ModelCard, LlmError>;

    /// Starts a reply.
    async fn chat(&self, request: ChatRequest) -> Result<ChunkStream, LlmError>;

    /// Downloads a model to the server. [`LlmError::NoDownloads`] where it has none to fetch.
    async fn pull(&self, model: &str) -> Result<PullStream, LlmError>;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalledModel {
    pub name: String,
    pub size_bytes: u64,
}

/// What a model can do, as its server tells.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModelCard {
    /// `completion`, `tools`, `thinking`, `embedding`, …; empty with old servers.
    pub capabilities: Vec<String>,
    pub parameter_count: Option<u64>,
    /// Tokens.
    pub context_length: Option<u64>,
}

impl ModelCard {
    pub fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|known| known == capability)
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChatRequest {
    pub model: String,
    pub messages: Vec<Message>,
    pub tools: Vec<ToolDefinition>,
    /// A JSON Schema that the reply must fit, or `"json"`. Servers drop `tools` when it is set.
    pub format: Option<Json>,
    pub options: ChatOptions,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ChatOptions {
    pub temperature: f32,
    pub seed: i32,
    /// Tokens of prompt and reply together.
    pub context_length: Option<u64>,
    /// Most tokens of the reply.
    pub max_tokens: Option<i32>,
    pub stop: Vec<String>,
    /// `Some(false)` keeps a thinking model from thinking aloud first.
    pub think: Option<bool>,
}

impl Default for ChatOptions {
    fn default() -> Self {
        Self {
            temperature: 0.0,
            seed: 0,
            context_length: None,
            max_tokens: Some(1_024),
            stop: Vec::new(),
            think: None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    System,
    User,
    Assistant,
    Tool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub role: Role,
    pub content: String,
    /// Calls that the assistant made in this message.
    pub tool_calls: Vec<ToolCall>,
    /// The tool whose result this is.
    pub tool_name: Option<String>,
}

impl Message {
    pub fn new(role: Role, content: impl Into<String>) -> Self {
        Self {
            role,
            content: content.into(),
            tool_calls: Vec::new(),
            tool_name: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct ToolDefinition {
    pub name: &'static str,
    pub description: &'static str,
    /// JSON Schema of the arguments.
    pub parameters: Json,
}

/// A call as the model wrote it: nothing in it is checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolCall {
    pub id: Option<String>,
    pub name: String,
    pub arguments: Json,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Chunk {
    Text(String),
    Thinking(String),
    ToolCall(ToolCall),
    /// What the reply took, where the server tells; just before the end.
    Usage(Usage),
    Done(DoneReason),
}

/// Tokens of one reply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    pub prompt_tokens: u64,
    /// Of those, the ones that the server had read before, where it tells.
    pub cached_tokens: Option<u64>,
    pub reply_tokens: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoneReason {
    Stop,
    /// The reply was cut off at the token limit.
    Length,
    Other(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullProgress {
    pub status: String,
    /// Bytes, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<u64>,
}

/// A reply read to its end.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reply {
    pub text: String,
    pub thinking: String,
    pub tool_calls: Vec<ToolCall>,
    /// Cut off at the token limit.
    pub cut_off: bool,
    pub usage: Option<Usage>,
}

/// Most bytes of text taken from one reply.
const MAX_REPLY_BYTES: usize = 256 * 1024;

/// Reads a reply to its end: an error if it breaks off, or grows beyond 256 KiB.
pub async fn collect(mut chunks: ChunkStream) -> Result<Reply, LlmError> {
    use futures::StreamExt;
    let mut reply = Reply::default();
    while let Some(chunk) = chunks.next().await {
        match chunk? {
            Chunk::Text(text) => reply.text.push_str(&text),
            Chunk::Thinking(text) => reply.thinking.push_str(&text),
            Chunk::ToolCall(call) => reply.tool_calls.push(call),
            Chunk::Usage(usage) => reply.usage = Some(usage),
            Chunk::Done(reason) => {
                reply.cut_off = reason == DoneReason::Length;
                return Ok(reply);
            }
        }
        if reply.text.len() + reply.thinking.len() > MAX_REPLY_BYTES {
            return Err(LlmError::TooLong {
                max_bytes: MAX_REPLY_BYTES,
            });
        }
    }
    Err(LlmError::BrokenOff)
}
