//! What of an answer holds.

use serde::de::DeserializeOwned;

use super::piece::{Kind, Piece};
use super::{AnswerError, Change, apply, columns, rows};
use crate::{Schema, Source, ident, validate};

/// What one answer was about.
pub struct Asked<'a> {
    pub piece: &'a Piece,
    /// As the model was shown it.
    pub schema: &'a Schema,
    pub sources: &'a [Source],
}

/// The schema with what holds of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    pub schema: Schema,
    pub changes: Vec<Change>,
}

/// Proposals that are put in place one by one.
pub struct Merging<'a> {
    asked: &'a Schema,
    merged: Merged,
}

impl Merging<'_> {
    pub fn schema(&self) -> &Schema {
        &self.merged.schema
    }

    /// Puts the change in place, unless it is refused already or a person has said something else since.
    pub fn propose(&mut self, mut change: Change) {
        if change.refused.is_none() && !apply::apply(&mut self.merged.schema, &change) {
            if apply::stood(self.asked, &self.merged.schema, &change) {
                return;
            }
            change.refused = Some("you have changed it meanwhile".to_owned());
        }
        self.merged.changes.push(change);
    }
}

/// Takes over what holds of the answer to a piece, and says of each proposal what became of it.
///
/// `asked` is the schema that the model was shown, `now` what it has become since: what is no longer as it was stays.
pub fn merge(
    piece: &Piece,
    asked: &Schema,
    now: &Schema,
    sources: &[Source],
    answer: &str,
) -> Result<Merged, AnswerError> {
    let mut merging = Merging {
        asked,
        merged: Merged {
            schema: now.clone(),
            changes: Vec::new(),
        },
    };
    let about = Asked {
        piece,
        schema: asked,
        sources,
    };
    match piece.kind {
        Kind::Rows => rows::take(&about, answer, &mut merging)?,
        Kind::Columns => columns::take(&about, answer, &mut merging)?,
    }
    let merged = merging.merged;
    match validate(&merged.schema, sources).into_iter().next() {
        None => Ok(merged),
        Some(problem) => Err(AnswerError::Unsound(format!(
            "{}: {}",
            problem.field, problem.message
        ))),
    }
}

/// The answer's JSON, without the Markdown fence that models like to put around it.
pub fn read<T: DeserializeOwned>(answer: &str) -> Result<T, AnswerError> {
    let json = match (answer.find('{'), answer.rfind('}')) {
        (Some(start), Some(end)) if start < end => &answer[start..=end],
        _ => answer,
    };
    serde_json::from_str(json).map_err(|error| AnswerError::NotJson(error.to_string()))
}

/// On one line, without hidden characters, within a bound.
pub fn plain(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .chars()
        .filter(|character| !ident::is_hidden(*character))
        .take(most)
        .collect()
}
