//! Ollama's requests and plain responses.

use ollama_rs::generation::chat::request::ChatMessageRequest;
use ollama_rs::generation::chat::{ChatMessage, MessageRole};
use ollama_rs::generation::parameters::FormatType;
use ollama_rs::generation::tools::{ToolCall as WireCall, ToolCallFunction, ToolInfo};
use ollama_rs::models::{LocalModel, ModelInfo, ModelOptions};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::LlmError;
use crate::llm::{ChatOptions, ChatRequest, InstalledModel, Message, ModelCard, Role};
use crate::model_http::size_in_name;

/// How long Ollama keeps the model in memory after a reply, and with it its work on the beginning of the prompt. Its own
/// five minutes are shorter than a look at a result; loading anew and reading the schema again take longer than answering.
const KEEP_ALIVE: &str = "30m";

/// Ollama's own penalty of 1.1 for words said before pushes the model away from the very names that a query repeats.
const NO_REPEAT_PENALTY: f32 = 1.0;

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
    body["keep_alive"] = KEEP_ALIVE.into();
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
        .seed(options.seed)
        .repeat_penalty(NO_REPEAT_PENALTY);
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

fn from_json<T: serde::de::DeserializeOwned>(value: Json) -> Result<T, LlmError> {
    serde_json::from_value(value).map_err(|error| malformed(&error))
}

fn malformed(error: &serde_json::Error) -> LlmError {
    LlmError::Malformed {
        detail: format!("the request cannot be written: {error}"),
    }
}
