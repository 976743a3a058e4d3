//! The service as its clients see it: a real server on loopback, a real database, real keys; only the identity provider is a
//! double. Folders mirror the URLs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::format_push_string
)]

mod audit;
mod auth;
mod chat;
mod contract;
mod csv;
mod definition;
mod downloads;
mod full_disk;
mod guard;
mod helping;
mod importing;
mod leaving;
mod left_work;
mod llm;
mod logs;
mod meaning;
mod mending;
mod normalising;
mod operator;
mod ownership;
mod paging;
mod path;
mod plans;
mod process;
mod renaming;
mod revising;
mod schema;
mod spellings;
mod stopping;
mod support;
mod unread;
mod walls;
mod workers;
