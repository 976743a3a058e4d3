//! Any server that speaks the chat completions of OpenAI's API: llama.cpp, vLLM, LM Studio, a gateway, a hosted service.
//! They differ in what they take of a request, so what one refuses is left out and the request sent again.
//!
//! Never chooses a model by itself, follows no redirect, and keeps the key out of errors and logs.

mod dialect;
mod reply;
mod wire;

use std::fmt;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use futures::{StreamExt, stream};
use reqwest::Response;
use tokio::time::Instant;
use url::Url;

use crate::LlmError;
use crate::llm::{ChatRequest, ChunkStream, InstalledModel, LlmClient, ModelCard, PullStream};
use crate::model_http::{LlmLimits, ModelHttp, bounded_body, is_json, size_in_name};
use dialect::{Dialect, Part};

/// Requests for one reply, when the server refuses parts of it one after another.
const MAX_REFUSALS: usize = 6;
/// Names of models that a message lists.
const MAX_NAMES: usize = 10;
const MAX_WHOLE_REPLY_BYTES: usize = 4 << 20;

/// What a server knows its callers by. Printed, it is `[secret]`.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// `None` for a text that no HTTP header takes, or an empty one.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then_some(Self(text))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[secret]")
    }
}

/// A client of one server, for one model.
pub struct OpenAiClient {
    http: ModelHttp,
    /// The one to ask; without it the server's only one.
    model: Option<String>,
    dialect: Mutex<Dialect>,
    /// What the server tells of its models, from the last listing.
    listed: Mutex<Vec<wire::ListedModel>>,
}

impl OpenAiClient {
    /// `base_url` is what stands before `/chat/completions`: mostly it ends in `/v1`.
    pub fn new(
        base_url: &Url,
        key: Option<&ApiKey>,
        model: Option<String>,
        limits: LlmLimits,
    ) -> Result<Self, LlmError> {
        let http = ModelHttp::new(base_url, key.map(|key| key.0.as_str()), limits)?;
        Ok(Self {
            http,
            model,
            dialect: Mutex::default(),
            listed: Mutex::default(),
        })
    }

    fn dialect(&self) -> Dialect {
        let known = self.dialect.lock();
        known.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, dialect: Dialect) {
        *self.dialect.lock().unwrap_or_else(PoisonError::into_inner) = dialect;
    }

    /// Sends the request in the form the server is known to take. A refusal that names a part of it, or may be meant for
    /// one, is followed by the same request without that part; what helped is remembered.
    async fn send(&self, request: &ChatRequest, began: Instant) -> Result<Response, LlmError> {
        let known = self.dialect();
        let mut dialect = known.clone();
        let mut first_refusal = None;
        for _ in 0..MAX_REFUSALS {
            let body = wire::chat_body(request, &dialect);
            let left = self.http.limits.first_token.saturating_sub(began.elapsed());
            let sent = self
                .http
                .send_with_retries("chat/completions", &body, "no first word", left)
                .await;
            let error = match sent {
                Ok(response) => {
                    if dialect != known {
                        self.remember(dialect);
                    }
                    return Ok(response);
                }
                Err(error) => self.in_words(error),
            };
            if dialect::refuses_tools(&error, request) {
                self.remember(known.without(Part::Tools));
                return Err(LlmError::NoTools {
                    message: error.to_string(),
                });
            }
            match dialect.after(&error, request) {
                Some(next) => dialect = next,
                None => return Err(first_refusal.unwrap_or(error)),
            }
            // The first one tells what is really wrong, should leaving parts out not help.
            first_refusal.get_or_insert(error);
        }
        Err(first_refusal.unwrap_or(LlmError::BrokenOff))
    }

    fn in_words(&self, error: LlmError) -> LlmError {
        match error {
            LlmError::Status { status: 401, .. } => LlmError::KeyRefused,
            LlmError::Status {
                status: 404,
                message,
            } => LlmError::Status {
                status: 404,
                message: format!(
                    "nothing is at {}chat/completions; does LLM_BASE_URL end as it should, mostly in /v1? {message}",
                    self.http.base_url()
                ),
            },
            other => other,
        }
    }
}

#[async_trait]
impl LlmClient for OpenAiClient {
    fn provider(&self) -> &'static str {
        "openai"
    }

    fn base_url(&self) -> Option<&Url> {
        Some(self.http.base_url())
    }

    /// The model that was chosen, or the server's only one. Another is never taken in its place.
    async fn list_models(&self) -> Result<Vec<InstalledModel>, LlmError> {
        let asked = self.http.get("models")?;
        let listed = match self.http.metadata::<wire::Models>(asked).await {
            Ok(models) => models.data,
            // Not every server lists its models; one that was named can still be asked.
            Err(LlmError::Status {
                status: 404 | 405 | 501,
                ..
            }) if self.model.is_some() => Vec::new(),
            Err(error) => return Err(self.in_words(error)),
        };
        let names: Vec<String> = listed.iter().map(|model| model.id.clone()).collect();
        *self.listed.lock().unwrap_or_else(PoisonError::into_inner) = listed;
        let name = match (&self.model, names.as_slice()) {
            (Some(chosen), _) => chosen.clone(),
            (None, [only]) => without_path(only).to_owned(),
            (None, []) => return Ok(Vec::new()),
            (None, several) => {
                let more = several.len().saturating_sub(MAX_NAMES);
                let mut names = several[..several.len() - more].join(", ");
                if more > 0 {
                    names.push_str(", …");
                }
                return Err(LlmError::NoModelChosen { names });
            }
        };
        Ok(vec![InstalledModel {
            name,
            size_bytes: 0,
        }])
    }

    async fn show(&self, model: &str) -> Result<ModelCard, LlmError> {
        let listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        // A server with one model answers by it, whatever name is asked for.
        let found = match listed.as_slice() {
            [only] => Some(only),
            several => several.iter().find(|other| other.id == model),
        };
        let mut card = found.map(wire::ListedModel::card).unwrap_or_default();
        card.parameter_count = card.parameter_count.or_else(|| size_in_name(model));
        card.capabilities = vec!["completion".into()];
        if self.dialect().takes(Part::Tools) {
            card.capabilities.push("tools".into());
        }
        Ok(card)
    }

    async fn chat(&self, request: ChatRequest) -> Result<ChunkStream, LlmError> {
        self.http.check_rest()?;
        let began = Instant::now();
        let limits = self.http.limits;
        let response = match self.send(&request, began).await {
            Ok(response) => response,
            Err(error) => {
                self.http.note_failure(&error);
                return Err(error);
            }
        };
        if is_json(&response) {
            // A server that does not stream.
            let left = limits.total.saturating_sub(began.elapsed());
            let body = bounded_body(response, MAX_WHOLE_REPLY_BYTES, left).await?;
            let chunks =
                reply::whole(&body).map_err(|error| self.http.said().shown_error(error))?;
            return Ok(self.http.watch(stream::iter(chunks.into_iter().map(Ok))));
        }
        let said = self.http.said().clone();
        let chunks = reply::chunks(response, limits, began);
        let chunks = chunks.map(move |chunk| chunk.map_err(|error| said.shown_error(error)));
        Ok(self.http.watch(chunks))
    }

    async fn pull(&self, _: &str) -> Result<PullStream, LlmError> {
        Err(LlmError::NoDownloads)
    }
}

/// llama.cpp calls its model by the file it was read from, and takes any name for it.
fn without_path(id: &str) -> &str {
    let file = id.strip_suffix(".gguf");
    file.and_then(|file| file.rsplit(['/', '\\']).next())
        .filter(|name| !name.is_empty())
        .unwrap_or(id)
}

#[cfg(test)]
mod tests;
