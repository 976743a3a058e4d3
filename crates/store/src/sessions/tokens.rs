//! Refresh tokens: each is exchanged once; a second use ends the session (RFC 9700, section 4.14).

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Row, SqliteConnection};

use super::{EndReason, Rotated, Rotation, SecretHash, TokenState, active_session_from_row};
use crate::ids::{SessionId, UserId};
use crate::row::{optional_parsed, parsed, time_text};
use crate::{Result, Store};

impl Store {
    /// Exchanges a refresh token for its successor, once, however many ask at the same time.
    pub async fn rotate_refresh_token(
        &self,
        rotation: Rotation<'_>,
        now: DateTime<Utc>,
    ) -> Result<Rotated> {
        let mut transaction = self.pool.begin().await?;
        // The write comes first: it takes the lock, so that of two at once the second sees what the first did.
        let used = sqlx::query(
            "UPDATE refresh_tokens SET used_at = $2, sealed_successor = $3
             WHERE hash = $1 AND used_at IS NULL AND session_id IN
                 (SELECT id FROM sessions
                  WHERE ended_at IS NULL AND expires_at > $2 AND idle_expires_at > $2)",
        )
        .bind(&rotation.presented[..])
        .bind(time_text(now))
        .bind(rotation.sealed_successor)
        .execute(&mut *transaction)
        .await?;
        let outcome = if used.rows_affected() == 1 {
            issue_successor(&mut transaction, rotation, now).await?
        } else {
            refuse_or_grace(&mut transaction, rotation, now).await?
        };
        transaction.commit().await?;
        Ok(outcome)
    }

    /// Where a refresh token stands, changing nothing.
    pub async fn refresh_token_state(
        &self,
        token: &SecretHash,
        grace: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<TokenState> {
        let mut connection = self.pool.acquire().await?;
        let Some(found) = find_token(&mut connection, token, now).await? else {
            return Ok(TokenState::Dead);
        };
        Ok(match found.standing(grace, now) {
            Standing::Current => {
                let row = sqlx::query(USER_AND_SESSION)
                    .bind(found.session_id.to_string())
                    .fetch_one(&mut *connection)
                    .await?;
                TokenState::Current(Box::new(active_session_from_row(&row)?))
            }
            Standing::Graced(sealed_successor) => TokenState::Graced { sealed_successor },
            Standing::Reused | Standing::Ended => TokenState::Dead,
        })
    }

    /// Ends the session of a refresh token, used or not; whose session it was, if it lived.
    pub async fn end_session_of_token(
        &self,
        token: &SecretHash,
        reason: EndReason,
        now: DateTime<Utc>,
    ) -> Result<Option<(UserId, SessionId)>> {
        let row = sqlx::query(
            "UPDATE sessions SET ended_at = $2, end_reason = $3
             WHERE ended_at IS NULL AND expires_at > $2 AND idle_expires_at > $2
                 AND id = (SELECT session_id FROM refresh_tokens WHERE hash = $1)
             RETURNING id, user_id",
        )
        .bind(&token[..])
        .bind(time_text(now))
        .bind(reason.as_str())
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| Ok((parsed(&row, "user_id")?, parsed(&row, "id")?)))
            .transpose()
    }
}

const USER_AND_SESSION: &str = select_active_sessions!("WHERE sessions.id = $1");

async fn issue_successor(
    connection: &mut SqliteConnection,
    rotation: Rotation<'_>,
    now: DateTime<Utc>,
) -> Result<Rotated> {
    let row = sqlx::query("SELECT session_id FROM refresh_tokens WHERE hash = $1")
        .bind(&rotation.presented[..])
        .fetch_one(&mut *connection)
        .await?;
    let session_id: SessionId = parsed(&row, "session_id")?;
    insert_token(connection, rotation.successor, session_id, now).await?;
    sqlx::query(
        "UPDATE refresh_tokens SET sealed_successor = NULL
         WHERE session_id = $1 AND sealed_successor IS NOT NULL AND used_at < $2",
    )
    .bind(session_id.to_string())
    .bind(time_text(now - rotation.grace))
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE sessions SET last_used_at = $2, idle_expires_at = $3 WHERE id = $1")
        .bind(session_id.to_string())
        .bind(time_text(now))
        .bind(time_text(rotation.idle_expires_at))
        .execute(&mut *connection)
        .await?;
    let row = sqlx::query(USER_AND_SESSION)
        .bind(session_id.to_string())
        .fetch_one(&mut *connection)
        .await?;
    Ok(Rotated::Successor(Box::new(active_session_from_row(&row)?)))
}

async fn refuse_or_grace(
    connection: &mut SqliteConnection,
    rotation: Rotation<'_>,
    now: DateTime<Utc>,
) -> Result<Rotated> {
    let Some(found) = find_token(connection, rotation.presented, now).await? else {
        return Ok(Rotated::Unknown);
    };
    match found.standing(rotation.grace, now) {
        Standing::Graced(sealed_successor) => Ok(Rotated::Graced { sealed_successor }),
        Standing::Ended | Standing::Current => Ok(Rotated::Ended),
        Standing::Reused => {
            sqlx::query(
                "UPDATE sessions SET ended_at = $2, end_reason = $3 WHERE id = $1 AND ended_at IS NULL",
            )
            .bind(found.session_id.to_string())
            .bind(time_text(now))
            .bind(EndReason::TokenReused.as_str())
            .execute(connection)
            .await?;
            Ok(Rotated::Reused {
                user_id: found.user_id,
                session_id: found.session_id,
            })
        }
    }
}

struct FoundToken {
    session_id: SessionId,
    user_id: UserId,
    session_lives: bool,
    used_at: Option<DateTime<Utc>>,
    sealed_successor: Option<Vec<u8>>,
}

enum Standing {
    Current,
    Graced(Vec<u8>),
    Reused,
    Ended,
}

impl FoundToken {
    fn standing(&self, grace: TimeDelta, now: DateTime<Utc>) -> Standing {
        if !self.session_lives {
            return Standing::Ended;
        }
        match (self.used_at, &self.sealed_successor) {
            (None, _) => Standing::Current,
            (Some(used_at), Some(sealed)) if now - used_at <= grace => {
                Standing::Graced(sealed.clone())
            }
            (Some(_), _) => Standing::Reused,
        }
    }
}

async fn find_token(
    connection: &mut SqliteConnection,
    token: &SecretHash,
    now: DateTime<Utc>,
) -> Result<Option<FoundToken>> {
    let row = sqlx::query(
        "SELECT refresh_tokens.session_id, refresh_tokens.used_at, refresh_tokens.sealed_successor,
             sessions.user_id, sessions.ended_at IS NULL AND sessions.expires_at > $2
                 AND sessions.idle_expires_at > $2 AS session_lives
         FROM refresh_tokens JOIN sessions ON sessions.id = refresh_tokens.session_id
         WHERE refresh_tokens.hash = $1",
    )
    .bind(&token[..])
    .bind(time_text(now))
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(FoundToken {
            session_id: parsed(&row, "session_id")?,
            user_id: parsed(&row, "user_id")?,
            session_lives: row.try_get("session_lives")?,
            used_at: optional_parsed(&row, "used_at")?,
            sealed_successor: row.try_get("sealed_successor")?,
        })
    })
    .transpose()
}

pub(super) async fn insert_token(
    connection: &mut SqliteConnection,
    token: &SecretHash,
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("INSERT INTO refresh_tokens (hash, session_id, issued_at) VALUES ($1, $2, $3)")
        .bind(&token[..])
        .bind(session.to_string())
        .bind(time_text(now))
        .execute(connection)
        .await?;
    Ok(())
}
