use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::fake_provider::{FakeProvider, REDIRECT_URI, begin, finish, refuse};
use super::support::{Server, after_s};
use crate::{AuthError, ProviderConfig};

const DISCOVERY: &str = "/.well-known/openid-configuration";

async fn started(server: &Server, at_s: i64) -> &'static str {
    match server.auth.start(REDIRECT_URI, after_s(at_s)).await {
        Ok(_) => "started",
        Err(error) => error.code(),
    }
}

/// What a sign-in at a provider with these metadata comes to.
async fn started_with(change: impl FnOnce(&mut Value)) -> &'static str {
    let mut provider = FakeProvider::silent().await;
    change(&mut provider.metadata);
    provider.publish_metadata().await;
    started(&Server::of_provider(provider.config()).await, 0).await
}

#[tokio::test]
async fn a_provider_that_does_not_listen_is_unavailable_and_may_come_back() {
    let provider = FakeProvider::silent().await;
    let server = Server::of_provider(provider.config()).await;
    assert_eq!(started(&server, 0).await, "provider_unavailable");
    // The next ones are told at once.
    provider.publish_metadata().await;
    assert_eq!(started(&server, 1).await, "provider_unavailable");
    assert_eq!(provider.requests(DISCOVERY).await, 1);
    assert_eq!(started(&server, 2).await, "started");

    let nobody = ProviderConfig {
        // Port 9 is "discard", which nothing listens on.
        issuer_url: "http://127.0.0.1:9".to_owned(),
        ..provider.config()
    };
    let server = Server::of_provider(nobody).await;
    assert_eq!(started(&server, 0).await, "provider_unavailable");
}

#[tokio::test]
async fn what_is_no_description_of_this_issuer_is_refused() {
    assert_eq!(started_with(|_| {}).await, "started");
    assert_eq!(
        started_with(|it| *it = json!([])).await,
        "provider_misbehaved"
    );
    assert_eq!(
        started_with(|it| *it = json!({})).await,
        "provider_misbehaved"
    );
    let misbehaves = async |member: &str, value: Value| {
        let outcome = started_with(|it| it[member] = value.clone()).await;
        assert_eq!(outcome, "provider_misbehaved", "{member}: {value}");
    };
    misbehaves("issuer", json!("https://evil.example")).await;
    for endpoint in [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
    ] {
        misbehaves(endpoint, json!("http://evil.example/x")).await;
        misbehaves(endpoint, json!("file:///etc/passwd")).await;
        misbehaves(endpoint, json!("javascript:alert(1)")).await;
    }
    misbehaves("code_challenge_methods_supported", json!(["plain"])).await;
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = MockServer::start().await;
    let provider = FakeProvider::silent().await;
    Mock::given(method("GET"))
        .and(path(DISCOVERY))
        .respond_with(
            ResponseTemplate::new(302).insert_header("location", elsewhere.uri().as_str()),
        )
        .mount(&provider.mock)
        .await;
    let server = Server::of_provider(provider.config()).await;
    assert_eq!(started(&server, 0).await, "provider_unavailable");
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_without_end_is_cut() {
    let provider = FakeProvider::silent().await;
    Mock::given(method("GET"))
        .and(path(DISCOVERY))
        .respond_with(ResponseTemplate::new(200).set_body_bytes(vec![b' '; 3 << 20]))
        .mount(&provider.mock)
        .await;
    let server = Server::of_provider(provider.config()).await;
    assert_eq!(started(&server, 0).await, "provider_unavailable");
}

#[tokio::test]
async fn a_provider_that_hangs_is_given_up() {
    let provider = FakeProvider::silent().await;
    Mock::given(method("GET"))
        .and(path(DISCOVERY))
        .respond_with(ResponseTemplate::new(200).set_delay(Duration::from_mins(1)))
        .mount(&provider.mock)
        .await;
    let server = Server::of_provider(provider.config()).await;
    let began = Instant::now();
    let (one, other) = tokio::join!(started(&server, 0), started(&server, 0));
    assert_eq!(
        (one, other),
        ("provider_unavailable", "provider_unavailable")
    );
    assert!(began.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn failures_of_the_token_endpoint_are_told_apart() {
    for (answer, code) in [
        (refuse(400, "invalid_grant"), "provider_refused"),
        (refuse(401, "invalid_client"), "provider_misbehaved"),
        (refuse(400, "unauthorized_client"), "provider_misbehaved"),
        (ResponseTemplate::new(503), "provider_unavailable"),
        (ResponseTemplate::new(302), "provider_misbehaved"),
        (
            ResponseTemplate::new(200).set_body_string("<html>"),
            "provider_misbehaved",
        ),
        (
            ResponseTemplate::new(200).set_body_json(json!({"access_token": "x"})),
            "provider_misbehaved",
        ),
        (
            ResponseTemplate::new(200)
                .set_body_json(json!({"access_token": "x", "token_type": "Bearer"})),
            "provider_misbehaved",
        ),
    ] {
        let provider = FakeProvider::silent().await;
        provider.publish_metadata().await;
        Mock::given(method("POST"))
            .and(path("/token"))
            .respond_with(answer)
            .mount(&provider.mock)
            .await;
        let server = Server::of_provider(provider.config()).await;
        let browser = begin(&server).await;
        let error = finish(&server, &browser).await.err().unwrap();
        assert_eq!(error.code(), code, "{error:?}");
    }
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_the_providers_fault() {
    let provider = FakeProvider::start().await;
    let server = Server::of_provider(provider.config()).await;
    let browser = begin(&server).await;
    provider.issue(&browser, &provider.claims(&browser));
    let provider = provider.restarted_without_keys().await;
    let error = finish(&server, &browser).await.err().unwrap();
    assert!(
        matches!(error, AuthError::ProviderUnavailable { .. }),
        "{error}"
    );
    drop(provider);
}

#[tokio::test]
async fn the_client_secret_goes_in_the_body_where_the_provider_wants_it_so() {
    let mut provider = FakeProvider::silent().await;
    provider.metadata["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    provider.publish_metadata().await;
    let server = Server::of_provider(provider.config()).await;
    let browser = begin(&server).await;
    assert!(finish(&server, &browser).await.is_err());
    let requests = provider.mock.received_requests().await.unwrap();
    let asked = requests
        .iter()
        .find(|request| request.url.path() == "/token")
        .unwrap();
    assert!(asked.headers.get("authorization").is_none());
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&asked.body)
        .into_owned()
        .collect();
    let secret = (
        "client_secret".to_owned(),
        super::fake_provider::CLIENT_SECRET.to_owned(),
    );
    assert!(form.contains(&secret));
}
