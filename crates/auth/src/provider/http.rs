//! Requests to the provider: only over TLS, without redirects, within time and size.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::time::Duration;

use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde::de::DeserializeOwned;
use url::{Host, Url};

use crate::AuthError;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(10);
/// The largest documents, key sets, have a few kilobytes.
const MAX_RESPONSE_BYTES: usize = 1 << 20;

pub(super) struct Http {
    client: reqwest::Client,
    /// A provider on this machine may go without TLS.
    plain_loopback: bool,
}

/// Why a request to the provider gave nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error("{0}")]
    Request(#[from] reqwest::Error),
    #[error("the answer is larger than {MAX_RESPONSE_BYTES} bytes")]
    TooLarge,
    #[error("status {0}")]
    Status(u16),
    #[error("{0}")]
    Http(#[from] oauth2::http::Error),
}

impl Http {
    pub fn new(issuer: &Url) -> Result<Self, AuthError> {
        let plain_loopback = issuer.scheme() == "http" && is_loopback(issuer);
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .https_only(!plain_loopback)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT);
        if plain_loopback {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| AuthError::Config {
            setting: "OIDC_ISSUER_URL",
            message: format!("no HTTPS client could be made: {error}"),
        })?;
        Ok(Self {
            client,
            plain_loopback,
        })
    }

    /// Whether this server may talk to `url`, and send a browser there; else why not.
    pub fn check(&self, url: &Url) -> Result<(), String> {
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.plain_loopback && is_loopback(url) => Ok(()),
            _ => Err(format!(
                "{url} is not https (http is for providers on this machine alone)"
            )),
        }
    }

    pub async fn get_json<T: DeserializeOwned>(
        &self,
        url: &Url,
        bearer: Option<&str>,
    ) -> Result<T, AuthError> {
        let mut request = self.client.get(url.clone());
        request = request.header("accept", "application/json");
        if let Some(token) = bearer {
            request = request.bearer_auth(token);
        }
        let bytes = self
            .fetch(request)
            .await
            .map_err(|error| AuthError::ProviderUnavailable {
                detail: format!("GET {url}: {error}"),
            })?;
        serde_json::from_slice(&bytes).map_err(|error| AuthError::ProviderMisbehaved {
            detail: format!("GET {url}: {error}"),
        })
    }

    async fn fetch(&self, request: reqwest::RequestBuilder) -> Result<Vec<u8>, HttpError> {
        let response = request.send().await?;
        let status = response.status();
        if !status.is_success() {
            return Err(HttpError::Status(status.as_u16()));
        }
        read_body(response).await
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let response = self.client.execute(request.try_into()?).await?;
        let status = response.status();
        if status.is_server_error() {
            return Err(HttpError::Status(status.as_u16()));
        }
        let mut answer = oauth2::http::Response::builder().status(status);
        if let Some(content_type) = response.headers().get("content-type") {
            answer = answer.header("content-type", content_type);
        }
        Ok(answer.body(read_body(response).await?)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

async fn read_body(mut response: reqwest::Response) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
            return Err(HttpError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}
