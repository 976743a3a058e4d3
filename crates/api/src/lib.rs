//! Everything HTTP, and the binary: routes, the guard before them, settings, the embedded page.
//!
//! Handlers hold no SQL, no prompt and no knowledge of CSV: they check who asks, call the other crates and map their errors.

mod chat;
mod clock;
mod config;
mod cookies;
mod datasets;
mod error;
mod extract;
mod frontend;
mod helps;
mod jobs;
mod metered;
mod middleware;
mod names;
mod openapi;
mod operator;
mod page;
mod router;
mod routes;
mod server;
mod service;
mod shutdown;
mod sse;
mod state;
mod stop;
mod turns;

pub use clock::Clock;
pub use config::{Config, ConfigFaults};
pub use operator::{end_sessions, list_sessions, migrate, rotate_keys};
pub use router::{build_app, routes};
pub use server::serve;
pub use service::{Service, StartError, install_metrics, open_service};
pub use shutdown::Shutdown;
