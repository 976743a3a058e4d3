//! Which engine answers: a model of the configured server, or the built-in planner.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::LlmError;
use crate::llm::{LlmClient, ModelCard};

/// Finds the engine and remembers it for some seconds. One for each process; cheap to share behind an `Arc`.
pub struct Engines {
    client: Arc<dyn LlmClient>,
    configured_model: Option<String>,
    limits: EngineLimits,
}

#[derive(Debug, Clone, Copy)]
pub struct EngineLimits {
    /// How long a request waits for a detection that is not yet known.
    pub first_wait: Duration,
    /// How long a detection holds.
    pub keep: Duration,
}

impl Default for EngineLimits {
    fn default() -> Self {
        Self {
            first_wait: Duration::from_millis(300),
            keep: Duration::from_secs(10),
        }
    }
}

#[derive(Clone)]
pub enum Engine {
    /// No model: the built-in planner alone.
    BuiltIn {
        reason: String,
    },
    Model(ModelEngine),
}

impl Engine {
    /// `built-in` or the model's name.
    pub fn name(&self) -> &str {
        match self {
            Self::BuiltIn { .. } => "built-in",
            Self::Model(model) => &model.name,
        }
    }
}

#[derive(Clone)]
pub struct ModelEngine {
    pub client: Arc<dyn LlmClient>,
    pub name: String,
    pub card: ModelCard,
    /// Why this model answers and not the configured one.
    pub note: Option<String>,
}

/// What `GET /api/llm` shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LlmInfo {
    /// `ollama` or `built-in`.
    pub provider: String,
    /// The model that answers; `None` when the built-in planner does.
    pub model: Option<String>,
    pub configured_model: Option<String>,
    pub reachable: bool,
    pub installed_models: Vec<String>,
    /// Why it is so, in words.
    pub note: Option<String>,
}

impl Engines {
    /// `model` is the configured one; without it the best installed one is taken.
    pub fn ollama(base_url: &Url, model: Option<String>) -> Result<Self, LlmError> {
        let _ = (base_url, model);
        Err(LlmError::BrokenOff)
    }

    pub fn new(
        client: Arc<dyn LlmClient>,
        configured_model: Option<String>,
        limits: EngineLimits,
    ) -> Self {
        Self {
            client,
            configured_model,
            limits,
        }
    }

    pub fn client(&self) -> Arc<dyn LlmClient> {
        Arc::clone(&self.client)
    }

    /// The engine for a request that starts now; waits at most `first_wait`.
    pub async fn current(&self) -> Engine {
        let _ = (&self.configured_model, self.limits);
        Engine::BuiltIn {
            reason: String::new(),
        }
    }

    pub async fn info(&self) -> LlmInfo {
        LlmInfo {
            provider: "built-in".into(),
            model: None,
            configured_model: self.configured_model.clone(),
            reachable: false,
            installed_models: Vec::new(),
            note: None,
        }
    }

    /// Forgets what was detected, for instance after a pull.
    pub async fn refresh(&self) {}
}
