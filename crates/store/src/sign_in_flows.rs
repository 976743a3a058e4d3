//! Sign-ins that have left for the provider and have not come back yet.

use chrono::{DateTime, Utc};
use sqlx::Row;

use crate::row::time_text;
use crate::sessions::SecretHash;
use crate::{Result, Store};

/// What the server must remember between the start and the end of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInFlow {
    pub nonce: String,
    pub pkce_verifier: String,
    pub redirect_uri: String,
}

impl Store {
    /// Keeps a flow until `expires_at`, and forgets those whose time is over.
    pub async fn keep_sign_in_flow(
        &self,
        state: &SecretHash,
        browser: &SecretHash,
        flow: &SignInFlow,
        expires_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        sqlx::query("DELETE FROM sign_in_flows WHERE expires_at <= $1")
            .bind(time_text(now))
            .execute(&self.pool)
            .await?;
        sqlx::query(
            "INSERT INTO sign_in_flows (state_hash, browser_hash, nonce, pkce_verifier, redirect_uri, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&state[..])
        .bind(&browser[..])
        .bind(&flow.nonce)
        .bind(&flow.pkce_verifier)
        .bind(&flow.redirect_uri)
        .bind(time_text(expires_at))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Takes the flow out, so that it serves once; `None` when there is none of this state for this browser.
    pub async fn take_sign_in_flow(
        &self,
        state: &SecretHash,
        browser: &SecretHash,
        now: DateTime<Utc>,
    ) -> Result<Option<SignInFlow>> {
        let row = sqlx::query(
            "DELETE FROM sign_in_flows WHERE state_hash = $1 AND browser_hash = $2 AND expires_at > $3
             RETURNING nonce, pkce_verifier, redirect_uri",
        )
        .bind(&state[..])
        .bind(&browser[..])
        .bind(time_text(now))
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(SignInFlow {
                nonce: row.try_get("nonce")?,
                pkce_verifier: row.try_get("pkce_verifier")?,
                redirect_uri: row.try_get("redirect_uri")?,
            })
        })
        .transpose()
    }
}
