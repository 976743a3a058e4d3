use chrono::{DateTime, Utc};
use serde::Serialize;
use store::ids::SessionId;
use store::sessions::Session;
use store::users::User;

/// Tokens of one session, and whose they are. The refresh token is shown here and never again.
#[derive(Clone)]
pub struct SignedIn {
    pub user: User,
    pub session: Session,
    /// A JWT, to be sent as Bearer or cookie.
    pub access_token: String,
    /// Seconds that the access token is good for.
    pub expires_in_s: i64,
    pub refresh_token: String,
    /// Seconds until the session ends, refreshed or not.
    pub refresh_expires_in_s: i64,
}

/// Who makes a request, in which session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub user: User,
    pub session: Session,
}

/// A line of one's list of sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionInfo {
    pub id: SessionId,
    pub user_agent: Option<String>,
    pub address: Option<String>,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
    /// The session's last moment, used or not.
    pub expires_at: DateTime<Utc>,
    /// Its last moment unless it is refreshed before.
    pub idle_expires_at: DateTime<Utc>,
    /// The session that asks.
    pub current: bool,
}
