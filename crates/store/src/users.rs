//! Users, keyed by issuer and subject.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::ids::UserId;
use crate::row::{parsed, time_text};
use crate::{Result, Store, StoreError};

/// Somebody who has signed in at least once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    pub id: UserId,
    /// The provider's issuer URL, or `local`.
    pub issuer: String,
    /// The issuer's name for the user.
    pub subject: String,
    pub email: Option<String>,
    pub name: Option<String>,
    pub picture: Option<String>,
    pub created_at: DateTime<Utc>,
    pub last_signed_in_at: DateTime<Utc>,
}

/// What an issuer says about a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    pub email: Option<String>,
    pub name: Option<String>,
    pub picture: Option<String>,
}

impl Store {
    /// The user of `identity`, made with `new_id` at the first sign-in, brought up to date at later ones.
    pub async fn sign_in_user(
        &self,
        identity: &Identity,
        new_id: UserId,
        now: DateTime<Utc>,
    ) -> Result<User> {
        let row = sqlx::query(
            "INSERT INTO users (id, issuer, subject, email, name, picture, created_at, last_signed_in_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
             ON CONFLICT (issuer, subject) DO UPDATE SET email = excluded.email, name = excluded.name,
                 picture = excluded.picture, last_signed_in_at = excluded.last_signed_in_at
             RETURNING id, issuer, subject, email, name, picture, created_at, last_signed_in_at",
        )
        .bind(new_id.to_string())
        .bind(&identity.issuer)
        .bind(&identity.subject)
        .bind(&identity.email)
        .bind(&identity.name)
        .bind(&identity.picture)
        .bind(time_text(now))
        .fetch_one(&self.pool)
        .await?;
        user_from_row(&row)
    }

    /// [`StoreError::NotFound`] when there is no such user.
    pub async fn user(&self, id: UserId) -> Result<User> {
        let row = sqlx::query(
            "SELECT id, issuer, subject, email, name, picture, created_at, last_signed_in_at
             FROM users WHERE id = $1",
        )
        .bind(id.to_string())
        .fetch_optional(&self.pool)
        .await?
        .ok_or(StoreError::NotFound)?;
        user_from_row(&row)
    }

    /// Removes the user and every row that belongs to them. Their files and databases are the caller's to remove,
    /// and [`Store::wipe_now`] to be called once who listens was told.
    pub async fn remove_user(&self, id: UserId) -> Result<()> {
        let removed = sqlx::query("DELETE FROM users WHERE id = $1")
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        if removed.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        self.wipe_later();
        Ok(())
    }
}

pub(crate) fn user_from_row(row: &SqliteRow) -> Result<User> {
    Ok(User {
        id: parsed(row, "id")?,
        issuer: row.try_get("issuer")?,
        subject: row.try_get("subject")?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        picture: row.try_get("picture")?,
        created_at: parsed(row, "created_at")?,
        last_signed_in_at: parsed(row, "last_signed_in_at")?,
    })
}
