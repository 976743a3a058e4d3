//! Plans in people's hands: a query as a document that can be kept, as chips that say it part by part, with what can stand
//! in the place of each, and changed without a word.
//!
//! Whatever comes from outside is a document or a change, and both are resolved by name and checked before anything is
//! made of them; statements come from [`sql::render`](super::sql::render) alone.

mod change;
mod check;
mod chips;
mod document;
mod follow;
mod options;
mod parts;
#[cfg(test)]
mod tests;

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::change::{ByHand, Change, Comparison, PeriodByHand};
pub use self::chips::{Chip, ChipKind};
pub use self::document::Document;
pub use self::options::{Choice, Choices, Wanted};

pub(super) use self::follow::edits;

use super::data::Data;
use super::decide::Knowledge;
use super::query::Query;
use super::say::Assumed;

/// A query with its document and in parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub document: Document,
    pub chips: Vec<Chip>,
}

impl Plan {
    /// `assumed`: what the question did not say of it.
    pub fn of(query: &Query, data: &Data, assumed: &[Assumed]) -> Self {
        Self {
            document: Document::of(query, data),
            chips: chips::chips(query, data, assumed),
        }
    }
}

/// Where a plan is looked at and changed: the dataset, and the day that "this month" is meant from.
#[derive(Clone, Copy)]
pub struct Desk<'k> {
    pub knowledge: &'k Knowledge,
    pub today: NaiveDate,
}

impl Desk<'_> {
    /// The query of a document after the changes, in their order. Without a document the first change says where to
    /// begin.
    pub fn changed(
        &self,
        document: Option<&Document>,
        changes: &[Change],
    ) -> Result<Query, PlanError> {
        let data = &self.knowledge.data;
        let mut query = document.map(|document| document.load(data)).transpose()?;
        for change in changes {
            query = Some(self.apply(query, change)?);
        }
        query.ok_or_else(|| PlanError::does_not_fit("There is nothing to begin with."))
    }
}

/// A name that a plan uses and the dataset does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outdated {
    Table(String),
    Column { table: String, column: String },
    Relationship { from: String, to: String },
    Other(String),
}

impl fmt::Display for Outdated {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(table) => write!(to, "there is no table {table}"),
            Self::Column { table, column } => {
                write!(to, "there is no column {column} in {table}")
            }
            Self::Relationship { from, to: other } => {
                write!(to, "{from} does not refer to {other} so")
            }
            Self::Other(what) => to.write_str(what),
        }
    }
}

/// Why nothing is made of a plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("This plan does not fit the dataset any more: {0}.")]
    Outdated(Outdated),
    /// What is wrong, a sentence.
    #[error("{0}")]
    DoesNotFit(String),
}

impl PlanError {
    fn outdated(what: impl Into<String>) -> Self {
        Self::Outdated(Outdated::Other(what.into()))
    }

    fn does_not_fit(what: impl Into<String>) -> Self {
        Self::DoesNotFit(what.into())
    }
}
