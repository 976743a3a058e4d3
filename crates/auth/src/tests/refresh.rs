use chrono::{DateTime, Utc};

use super::support::{Server, after_days, after_s, start};
use crate::{AuthError, SignedIn};

async fn refresh(server: &Server, token: &str, at: DateTime<Utc>) -> Result<SignedIn, AuthError> {
    server.auth.refresh(token, at).await
}

async fn session_lives(server: &Server, signed_in: &SignedIn, at: DateTime<Utc>) -> bool {
    let found = server
        .store
        .active_session(signed_in.session.id, at)
        .await
        .unwrap();
    found.is_some()
}

#[tokio::test]
async fn each_refresh_gives_another_token_of_the_same_session() {
    let server = Server::local().await;
    let mut current = server.signed_in().await;
    for hour in 1..=48 {
        let next = refresh(&server, &current.refresh_token, after_s(hour * 3600))
            .await
            .unwrap();
        assert_ne!(next.refresh_token, current.refresh_token);
        assert_ne!(next.access_token, current.access_token);
        assert_eq!(next.session.id, current.session.id);
        assert_eq!(next.user, current.user);
        assert_eq!(next.session.expires_at, after_days(7));
        assert_eq!(next.session.last_used_at, after_s(hour * 3600));
        assert_eq!(next.refresh_expires_in_s, 7 * 86_400 - hour * 3600);
        current = next;
    }
}

#[tokio::test]
async fn e65_a_token_used_again_after_the_grace_ends_its_session() {
    let server = Server::local().await;
    let first = server.signed_in().await;
    let second = refresh(&server, &first.refresh_token, after_s(60))
        .await
        .unwrap();
    let bystander = server.signed_in().await;

    let reused = refresh(&server, &first.refresh_token, after_s(60 + 11)).await;
    assert!(matches!(
        reused,
        Err(AuthError::TokenReused { session_id, .. }) if session_id == first.session.id
    ));
    // Whoever holds the good token is out as well: nobody can tell which of the two is the thief.
    let owner = refresh(&server, &second.refresh_token, after_s(72)).await;
    assert!(matches!(owner, Err(AuthError::SessionEnded)));
    assert!(
        server
            .auth
            .authenticate(&second.access_token, after_s(72))
            .await
            .is_err()
    );
    let again = refresh(&server, &first.refresh_token, after_s(73)).await;
    assert!(matches!(again, Err(AuthError::SessionEnded)));
    // Another session of the same user goes on.
    assert!(
        refresh(&server, &bystander.refresh_token, after_s(73))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn e65_any_earlier_token_of_the_family_ends_it() {
    let server = Server::local().await;
    let first = server.signed_in().await;
    let mut current = first.clone();
    for minute in 1..20 {
        current = refresh(&server, &current.refresh_token, after_s(minute * 60))
            .await
            .unwrap();
    }
    let reused = refresh(&server, &first.refresh_token, after_s(1_200)).await;
    assert!(matches!(reused, Err(AuthError::TokenReused { .. })));
    assert!(!session_lives(&server, &first, after_s(1_200)).await);
}

#[tokio::test]
async fn e66_two_refreshes_at_once_get_the_same_successor() {
    let server = Server::local().await;
    let first = server.signed_in().await;
    let tabs = (0..16).map(|_| {
        let (auth, token) = (server.auth.clone(), first.refresh_token.clone());
        tokio::spawn(async move { auth.refresh(&token, after_s(60)).await })
    });
    let tabs: Vec<_> = tabs.collect();
    let mut successors = Vec::new();
    for tab in tabs {
        let refreshed = tab.await.unwrap().unwrap();
        assert!(
            server
                .auth
                .authenticate(&refreshed.access_token, after_s(61))
                .await
                .is_ok()
        );
        successors.push(refreshed.refresh_token);
    }
    successors.dedup();
    assert_eq!(successors.len(), 1);
    assert!(refresh(&server, &successors[0], after_s(120)).await.is_ok());
}

#[tokio::test]
async fn e66_a_slow_tab_follows_within_the_grace() {
    let server = Server::local().await;
    let first = server.signed_in().await;
    let second = refresh(&server, &first.refresh_token, after_s(60))
        .await
        .unwrap();
    let slow = refresh(&server, &first.refresh_token, after_s(70))
        .await
        .unwrap();
    assert_eq!(slow.refresh_token, second.refresh_token);
    // Even where the successor itself was exchanged meanwhile.
    let third = refresh(&server, &second.refresh_token, after_s(70))
        .await
        .unwrap();
    let slower = refresh(&server, &first.refresh_token, after_s(70))
        .await
        .unwrap();
    assert_eq!(slower.refresh_token, third.refresh_token);
    assert!(session_lives(&server, &first, after_s(70)).await);
}

#[tokio::test]
async fn e66_a_copy_used_within_the_grace_is_found_out_at_the_next_refresh() {
    let server = Server::local().await;
    let owner = server.signed_in().await;
    let owners = refresh(&server, &owner.refresh_token, after_s(60))
        .await
        .unwrap();
    // The grace gives a thief what the owner has, never a family of their own.
    let thiefs = refresh(&server, &owner.refresh_token, after_s(65))
        .await
        .unwrap();
    assert_eq!(thiefs.refresh_token, owners.refresh_token);
    refresh(&server, &thiefs.refresh_token, after_s(300))
        .await
        .unwrap();
    let collided = refresh(&server, &owners.refresh_token, after_s(360)).await;
    assert!(matches!(collided, Err(AuthError::TokenReused { .. })));
    assert!(!session_lives(&server, &owner, after_s(360)).await);
}

#[tokio::test]
async fn e67_no_refresh_after_signing_out() {
    let server = Server::local().await;
    let by_refresh_token = server.signed_in().await;
    let by_access_token = server.signed_in().await;
    let by_used_token = server.signed_in().await;
    let successor = refresh(&server, &by_used_token.refresh_token, after_s(1))
        .await
        .unwrap();
    let sign_out = async |access, refresh| {
        server
            .auth
            .sign_out(access, refresh, after_s(30))
            .await
            .unwrap()
    };
    let user = Some(by_access_token.user.id);
    assert_eq!(
        sign_out(None, Some(by_refresh_token.refresh_token.as_str())).await,
        user
    );
    assert_eq!(
        sign_out(Some(by_access_token.access_token.as_str()), None).await,
        user
    );
    assert_eq!(
        sign_out(None, Some(by_used_token.refresh_token.as_str())).await,
        user
    );
    for ended in [&by_refresh_token, &by_access_token, &successor] {
        let refreshed = refresh(&server, &ended.refresh_token, after_s(31)).await;
        assert!(matches!(refreshed, Err(AuthError::SessionEnded)));
        let access = server
            .auth
            .authenticate(&ended.access_token, after_s(31))
            .await;
        assert!(matches!(access, Err(AuthError::Unauthenticated { .. })));
    }
    // A second time, with nonsense, or with nothing: no error.
    assert_eq!(
        sign_out(None, Some(by_refresh_token.refresh_token.as_str())).await,
        None
    );
    assert_eq!(sign_out(Some("x.y.z"), Some("nonsense")).await, None);
    assert_eq!(sign_out(None, None).await, None);
}

#[tokio::test]
async fn e67_no_refresh_past_the_seventh_day_however_often_refreshed() {
    let server = Server::local().await;
    let mut current = server.signed_in().await;
    for day in 1..7 {
        current = refresh(&server, &current.refresh_token, after_days(day))
            .await
            .unwrap();
    }
    let last_second = refresh(&server, &current.refresh_token, after_s(7 * 86_400 - 1))
        .await
        .unwrap();
    assert_eq!(last_second.refresh_expires_in_s, 1);
    let late = refresh(&server, &last_second.refresh_token, after_days(7)).await;
    assert!(matches!(late, Err(AuthError::SessionEnded)));
    // The access token of the last second does not outlive the session.
    assert!(
        server
            .auth
            .authenticate(&last_second.access_token, after_days(7))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn e68_no_token_lies_in_the_database() {
    let server = Server::local().await;
    let first = server.signed_in().await;
    let second = refresh(&server, &first.refresh_token, after_s(60))
        .await
        .unwrap();
    let graced = refresh(&server, &first.refresh_token, after_s(61))
        .await
        .unwrap();
    server.store.close().await;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(server.database.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            files.extend(std::fs::read(&path).unwrap());
        }
    }
    let session_id = first.session.id.to_string();
    assert!(
        contains(&files, session_id.as_bytes()),
        "the files are not the database"
    );
    for signed_in in [&first, &second, &graced] {
        let raw = decode(&signed_in.refresh_token);
        assert!(!contains(&files, signed_in.refresh_token.as_bytes()));
        assert!(!contains(&files, &raw));
        assert!(!contains(&files, signed_in.access_token.as_bytes()));
    }
}

#[tokio::test]
async fn e68_what_seals_a_successor_is_cleared_once_the_grace_is_over() {
    let server = Server::local().await;
    let first = server.signed_in().await;
    let second = refresh(&server, &first.refresh_token, after_s(60))
        .await
        .unwrap();
    refresh(&server, &second.refresh_token, after_s(120))
        .await
        .unwrap();
    // Were it still there, a longer grace would find it.
    let week = chrono::TimeDelta::days(7);
    let hash = {
        use sha2::Digest;
        let raw = decode(&first.refresh_token);
        let bytes = sha2::Sha256::new()
            .chain_update("refresh token hash")
            .chain_update(raw);
        bytes.finalize().into()
    };
    let state = server
        .store
        .refresh_token_state(&hash, week, after_s(121))
        .await
        .unwrap();
    assert_eq!(state, store::sessions::TokenState::Dead);
}

#[tokio::test]
async fn nonsense_is_no_refresh_token() {
    let server = Server::local().await;
    let good = server.signed_in().await.refresh_token;
    for bad in [
        "",
        "x",
        &good[1..],
        &format!("{good}A"),
        &format!("{good}="),
        &"A".repeat(43),
        &"A".repeat(10_000),
    ] {
        let refreshed = refresh(&server, bad, start()).await;
        assert!(matches!(refreshed, Err(AuthError::SessionEnded)), "{bad}");
    }
}

fn decode(token: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(token)
        .unwrap()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}
