//! HTTP to a language model's server: time limits, retries, errors in words, lines of a reply as they arrive. What every
//! kind of server needs alike.

mod breaker;
mod lines;

use std::time::Duration;

use futures::{Stream, StreamExt};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use tokio::time::{Instant, sleep, timeout};
use url::{Host, Url};

use crate::LlmError;
use crate::llm::{Chunk, ChunkStream};
use breaker::Breaker;
pub(crate) use lines::{Lines, ReplyClock, lines, next_line};

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
const MAX_METADATA_BYTES: usize = 8 << 20;

/// A server by its address.
pub(crate) struct ModelHttp {
    base_url: Url,
    http: reqwest::Client,
    pub(crate) limits: LlmLimits,
    breaker: Breaker,
    said: Said,
}

/// Makes what a server said fit to be shown.
#[derive(Clone)]
pub(crate) struct Said {
    /// Cut out of it.
    secret: Option<std::sync::Arc<str>>,
}

impl Said {
    /// Without the secret and within a bound.
    pub(crate) fn shown(&self, message: &str) -> String {
        let message = match &self.secret {
            Some(secret) => message.replace(secret.as_ref(), "[secret]"),
            None => message.to_owned(),
        };
        message.trim().chars().take(MAX_ERROR_CHARS).collect()
    }

    /// The error as it may be shown.
    pub(crate) fn shown_error(&self, error: LlmError) -> LlmError {
        match error {
            LlmError::Reported { message } => LlmError::Reported {
                message: self.shown(&message),
            },
            other => other,
        }
    }
}

impl ModelHttp {
    /// `secret` goes along with each request as a Bearer token, to this address alone: redirects are not followed.
    pub(crate) fn new(
        base_url: &Url,
        secret: Option<&str>,
        limits: LlmLimits,
    ) -> Result<Self, LlmError> {
        let mut base_url = base_url.clone();
        if !base_url.path().ends_with('/') {
            base_url.set_path(&format!("{}/", base_url.path()));
        }
        let mut builder = reqwest::Client::builder()
            .connect_timeout(limits.connect)
            .redirect(reqwest::redirect::Policy::none());
        if is_this_machine(&base_url) {
            // A proxy cannot reach this machine's own server.
            builder = builder.no_proxy();
        }
        if let Some(secret) = secret {
            builder = builder.default_headers(bearer(secret)?);
        }
        let http = builder.build().map_err(|error| LlmError::Malformed {
            detail: format!("HTTP client: {error}"),
        })?;
        Ok(Self {
            base_url,
            http,
            limits,
            breaker: Breaker::new(limits.failures_before_rest, limits.rest),
            said: Said {
                secret: secret.map(Into::into),
            },
        })
    }

    pub(crate) fn base_url(&self) -> &Url {
        &self.base_url
    }

    pub(crate) fn get(&self, path: &str) -> Result<RequestBuilder, LlmError> {
        Ok(self.http.get(self.url(path)?))
    }

    pub(crate) fn post(&self, path: &str, body: &Json) -> Result<RequestBuilder, LlmError> {
        Ok(self.http.post(self.url(path)?).json(body))
    }

    fn url(&self, path: &str) -> Result<Url, LlmError> {
        self.base_url
            .join(path)
            .map_err(|error| LlmError::Malformed {
                detail: format!("address {}{path}: {error}", self.base_url),
            })
    }

    /// An answer that comes at once and whole, as JSON.
    pub(crate) async fn metadata<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<T, LlmError> {
        let limit = self.limits.metadata;
        let response = self
            .send(request, "no answer", limit)
            .await
            .map_err(|(error, _)| error)?;
        let bytes = bounded_body(response, MAX_METADATA_BYTES, limit).await?;
        serde_json::from_slice(&bytes).map_err(|error| LlmError::Malformed {
            detail: error.to_string(),
        })
    }

    /// Sends again after a refused connection, a 429 or a 5xx, a bounded number of times; `limit` holds for all together.
    pub(crate) async fn send_with_retries(
        &self,
        path: &str,
        body: &Json,
        what: &'static str,
        limit: Duration,
    ) -> Result<Response, LlmError> {
        let began = Instant::now();
        let mut wait = self.limits.retry_wait;
        let mut tries_left = self.limits.retries;
        loop {
            let left = limit.saturating_sub(began.elapsed());
            let request = self.post(path, body)?;
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

    /// One request within `limit` until its headers; a refusal becomes an error.
    async fn send(
        &self,
        request: RequestBuilder,
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
        Err((self.refusal(response).await, retry_after))
    }

    fn unreachable(&self) -> LlmError {
        LlmError::Unreachable {
            url: self.base_url.to_string(),
        }
    }

    async fn refusal(&self, response: Response) -> LlmError {
        let status = response.status();
        if status.is_redirection() {
            return LlmError::Status {
                status: status.as_u16(),
                message: "it sends requests on to another address, which is not followed; set that address itself"
                    .into(),
            };
        }
        let body = bounded_body(response, MAX_ERROR_BYTES, self.limits.metadata).await;
        let body = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
        let message = self.said.shown(&error_message(&body));
        if status == StatusCode::NOT_FOUND && message.contains("model") {
            return LlmError::UnknownModel { model: message };
        }
        LlmError::Status {
            status: status.as_u16(),
            message,
        }
    }

    pub(crate) fn said(&self) -> &Said {
        &self.said
    }

    /// An error while the server is left alone.
    pub(crate) fn check_rest(&self) -> Result<(), LlmError> {
        self.breaker.check()
    }

    pub(crate) fn note_failure(&self, error: &LlmError) {
        self.breaker.note(error);
    }

    /// Hears how the reply ends, to leave the server alone when it fails again and again.
    pub(crate) fn watch<S>(&self, chunks: S) -> ChunkStream
    where
        S: Stream<Item = Result<Chunk, LlmError>> + Send + 'static,
    {
        self.breaker.watch(chunks).boxed()
    }
}

fn bearer(secret: &str) -> Result<HeaderMap, LlmError> {
    // The cause would show the secret.
    let unfit = |_| LlmError::Malformed {
        detail: "the key holds characters that no header takes".into(),
    };
    let mut value = HeaderValue::from_str(&format!("Bearer {secret}")).map_err(unfit)?;
    value.set_sensitive(true);
    Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
}

/// Whether an address is this machine's own.
pub fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            name.eq_ignore_ascii_case("localhost") || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether an address is this machine's or can only be one of a private network: an address set aside for those (RFC
/// 1918, RFC 4193, link-local), or a name of one word, which no public server has.
pub fn is_private(url: &Url) -> bool {
    is_this_machine(url)
        || match url.host() {
            Some(Host::Domain(name)) => !name.contains('.'),
            Some(Host::Ipv4(address)) => address.is_private() || address.is_link_local(),
            Some(Host::Ipv6(address)) => {
                address.is_unique_local() || address.is_unicast_link_local()
            }
            None => false,
        }
}

fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?;
    let seconds: u64 = value.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

pub(crate) fn is_json(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    kind.and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.trim_start().starts_with("application/json"))
}

/// The message in an error's body: `{"error": "…"}`, `{"error": {"message": "…"}}`, `{"message": …}`, `{"detail": …}` or
/// plain text.
pub(crate) fn error_message(body: &str) -> String {
    let parsed: Option<Json> = serde_json::from_str(body).ok();
    let found = parsed.as_ref().and_then(|json| {
        let error = json.get("error");
        error
            .and_then(|error| error.get("message"))
            .or(error)
            .or_else(|| json.get("message"))
            .or_else(|| json.get("detail"))
            .and_then(Json::as_str)
    });
    found.unwrap_or(body).trim().to_owned()
}

/// A whole body within a size and a time.
pub(crate) async fn bounded_body(
    mut response: Response,
    max_bytes: usize,
    limit: Duration,
) -> Result<Vec<u8>, LlmError> {
    let end = Instant::now() + limit;
    let mut body = Vec::new();
    loop {
        let left = end.saturating_duration_since(Instant::now());
        match timeout(left, response.chunk()).await {
            Err(_) => {
                let what = "no complete answer";
                return Err(LlmError::TimedOut { what, limit });
            }
            Ok(Err(_)) => return Err(LlmError::BrokenOff),
            Ok(Ok(None)) => return Ok(body),
            Ok(Ok(Some(bytes))) if body.len() + bytes.len() <= max_bytes => {
                body.extend_from_slice(&bytes);
            }
            Ok(Ok(Some(_))) => return Err(LlmError::TooLong { max_bytes }),
        }
    }
}

/// The parameter count that a name such as `qwen2.5-coder:1.5b-instruct` or `Qwen/Qwen3-8B` states.
pub(crate) fn size_in_name(model: &str) -> Option<u64> {
    let last = model.rsplit(['/', ':']).next()?;
    last.to_ascii_lowercase()
        .split(['-', '_'])
        .find_map(|part| {
            let billions: f64 = part.strip_suffix('b')?.parse().ok()?;
            (billions > 0.0).then_some((billions * 1e9) as u64)
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn sizes_are_read_from_names() {
        assert_eq!(size_in_name("qwen2.5-coder:1.5b"), Some(1_500_000_000));
        assert_eq!(
            size_in_name("x/llama3.1:8b-instruct-q4_0"),
            Some(8_000_000_000)
        );
        assert_eq!(size_in_name("Qwen/Qwen3-8B"), Some(8_000_000_000));
        assert_eq!(size_in_name("llama3.2:latest"), None);
    }

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        let url = |text: &str| Url::parse(text).unwrap();
        for here in [
            "http://127.0.0.1:8080/v1",
            "http://localhost",
            "http://[::1]:1",
        ] {
            assert!(is_this_machine(&url(here)), "{here}");
            assert!(is_private(&url(here)), "{here}");
        }
        for near in [
            "http://ollama:11434",
            "http://192.168.1.4",
            "http://10.0.0.1",
            "http://[fd00::1]/",
        ] {
            assert!(!is_this_machine(&url(near)), "{near}");
            assert!(is_private(&url(near)), "{near}");
        }
        for far in [
            "https://api.example.com/v1",
            "http://8.8.8.8",
            "http://localhost.example.com",
            "http://[2001:db8::1]/",
        ] {
            assert!(!is_private(&url(far)), "{far}");
        }
    }

    #[test]
    fn the_words_of_an_error_are_found_wherever_servers_put_them() {
        for body in [
            r#"{"error": "no"}"#,
            r#"{"error": {"message": "no", "type": "x"}}"#,
            r#"{"message": "no"}"#,
            r#"{"detail": "no"}"#,
            " no\n",
        ] {
            assert_eq!(error_message(body), "no", "{body}");
        }
    }
}
