use serde_json::{Value, json};

use super::fake_provider::{
    Browser, FakeProvider, KEY, OTHER_KEY, REDIRECT_URI, begin, callback, finish, finish_with,
};
use super::support::{Server, after_s, start};
use crate::{AuthError, Callback, SignedIn};

pub async fn setup() -> (FakeProvider, Server) {
    let provider = FakeProvider::start().await;
    let server = Server::of_provider(provider.config()).await;
    (provider, server)
}

/// Signs in with an ID token whose claims are changed first.
pub async fn sign_in(
    provider: &FakeProvider,
    server: &Server,
    change: impl FnOnce(&mut Value),
) -> Result<SignedIn, AuthError> {
    let browser = begin(server).await;
    let mut claims = provider.claims(&browser);
    change(&mut claims);
    provider.issue(&browser, &claims);
    finish(server, &browser).await
}

#[tokio::test]
async fn somebody_signs_in() {
    let (provider, server) = setup().await;
    let browser = begin(&server).await;
    assert!(
        browser
            .authorization_url
            .as_str()
            .starts_with(&provider.mock.uri())
    );
    let asked = |name: &str| browser.query[name].as_str();
    assert_eq!(asked("tenant"), "1");
    assert_eq!(asked("response_type"), "code");
    assert_eq!(asked("client_id"), "data-query-agent");
    assert_eq!(asked("redirect_uri"), REDIRECT_URI);
    assert_eq!(asked("scope"), "openid email profile");
    assert_eq!(asked("code_challenge_method"), "S256");
    for secret in ["state", "nonce", "code_challenge"] {
        assert_eq!(asked(secret).len(), 43);
    }
    provider.issue(&browser, &provider.claims(&browser));
    let signed_in = finish(&server, &browser).await.unwrap();
    assert_eq!(signed_in.user.issuer, provider.mock.uri());
    assert_eq!(signed_in.user.subject, "user-1");
    assert_eq!(signed_in.user.email.as_deref(), Some("ann@example.org"));
    assert_eq!(signed_in.user.name.as_deref(), Some("Ann"));
    assert_eq!(
        signed_in.user.picture.as_deref(),
        Some("https://example.org/ann.png")
    );
    let principal = server
        .auth
        .authenticate(&signed_in.access_token, after_s(2))
        .await;
    assert_eq!(principal.unwrap().user.id, signed_in.user.id);
}

#[tokio::test]
async fn nothing_secret_is_in_the_authorization_url() {
    let (_provider, server) = setup().await;
    let browser = begin(&server).await;
    let url = browser.authorization_url.as_str();
    assert!(!url.contains(&browser.cookie));
    assert!(!url.contains("secret"));
}

#[tokio::test]
async fn e61_a_state_that_is_absent_or_unknown_is_refused() {
    let (provider, server) = setup().await;
    let browser = begin(&server).await;
    provider.issue(&browser, &provider.claims(&browser));
    for state in [
        None,
        Some(""),
        Some("unknown"),
        Some(&browser.query["nonce"]),
    ] {
        let callback = Callback {
            state: state.map(str::to_owned),
            ..callback(&browser)
        };
        let finished = finish_with(&server, &callback, Some(&browser.cookie), 1).await;
        assert!(matches!(finished, Err(AuthError::InvalidState)));
    }
    assert_eq!(provider.requests("/token").await, 0);
}

#[tokio::test]
async fn e61_a_state_serves_once() {
    let (provider, server) = setup().await;
    let browser = begin(&server).await;
    provider.issue(&browser, &provider.claims(&browser));
    finish(&server, &browser).await.unwrap();
    let again = finish(&server, &browser).await;
    assert!(matches!(again, Err(AuthError::InvalidState)));

    // Also where the first attempt failed, and where two come at once.
    let browser = begin(&server).await;
    provider.issue_raw(&browser, None);
    assert!(finish(&server, &browser).await.is_err());
    provider.issue(&browser, &provider.claims(&browser));
    assert!(matches!(
        finish(&server, &browser).await,
        Err(AuthError::InvalidState)
    ));

    let browser = begin(&server).await;
    provider.issue(&browser, &provider.claims(&browser));
    let (one, other) = tokio::join!(finish(&server, &browser), finish(&server, &browser));
    assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1);
}

#[tokio::test]
async fn e61_a_state_from_another_browser_is_refused() {
    let (provider, server) = setup().await;
    let (victim, attacker) = (begin(&server).await, begin(&server).await);
    provider.issue(&attacker, &provider.claims(&attacker));
    // The attacker's own response, sent to the victim's browser, must not sign the victim in as the attacker.
    let attackers_response = callback(&attacker);
    for cookie in [None, Some(""), Some(victim.cookie.as_str())] {
        let finished = finish_with(&server, &attackers_response, cookie, 1).await;
        assert!(matches!(finished, Err(AuthError::InvalidState)));
    }
    // Nor does that spoil what either began.
    finish(&server, &attacker).await.unwrap();
    provider.issue(&victim, &provider.claims(&victim));
    finish(&server, &victim).await.unwrap();
}

#[tokio::test]
async fn e61_a_state_is_too_old_after_ten_minutes() {
    let (provider, server) = setup().await;
    for (age_s, good) in [(599, true), (600, false)] {
        let browser = begin(&server).await;
        provider.issue(&browser, &provider.claims(&browser));
        let finished =
            finish_with(&server, &callback(&browser), Some(&browser.cookie), age_s).await;
        assert_eq!(finished.is_ok(), good, "after {age_s} s");
    }
}

#[tokio::test]
async fn a_redirect_uri_must_be_exactly_the_callback_page() {
    let (provider, server) = setup().await;
    for foreign in [
        "",
        "http://localhost:8000/auth/callback/",
        "http://localhost:8000/auth/callback?x=1",
        "http://localhost:8000/auth/callback#x",
        "http://localhost:8000/AUTH/callback",
        "http://localhost:8000/",
        "http://localhost:8001/auth/callback",
        "https://localhost:8000/auth/callback",
        "http://localhost:8000@evil.com/auth/callback",
        "https://evil.com/auth/callback",
    ] {
        let started = server.auth.start(foreign, start()).await;
        assert!(
            matches!(started, Err(AuthError::InvalidRedirectUri)),
            "{foreign}"
        );
        let browser = begin(&server).await;
        provider.issue(&browser, &provider.claims(&browser));
        let callback = Callback {
            redirect_uri: foreign.to_owned(),
            ..callback(&browser)
        };
        let finished = finish_with(&server, &callback, Some(&browser.cookie), 1).await;
        assert!(
            matches!(finished, Err(AuthError::InvalidRedirectUri)),
            "{foreign}"
        );
    }
}

#[tokio::test]
async fn e62_a_wrong_pkce_verifier_is_refused_by_the_provider() {
    let (provider, server) = setup().await;
    let (browser, other) = (begin(&server).await, begin(&server).await);
    // The code belongs to another sign-in: an injected code (RFC 9700, section 4.5).
    provider.issue(&other, &provider.claims(&browser));
    match finish(&server, &browser).await {
        Err(AuthError::ProviderRefused { provider_code }) => {
            assert_eq!(provider_code, "invalid_grant");
        }
        other => panic!("{:?}", other.err()),
    }
}

#[tokio::test]
async fn denied_consent_is_told_and_ends_the_flow() {
    let (provider, server) = setup().await;
    let denied = async |browser: &Browser, error: &str| {
        let callback = Callback {
            code: None,
            error: Some(error.to_owned()),
            ..callback(browser)
        };
        finish_with(&server, &callback, Some(&browser.cookie), 1).await
    };
    let browser = begin(&server).await;
    assert!(matches!(
        denied(&browser, "access_denied").await,
        Err(AuthError::ConsentDenied)
    ));
    assert!(matches!(
        denied(&browser, "access_denied").await,
        Err(AuthError::InvalidState)
    ));
    let browser = begin(&server).await;
    match denied(&browser, "server_error<script>").await {
        Err(AuthError::ProviderRefused { provider_code }) => {
            assert_eq!(provider_code, "server_errorscript");
        }
        other => panic!("{:?}", other.err()),
    }
    assert_eq!(provider.requests("/token").await, 0);
}

#[tokio::test]
async fn a_response_names_its_issuer_where_the_provider_says_so() {
    let mut provider = FakeProvider::start().await;
    provider.metadata["authorization_response_iss_parameter_supported"] = json!(true);
    let provider = provider.restarted().await;
    let server = Server::of_provider(provider.config()).await;
    let own = provider.mock.uri();
    for (issuer, good) in [
        (Some(own.as_str()), true),
        (Some("https://evil.example"), false),
        (None, false),
    ] {
        let browser = begin(&server).await;
        provider.issue(&browser, &provider.claims(&browser));
        let callback = Callback {
            issuer: issuer.map(str::to_owned),
            ..callback(&browser)
        };
        let finished = finish_with(&server, &callback, Some(&browser.cookie), 1).await;
        match finished {
            Ok(_) => assert!(good),
            Err(error) => assert_eq!((good, error.code()), (false, "wrong_issuer")),
        }
    }
}

#[tokio::test]
async fn a_wrong_issuer_is_refused_even_where_none_is_promised() {
    let (_provider, server) = setup().await;
    let browser = begin(&server).await;
    let callback = Callback {
        issuer: Some("https://evil.example".to_owned()),
        ..callback(&browser)
    };
    let finished = finish_with(&server, &callback, Some(&browser.cookie), 1).await;
    assert!(matches!(finished, Err(AuthError::WrongIssuer)));
}

#[tokio::test]
async fn a_new_key_of_the_provider_is_fetched_but_not_for_every_token() {
    let (provider, server) = setup().await;
    sign_in(&provider, &server, |_| {}).await.unwrap();
    sign_in(&provider, &server, |_| {}).await.unwrap();
    assert_eq!(provider.requests("/jwks").await, 1);

    let sign_in_with_new_key = async |provider: &FakeProvider, at_s: i64| {
        let browser = begin(&server).await;
        let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::RS256);
        header.kid = OTHER_KEY.public["kid"].as_str().map(str::to_owned);
        provider.issue_signed(
            &browser,
            &provider.claims(&browser),
            &header,
            &OTHER_KEY.signing,
        );
        finish_with(&server, &callback(&browser), Some(&browser.cookie), at_s).await
    };
    // Not published, and asked a moment ago: not asked again.
    assert_reason(
        sign_in_with_new_key(&provider, 5).await,
        "signed with a key that the provider does not publish",
    );
    assert_eq!(provider.requests("/jwks").await, 1);
    assert!(sign_in_with_new_key(&provider, 40).await.is_err());
    assert!(sign_in_with_new_key(&provider, 41).await.is_err());
    assert_eq!(provider.requests("/jwks").await, 2);

    let provider = provider
        .restarted_with(&[&KEY.public, &OTHER_KEY.public])
        .await;
    assert!(sign_in_with_new_key(&provider, 80).await.is_ok());
    assert!(sign_in(&provider, &server, |_| {}).await.is_ok());
}

pub fn assert_reason(finished: Result<SignedIn, AuthError>, expected: &str) {
    match finished {
        Err(AuthError::InvalidIdToken { reason }) => assert_eq!(reason, expected),
        Err(error) => panic!("{error}, not: {expected}"),
        Ok(_) => panic!("let through, not: {expected}"),
    }
}
