//! Handlers, with the types of their requests and responses beside them.

pub mod account;
pub mod audit;
pub mod auth;
pub mod chat;
pub mod conversations;
pub mod csp;
pub mod csv;
pub mod health;
pub mod llm;
pub mod query;
pub mod samples;
pub mod schema;
pub mod writes;
