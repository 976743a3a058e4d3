//! Group E of the negative tests, as far as it takes HTTP; the rest is in the crate `auth`.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::provider::authorization_query;
use crate::support::{PAGE, Server, problem};

#[tokio::test]
async fn the_status_is_never_401_and_names_the_user() {
    let server = Server::local().await;
    let nobody = server.nobody().get_json("/api/auth/status").await;
    assert_eq!(
        nobody,
        json!({"is_authenticated": false, "user_id": null, "user": null})
    );
    let ann = server.user("ann").await;
    let status = ann.get_json("/api/auth/status").await;
    assert_eq!(status["is_authenticated"], true);
    assert_eq!(status["user_id"], status["user"]["id"]);
}

#[tokio::test]
async fn e58_a_refresh_token_is_no_access_token() {
    let server = Server::local().await;
    let mut ann = server.user("ann").await;
    ann.token = Some(ann.cookies["refresh_token"].clone());
    problem(
        ann.get("/api/csv/list").await,
        StatusCode::UNAUTHORIZED,
        "unauthenticated",
    )
    .await;
}

#[tokio::test]
async fn e60_eight_megabytes_of_authorization_are_431() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = Server::local().await;
    let mut stream = tokio::net::TcpStream::connect(server.address)
        .await
        .unwrap();
    stream
        .write_all(b"GET /api/csv/list HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ")
        .await
        .unwrap();
    let (mut reader, mut writer) = stream.split();
    let send = async {
        // The server may close before it has read all: that is its right.
        let _ = writer.write_all(&vec![b'a'; 8 << 20]).await;
    };
    let mut status = [0; 12];
    let (answered, ()) = tokio::join!(reader.read_exact(&mut status), send);
    answered.unwrap();
    assert_eq!(&status, b"HTTP/1.1 431");
    assert_eq!(
        server.nobody().get("/health").await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn e61_a_state_that_is_unknown_used_or_of_another_browser_is_400_without_cookies() {
    let server = Server::shared().await;
    let provider = server.provider.as_ref().unwrap();
    let mut ann = server.nobody();
    let query = provider.begin(&mut ann).await;
    provider.vouch(&query, "ann", &json!({}));

    let absent = json!({"code": "good", "redirect_uri": format!("{PAGE}/auth/callback")});
    let refused = ann.post("/api/auth/google/callback", &absent).await;
    assert!(refused.headers().get("set-cookie").is_none());
    problem(refused, StatusCode::BAD_REQUEST, "invalid_state").await;

    let mut unknown = query.clone();
    unknown.insert("state".into(), "unknown".into());
    let refused = provider.finish(&ann, &unknown).await;
    assert!(refused.headers().get("set-cookie").is_none());
    problem(refused, StatusCode::BAD_REQUEST, "invalid_state").await;

    problem(
        provider.finish(&server.nobody(), &query).await,
        StatusCode::BAD_REQUEST,
        "invalid_state",
    )
    .await;
    // A wrong browser's try may have used it up; a sign-in of one's own still works, once.
    let query = provider.begin(&mut ann).await;
    provider.vouch(&query, "ann", &json!({}));
    assert_eq!(provider.finish(&ann, &query).await.status(), StatusCode::OK);
    problem(
        provider.finish(&ann, &query).await,
        StatusCode::BAD_REQUEST,
        "invalid_state",
    )
    .await;
}

#[tokio::test]
async fn e62_a_wrong_nonce_audience_or_issuer_is_400() {
    let server = Server::shared().await;
    let provider = server.provider.as_ref().unwrap();
    for change in [
        json!({"nonce": "other"}),
        json!({"aud": "other"}),
        json!({"iss": "https://other.example"}),
        json!({"exp": 1000}),
    ] {
        let mut ann = server.nobody();
        let query = provider.begin(&mut ann).await;
        provider.vouch(&query, "ann", &change);
        problem(
            provider.finish(&ann, &query).await,
            StatusCode::BAD_REQUEST,
            "invalid_id_token",
        )
        .await;
    }
}

#[tokio::test]
async fn e63_the_same_address_under_a_new_subject_is_another_account() {
    let server = Server::shared().await;
    let provider = server.provider.as_ref().unwrap();
    let mut ids = Vec::new();
    for subject in ["one", "two"] {
        let mut client = server.nobody();
        let query = provider.begin(&mut client).await;
        provider.vouch(&query, subject, &json!({"email": "same@example.org"}));
        let signed_in = provider.finish(&client, &query).await;
        client.keep(&signed_in);
        ids.push(client.get_json("/api/auth/status").await["user_id"].clone());
    }
    assert_ne!(ids[0], ids[1]);
    let mut client = server.nobody();
    let query = provider.begin(&mut client).await;
    provider.vouch(&query, "three", &json!({"email_verified": false}));
    problem(
        provider.finish(&client, &query).await,
        StatusCode::FORBIDDEN,
        "email_not_verified",
    )
    .await;
}

#[tokio::test]
async fn e65_a_rotated_refresh_token_used_again_ends_the_session() {
    let server = Server::local().await;
    let mut ann = server.user("ann").await;
    ann.token = None;
    let stolen = ann.clone();
    let refreshed = ann.post("/api/auth/refresh", &json!({})).await;
    assert_eq!(refreshed.status(), StatusCode::OK);
    ann.keep(&refreshed);
    server.wait(TimeDelta::seconds(60));
    problem(
        stolen.post("/api/auth/refresh", &json!({})).await,
        StatusCode::UNAUTHORIZED,
        "refresh_token_reused",
    )
    .await;
    assert_eq!(
        ann.post("/api/auth/refresh", &json!({})).await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        ann.get("/api/csv/list").await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn e66_two_refreshes_at_once_sign_nobody_out() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let empty = json!({});
    let (one, two) = tokio::join!(
        ann.post("/api/auth/refresh", &empty),
        ann.post("/api/auth/refresh", &empty)
    );
    assert_eq!(
        (one.status(), two.status()),
        (StatusCode::OK, StatusCode::OK)
    );
    for response in [one, two] {
        let mut tab = server.nobody();
        tab.keep(&response);
        assert_eq!(tab.get("/api/csv/list").await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn e67_after_sign_out_or_seven_days_no_refresh() {
    let server = Server::local().await;
    let mut ann = server.user("ann").await;
    ann.token = None;
    let before = ann.clone();
    let out = ann.post("/api/auth/logout", &json!({})).await;
    ann.keep(&out);
    assert!(ann.cookies.is_empty(), "both cookies are removed");
    assert_eq!(
        before.post("/api/auth/refresh", &json!({})).await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        before.get("/api/csv/list").await.status(),
        StatusCode::UNAUTHORIZED
    );

    let late = server.user("ann").await;
    server.wait(TimeDelta::days(7) + TimeDelta::seconds(1));
    assert_eq!(
        late.post("/api/auth/refresh", &json!({})).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn e55_an_access_token_ends_after_five_minutes_and_the_session_goes_on() {
    let server = Server::local().await;
    let mut ann = server.user("ann").await;
    server.wait(TimeDelta::seconds(299));
    assert_eq!(ann.get("/api/csv/list").await.status(), StatusCode::OK);
    server.wait(TimeDelta::seconds(2));
    assert_eq!(
        ann.get("/api/csv/list").await.status(),
        StatusCode::UNAUTHORIZED
    );
    ann.token = None;
    let refreshed = ann.post("/api/auth/refresh", &json!({})).await;
    ann.keep(&refreshed);
    assert_eq!(ann.get("/api/csv/list").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn e69_a_post_from_another_site_is_403() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    for site in ["cross-site", "same-site"] {
        let sent = ann
            .request(Method::POST, "/api/auth/logout")
            .header("sec-fetch-site", site)
            .send()
            .await
            .unwrap();
        problem(sent, StatusCode::FORBIDDEN, "cross_site").await;
    }
    assert_eq!(
        ann.get("/api/csv/list").await.status(),
        StatusCode::OK,
        "still signed in"
    );
}

#[tokio::test]
async fn e70_a_foreign_origin_is_403_also_beside_a_bearer_header() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    for origin in ["null", "https://evil.example"] {
        let sent = ann
            .request(Method::POST, "/api/auth/logout")
            .header("origin", origin)
            .send()
            .await
            .unwrap();
        problem(sent, StatusCode::FORBIDDEN, "cross_site").await;
    }
    let own = ann
        .request(Method::POST, "/api/auth/refresh")
        .header("origin", PAGE)
        .send()
        .await
        .unwrap();
    assert_eq!(own.status(), StatusCode::OK);
}

/// The names of the cookies that a response sets; each must have every guard.
fn guarded_cookies(response: &reqwest::Response) -> Vec<String> {
    let cookies = response.headers().get_all("set-cookie").iter();
    let name = |cookie: &str| {
        for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Secure"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        cookie.split_once('=').unwrap().0.to_owned()
    };
    cookies.map(|it| name(it.to_str().unwrap())).collect()
}

#[tokio::test]
async fn e71_with_https_the_cookies_are_secure_and_host_bound() {
    const CALLBACK: &str = "https://data.example/auth/callback";
    let server = Server::shared_with(&[("FRONTEND_URL", "https://data.example")]).await;
    let provider = server.provider.as_ref().unwrap();
    let mut ann = server.nobody();
    let start = format!("/api/auth/google/start?redirect_uri={CALLBACK}");
    let started = ann.get(&start).await;
    assert!(started.headers().contains_key("strict-transport-security"));
    assert_eq!(guarded_cookies(&started), ["__Host-sign_in_flow"]);
    ann.keep(&started);
    let query = authorization_query(started).await;
    provider.vouch(&query, "ann", &json!({}));
    let callback = json!({"code": "good", "state": query["state"], "redirect_uri": CALLBACK});
    let signed_in = ann.post("/api/auth/google/callback", &callback).await;
    assert_eq!(signed_in.status(), StatusCode::OK);
    assert_eq!(
        guarded_cookies(&signed_in),
        [
            "__Host-access_token",
            "__Host-refresh_token",
            "__Host-sign_in_flow"
        ]
    );
}

#[tokio::test]
async fn a_redirect_that_is_not_exactly_the_callback_page_is_refused() {
    let server = Server::shared().await;
    for address in [
        "https://evil.example/auth/callback",
        "http://localhost:8000/auth/callback/",
        "http://localhost:8000/",
        "http://localhost:8000/auth/callback?x=1",
    ] {
        let sent = server
            .nobody()
            .get(&format!(
                "/api/auth/google/start?redirect_uri={}",
                address.replace('?', "%3F")
            ))
            .await;
        problem(sent, StatusCode::BAD_REQUEST, "invalid_redirect_uri").await;
    }
}

#[tokio::test]
async fn local_sign_in_is_not_there_beside_a_provider() {
    let server = Server::shared().await;
    problem(
        server.nobody().post("/api/auth/local", &json!({})).await,
        StatusCode::BAD_REQUEST,
        "wrong_sign_in_mode",
    )
    .await;
    assert_eq!(
        server.nobody().get_json("/api/auth/config").await,
        json!({"mode": "oidc", "provider_name": "Example"})
    );
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_and_all_at_once() {
    let server = Server::local().await;
    let (one, two) = (server.user("ann").await, server.user("ann").await);
    let sessions = one.get_json("/api/auth/sessions").await;
    let sessions = sessions["sessions"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 2);
    let other = sessions
        .iter()
        .find(|session| session["current"] == false)
        .unwrap();
    assert_eq!(
        one.delete(&format!(
            "/api/auth/sessions/{}",
            other["id"].as_str().unwrap()
        ))
        .await
        .status(),
        StatusCode::OK
    );
    assert_eq!(
        two.get("/api/csv/list").await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(one.get("/api/csv/list").await.status(), StatusCode::OK);
    let three = server.user("ann").await;
    assert_eq!(
        one.delete("/api/auth/sessions").await.status(),
        StatusCode::OK
    );
    for client in [one, three] {
        assert_eq!(
            client.get("/api/csv/list").await.status(),
            StatusCode::UNAUTHORIZED
        );
    }
}

#[tokio::test]
async fn e75_a_removed_account_leaves_nothing_and_its_token_is_401_at_once() {
    let server = Server::shared().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let schema = ann.approved().await;
    ann.ask(&schema, None, "How many orders are there?").await;
    bob.upload_ok("mine.csv", "a,b\n1,2\n").await;
    assert_eq!(
        ann.delete("/api/auth/account").await.status(),
        StatusCode::OK
    );
    for path in ["/api/csv/list", "/api/schema/list", "/api/audit"] {
        assert_eq!(ann.get(path).await.status(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!(
        server.files().len(),
        1,
        "only the other user's file is left: {:?}",
        server.files()
    );
    let again = server.user("ann").await;
    assert_eq!(
        again.get_json("/api/csv/list").await["csv_files"],
        json!([])
    );
    assert_eq!(
        again.get_json("/api/conversations").await["conversations"],
        json!([])
    );
    let actions: Vec<Value> = again.get_json("/api/audit").await["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].clone())
        .collect();
    assert_eq!(
        actions,
        ["sign_in"],
        "the log of the removed account is gone with it"
    );
}

#[tokio::test]
async fn a_new_sign_in_ends_the_session_that_the_browser_had() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    assert_eq!(
        ann.post("/api/auth/local", &json!({})).await.status(),
        StatusCode::OK
    );
    assert_eq!(
        ann.get("/api/csv/list").await.status(),
        StatusCode::UNAUTHORIZED
    );
}
