//! Profiles of CSV files -> a relational schema with evidence for every key and relationship.
//!
//! Reads files only through `ingest`; executes no SQL and knows nothing of async or the network.

mod align;
mod build;
mod dataset_name;
mod ddl;
pub mod difference;
mod edit;
mod error;
pub mod even;
pub mod export;
mod facts;
pub mod forecast;
mod generate;
pub mod ident;
mod keys;
pub mod llm;
pub mod meaning;
pub mod model;
mod names;
pub mod normalize;
mod reasoning;
mod relations;
pub mod rows;
#[cfg(test)]
mod testing;
mod validate;
mod values;

pub use align::align_types;
pub use dataset_name::dataset_name;
pub use ddl::{create_statements, storage_type, type_name};
pub use edit::{Edited, check_against_data, finish_edit, recompute_evidence};
pub use error::SchemaError;
pub use forecast::Forecast;
pub use generate::{WeighedPair, generate, weighed_pairs};
pub use meaning::Meaning;
pub use model::Schema;
pub use validate::{Problem, fit_texts, notices, validate};

use std::path::PathBuf;

use ingest::Analysis;

/// One uploaded file with what ingest found in it.
#[derive(Debug, Clone)]
pub struct Source {
    /// Id of the upload, as text.
    pub csv_id: String,
    /// The name the user gave the file: names the table.
    pub original_filename: String,
    pub path: PathBuf,
    pub analysis: Analysis,
}

/// A step of the work, for people to watch. `done` of `total` units (0 of 0 where there is nothing to count).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Stable: `profiles`, `keys`, `relationships`, `naming`, `done`, `normalisation`.
    pub stage: &'static str,
    pub message: String,
    pub done: u64,
    pub total: u64,
}

/// Hears each [`Step`]; `false` cancels with [`SchemaError::Cancelled`].
pub type OnStep<'a> = &'a dyn Fn(Step) -> bool;
