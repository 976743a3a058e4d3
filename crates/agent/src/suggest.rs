//! Questions to begin with, made from the schema.

use crate::link::DatasetContext;

/// At most three questions that the data can answer.
pub fn suggest_questions(context: &DatasetContext) -> Vec<String> {
    let _ = context;
    Vec::new()
}
