//! A language model's part in a schema, in small pieces: what it is asked, the form of its answer, and what of the answer holds.
//!
//! A piece is about one table, or some of its columns, and its answer is used as soon as it is there. The answer is a proposal. It
//! may describe, give other words, say which column names a row, and name what has no name; what the files contradict is
//! refused with the reason, and what a person has said meanwhile stays. It removes nothing, and touches neither keys nor
//! references.

mod apply;
mod columns;
mod merge;
mod piece;
mod prompt;
mod rows;

use serde::{Deserialize, Serialize};

pub use apply::apply;
pub use merge::{Merged, merge};
pub use piece::{Kind, Piece, Place, plan};
pub use prompt::{PROMPT_VERSION, Question, question};

/// The answer is not what was asked for; the schema stands as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    #[error("the answer is not the JSON that was asked for: {0}")]
    NotJson(String),
    #[error("the answer would make the schema unsound: {0}")]
    Unsound(String),
}

/// Something the model proposed, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    pub what: What,
    pub table: String,
    /// As it was called when the change was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The description, the word, the name, or the column that names a row.
    pub value: String,
    /// Why it was refused; `None` where it was taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Of a table, or of the column that is named.
    Description,
    /// Another word for the column.
    Word,
    /// The column that names a row of the table.
    Label,
    /// A name for a column that had none.
    Name,
}

#[cfg(test)]
mod tests;
