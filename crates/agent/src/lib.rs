//! Question -> answer: a model's tool calls or the built-in planner, always through the sandbox.
//!
//! The answer's numbers come from rows, never from a model's memory. Knows nothing of HTTP or of who asks.

mod call_text;
pub mod chart;
pub mod engine;
mod error;
pub mod event;
pub mod link;
pub mod llm;
pub mod ollama;
pub mod planner;
pub mod suggest;
pub mod tools;
pub mod turn;

pub use error::{AgentError, LlmError};
pub use event::Event;
