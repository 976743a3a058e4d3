//! The chat request: the AI SDK's UI messages (`parts`) or plain `{role, content}`.

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{ApiError, FieldError};

/// A question longer than this is no question.
const MAX_QUESTION_CHARS: usize = 4_000;

#[derive(Debug, Deserialize, ToSchema)]
pub struct ChatRequest {
    pub schema_id: Uuid,
    /// Without it a new conversation begins; the header `x-conversation-id` of the response names it.
    #[serde(default)]
    pub conversation_id: Option<Uuid>,
    /// The last one is the question, or carries the answer to a pending write.
    #[schema(min_items = 1)]
    pub messages: Vec<ChatMessage>,
    /// `submit-message` or `regenerate-message`.
    #[serde(default)]
    pub trigger: Option<String>,
    /// The answer to make again.
    #[serde(default, rename = "messageId")]
    pub message_id: Option<String>,
    /// `auto`, or `builtin` to leave the model out.
    #[serde(default)]
    pub engine: Option<ChatEngine>,
    /// A plan that is run in place of the question, whose text only says what was changed.
    #[serde(default)]
    pub plan: Option<PlanStep>,
}

/// A plan, and what is to be changed in it before it is run.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PlanStep {
    /// A receipt's or a choice's; without one the first change begins a plan.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub document: Option<Value>,
    /// As in a preview.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub changes: Vec<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChatEngine {
    Auto,
    Builtin,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ChatMessage {
    /// `user` or `assistant`.
    pub role: String,
    /// Plain text, for clients without the SDK.
    #[serde(default)]
    pub content: Option<String>,
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub parts: Vec<Value>,
}

/// The user's word about a pending write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub approval_id: String,
    pub approved: bool,
}

/// What the last message asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    Question(String),
    Decision(Decision),
    /// Answer the last question again.
    Again,
}

impl ChatMessage {
    /// The text parts, or `content`.
    pub fn text(&self) -> String {
        let parts: Vec<&str> = self
            .parts
            .iter()
            .filter(|part| part["type"] == "text")
            .filter_map(|part| part["text"].as_str())
            .collect();
        if parts.is_empty() {
            self.content.clone().unwrap_or_default()
        } else {
            parts.join("\n")
        }
    }

    fn decision(&self) -> Option<Decision> {
        let answered = self
            .parts
            .iter()
            .rev()
            .find(|part| part["state"] == "approval-responded")?;
        let approval = &answered["approval"];
        Some(Decision {
            approval_id: approval["id"].as_str()?.to_owned(),
            approved: approval["approved"].as_bool()?,
        })
    }
}

impl ChatRequest {
    pub fn ask(&self) -> Result<Ask, ApiError> {
        let refuse = |message: &str| {
            let error = FieldError {
                field: format!("messages[{}]", self.messages.len().saturating_sub(1)),
                message: message.into(),
            };
            ApiError::unprocessable("invalid_messages", "There is nothing to answer.")
                .with_errors(vec![error])
        };
        let Some(last) = self.messages.last() else {
            return Err(refuse("the list is empty"));
        };
        if self.trigger.as_deref() == Some("regenerate-message") {
            return Ok(Ask::Again);
        }
        match last.role.as_str() {
            "user" => {
                let text = last.text().trim().to_owned();
                match text.chars().count() {
                    0 => Err(refuse("the question is empty")),
                    count if count > MAX_QUESTION_CHARS => Err(refuse(&format!(
                        "the question has {count} characters, more than {MAX_QUESTION_CHARS}"
                    ))),
                    _ => Ok(Ask::Question(text)),
                }
            }
            "assistant" => last
                .decision()
                .map(Ask::Decision)
                .ok_or_else(|| refuse("an assistant's message must answer a pending write")),
            _ => Err(refuse("the role must be user or assistant")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[allow(clippy::needless_pass_by_value)] // reads better where it is called
    fn ask(messages: Value) -> Result<Ask, ApiError> {
        let request: ChatRequest =
            serde_json::from_value(json!({"schema_id": Uuid::nil(), "messages": messages}))
                .unwrap();
        request.ask()
    }

    #[test]
    fn plain_and_ui_messages_are_both_questions() {
        assert_eq!(
            ask(json!([{"role": "user", "content": " How many? "}])).unwrap(),
            Ask::Question("How many?".into())
        );
        assert_eq!(ask(json!([{"id": "1", "role": "user", "parts": [{"type": "text", "text": "How many?"}]}])).unwrap(), Ask::Question("How many?".into()));
    }

    #[test]
    fn an_answered_approval_is_a_decision() {
        let messages = json!([{"role": "assistant", "parts": [
            {"type": "tool-insert_data", "state": "approval-responded", "approval": {"id": "a1", "approved": false}}]}]);
        assert_eq!(
            ask(messages).unwrap(),
            Ask::Decision(Decision {
                approval_id: "a1".into(),
                approved: false
            })
        );
    }

    #[test]
    fn nothing_to_answer_is_refused_with_the_place() {
        for messages in [
            json!([]),
            json!([{"role": "user", "content": ""}]),
            json!([{"role": "assistant", "parts": []}]),
            json!([{"role": "system", "content": "x"}]),
        ] {
            assert_eq!(ask(messages).unwrap_err().code, "invalid_messages");
        }
    }
}
