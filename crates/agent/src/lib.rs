//! Question -> answer: a model's tool calls or the built-in engine, always through the sandbox.
//!
//! The answer's numbers come from rows, never from a model's memory. Knows nothing of HTTP or of who asks.

mod answer;
pub mod bind_names;
mod call_text;
pub mod chart;
mod describe;
pub mod engine;
mod error;
pub mod event;
pub mod help;
mod insert_text;
pub mod llm;
pub mod model_http;
mod model_queue;
pub mod ollama;
pub mod openai;
mod parsed;
pub mod pool;
mod prompt;
pub mod reading;
mod sql_name;
mod statement_text;
pub mod suggest;
pub mod tools;
pub mod trust;
pub mod turn;

pub use error::{AgentError, LlmError};
pub use event::Event;

#[cfg(test)]
mod testing;
