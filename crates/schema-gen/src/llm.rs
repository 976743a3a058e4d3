//! A language model's part in a schema: what it is asked, the form of its answer, and what of the answer holds.
//!
//! The answer is a proposal. It may name what has no good name, describe, and propose references; the data and the
//! built-in weights are asked about each, and what they contradict is refused with the reason. It removes nothing.

mod merge;
mod prompt;

use serde::Deserialize;
use serde_json::{Value, json};

pub use merge::merge_proposal;
pub use prompt::proposal_prompt;

/// The answer is not a proposal; the built-in schema stands.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    #[error("the model's answer is not the JSON that was asked for: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("the answer would make the schema unsound: {0}")]
    Unsound(String),
    #[error(transparent)]
    Schema(#[from] crate::SchemaError),
}

/// Something the model proposed, and whether it was taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Stable: `name`, `description`, `relationship`, `reasoning`.
    pub kind: &'static str,
    pub accepted: bool,
    /// In words: what, and why not where it was refused.
    pub message: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Proposal {
    tables: Vec<ProposedTable>,
    relationships: Vec<ProposedReference>,
    reasoning: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProposedTable {
    table: String,
    new_name: Option<String>,
    description: Option<String>,
    columns: Vec<ProposedColumn>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProposedColumn {
    column: String,
    new_name: Option<String>,
    description: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProposedReference {
    from_table: String,
    from_column: String,
    to_table: String,
    to_column: String,
}

/// JSON Schema of the answer, for servers that can hold a model to one.
pub fn proposal_json_schema() -> Value {
    let text = json!({"type": "string"});
    json!({
        "type": "object",
        "properties": {
            "tables": {"type": "array", "items": {
                "type": "object",
                "properties": {
                    "table": text, "new_name": text, "description": text,
                    "columns": {"type": "array", "items": {
                        "type": "object",
                        "properties": {"column": text, "new_name": text, "description": text},
                        "required": ["column"]
                    }}
                },
                "required": ["table"]
            }},
            "relationships": {"type": "array", "items": {
                "type": "object",
                "properties": {"from_table": text, "from_column": text, "to_table": text, "to_column": text},
                "required": ["from_table", "from_column", "to_table", "to_column"]
            }},
            "reasoning": text
        },
        "required": ["tables", "relationships", "reasoning"]
    })
}

#[cfg(test)]
mod tests;
