//! Ollama's HTTP API. Request types are those of ollama-rs; its streams are not used, for they drop chunks whose UTF-8 is
//! cut at a border and hide `{"error": …}` lines: replies are read here, line by line, as bytes.

mod reply;
mod wire;

use async_trait::async_trait;
use serde_json::json;
use tokio::time::Instant;
use url::Url;

use crate::LlmError;
use crate::llm::{ChatRequest, ChunkStream, InstalledModel, LlmClient, ModelCard, PullStream};
use crate::model_http::{LlmLimits, ModelHttp};

/// A client of one Ollama server.
pub struct OllamaClient {
    http: ModelHttp,
}

impl OllamaClient {
    pub fn new(base_url: &Url, limits: LlmLimits) -> Result<Self, LlmError> {
        let http = ModelHttp::new(base_url, None, limits)?;
        Ok(Self { http })
    }
}

#[async_trait]
impl LlmClient for OllamaClient {
    fn provider(&self) -> &'static str {
        "ollama"
    }

    fn base_url(&self) -> Option<&Url> {
        Some(self.http.base_url())
    }

    async fn list_models(&self) -> Result<Vec<InstalledModel>, LlmError> {
        let tags: wire::Tags = self.http.metadata(self.http.get("api/tags")?).await?;
        Ok(tags.installed())
    }

    async fn show(&self, model: &str) -> Result<ModelCard, LlmError> {
        let request = self.http.post("api/show", &json!({ "model": model }))?;
        let info = self.http.metadata(request).await?;
        Ok(wire::card(&info, model))
    }

    async fn chat(&self, request: ChatRequest) -> Result<ChunkStream, LlmError> {
        self.http.check_rest()?;
        let began = Instant::now();
        let body = wire::chat_body(&request)?;
        let limits = self.http.limits;
        let sent = self
            .http
            .send_with_retries("api/chat", &body, "no first word", limits.first_token)
            .await;
        match sent {
            Ok(response) => Ok(self.http.watch(reply::chunks(response, limits, began))),
            Err(error) => {
                self.http.note_failure(&error);
                Err(error)
            }
        }
    }

    async fn pull(&self, model: &str) -> Result<PullStream, LlmError> {
        let body = json!({ "model": model, "stream": true });
        let limits = self.http.limits;
        let response = self
            .http
            .send_with_retries("api/pull", &body, "no progress", limits.first_token)
            .await?;
        Ok(reply::pull_progress(response, limits))
    }
}

#[cfg(test)]
mod tests;
