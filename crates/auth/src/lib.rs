//! Who is asking: sign-in by an OpenID Connect provider or locally, access tokens, sessions, signing keys.
//!
//! An access token is a short-lived RS256 JWT (RFC 9068) that names its session, and is good only while that session
//! lives. A refresh token is 256 random bits, kept only as a hash, exchanged at each use; a second use ends the session.
//! Nothing here knows HTTP requests, cookies or paths of the server: the caller carries tokens in and out.

mod auth;
mod config;
mod endings;
mod error;
mod jwt;
mod keys;
mod local;
mod principal;
mod provider;
mod random;
mod session;
#[cfg(test)]
mod tests;

pub use auth::Auth;
pub use config::{AllowedEmails, AuthConfig, Mode, ProviderConfig, PublicConfig, Secret};
pub use error::AuthError;
pub use keys::KeyRing;
pub use principal::{Principal, SessionInfo, SignedIn};
pub use provider::{Callback, StartedSignIn};
pub use random::{RandomSource, SystemRandom};
pub use session::Client;
pub use store::ids::{SessionId, UserId};
pub use store::sessions::Session;
pub use store::users::User;
