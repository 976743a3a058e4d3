use std::path::PathBuf;

use chrono::TimeDelta;
use serde::Serialize;
use url::Url;

use crate::AuthError;

/// How people sign in here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// One person on their own machine, without a password.
    Local,
    /// An OpenID Connect provider.
    Oidc,
}

/// What the login page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicConfig {
    pub mode: Mode,
    /// `None` in local mode.
    pub provider_name: Option<String>,
}

/// Text that no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[secret]")
    }
}

/// An OpenID Connect provider, found by discovery.
#[derive(Debug, Clone)]
pub struct ProviderConfig {
    /// Exactly as in the provider's ID tokens. Must be `https`, but on loopback.
    pub issuer_url: String,
    pub client_id: String,
    /// `None` for a public client, which PKCE alone protects.
    pub client_secret: Option<Secret>,
    /// For the login page's button.
    pub name: String,
}

impl ProviderConfig {
    pub const GOOGLE_ISSUER_URL: &str = "https://accounts.google.com";

    /// Google, with the client id and secret from its console.
    pub fn google(client_id: impl Into<String>, client_secret: Option<Secret>) -> Self {
        Self {
            issuer_url: Self::GOOGLE_ISSUER_URL.to_owned(),
            client_id: client_id.into(),
            client_secret,
            name: "Google".to_owned(),
        }
    }
}

/// Everything sign-in depends on; the binary fills it from its settings.
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// `None`: local mode.
    pub provider: Option<ProviderConfig>,
    /// Where the front end is, without a path: `iss` and `aud` of access tokens, and the base of the callback page.
    pub frontend_url: Url,
    pub access_token_lifetime: TimeDelta,
    /// Of a session as a whole; refreshing does not prolong it.
    pub refresh_token_lifetime: TimeDelta,
    /// Of a session that nobody uses (OWASP ASVS 5.0, 7.3.1).
    pub session_idle_lifetime: TimeDelta,
    /// How long after its use a refresh token still leads to its successor: two tabs refresh at the same moment.
    pub refresh_grace: TimeDelta,
    /// How long a replaced signing key is still accepted.
    pub key_overlap: TimeDelta,
    pub keys_dir: PathBuf,
    /// Who may sign in by the provider.
    pub allowed_emails: AllowedEmails,
}

impl AuthConfig {
    pub const DEFAULT_KEY_OVERLAP: TimeDelta = TimeDelta::hours(24);

    /// The defaults: local mode, 5 minutes, 7 days, 3 days without use, 10 s of grace, 24 h of key overlap, everybody allowed.
    pub fn local(frontend_url: Url, keys_dir: impl Into<PathBuf>) -> Self {
        Self {
            provider: None,
            frontend_url,
            access_token_lifetime: TimeDelta::minutes(5),
            refresh_token_lifetime: TimeDelta::days(7),
            session_idle_lifetime: TimeDelta::hours(72),
            refresh_grace: TimeDelta::seconds(10),
            key_overlap: Self::DEFAULT_KEY_OVERLAP,
            keys_dir: keys_dir.into(),
            allowed_emails: AllowedEmails::default(),
        }
    }

    pub fn mode(&self) -> Mode {
        match self.provider {
            Some(_) => Mode::Oidc,
            None => Mode::Local,
        }
    }

    /// The one redirect URI that is accepted: the front end's callback page.
    pub fn redirect_uri(&self) -> String {
        format!("{}/auth/callback", self.origin())
    }

    /// `iss` and `aud` of access tokens.
    pub(crate) fn origin(&self) -> String {
        self.frontend_url.origin().ascii_serialization()
    }

    /// Every fault that would only show later.
    pub fn check(&self) -> Result<(), AuthError> {
        let fault = |setting, message: &str| {
            Err(AuthError::Config {
                setting,
                message: message.to_owned(),
            })
        };
        if !self.frontend_url.origin().is_tuple() {
            return fault("FRONTEND_URL", "must be an http or https URL");
        }
        if self.access_token_lifetime <= TimeDelta::zero() {
            return fault("ACCESS_TOKEN_EXPIRE_MINUTES", "must be more than 0");
        }
        if self.refresh_token_lifetime <= self.access_token_lifetime {
            return fault(
                "REFRESH_TOKEN_EXPIRE_DAYS",
                "must be longer than the access token's lifetime",
            );
        }
        if self.session_idle_lifetime <= self.access_token_lifetime {
            return fault(
                "SESSION_IDLE_HOURS",
                "must be longer than the access token's lifetime",
            );
        }
        if self.key_overlap <= self.access_token_lifetime {
            return fault(
                "KEY_OVERLAP_HOURS",
                "must be longer than the access token's lifetime",
            );
        }
        Ok(())
    }
}

/// E-mail addresses and domains that may sign in; empty means everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedEmails(Vec<String>);

impl AllowedEmails {
    /// From a list with commas: `ann@example.org, @example.com`.
    pub fn parse(list: &str) -> Result<Self, AuthError> {
        let entries = list
            .split(',')
            .map(|entry| entry.trim().to_lowercase())
            .filter(|entry| !entry.is_empty());
        let mut allowed = Vec::new();
        for entry in entries {
            let parts: Vec<&str> = entry.split('@').collect();
            match parts[..] {
                [_, domain] if !domain.is_empty() && !entry.contains(char::is_whitespace) => {
                    allowed.push(entry);
                }
                _ => {
                    return Err(AuthError::Config {
                        setting: "ALLOWED_EMAILS",
                        message: format!(
                            "'{entry}' is neither an e-mail address nor a domain like @example.org"
                        ),
                    });
                }
            }
        }
        Ok(Self(allowed))
    }

    /// A domain's entry covers that domain alone, not those below it.
    pub fn allows(&self, email: &str) -> bool {
        let email = email.to_lowercase();
        self.0.is_empty()
            || self.0.iter().any(|entry| match entry.strip_prefix('@') {
                Some(domain) => email.rsplit_once('@').is_some_and(|(_, of)| of == domain),
                None => *entry == email,
            })
    }
}
