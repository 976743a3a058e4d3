//! Stream events -> the parts of the message that is kept (the AI SDK's `UIMessage.parts`).

use agent::Event;
use agent::event::FinishReason;
use serde_json::{Value, json};

/// Gathers what a turn sends.
#[derive(Debug, Default)]
pub struct PartsBuilder {
    parts: Vec<Value>,
    /// Ids of open texts and the index of their part.
    open: Vec<(String, usize)>,
    pub finished: Option<FinishReason>,
}

impl PartsBuilder {
    /// Goes on with the parts of a message that was kept before.
    pub fn resume(parts: Vec<Value>) -> Self {
        Self {
            parts,
            ..Self::default()
        }
    }

    pub fn into_parts(self) -> Vec<Value> {
        self.parts
    }

    pub fn add(&mut self, event: &Event) {
        match event {
            Event::StartStep => self.parts.push(json!({"type": "step-start"})),
            Event::TextStart { id } => self.open_text(id, "text"),
            Event::ReasoningStart { id } => self.open_text(id, "reasoning"),
            Event::TextDelta { id, delta } | Event::ReasoningDelta { id, delta } => self.append(id, delta),
            Event::TextEnd { id } | Event::ReasoningEnd { id } => self.close(id),
            Event::ToolInputAvailable { tool_call_id, tool_name, input } => self.parts.push(json!({
                "type": format!("tool-{tool_name}"), "toolCallId": tool_call_id, "state": "input-available", "input": input
            })),
            Event::ToolOutputAvailable { tool_call_id, output } => self.tool(tool_call_id, "output-available", "output", output.clone()),
            Event::ToolOutputError { tool_call_id, error_text } => self.tool(tool_call_id, "output-error", "errorText", json!(error_text)),
            Event::ToolOutputDenied { tool_call_id } => self.tool_state(tool_call_id, "output-denied"),
            Event::ToolApprovalRequest { approval_id, tool_call_id } => self.tool(tool_call_id, "approval-requested", "approval", json!({"id": approval_id})),
            Event::DataReceipt { id, data } => self.data("data-receipt", id.as_deref(), &json!(data)),
            Event::DataClarify { data } => self.data("data-clarify", None, &json!(data)),
            Event::Error { error_text } => self.data("data-error", None, &json!({"message": error_text})),
            Event::Finish { finish_reason, .. } => self.finished = Some(*finish_reason),
            Event::Abort { .. } => self.finished = Some(FinishReason::Other),
            // Said while it happens, or only the beginning of what comes whole later.
            Event::Start { .. } | Event::FinishStep | Event::DataStatus { .. } | Event::ToolInputStart { .. } => {}
        }
    }

    fn open_text(&mut self, id: &str, kind: &str) {
        self.open.push((id.to_owned(), self.parts.len()));
        self.parts
            .push(json!({"type": kind, "text": "", "state": "done"}));
    }

    fn append(&mut self, id: &str, delta: &str) {
        let Some((_, index)) = self.open.iter().rev().find(|(open, _)| open == id) else {
            return;
        };
        if let Some(Value::String(text)) = self
            .parts
            .get_mut(*index)
            .and_then(|part| part.get_mut("text"))
        {
            text.push_str(delta);
        }
    }

    fn close(&mut self, id: &str) {
        self.open.retain(|(open, _)| open != id);
    }

    fn tool_part(&mut self, tool_call_id: &str) -> Option<&mut Value> {
        self.parts
            .iter_mut()
            .rev()
            .find(|part| part["toolCallId"] == tool_call_id)
    }

    fn tool_state(&mut self, tool_call_id: &str, state: &str) {
        if let Some(part) = self.tool_part(tool_call_id) {
            part["state"] = json!(state);
        }
    }

    fn tool(&mut self, tool_call_id: &str, state: &str, name: &str, value: Value) {
        if let Some(part) = self.tool_part(tool_call_id) {
            part["state"] = json!(state);
            part[name] = value;
        }
    }

    /// The same id replaces.
    fn data(&mut self, kind: &str, id: Option<&str>, data: &Value) {
        let part = match id {
            Some(id) => json!({"type": kind, "id": id, "data": data}),
            None => json!({"type": kind, "data": data}),
        };
        match id.and_then(|id| {
            self.parts
                .iter_mut()
                .find(|part| part["type"] == kind && part["id"] == id)
        }) {
            Some(present) => *present = part,
            None => self.parts.push(part),
        }
    }
}

/// Notes the user's word in the kept tool part, as the SDK does in its own copy.
pub fn decide(parts: &mut [Value], approval_id: &str, approved: bool) {
    for part in parts
        .iter_mut()
        .filter(|part| part["approval"]["id"] == approval_id)
    {
        part["approval"]["approved"] = json!(approved);
        part["state"] = json!("approval-responded");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_become_the_parts_that_the_sdk_keeps() {
        let mut builder = PartsBuilder::default();
        for event in [
            Event::StartStep,
            Event::ToolInputAvailable {
                tool_call_id: "t".into(),
                tool_name: "insert_data".into(),
                input: json!({"table": "a"}),
            },
            Event::ToolApprovalRequest {
                approval_id: "p".into(),
                tool_call_id: "t".into(),
            },
            Event::TextStart { id: "1".into() },
            Event::TextDelta {
                id: "1".into(),
                delta: "Hello ".into(),
            },
            Event::TextDelta {
                id: "1".into(),
                delta: "there".into(),
            },
            Event::TextEnd { id: "1".into() },
            Event::Finish {
                finish_reason: FinishReason::Stop,
                message_metadata: None,
            },
        ] {
            builder.add(&event);
        }
        assert_eq!(builder.finished, Some(FinishReason::Stop));
        let mut parts = builder.into_parts();
        assert_eq!(parts[1]["state"], "approval-requested");
        assert_eq!(
            parts[2],
            json!({"type": "text", "text": "Hello there", "state": "done"})
        );
        decide(&mut parts, "p", true);
        assert_eq!(parts[1]["approval"], json!({"id": "p", "approved": true}));
        let mut resumed = PartsBuilder::resume(parts);
        resumed.add(&Event::ToolOutputAvailable {
            tool_call_id: "t".into(),
            output: json!({"row_count": 1}),
        });
        assert_eq!(resumed.into_parts()[1]["output"], json!({"row_count": 1}));
    }
}
