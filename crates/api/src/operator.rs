//! What an operator does at the command line, beside a running server or without one.

use std::collections::BTreeSet;

use auth::KeyRing;
use serde_json::json;
use store::Store;
use store::sessions::{ActiveSession, EndReason};
use store::users::User;

use crate::clock::Clock;
use crate::config::Config;
use crate::service::StartError;

/// Makes a new signing key; gives its id.
pub fn rotate_keys(config: &Config, clock: &Clock) -> Result<String, StartError> {
    let keys = KeyRing::open(&config.auth.keys_dir, clock.now())?;
    Ok(keys.rotate(config.auth.key_overlap, clock.now())?)
}

/// Brings the metadata database up to date.
pub async fn migrate(config: &Config) -> Result<(), StartError> {
    Store::open(&config.database_url).await?;
    Ok(())
}

/// Living sessions, a line each, the latest used first. `user` is an id or an e-mail address; `None` means everybody.
pub async fn list_sessions(
    config: &Config,
    clock: &Clock,
    user: Option<&str>,
) -> Result<Vec<String>, StartError> {
    let store = Store::open(&config.database_url).await?;
    let living = living_sessions(&store, clock, user).await?;
    Ok(living.iter().map(line).collect())
}

/// Ends living sessions at once (OWASP ASVS 5.0, 7.4.5), for running servers too: each request looks its session up.
/// The number of them.
pub async fn end_sessions(
    config: &Config,
    clock: &Clock,
    user: Option<&str>,
) -> Result<u64, StartError> {
    let store = Store::open(&config.database_url).await?;
    let living = living_sessions(&store, clock, user).await?;
    let users: BTreeSet<_> = living.iter().map(|active| active.user.id).collect();
    let mut all = 0;
    for user in users {
        let now = clock.now();
        let ended = store
            .end_all_sessions(user, EndReason::EndedByOperator, now)
            .await?;
        let detail = json!({"sessions": ended});
        store::audit::record(&store, user, "sessions_ended_by_operator", "", &detail, now).await?;
        all += ended;
    }
    Ok(all)
}

async fn living_sessions(
    store: &Store,
    clock: &Clock,
    user: Option<&str>,
) -> Result<Vec<ActiveSession>, StartError> {
    let mut living = store.living_sessions(clock.now()).await?;
    if let Some(wanted) = user {
        living.retain(|active| is_meant(&active.user, wanted));
    }
    Ok(living)
}

fn is_meant(user: &User, wanted: &str) -> bool {
    let email = user.email.as_deref();
    user.id.to_string() == wanted || email.is_some_and(|it| it.eq_ignore_ascii_case(wanted))
}

fn line(active: &ActiveSession) -> String {
    let (user, session) = (&active.user, &active.session);
    let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    format!(
        "{} {} used {} from {} by {}",
        user.id,
        shown(&user.email),
        session.last_used_at.format("%Y-%m-%d %H:%M"),
        shown(&session.address),
        shown(&session.user_agent),
    )
}
