//! Requests and lists of models as OpenAI's API has them.

use std::collections::VecDeque;

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::dialect::{Dialect, Format, Part};
use crate::llm::{ChatRequest, Message, ModelCard, Role};

#[derive(Deserialize)]
pub(super) struct Models {
    #[serde(default)]
    pub(super) data: Vec<ListedModel>,
}

/// A model of the list. Beside its name each server tells what it likes.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct ListedModel {
    pub(super) id: String,
    /// llama.cpp.
    meta: Option<Meta>,
    /// vLLM.
    max_model_len: Option<u64>,
    /// Gateways.
    context_length: Option<u64>,
}

#[derive(Debug, Clone, Deserialize)]
struct Meta {
    #[serde(rename = "n_params")]
    parameters: Option<u64>,
    #[serde(rename = "n_ctx_train")]
    context_trained: Option<u64>,
    /// What the server reserved of it.
    #[serde(rename = "n_ctx")]
    context_reserved: Option<u64>,
}

impl ListedModel {
    pub(super) fn card(&self) -> ModelCard {
        let meta = self.meta.as_ref();
        let of_meta = meta.and_then(|meta| meta.context_reserved.or(meta.context_trained));
        ModelCard {
            capabilities: Vec::new(),
            parameter_count: meta
                .and_then(|meta| meta.parameters)
                .or_else(|| crate::model_http::size_in_name(&self.id)),
            context_length: self.max_model_len.or(self.context_length).or(of_meta),
        }
    }
}

/// The body of `chat/completions`, as a stream.
pub(super) fn chat_body(request: &ChatRequest, dialect: &Dialect) -> Json {
    let options = &request.options;
    let mut body = json!({
        "model": request.model,
        "messages": messages(&request.messages),
        "stream": true,
    });
    if dialect.takes(Part::Usage) {
        body["stream_options"] = json!({"include_usage": true});
    }
    if dialect.takes(Part::Temperature) {
        body["temperature"] = decimal(options.temperature);
    }
    if dialect.takes(Part::Seed) {
        body["seed"] = options.seed.into();
    }
    if let Some(tokens) = options.max_tokens {
        let name = if dialect.takes(Part::MaxTokens) {
            "max_tokens"
        } else {
            "max_completion_tokens"
        };
        body[name] = tokens.into();
    }
    if !options.stop.is_empty() {
        body["stop"] = json!(options.stop);
    }
    if let Some(format) = &request.format
        && let Some(format) = response_format(format, dialect.format)
    {
        body["response_format"] = format;
    } else if request.format.is_none() && !request.tools.is_empty() {
        let tools = request.tools.iter().map(|tool| {
            json!({
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.parameters,
                },
            })
        });
        body["tools"] = tools.collect();
    }
    body
}

fn response_format(schema: &Json, format: Format) -> Option<Json> {
    match format {
        // Not `strict`: that asks for every property to be required, and checks more than it helps.
        Format::JsonSchema if schema.is_object() => Some(json!({
            "type": "json_schema",
            "json_schema": {"name": "reply", "schema": schema},
        })),
        Format::JsonSchema | Format::JsonObject => Some(json!({"type": "json_object"})),
        Format::Unsaid => None,
    }
}

/// 0.6 and not 0.6000000238418579.
fn decimal(number: f32) -> Json {
    let rounded = (f64::from(number) * 1_000.0).round() / 1_000.0;
    json!(rounded)
}

/// Each result of a tool names the call that it answers; calls without an id of their own are numbered.
fn messages(messages: &[Message]) -> Vec<Json> {
    let mut open: VecDeque<String> = VecDeque::new();
    let mut numbered = 0;
    messages
        .iter()
        .map(|message| match message.role {
            Role::System => json!({"role": "system", "content": message.content}),
            Role::User => json!({"role": "user", "content": message.content}),
            Role::Assistant if message.tool_calls.is_empty() => {
                json!({"role": "assistant", "content": message.content})
            }
            Role::Assistant => {
                open.clear();
                let calls = message.tool_calls.iter().map(|call| {
                    numbered += 1;
                    let id = call.id.clone().filter(|id| !id.is_empty());
                    let id = id.unwrap_or_else(|| format!("call_{numbered}"));
                    open.push_back(id.clone());
                    let arguments = match &call.arguments {
                        Json::String(text) => text.clone(),
                        other => other.to_string(),
                    };
                    json!({
                        "id": id,
                        "type": "function",
                        "function": {"name": call.name, "arguments": arguments},
                    })
                });
                let calls: Vec<Json> = calls.collect();
                json!({"role": "assistant", "content": message.content, "tool_calls": calls})
            }
            Role::Tool => match open.pop_front() {
                Some(id) => {
                    json!({"role": "tool", "tool_call_id": id, "content": message.content})
                }
                // A result without its call is refused.
                None => json!({"role": "user", "content": message.content}),
            },
        })
        .collect()
}
