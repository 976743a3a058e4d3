use std::path::PathBuf;

use store::StoreError;

/// Why somebody could not be signed in or let through.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// No token, or one that is not (or no longer) good. The reason is for logs, not for the client.
    #[error("not signed in: {reason}")]
    Unauthenticated { reason: &'static str },
    /// The refresh token's session ended or ran out, or the token is unknown.
    #[error("the session has ended; sign in again")]
    SessionEnded,
    /// A refresh token came a second time: the session is ended, because somebody has a copy.
    #[error("the session was ended, because its refresh token was used twice; sign in again")]
    TokenReused {
        user_id: store::ids::UserId,
        session_id: store::ids::SessionId,
    },
    /// The sign-in asked for is not the one that this server is configured for.
    #[error("this server does not offer this way to sign in")]
    WrongMode,
    /// A redirect URI that is not exactly the front end's callback page.
    #[error("the redirect URI is not this server's callback page")]
    InvalidRedirectUri,
    /// The state is missing, unknown, used, too old, or from another browser.
    #[error(
        "this sign-in is unknown, used or too old, or was begun in another browser; start again"
    )]
    InvalidState,
    /// The response names another issuer than the one asked (RFC 9207).
    #[error("the response came from another provider than the one asked")]
    WrongIssuer,
    /// The user did not agree at the provider.
    #[error("sign-in was cancelled at the provider")]
    ConsentDenied,
    /// The provider refused the code or the PKCE verifier, or answered the sign-in with an error.
    #[error("the provider refused the sign-in ({provider_code}); start again")]
    ProviderRefused { provider_code: String },
    /// The ID token failed a check; the reason names it.
    #[error("the provider's ID token is not valid: {reason}")]
    InvalidIdToken { reason: &'static str },
    /// The provider does not vouch for the e-mail address.
    #[error("the provider has not verified your e-mail address")]
    EmailNotVerified,
    /// The e-mail address is not on the allow-list.
    #[error("this e-mail address may not sign in here; ask whoever runs this server")]
    NotAllowed,
    /// The provider cannot be reached, is too slow, or fails.
    #[error("the identity provider cannot be reached; try again in a moment")]
    ProviderUnavailable { detail: String },
    /// The provider answers, but not as OpenID Connect asks, or refuses this server as its client.
    #[error("the identity provider's answer cannot be used")]
    ProviderMisbehaved { detail: String },
    /// No such session or user of the caller.
    #[error("not found")]
    NotFound,
    /// A signing key cannot be used; a start must fail on it.
    #[error("signing key {}: {message}", path.display())]
    Key { path: PathBuf, message: String },
    /// A setting that cannot work; a start must fail on it.
    #[error("{setting}: {message}")]
    Config {
        setting: &'static str,
        message: String,
    },
    #[error("the operating system gives no random numbers")]
    NoRandomness,
    #[error("signing failed: {0}")]
    Signing(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AuthError {
    /// Stable, for clients.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated { .. } => "unauthenticated",
            Self::SessionEnded => "session_ended",
            Self::TokenReused { .. } => "refresh_token_reused",
            Self::WrongMode => "wrong_sign_in_mode",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidState => "invalid_state",
            Self::WrongIssuer => "wrong_issuer",
            Self::ConsentDenied => "consent_denied",
            Self::ProviderRefused { .. } => "provider_refused",
            Self::InvalidIdToken { .. } => "invalid_id_token",
            Self::EmailNotVerified => "email_not_verified",
            Self::NotAllowed => "not_allowed",
            Self::ProviderUnavailable { .. } => "provider_unavailable",
            Self::ProviderMisbehaved { .. } => "provider_misbehaved",
            Self::NotFound => "not_found",
            Self::Key { .. } | Self::Config { .. } => "misconfigured",
            Self::NoRandomness | Self::Signing(_) | Self::Store(_) => "internal_error",
        }
    }
}
