//! All SQL that runs: metadata by sqlx, users' databases behind [`dataset::Dataset`].
//!
//! Invariants: every read of metadata names its owner, so that somebody else's row is [`StoreError::NotFound`];
//! users' data never shares a file with metadata. No other crate names sqlx or rusqlite. Nothing here knows HTTP.

pub mod audit;
pub mod conversations;
mod database;
pub mod dataset;
mod error;
pub mod files;
pub mod helps;
pub mod ids;
pub mod meanings;
mod page;
pub mod pending_writes;
mod row;
pub mod schemas;
pub mod sessions;
pub mod sign_in_flows;
pub mod uploads;
pub mod users;

pub use database::{Effort, Store};
pub use error::StoreError;
pub use page::{Page, Paged};

/// What every fallible function here returns.
pub type Result<T> = std::result::Result<T, StoreError>;

#[cfg(test)]
mod testing;
