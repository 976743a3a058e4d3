use chrono::{DateTime, Utc};
use store::Store;
use store::users::Identity;

use crate::AuthError;
use crate::config::ProviderConfig;
use crate::random::RandomSource;

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

pub(crate) struct Provider {
    config: ProviderConfig,
}

impl Provider {
    pub fn new(config: ProviderConfig) -> Result<Self, AuthError> {
        Ok(Self { config })
    }

    pub async fn start(
        &self,
        _store: &Store,
        _random: &dyn RandomSource,
        _redirect_uri: &str,
        _now: DateTime<Utc>,
    ) -> Result<StartedSignIn, AuthError> {
        Err(AuthError::ProviderUnavailable {
            detail: self.config.issuer_url.clone(),
        })
    }

    pub async fn finish(
        &self,
        _store: &Store,
        _callback: &Callback,
        _flow_cookie: Option<&str>,
        _now: DateTime<Utc>,
    ) -> Result<Identity, AuthError> {
        Err(AuthError::InvalidState)
    }
}
