//! Ollama's HTTP API. Request types are those of ollama-rs; its streams are not used, for they drop chunks whose UTF-8 is
//! cut at a border and hide `{"error": …}` lines: replies are read here, line by line, as bytes.

mod breaker;
mod reply;
mod wire;

use std::time::Duration;

use async_trait::async_trait;
use futures::StreamExt;
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use tokio::time::{Instant, sleep, timeout};
use url::{Host, Url};

use crate::LlmError;
use crate::llm::{ChatRequest, ChunkStream, InstalledModel, LlmClient, ModelCard, PullStream};
use breaker::Breaker;

/// Time limits and bounds of every request.
#[derive(Debug, Clone, Copy)]
pub struct LlmLimits {
    pub connect: Duration,
    /// Until the first piece of a reply: loading a large model and reading the prompt take their time.
    pub first_token: Duration,
    /// Between two pieces.
    pub idle: Duration,
    /// One whole reply.
    pub total: Duration,
    /// Listing and describing models.
    pub metadata: Duration,
    /// More tries after a refused connection, a 429 or a 5xx.
    pub retries: u32,
    /// Before the first of them; doubles each time.
    pub retry_wait: Duration,
    pub max_line_bytes: usize,
    /// Failures in a row after which the server is left alone for `rest`.
    pub failures_before_rest: u32,
    pub rest: Duration,
}

impl Default for LlmLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            first_token: Duration::from_mins(2),
            idle: Duration::from_secs(30),
            total: Duration::from_mins(5),
            metadata: Duration::from_secs(5),
            retries: 2,
            retry_wait: Duration::from_millis(250),
            max_line_bytes: 1 << 20,
            failures_before_rest: 3,
            rest: Duration::from_secs(20),
        }
    }
}

/// Longest wait that a server's `Retry-After` may ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(5);
/// Most bytes of an error's body that are read, and characters of it that are shown.
const MAX_ERROR_BYTES: usize = 64 * 1024;
const MAX_ERROR_CHARS: usize = 300;

/// A client of one Ollama server.
pub struct OllamaClient {
    base_url: Url,
    http: reqwest::Client,
    limits: LlmLimits,
    breaker: Breaker,
}

impl OllamaClient {
    pub fn new(base_url: &Url, limits: LlmLimits) -> Result<Self, LlmError> {
        let mut base_url = base_url.clone();
        if !base_url.path().ends_with('/') {
            base_url.set_path(&format!("{}/", base_url.path()));
        }
        let mut builder = reqwest::Client::builder().connect_timeout(limits.connect);
        if is_loopback(&base_url) {
            // A proxy cannot reach this machine's own server.
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| LlmError::Malformed {
            detail: format!("HTTP client: {error}"),
        })?;
        Ok(Self {
            base_url,
            http,
            limits,
            breaker: Breaker::new(limits.failures_before_rest, limits.rest),
        })
    }

    fn url(&self, path: &str) -> Result<Url, LlmError> {
        self.base_url
            .join(path)
            .map_err(|error| LlmError::Malformed {
                detail: format!("address {}{path}: {error}", self.base_url),
            })
    }

    fn unreachable(&self) -> LlmError {
        LlmError::Unreachable {
            url: self.base_url.to_string(),
        }
    }

    /// One request within `limit` until its headers; a refusal becomes an error.
    async fn send(
        &self,
        request: reqwest::RequestBuilder,
        what: &'static str,
        limit: Duration,
    ) -> Result<Response, (LlmError, Option<Duration>)> {
        let response = match timeout(limit, request.send()).await {
            Err(_) => return Err((LlmError::TimedOut { what, limit }, None)),
            Ok(Err(_)) => return Err((self.unreachable(), None)),
            Ok(Ok(response)) => response,
        };
        if response.status().is_success() {
            return Ok(response);
        }
        let retry_after = retry_after(&response);
        let status = response.status();
        let body = wire::bounded_body(response, MAX_ERROR_BYTES, self.limits.metadata).await;
        let body = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
        let message = wire::error_message(&body, MAX_ERROR_CHARS);
        let error = if status == StatusCode::NOT_FOUND && message.contains("model") {
            LlmError::UnknownModel { model: message }
        } else {
            LlmError::Status {
                status: status.as_u16(),
                message,
            }
        };
        Err((error, retry_after))
    }

    /// Sends again after a refused connection, a 429 or a 5xx, a bounded number of times.
    async fn send_with_retries(
        &self,
        path: &str,
        body: &Json,
        what: &'static str,
        limit: Duration,
    ) -> Result<Response, LlmError> {
        let began = Instant::now();
        let url = self.url(path)?;
        let mut wait = self.limits.retry_wait;
        let mut tries_left = self.limits.retries;
        loop {
            let left = limit.saturating_sub(began.elapsed());
            let request = self.http.post(url.clone()).json(body);
            let (error, retry_after) = match self.send(request, what, left).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            if tries_left == 0 || !error.is_transient() {
                return Err(error);
            }
            tries_left -= 1;
            tracing::debug!(%error, "asking the language model again");
            sleep(retry_after.map_or(wait, |asked| asked.min(MAX_RETRY_AFTER))).await;
            wait *= 2;
        }
    }

    async fn metadata<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<T, LlmError> {
        let limit = self.limits.metadata;
        let response = self
            .send(request, "no answer", limit)
            .await
            .map_err(|(error, _)| error)?;
        let bytes = wire::bounded_body(response, 8 << 20, limit).await?;
        serde_json::from_slice(&bytes).map_err(|error| LlmError::Malformed {
            detail: error.to_string(),
        })
    }
}

#[async_trait]
impl LlmClient for OllamaClient {
    fn provider(&self) -> &'static str {
        "ollama"
    }

    async fn list_models(&self) -> Result<Vec<InstalledModel>, LlmError> {
        let url = self.url("api/tags")?;
        let tags: wire::Tags = self.metadata(self.http.get(url)).await?;
        Ok(tags.installed())
    }

    async fn show(&self, model: &str) -> Result<ModelCard, LlmError> {
        let url = self.url("api/show")?;
        let body = json!({ "model": model });
        let info = self.metadata(self.http.post(url).json(&body)).await?;
        Ok(wire::card(&info, model))
    }

    async fn chat(&self, request: ChatRequest) -> Result<ChunkStream, LlmError> {
        self.breaker.check()?;
        let began = Instant::now();
        let body = wire::chat_body(&request)?;
        let sent = self
            .send_with_retries("api/chat", &body, "no first word", self.limits.first_token)
            .await;
        match sent {
            Ok(response) => {
                let chunks = reply::chunks(response, self.limits, began);
                Ok(self.breaker.watch(chunks).boxed())
            }
            Err(error) => {
                self.breaker.note(&error);
                Err(error)
            }
        }
    }

    async fn pull(&self, model: &str) -> Result<PullStream, LlmError> {
        let body = json!({ "model": model, "stream": true });
        let limit = self.limits.first_token;
        let response = self
            .send_with_retries("api/pull", &body, "no progress", limit)
            .await?;
        Ok(reply::pull_progress(response, self.limits))
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(reqwest::header::RETRY_AFTER)?;
    let seconds: u64 = value.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests;
