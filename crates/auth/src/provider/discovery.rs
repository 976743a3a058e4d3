//! The provider's own description (OpenID Connect Discovery 1.0, section 4).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::http::Http;
use crate::AuthError;

const KEPT_FOR: TimeDelta = TimeDelta::hours(1);
/// After a failure the next ones are told at once for so long, instead of each waiting for a time-out.
const FAILURE_KEPT_FOR: TimeDelta = TimeDelta::seconds(2);

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Metadata {
    pub issuer: String,
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    pub jwks_uri: Url,
    pub userinfo_endpoint: Option<Url>,
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    pub code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

#[derive(Default)]
pub(super) struct Discovery {
    remembered: Mutex<Remembered>,
}

#[derive(Default)]
struct Remembered {
    metadata: Option<(DateTime<Utc>, Arc<Metadata>)>,
    failed: Option<(DateTime<Utc>, String)>,
}

impl Discovery {
    /// The description, fetched again once an hour. Several who ask at once share one request.
    pub async fn metadata(
        &self,
        http: &Http,
        issuer_url: &str,
        now: DateTime<Utc>,
    ) -> Result<Arc<Metadata>, AuthError> {
        let mut remembered = self.remembered.lock().await;
        if let Some((fetched_at, metadata)) = &remembered.metadata
            && now - *fetched_at < KEPT_FOR
        {
            return Ok(Arc::clone(metadata));
        }
        if let Some((failed_at, detail)) = &remembered.failed
            && now - *failed_at < FAILURE_KEPT_FOR
        {
            return Err(AuthError::ProviderUnavailable {
                detail: detail.clone(),
            });
        }
        let fetched = fetch(http, issuer_url).await;
        match &fetched {
            Ok(metadata) => {
                remembered.metadata = Some((now, Arc::clone(metadata)));
                remembered.failed = None;
            }
            Err(AuthError::ProviderUnavailable { detail }) => {
                remembered.failed = Some((now, detail.clone()));
            }
            Err(_) => {}
        }
        fetched
    }
}

async fn fetch(http: &Http, issuer_url: &str) -> Result<Arc<Metadata>, AuthError> {
    let misbehaved = |detail: String| AuthError::ProviderMisbehaved { detail };
    let base = issuer_url.trim_end_matches('/');
    let url = Url::parse(&format!("{base}/.well-known/openid-configuration"))
        .map_err(|error| misbehaved(format!("{issuer_url}: {error}")))?;
    let metadata: Metadata = http.get_json(&url, None).await?;
    if metadata.issuer != issuer_url {
        return Err(misbehaved(format!(
            "{url} is of the issuer {}, not {issuer_url}; OIDC_ISSUER_URL must be exactly the same",
            metadata.issuer
        )));
    }
    let endpoints = [
        Some(&metadata.authorization_endpoint),
        Some(&metadata.token_endpoint),
        Some(&metadata.jwks_uri),
        metadata.userinfo_endpoint.as_ref(),
    ];
    for endpoint in endpoints.into_iter().flatten() {
        http.check(endpoint).map_err(misbehaved)?;
    }
    if let Some(methods) = &metadata.code_challenge_methods_supported
        && !methods.iter().any(|method| method == "S256")
    {
        return Err(misbehaved(format!(
            "{issuer_url} does not offer PKCE with S256"
        )));
    }
    Ok(Arc::new(metadata))
}
