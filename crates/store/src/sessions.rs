//! Sessions and their refresh tokens, of which only hashes are kept.

/// The columns that [`active_session_from_row`] reads, of each session and its user, with what follows in the statement.
macro_rules! select_active_sessions {
    ($rest:literal) => {
        concat!(
            "SELECT users.*, sessions.id AS session_id, sessions.user_agent, sessions.address,
                 sessions.created_at AS session_created_at, sessions.last_used_at, sessions.expires_at,
                 sessions.idle_expires_at
             FROM sessions JOIN users ON users.id = sessions.user_id ",
            $rest
        )
    };
}

mod tokens;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use self::tokens::insert_token;
use crate::ids::{SessionId, UserId};
use crate::row::{parsed, time_text};
use crate::users::{User, user_from_row};
use crate::{Result, Store, StoreError};

/// SHA-256 of a secret that itself is stored nowhere.
pub type SecretHash = [u8; 32];

/// One signed-in browser or client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    pub user_agent: Option<String>,
    pub address: Option<String>,
    pub created_at: DateTime<Utc>,
    /// The last refresh.
    pub last_used_at: DateTime<Utc>,
    /// Absolute: refreshing does not move it.
    pub expires_at: DateTime<Utc>,
    /// The end of a session that nobody uses: each refresh moves it.
    pub idle_expires_at: DateTime<Utc>,
}

/// A living session and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveSession {
    pub user: User,
    pub session: Session,
}

/// Why a session ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    SignedOut,
    EndedByUser,
    EndedByOperator,
    TokenReused,
}

impl EndReason {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::EndedByUser => "ended_by_user",
            Self::EndedByOperator => "ended_by_operator",
            Self::TokenReused => "token_reused",
        }
    }
}

/// An exchange of a refresh token for its successor.
#[derive(Debug, Clone, Copy)]
pub struct Rotation<'a> {
    pub presented: &'a SecretHash,
    pub successor: &'a SecretHash,
    /// The successor, readable only with the presented token in hand.
    pub sealed_successor: &'a [u8],
    /// How long after its use a token still leads to its successor.
    pub grace: TimeDelta,
    /// The session's new end, should nobody refresh it again.
    pub idle_expires_at: DateTime<Utc>,
}

/// What became of a [`Rotation`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotated {
    /// The successor is now the session's current token.
    Successor(Box<ActiveSession>),
    /// The token was exchanged a moment ago: its successor was sealed with it.
    Graced { sealed_successor: Vec<u8> },
    /// The token was exchanged longer ago: somebody has a copy. The session is ended now.
    Reused {
        user_id: UserId,
        session_id: SessionId,
    },
    /// The session has ended or run out.
    Ended,
    /// No such token.
    Unknown,
}

/// Where a refresh token stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenState {
    Current(Box<ActiveSession>),
    /// Exchanged before, within the grace.
    Graced {
        sealed_successor: Vec<u8>,
    },
    /// Unknown, used before the grace, or of a session that has ended.
    Dead,
}

impl Store {
    /// Begins a session whose first refresh token has the hash `token`.
    pub async fn start_session(&self, session: &Session, token: &SecretHash) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO sessions (id, user_id, user_agent, address, created_at, last_used_at, expires_at, idle_expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(session.id.to_string())
        .bind(session.user_id.to_string())
        .bind(&session.user_agent)
        .bind(&session.address)
        .bind(time_text(session.created_at))
        .bind(time_text(session.last_used_at))
        .bind(time_text(session.expires_at))
        .bind(time_text(session.idle_expires_at))
        .execute(&mut *transaction)
        .await?;
        insert_token(&mut transaction, token, session.id, session.created_at).await?;
        Ok(transaction.commit().await?)
    }

    /// The living session `id` with its user; `None` when it ended, ran out, or its user is gone.
    pub async fn active_session(
        &self,
        id: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Option<ActiveSession>> {
        let row = sqlx::query(select_active_sessions!(
            "WHERE sessions.id = $1 AND sessions.ended_at IS NULL
                 AND sessions.expires_at > $2 AND sessions.idle_expires_at > $2"
        ))
        .bind(id.to_string())
        .bind(time_text(now))
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(active_session_from_row).transpose()
    }

    /// Everybody's living sessions, the latest used first.
    pub async fn living_sessions(&self, now: DateTime<Utc>) -> Result<Vec<ActiveSession>> {
        let rows = sqlx::query(select_active_sessions!(
            "WHERE sessions.ended_at IS NULL AND sessions.expires_at > $1 AND sessions.idle_expires_at > $1
             ORDER BY sessions.last_used_at DESC, sessions.id DESC"
        ))
        .bind(time_text(now))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(active_session_from_row).collect()
    }

    /// Whether the session was ended or is there no more; one that only ran out was not.
    pub async fn has_ended(&self, id: SessionId) -> Result<bool> {
        let row = sqlx::query("SELECT 1 FROM sessions WHERE id = $1 AND ended_at IS NULL")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.is_none())
    }

    /// The user's living sessions, the latest used first.
    pub async fn sessions(&self, user: UserId, now: DateTime<Utc>) -> Result<Vec<Session>> {
        let rows = sqlx::query(
            "SELECT id AS session_id, user_id, user_agent, address, created_at AS session_created_at,
                 last_used_at, expires_at, idle_expires_at
             FROM sessions
             WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 AND idle_expires_at > $2
             ORDER BY last_used_at DESC, id DESC",
        )
        .bind(user.to_string())
        .bind(time_text(now))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| session_from_row(row, parsed(row, "user_id")?))
            .collect()
    }

    /// Ends one living session of `user`; [`StoreError::NotFound`] when it is not theirs or does not live.
    pub async fn end_session(
        &self,
        user: UserId,
        id: SessionId,
        reason: EndReason,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let ended = sqlx::query(
            "UPDATE sessions SET ended_at = $3, end_reason = $4
             WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND expires_at > $3 AND idle_expires_at > $3",
        )
        .bind(id.to_string())
        .bind(user.to_string())
        .bind(time_text(now))
        .bind(reason.as_str())
        .execute(&self.pool)
        .await?;
        if ended.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        Ok(())
    }

    /// Ends every living session of `user`; the number of them.
    pub async fn end_all_sessions(
        &self,
        user: UserId,
        reason: EndReason,
        now: DateTime<Utc>,
    ) -> Result<u64> {
        let ended = sqlx::query(
            "UPDATE sessions SET ended_at = $2, end_reason = $3
             WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 AND idle_expires_at > $2",
        )
        .bind(user.to_string())
        .bind(time_text(now))
        .bind(reason.as_str())
        .execute(&self.pool)
        .await?;
        Ok(ended.rows_affected())
    }

    /// Removes sessions that ran out or ended before `before`, with their tokens; the number of them.
    pub async fn purge_sessions(&self, before: DateTime<Utc>) -> Result<u64> {
        let purged = sqlx::query(
            "DELETE FROM sessions WHERE expires_at < $1 OR idle_expires_at < $1 OR ended_at < $1",
        )
        .bind(time_text(before))
        .execute(&self.pool)
        .await?;
        Ok(purged.rows_affected())
    }
}

pub(crate) fn active_session_from_row(row: &SqliteRow) -> Result<ActiveSession> {
    let user = user_from_row(row)?;
    let session = session_from_row(row, user.id)?;
    Ok(ActiveSession { user, session })
}

fn session_from_row(row: &SqliteRow, user_id: UserId) -> Result<Session> {
    Ok(Session {
        id: parsed(row, "session_id")?,
        user_id,
        user_agent: row.try_get("user_agent")?,
        address: row.try_get("address")?,
        created_at: parsed(row, "session_created_at")?,
        last_used_at: parsed(row, "last_used_at")?,
        expires_at: parsed(row, "expires_at")?,
        idle_expires_at: parsed(row, "idle_expires_at")?,
    })
}
