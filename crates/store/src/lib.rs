//! All SQL that runs: metadata by sqlx, users' databases behind [`dataset::Dataset`].
//!
//! Users' data never shares a file with metadata. No other crate names sqlx or rusqlite. Nothing here knows HTTP.

pub mod dataset;
mod error;
pub mod ids;

pub use error::StoreError;
