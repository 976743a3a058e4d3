use super::support::{Server, after_days, after_s, start};
use crate::{AuthError, Client, Mode, SessionId};

#[tokio::test]
async fn the_local_user_is_the_same_at_every_sign_in() {
    let server = Server::local().await;
    assert_eq!(server.auth.mode(), Mode::Local);
    assert_eq!(server.auth.public_config().provider_name, None);
    let (first, second) = (server.signed_in().await, server.signed_in().await);
    assert_eq!(first.user.id, second.user.id);
    assert_eq!(first.user.issuer, "local");
    assert_ne!(first.session.id, second.session.id);
    assert_ne!(first.refresh_token, second.refresh_token);
    assert_eq!(first.expires_in_s, 300);
    assert_eq!(first.refresh_expires_in_s, 7 * 86_400);
}

#[tokio::test]
async fn local_mode_has_no_provider_and_a_provider_no_local_mode() {
    let local = Server::local().await;
    let redirect_uri = "http://localhost:8000/auth/callback";
    let started = local.auth.start(redirect_uri, start()).await;
    assert!(matches!(started, Err(AuthError::WrongMode)));

    let google = Server::of_provider(crate::ProviderConfig::google("id", None)).await;
    assert_eq!(google.auth.mode(), Mode::Oidc);
    assert_eq!(
        google.auth.public_config().provider_name.as_deref(),
        Some("Google")
    );
    let signed_in = google.auth.sign_in_local(&Client::default(), start()).await;
    assert!(matches!(signed_in, Err(AuthError::WrongMode)));
}

#[tokio::test]
async fn a_local_session_ends_when_a_provider_is_configured() {
    let server = Server::local().await;
    let signed_in = server.signed_in().await;
    let origin = url::Url::parse(super::support::ORIGIN).unwrap();
    let mut config = crate::AuthConfig::local(origin, &server.keys_dir);
    config.provider = Some(crate::ProviderConfig::google("id", None));
    let random = std::sync::Arc::new(crate::SystemRandom);
    let google =
        crate::Auth::new(config, server.store.clone(), server.keys.clone(), random).unwrap();
    let access = google
        .authenticate(&signed_in.access_token, after_s(1))
        .await;
    assert!(matches!(access, Err(AuthError::Unauthenticated { .. })));
    let refreshed = google.refresh(&signed_in.refresh_token, after_s(1)).await;
    assert!(matches!(refreshed, Err(AuthError::SessionEnded)));
}

#[tokio::test]
async fn e75_an_access_token_is_refused_at_once_when_its_user_is_removed() {
    let server = Server::local().await;
    let signed_in = server.signed_in().await;
    let authenticate = async || {
        server
            .auth
            .authenticate(&signed_in.access_token, after_s(1))
            .await
    };
    assert!(authenticate().await.is_ok());
    server.auth.remove_account(signed_in.user.id).await.unwrap();
    assert!(matches!(
        authenticate().await,
        Err(AuthError::Unauthenticated { .. })
    ));
    let refreshed = server
        .auth
        .refresh(&signed_in.refresh_token, after_s(1))
        .await;
    assert!(matches!(refreshed, Err(AuthError::SessionEnded)));
    let again = server.auth.remove_account(signed_in.user.id).await;
    assert!(matches!(again, Err(AuthError::NotFound)));

    // Signing in again makes another user, who inherits nothing.
    assert_ne!(server.signed_in().await.user.id, signed_in.user.id);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one() {
    let server = Server::local().await;
    let (here, there) = (server.signed_in().await, server.signed_in().await);
    server
        .auth
        .refresh(&there.refresh_token, after_s(60))
        .await
        .unwrap();
    let me = server
        .auth
        .authenticate(&here.access_token, after_s(61))
        .await
        .unwrap();
    let list = server.auth.sessions(&me, after_s(61)).await.unwrap();
    let shown: Vec<_> = list
        .iter()
        .map(|it| (it.id, it.current, it.last_used_at))
        .collect();
    assert_eq!(
        shown,
        [
            (there.session.id, false, after_s(60)),
            (here.session.id, true, start())
        ]
    );
    assert_eq!(list[0].user_agent.as_deref(), Some("Firefox"));
    assert_eq!(list[0].address.as_deref(), Some("127.0.0.1"));

    server
        .auth
        .end_session(me.user.id, there.session.id, after_s(62))
        .await
        .unwrap();
    assert!(
        server
            .auth
            .authenticate(&there.access_token, after_s(62))
            .await
            .is_err()
    );
    assert!(
        server
            .auth
            .authenticate(&here.access_token, after_s(62))
            .await
            .is_ok()
    );
    assert_eq!(
        server.auth.sessions(&me, after_s(62)).await.unwrap().len(),
        1
    );
    let again = server
        .auth
        .end_session(me.user.id, there.session.id, after_s(62))
        .await;
    assert!(matches!(again, Err(AuthError::NotFound)));
}

#[tokio::test]
async fn nobody_ends_a_session_of_another_user() {
    let server = Server::local().await;
    let signed_in = server.signed_in().await;
    let stranger = crate::UserId(uuid::Uuid::from_u128(7));
    let ended = server
        .auth
        .end_session(stranger, signed_in.session.id, after_s(1))
        .await;
    assert!(matches!(ended, Err(AuthError::NotFound)));
    let unknown = SessionId(uuid::Uuid::from_u128(7));
    let ended = server
        .auth
        .end_session(signed_in.user.id, unknown, after_s(1))
        .await;
    assert!(matches!(ended, Err(AuthError::NotFound)));
    assert!(
        server
            .auth
            .authenticate(&signed_in.access_token, after_s(1))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn signing_out_everywhere_ends_all_sessions() {
    let server = Server::local().await;
    let sessions = [
        server.signed_in().await,
        server.signed_in().await,
        server.signed_in().await,
    ];
    assert_eq!(
        server
            .auth
            .end_all(sessions[0].user.id, after_s(1))
            .await
            .unwrap(),
        3
    );
    for session in &sessions {
        assert!(
            server
                .auth
                .authenticate(&session.access_token, after_s(1))
                .await
                .is_err()
        );
        assert!(
            server
                .auth
                .refresh(&session.refresh_token, after_s(1))
                .await
                .is_err()
        );
    }
    assert_eq!(
        server
            .auth
            .end_all(sessions[0].user.id, after_s(1))
            .await
            .unwrap(),
        0
    );
}

#[tokio::test]
async fn sessions_long_over_are_forgotten_at_the_next_sign_in() {
    let server = Server::local().await;
    let signed_in = server.signed_in().await;
    server
        .auth
        .sign_in_local(&Client::default(), after_days(9))
        .await
        .unwrap();
    let removed = server.store.purge_sessions(after_days(9)).await.unwrap();
    assert_eq!(removed, 0);
    let refreshed = server
        .auth
        .refresh(&signed_in.refresh_token, after_days(9))
        .await;
    assert!(matches!(refreshed, Err(AuthError::SessionEnded)));
}

#[tokio::test]
async fn a_user_agent_is_cut_and_cleaned() {
    let server = Server::local().await;
    let client = Client {
        user_agent: Some(format!("a\n\u{1b}[31m{}", "x".repeat(1_000))),
        address: None,
    };
    let signed_in = server.auth.sign_in_local(&client, start()).await.unwrap();
    let shown = signed_in.session.user_agent.unwrap();
    assert_eq!(shown.chars().count(), 256);
    assert!(shown.starts_with("a[31mxxx"));
}

#[test]
fn the_allow_list_takes_addresses_and_domains() {
    let list = crate::AllowedEmails::parse(" Ann@Example.org, @example.com ,").unwrap();
    for allowed in [
        "ann@example.org",
        "ANN@example.ORG",
        "bob@example.com",
        "Bob@Example.Com",
    ] {
        assert!(list.allows(allowed), "{allowed}");
    }
    for refused in [
        "bob@example.org",
        "ann@sub.example.com",
        "ann@notexample.com",
        "ann@example.com@evil.org",
        "example.com",
        "",
    ] {
        assert!(!list.allows(refused), "{refused}");
    }
    assert!(
        crate::AllowedEmails::parse("")
            .unwrap()
            .allows("anybody@example.net")
    );
    for bad in ["example.com", "a@b@c", "@", "a b@example.com"] {
        assert!(crate::AllowedEmails::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn secrets_do_not_show_in_logs() {
    let config = crate::ProviderConfig::google("id", Some(crate::Secret::new("hush")));
    assert!(!format!("{config:?}").contains("hush"));
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_at_start() {
    let server = Server::local().await;
    let refused_setting = |change: fn(&mut crate::AuthConfig)| {
        let origin = url::Url::parse(super::support::ORIGIN).unwrap();
        let mut config = crate::AuthConfig::local(origin, &server.keys_dir);
        change(&mut config);
        let random = std::sync::Arc::new(crate::SystemRandom);
        match crate::Auth::new(config, server.store.clone(), server.keys.clone(), random) {
            Err(AuthError::Config { setting, .. }) => setting,
            Err(error) => panic!("{error}"),
            Ok(_) => "accepted",
        }
    };
    assert_eq!(refused_setting(|_| {}), "accepted");
    assert_eq!(
        refused_setting(|config| config.access_token_lifetime = chrono::TimeDelta::zero()),
        "ACCESS_TOKEN_EXPIRE_MINUTES"
    );
    assert_eq!(
        refused_setting(|config| config.refresh_token_lifetime = chrono::TimeDelta::minutes(5)),
        "REFRESH_TOKEN_EXPIRE_DAYS"
    );
    assert_eq!(
        refused_setting(|config| config.key_overlap = chrono::TimeDelta::minutes(5)),
        "KEY_OVERLAP_HOURS"
    );
    assert_eq!(
        refused_setting(|config| config.frontend_url = url::Url::parse("file:///tmp").unwrap()),
        "FRONTEND_URL"
    );
    for issuer in [
        "http://accounts.example.com",
        "ftp://localhost",
        "http://localhost.evil.com",
        "not a URL",
    ] {
        let mut provider = crate::ProviderConfig::google("id", None);
        provider.issuer_url = issuer.to_owned();
        let origin = url::Url::parse(super::support::ORIGIN).unwrap();
        let mut config = crate::AuthConfig::local(origin, &server.keys_dir);
        config.provider = Some(provider);
        let random = std::sync::Arc::new(crate::SystemRandom);
        let built = crate::Auth::new(config, server.store.clone(), server.keys.clone(), random);
        assert!(
            matches!(
                built,
                Err(AuthError::Config {
                    setting: "OIDC_ISSUER_URL",
                    ..
                })
            ),
            "{issuer}"
        );
    }
}
