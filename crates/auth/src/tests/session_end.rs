//! Sessions that end without anybody signing out: unused, or under changed settings.

use std::sync::Arc;

use chrono::TimeDelta;
use store::users::Identity;
use url::Url;

use super::support::{ORIGIN, Server, after_days, after_s, start};
use crate::{AllowedEmails, Auth, AuthConfig, AuthError, ProviderConfig, SystemRandom};

const THREE_DAYS_S: i64 = 3 * 86_400;

#[tokio::test]
async fn a_session_that_nobody_uses_ends_after_three_days() {
    let server = Server::local().await;
    let unused = server.signed_in().await;
    let in_time = server.signed_in().await;
    assert_eq!(unused.session.idle_expires_at, after_days(3));

    let last_moment = after_s(THREE_DAYS_S - 1);
    let renewed = server
        .auth
        .refresh(&in_time.refresh_token, last_moment)
        .await
        .unwrap();
    assert_eq!(
        renewed.session.idle_expires_at,
        last_moment + TimeDelta::days(3)
    );

    let late = server
        .auth
        .refresh(&unused.refresh_token, after_days(3))
        .await;
    assert!(matches!(late, Err(AuthError::SessionEnded)));
    let me = server
        .auth
        .authenticate(&renewed.access_token, after_days(3))
        .await
        .unwrap();
    let listed = server.auth.sessions(&me, after_days(3)).await.unwrap();
    assert_eq!(listed.len(), 1, "the unused session is not listed");
    assert!(
        server
            .auth
            .refresh(&renewed.refresh_token, after_days(4))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn the_time_without_use_is_a_setting() {
    let server = Server::with(|config| config.session_idle_lifetime = TimeDelta::hours(1)).await;
    let signed_in = server.signed_in().await;
    let late = server
        .auth
        .refresh(&signed_in.refresh_token, after_s(3_600))
        .await;
    assert!(matches!(late, Err(AuthError::SessionEnded)));

    let mut config = AuthConfig::local(Url::parse(ORIGIN).unwrap(), &server.keys_dir);
    config.session_idle_lifetime = config.access_token_lifetime;
    assert!(matches!(
        config.check(),
        Err(AuthError::Config {
            setting: "SESSION_IDLE_HOURS",
            ..
        })
    ));
}

#[tokio::test]
async fn whoever_is_taken_off_the_list_is_out_at_once() {
    const ISSUER: &str = "https://accounts.google.com";
    let server = Server::local().await;
    let with_list = |list: &str| {
        let mut config = AuthConfig::local(Url::parse(ORIGIN).unwrap(), &server.keys_dir);
        config.provider = Some(ProviderConfig::google("id", None));
        config.allowed_emails = AllowedEmails::parse(list).unwrap();
        let random = Arc::new(SystemRandom);
        Auth::new(config, server.store.clone(), server.keys.clone(), random).unwrap()
    };
    let identity = Identity {
        issuer: ISSUER.to_owned(),
        subject: "1".to_owned(),
        email: Some("ann@example.org".to_owned()),
        name: None,
        picture: None,
    };
    let before = with_list("@example.org");
    let ann = before
        .sign_in(&identity, &crate::Client::default(), start())
        .await
        .unwrap();
    let now = after_s(1);
    assert!(before.authenticate(&ann.access_token, now).await.is_ok());

    let after = with_list("bob@example.org");
    assert!(matches!(
        after.authenticate(&ann.access_token, now).await,
        Err(AuthError::Unauthenticated { .. })
    ));
    assert!(matches!(
        after.refresh(&ann.refresh_token, now).await,
        Err(AuthError::SessionEnded)
    ));
}
