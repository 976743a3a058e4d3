//! Sign-in by an OpenID Connect provider: discovery, authorization code with PKCE, ID token.
//!
//! Sources: OpenID Connect Core 1.0 and Discovery 1.0, RFC 9700 (OAuth 2.0 security), RFC 7636 (PKCE), RFC 9207.

mod discovery;
mod exchange;
mod http;
mod id_token;
mod jwks;

use chrono::{DateTime, TimeDelta, Utc};
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use sha2::{Digest, Sha256};
use store::Store;
use store::sessions::SecretHash;
use store::sign_in_flows::SignInFlow;
use store::users::Identity;
use url::Url;

use self::discovery::{Discovery, Metadata};
use self::http::Http;
use self::id_token::Expected;
use self::jwks::Jwks;
use crate::AuthError;
use crate::config::ProviderConfig;
use crate::random::{RandomSource, random_text};

/// How long a sign-in may stay at the provider.
const FLOW_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// A sign-in that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartedSignIn {
    /// Where the browser goes.
    pub authorization_url: String,
    /// Binds the sign-in to this browser: an `HttpOnly` cookie.
    pub flow_cookie_value: String,
    /// Seconds until the sign-in must be finished: the cookie's age.
    pub expires_in_s: i64,
}

/// What the provider sent back through the browser.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Callback {
    /// Absent when `error` is there.
    pub code: Option<String>,
    pub state: Option<String>,
    /// Must be the one of the start.
    pub redirect_uri: String,
    /// The `iss` parameter (RFC 9207), if the provider sent one.
    pub issuer: Option<String>,
    /// The `error` parameter, such as `access_denied`.
    pub error: Option<String>,
}

/// One provider, with what is remembered of its documents.
pub(crate) struct Provider {
    config: ProviderConfig,
    http: Http,
    discovery: Discovery,
    jwks: Jwks,
}

impl Provider {
    /// Checks the settings; reaches nobody.
    pub fn new(config: ProviderConfig) -> Result<Self, AuthError> {
        let fault = |setting, message: String| AuthError::Config { setting, message };
        let issuer = Url::parse(&config.issuer_url)
            .map_err(|error| fault("OIDC_ISSUER_URL", error.to_string()))?;
        if config.client_id.is_empty() {
            return Err(fault(
                "GOOGLE_OAUTH_CLIENT_ID",
                "must not be empty".to_owned(),
            ));
        }
        let http = Http::new(&issuer)?;
        http.check(&issuer)
            .map_err(|message| fault("OIDC_ISSUER_URL", message))?;
        Ok(Self {
            config,
            http,
            discovery: Discovery::default(),
            jwks: Jwks::default(),
        })
    }

    pub async fn start(
        &self,
        store: &Store,
        random: &dyn RandomSource,
        redirect_uri: &str,
        now: DateTime<Utc>,
    ) -> Result<StartedSignIn, AuthError> {
        let metadata = self.metadata(now).await?;
        let state = random_text(random)?;
        let browser = random_text(random)?;
        let flow = SignInFlow {
            nonce: random_text(random)?,
            pkce_verifier: random_text(random)?,
            redirect_uri: redirect_uri.to_owned(),
        };
        let url = self.authorization_url(&metadata, &flow, &state);
        let expires_at = now + FLOW_LIFETIME;
        store
            .keep_sign_in_flow(&hash(&state), &hash(&browser), &flow, expires_at, now)
            .await?;
        Ok(StartedSignIn {
            authorization_url: url.into(),
            flow_cookie_value: browser,
            expires_in_s: FLOW_LIFETIME.num_seconds(),
        })
    }

    /// Who has signed in. Whatever comes of it, the flow is used up.
    pub async fn finish(
        &self,
        store: &Store,
        callback: &Callback,
        flow_cookie: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Identity, AuthError> {
        let (Some(state), Some(browser)) = (&callback.state, flow_cookie) else {
            return Err(AuthError::InvalidState);
        };
        let flow = store
            .take_sign_in_flow(&hash(state), &hash(browser), now)
            .await?
            .ok_or(AuthError::InvalidState)?;
        if flow.redirect_uri != callback.redirect_uri {
            return Err(AuthError::InvalidRedirectUri);
        }
        let metadata = self.metadata(now).await?;
        check_response_issuer(&metadata, callback)?;
        if let Some(error) = &callback.error {
            return Err(refusal(error));
        }
        let code = callback.code.as_deref().ok_or(AuthError::InvalidState)?;
        let tokens = exchange::exchange(&self.http, &self.config, &metadata, &flow, code).await?;
        let expected = Expected {
            issuer: &metadata.issuer,
            client_id: &self.config.client_id,
            nonce: &flow.nonce,
            access_token: &tokens.access_token,
        };
        let key = id_token::key_hint(&tokens.id_token)?;
        let key = self.jwks.key(&self.http, &metadata, &key, now).await?;
        let mut claims = id_token::verify(&tokens.id_token, &key, &expected, now)?;
        if let (Some(endpoint), true) = (&metadata.userinfo_endpoint, claims.lacks_email()) {
            let userinfo = self
                .http
                .get_json(endpoint, Some(&tokens.access_token))
                .await?;
            claims.complete(userinfo)?;
        }
        claims.into_identity()
    }

    fn authorization_url(&self, metadata: &Metadata, flow: &SignInFlow, state: &str) -> Url {
        let verifier = PkceCodeVerifier::new(flow.pkce_verifier.clone());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let mut url = metadata.authorization_endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.config.client_id)
            .append_pair("redirect_uri", &flow.redirect_uri)
            .append_pair("scope", "openid email profile")
            .append_pair("state", state)
            .append_pair("nonce", &flow.nonce)
            .append_pair("code_challenge", challenge.as_str())
            .append_pair("code_challenge_method", challenge.method().as_str());
        url
    }

    async fn metadata(&self, now: DateTime<Utc>) -> Result<std::sync::Arc<Metadata>, AuthError> {
        self.discovery
            .metadata(&self.http, &self.config.issuer_url, now)
            .await
    }
}

/// Keeps a response of one provider from being taken for another's (RFC 9207, section 2.4).
fn check_response_issuer(metadata: &Metadata, callback: &Callback) -> Result<(), AuthError> {
    match &callback.issuer {
        Some(issuer) if *issuer == metadata.issuer => Ok(()),
        None if !metadata.authorization_response_iss_parameter_supported => Ok(()),
        _ => Err(AuthError::WrongIssuer),
    }
}

fn refusal(error: &str) -> AuthError {
    match error {
        "access_denied" => AuthError::ConsentDenied,
        _ => AuthError::ProviderRefused {
            provider_code: plain_code(error),
        },
    }
}

/// An error code of OAuth, whatever was sent in its place.
fn plain_code(code: &str) -> String {
    code.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .take(64)
        .collect()
}

fn hash(secret: &str) -> SecretHash {
    Sha256::digest(secret).into()
}
