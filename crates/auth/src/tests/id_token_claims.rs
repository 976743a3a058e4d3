use serde_json::{Value, json};

use super::fake_provider::FakeProvider;
use super::provider::{assert_reason, setup, sign_in};
use super::support::{Server, after_s, left_half_of_sha256};
use crate::{AllowedEmails, AuthError};

fn remove(claims: &mut Value, claim: &str) {
    claims.as_object_mut().unwrap().remove(claim);
}

#[tokio::test]
async fn e62_an_id_token_with_another_nonce_is_refused() {
    let (provider, server) = setup().await;
    for nonce in [json!("another"), json!(""), json!(null)] {
        let finished = sign_in(&provider, &server, |claims| claims["nonce"] = nonce).await;
        assert_reason(finished, "another nonce");
    }
    let finished = sign_in(&provider, &server, |claims| remove(claims, "nonce")).await;
    assert_reason(finished, "another nonce");
}

#[tokio::test]
async fn e62_an_id_token_for_another_client_is_refused() {
    let (provider, server) = setup().await;
    let us = "data-query-agent";
    for (audience, party) in [
        (json!("another"), None),
        (json!(["another"]), None),
        (json!([]), None),
        (json!([us, "another"]), None),
        (json!([us, "another"]), Some("another")),
        (json!(us), Some("another")),
        (json!("another"), Some(us)),
    ] {
        let finished = sign_in(&provider, &server, |claims| {
            claims["aud"] = audience;
            claims["azp"] = json!(party);
        })
        .await;
        assert_reason(finished, "for another client");
    }
    for (audience, party) in [
        (json!([us]), None),
        (json!([us, "another"]), Some(us)),
        (json!(us), Some(us)),
    ] {
        let finished = sign_in(&provider, &server, |claims| {
            claims["aud"] = audience;
            claims["azp"] = json!(party);
        })
        .await;
        assert!(finished.is_ok());
    }
}

#[tokio::test]
async fn e62_an_id_token_of_another_issuer_is_refused() {
    let (provider, server) = setup().await;
    let own = provider.mock.uri();
    for issuer in [
        "https://accounts.google.com".to_owned(),
        format!("{own}/"),
        String::new(),
    ] {
        let finished = sign_in(&provider, &server, |claims| claims["iss"] = json!(issuer)).await;
        assert_reason(finished, "another issuer");
    }
}

#[tokio::test]
async fn e62_an_id_token_out_of_its_time_is_refused() {
    let (provider, server) = setup().await;
    let finished = sign_in(&provider, &server, |claims| {
        claims["exp"] = json!(after_s(1).timestamp());
    })
    .await;
    assert_reason(finished, "expired");
    let finished = sign_in(&provider, &server, |claims| {
        claims["iat"] = json!(after_s(120).timestamp());
    })
    .await;
    assert_reason(finished, "from the future");
    let finished = sign_in(&provider, &server, |claims| {
        claims["nbf"] = json!(after_s(120).timestamp());
    })
    .await;
    assert_reason(finished, "from the future");
    for claim in ["iss", "sub", "aud", "exp", "iat"] {
        let finished = sign_in(&provider, &server, |claims| remove(claims, claim)).await;
        assert_reason(finished, "a claim is missing or malformed");
    }
}

#[tokio::test]
async fn an_at_hash_must_be_of_the_access_token() {
    let (provider, server) = setup().await;
    let finished = sign_in(&provider, &server, |claims| {
        claims["at_hash"] = json!("AAAA");
    })
    .await;
    assert_reason(finished, "at_hash is not of the access token");
    // The left half of SHA-256("provider-access-token"), base64url.
    let finished = sign_in(&provider, &server, |claims| {
        claims["at_hash"] = json!(left_half_of_sha256("provider-access-token"));
    })
    .await;
    assert!(finished.is_ok());
}

#[tokio::test]
async fn e63_the_same_address_with_a_new_subject_is_another_account() {
    let (provider, server) = setup().await;
    let first = sign_in(&provider, &server, |_| {}).await.unwrap();
    let same = sign_in(&provider, &server, |claims| {
        claims["email"] = json!("new@example.org");
    })
    .await
    .unwrap();
    assert_eq!(same.user.id, first.user.id);
    assert_eq!(same.user.email.as_deref(), Some("new@example.org"));
    let other = sign_in(&provider, &server, |claims| {
        claims["sub"] = json!("user-2");
        claims["email"] = json!("new@example.org");
    })
    .await
    .unwrap();
    assert_ne!(other.user.id, first.user.id);
}

#[tokio::test]
async fn e63_an_address_that_is_not_verified_is_refused() {
    let (provider, server) = setup().await;
    for unverified in [json!(false), json!("false"), json!("yes"), json!(null)] {
        let finished = sign_in(&provider, &server, |claims| {
            claims["email_verified"] = unverified;
        })
        .await;
        assert!(matches!(finished, Err(AuthError::EmailNotVerified)));
    }
    for claim in ["email", "email_verified"] {
        let finished = sign_in(&provider, &server, |claims| remove(claims, claim)).await;
        assert!(matches!(finished, Err(AuthError::EmailNotVerified)));
    }
    let finished = sign_in(&provider, &server, |claims| {
        claims["email_verified"] = json!("true");
    })
    .await;
    assert!(finished.is_ok());
}

#[tokio::test]
async fn only_those_on_the_allow_list_sign_in() {
    let provider = FakeProvider::start().await;
    let server = Server::with(|config| {
        config.provider = Some(provider.config());
        config.allowed_emails = AllowedEmails::parse("ann@example.org").unwrap();
    })
    .await;
    assert!(sign_in(&provider, &server, |_| {}).await.is_ok());
    let finished = sign_in(&provider, &server, |claims| {
        claims["email"] = json!("eve@example.org");
    })
    .await;
    assert!(matches!(finished, Err(AuthError::NotAllowed)));
}

#[tokio::test]
async fn what_the_id_token_leaves_out_comes_from_userinfo() {
    let mut provider = FakeProvider::start().await;
    provider.metadata["userinfo_endpoint"] = json!(format!("{}/me", provider.mock.uri()));
    let provider = provider.restarted().await;
    let server = Server::of_provider(provider.config()).await;
    let bare = |claims: &mut Value| {
        for claim in ["email", "email_verified", "name", "picture"] {
            remove(claims, claim);
        }
    };
    let userinfo =
        json!({"sub": "user-1", "email": "ann@example.org", "email_verified": true, "name": "Ann"});
    provider.answer_get("/me", &userinfo).await;
    let signed_in = sign_in(&provider, &server, bare).await.unwrap();
    assert_eq!(signed_in.user.email.as_deref(), Some("ann@example.org"));
    assert_eq!(signed_in.user.name.as_deref(), Some("Ann"));
    let requests = provider.mock.received_requests().await.unwrap();
    let asked = requests
        .iter()
        .find(|request| request.url.path() == "/me")
        .unwrap();
    assert_eq!(
        asked.headers["authorization"],
        "Bearer provider-access-token"
    );

    let mut provider = provider;
    for (userinfo, fault) in [
        (
            json!({"sub": "user-2", "email": "ann@example.org", "email_verified": true}),
            "invalid_id_token",
        ),
        (
            json!({"sub": "user-1", "email": "ann@example.org"}),
            "email_not_verified",
        ),
        (json!({"sub": "user-1"}), "email_not_verified"),
        (
            json!({"email": "ann@example.org", "email_verified": true}),
            "provider_misbehaved",
        ),
    ] {
        provider = provider.restarted().await;
        provider.answer_get("/me", &userinfo).await;
        let finished = sign_in(&provider, &server, bare).await;
        assert_eq!(
            finished.err().map(|error| error.code()),
            Some(fault),
            "{userinfo}"
        );
    }
    // A verified address of userinfo does not verify another one of the ID token.
    let provider = provider.restarted().await;
    provider
        .answer_get("/me", &json!({"sub": "user-1", "email_verified": true}))
        .await;
    let finished = sign_in(&provider, &server, |claims| {
        remove(claims, "email_verified");
    })
    .await;
    assert!(matches!(finished, Err(AuthError::EmailNotVerified)));
}

#[tokio::test]
async fn a_name_and_a_picture_are_cleaned() {
    let (provider, server) = setup().await;
    let signed_in = sign_in(&provider, &server, |claims| {
        claims["name"] = json!(format!("A\u{0}nn\r\n{}", "x".repeat(1_000)));
        claims["picture"] = json!("javascript:alert(1)");
    })
    .await
    .unwrap();
    assert_eq!(signed_in.user.picture, None);
    let name = signed_in.user.name.unwrap();
    assert!(name.starts_with("Annxxx"));
    assert_eq!(name.len(), 200);
}
