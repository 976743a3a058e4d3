//! Ollama's requests and plain responses.

use std::time::Duration;

use ollama_rs::generation::chat::request::ChatMessageRequest;
use ollama_rs::generation::chat::{ChatMessage, MessageRole};
use ollama_rs::generation::parameters::FormatType;
use ollama_rs::generation::tools::{ToolCall as WireCall, ToolCallFunction, ToolInfo};
use ollama_rs::models::{LocalModel, ModelInfo, ModelOptions};
use reqwest::Response;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use tokio::time::{Instant, timeout};

use crate::LlmError;
use crate::llm::{ChatOptions, ChatRequest, InstalledModel, Message, ModelCard, Role};

#[derive(Deserialize)]
pub(super) struct Tags {
    #[serde(default)]
    models: Vec<LocalModel>,
}

impl Tags {
    pub(super) fn installed(self) -> Vec<InstalledModel> {
        let model = |model: LocalModel| InstalledModel {
            name: model.name,
            size_bytes: model.size,
        };
        self.models.into_iter().map(model).collect()
    }
}

pub(super) fn card(info: &ModelInfo, model: &str) -> ModelCard {
    let number = |wanted: &str| {
        let found = info
            .model_info
            .iter()
            .find(|(key, _)| key.ends_with(wanted));
        found.and_then(|(_, value)| value.as_u64())
    };
    ModelCard {
        capabilities: info.capabilities.clone(),
        parameter_count: number("general.parameter_count").or_else(|| size_in_name(model)),
        context_length: number(".context_length"),
    }
}

/// The parameter count that a tag such as `qwen2.5-coder:1.5b-instruct` states.
pub(super) fn size_in_name(model: &str) -> Option<u64> {
    let tag = model.rsplit(['/', ':']).next()?;
    tag.to_ascii_lowercase().split(['-', '_']).find_map(|part| {
        let billions: f64 = part.strip_suffix('b')?.parse().ok()?;
        (billions > 0.0).then_some((billions * 1e9) as u64)
    })
}

/// The body of `/api/chat`, as a stream.
pub(super) fn chat_body(request: &ChatRequest) -> Result<Json, LlmError> {
    let messages = request.messages.iter().map(message).collect();
    let mut wire =
        ChatMessageRequest::new(request.model.clone(), messages).options(options(&request.options));
    if let Some(format) = &request.format {
        wire = wire.format(from_json::<FormatType>(format.clone())?);
    }
    if let Some(think) = request.options.think {
        wire = wire.think(think);
    }
    let tools = request.tools.iter().map(|tool| {
        from_json::<ToolInfo>(json!({
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
            },
        }))
    });
    wire = wire.tools(tools.collect::<Result<_, _>>()?);
    let mut body = serde_json::to_value(&wire).map_err(|error| malformed(&error))?;
    body["stream"] = Json::Bool(true);
    for (index, message) in request.messages.iter().enumerate() {
        if let Some(name) = &message.tool_name {
            body["messages"][index]["tool_name"] = Json::String(name.clone());
        }
    }
    Ok(body)
}

fn message(message: &Message) -> ChatMessage {
    let role = match message.role {
        Role::System => MessageRole::System,
        Role::User => MessageRole::User,
        Role::Assistant => MessageRole::Assistant,
        Role::Tool => MessageRole::Tool,
    };
    let mut wire = ChatMessage::new(role, message.content.clone());
    wire.tool_calls = message
        .tool_calls
        .iter()
        .map(|call| WireCall {
            function: ToolCallFunction {
                name: call.name.clone(),
                arguments: call.arguments.clone(),
            },
        })
        .collect();
    wire
}

fn options(options: &ChatOptions) -> ModelOptions {
    let mut wire = ModelOptions::default()
        .temperature(options.temperature)
        .seed(options.seed);
    if let Some(tokens) = options.context_length {
        wire = wire.num_ctx(tokens);
    }
    if let Some(tokens) = options.max_tokens {
        wire = wire.num_predict(tokens);
    }
    if !options.stop.is_empty() {
        wire = wire.stop(options.stop.clone());
    }
    wire
}

/// The message in an error's body, which is `{"error": …}` or plain text.
pub(super) fn error_message(body: &str, max_chars: usize) -> String {
    let parsed: Option<Json> = serde_json::from_str(body).ok();
    let message = parsed
        .as_ref()
        .and_then(|json| json.get("error"))
        .and_then(Json::as_str)
        .unwrap_or(body);
    message.trim().chars().take(max_chars).collect()
}

/// A whole body within a size and a time.
pub(super) async fn bounded_body(
    mut response: Response,
    max_bytes: usize,
    limit: Duration,
) -> Result<Vec<u8>, LlmError> {
    let end = Instant::now() + limit;
    let mut body = Vec::new();
    loop {
        let left = end.saturating_duration_since(Instant::now());
        match timeout(left, response.chunk()).await {
            Err(_) => {
                let what = "no complete answer";
                return Err(LlmError::TimedOut { what, limit });
            }
            Ok(Err(_)) => return Err(LlmError::BrokenOff),
            Ok(Ok(None)) => return Ok(body),
            Ok(Ok(Some(bytes))) if body.len() + bytes.len() <= max_bytes => {
                body.extend_from_slice(&bytes);
            }
            Ok(Ok(Some(_))) => return Err(LlmError::TooLong { max_bytes }),
        }
    }
}

fn from_json<T: serde::de::DeserializeOwned>(value: Json) -> Result<T, LlmError> {
    serde_json::from_value(value).map_err(|error| malformed(&error))
}

fn malformed(error: &serde_json::Error) -> LlmError {
    LlmError::Malformed {
        detail: format!("the request cannot be written: {error}"),
    }
}
