//! Sessions and their refresh tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use store::Store;
use store::ids::{SessionId, UserId};
use store::sessions::{
    ActiveSession, EndReason, Rotated, Rotation, SecretHash, Session, TokenState,
};

use crate::AuthError;
use crate::random::{RandomSource, random_bytes, random_id};

/// Ended and expired sessions are kept this long, so that a late reuse of their tokens still shows as such in the logs.
const KEPT_AFTER_END: TimeDelta = TimeDelta::days(1);
/// A tab may come with a token whose successor, too, was exchanged within the grace; more steps than this are no tab.
const MAX_GRACE_STEPS: usize = 8;
const USER_AGENT_MAX_CHARS: usize = 256;

/// How long sessions and their tokens live.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lifetimes {
    /// Of a session as a whole; refreshing does not prolong it.
    pub total: TimeDelta,
    /// Of a session that nobody refreshes.
    pub idle: TimeDelta,
    /// How long after its use a refresh token still leads to its successor.
    pub grace: TimeDelta,
}

/// What the list of sessions tells apart browsers by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    pub user_agent: Option<String>,
    pub address: Option<String>,
}

/// A refresh token in hand: 256 random bits, as base64url on the wire.
struct RefreshToken([u8; 32]);

impl RefreshToken {
    fn generate(random: &dyn RandomSource) -> Result<Self, AuthError> {
        random_bytes(random).map(Self)
    }

    fn parse(text: &str) -> Result<Self, AuthError> {
        let mut bytes = [0; 32];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(32) => Ok(Self(bytes)),
            _ => Err(AuthError::SessionEnded),
        }
    }

    fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the database knows the token by.
    fn hash(&self) -> SecretHash {
        self.digest(b"refresh token hash")
    }

    /// The successor, hidden under a pad that only this token gives. Its own inverse. A token has one successor, so
    /// its pad serves once.
    fn seal(&self, successor: [u8; 32]) -> [u8; 32] {
        let mut sealed = self.digest(b"refresh token seal");
        for (byte, of_successor) in sealed.iter_mut().zip(successor) {
            *byte ^= of_successor;
        }
        sealed
    }

    fn digest(&self, purpose: &[u8; 18]) -> [u8; 32] {
        Sha256::new()
            .chain_update(purpose)
            .chain_update(self.0)
            .finalize()
            .into()
    }
}

/// Begins a session; gives it with its first refresh token.
pub(crate) async fn begin(
    store: &Store,
    random: &dyn RandomSource,
    user: UserId,
    client: &Client,
    lifetimes: Lifetimes,
    now: DateTime<Utc>,
) -> Result<(Session, String), AuthError> {
    store.purge_sessions(now - KEPT_AFTER_END).await?;
    let token = RefreshToken::generate(random)?;
    let session = Session {
        id: SessionId(random_id(random)?),
        user_id: user,
        user_agent: client.user_agent.as_deref().map(shorten),
        address: client.address.clone(),
        created_at: now,
        last_used_at: now,
        expires_at: now + lifetimes.total,
        idle_expires_at: now + lifetimes.idle,
    };
    store.start_session(&session, &token.hash()).await?;
    Ok((session, token.text()))
}

/// Exchanges a refresh token for its successor.
pub(crate) async fn refresh(
    store: &Store,
    random: &dyn RandomSource,
    presented: &str,
    lifetimes: Lifetimes,
    now: DateTime<Utc>,
) -> Result<(ActiveSession, String), AuthError> {
    let presented = RefreshToken::parse(presented)?;
    let successor = RefreshToken::generate(random)?;
    let rotation = Rotation {
        presented: &presented.hash(),
        successor: &successor.hash(),
        sealed_successor: &presented.seal(successor.0),
        grace: lifetimes.grace,
        idle_expires_at: now + lifetimes.idle,
    };
    match store.rotate_refresh_token(rotation, now).await? {
        Rotated::Successor(active) => Ok((*active, successor.text())),
        Rotated::Graced { sealed_successor } => {
            follow(store, presented, &sealed_successor, lifetimes.grace, now).await
        }
        Rotated::Reused {
            user_id,
            session_id,
        } => {
            tracing::warn!(%user_id, %session_id, "a refresh token came twice; its session is ended");
            Err(AuthError::TokenReused {
                user_id,
                session_id,
            })
        }
        Rotated::Ended | Rotated::Unknown => Err(AuthError::SessionEnded),
    }
}

/// From a token that was exchanged a moment ago to the session's current one. Issues nothing new: whoever copied a
/// token gets no family of their own by it, and their next refresh collides with the owner's.
async fn follow(
    store: &Store,
    mut token: RefreshToken,
    sealed_successor: &[u8],
    grace: TimeDelta,
    now: DateTime<Utc>,
) -> Result<(ActiveSession, String), AuthError> {
    let mut sealed = <[u8; 32]>::try_from(sealed_successor).map_err(|_| AuthError::SessionEnded)?;
    for _ in 0..MAX_GRACE_STEPS {
        token = RefreshToken(token.seal(sealed));
        match store.refresh_token_state(&token.hash(), grace, now).await? {
            TokenState::Current(active) => return Ok((*active, token.text())),
            TokenState::Graced { sealed_successor } => {
                sealed = <[u8; 32]>::try_from(&sealed_successor[..])
                    .map_err(|_| AuthError::SessionEnded)?;
            }
            TokenState::Dead => return Err(AuthError::SessionEnded),
        }
    }
    Err(AuthError::SessionEnded)
}

/// Ends the session of a refresh token; whose it was, if it lived.
pub(crate) async fn sign_out(
    store: &Store,
    refresh_token: &str,
    now: DateTime<Utc>,
) -> Result<Option<UserId>, AuthError> {
    let Ok(token) = RefreshToken::parse(refresh_token) else {
        return Ok(None);
    };
    let ended = store
        .end_session_of_token(&token.hash(), EndReason::SignedOut, now)
        .await?;
    Ok(ended.map(|(user, _)| user))
}

fn shorten(user_agent: &str) -> String {
    user_agent
        .chars()
        .filter(|c| !c.is_control())
        .take(USER_AGENT_MAX_CHARS)
        .collect()
}
