use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use wiremock::MockServer;

use super::support::{ORIGIN, Server, after_s, start};
use crate::{AuthError, SignedIn};

/// A server with a session, and what its access tokens are made of.
struct Setup {
    server: Server,
    signed_in: SignedIn,
    header: Header,
    claims: Value,
}

impl Setup {
    async fn new() -> Self {
        let server = Server::local().await;
        let signed_in = server.signed_in().await;
        let mut header = Header::new(Algorithm::RS256);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(server.keys.current_key_id(start()));
        let claims = json!({
            "iss": ORIGIN, "aud": ORIGIN,
            "sub": signed_in.user.id, "sid": signed_in.session.id,
            "jti": "1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b",
            "iat": start().timestamp(), "nbf": start().timestamp(), "exp": after_s(300).timestamp(),
        });
        Self {
            server,
            signed_in,
            header,
            claims,
        }
    }

    fn sign(&self) -> String {
        encode(&self.header, &self.claims, &self.server.signing_key()).unwrap()
    }

    async fn refused(&self, token: &str) -> &'static str {
        match self.server.auth.authenticate(token, after_s(1)).await {
            Err(AuthError::Unauthenticated { reason }) => reason,
            Err(error) => panic!("refused for another reason: {error}"),
            Ok(_) => panic!("let through"),
        }
    }

    async fn let_through(&self, token: &str) -> bool {
        self.server
            .auth
            .authenticate(token, after_s(1))
            .await
            .is_ok()
    }
}

fn base64_json(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test]
async fn a_token_signed_as_the_server_does_is_let_through() {
    let setup = Setup::new().await;
    assert!(setup.let_through(&setup.sign()).await);
    assert!(setup.let_through(&setup.signed_in.access_token).await);
    let principal = setup
        .server
        .auth
        .authenticate(&setup.signed_in.access_token, after_s(299))
        .await
        .unwrap();
    assert_eq!(principal.user, setup.signed_in.user);
    assert_eq!(principal.session.id, setup.signed_in.session.id);
}

#[tokio::test]
async fn e53_a_token_without_a_signature_algorithm_is_refused() {
    let setup = Setup::new().await;
    let claims = base64_json(&setup.claims);
    let key_id = setup.header.kid.clone().unwrap();
    for alg in ["none", "None", "NONE", ""] {
        let header = json!({"alg": alg, "typ": "at+jwt", "kid": key_id});
        setup
            .refused(&format!("{}.{claims}.", base64_json(&header)))
            .await;
    }
    let header = base64_json(&json!({"typ": "at+jwt", "kid": key_id}));
    setup.refused(&format!("{header}.{claims}.")).await;
    setup.refused(&format!("{header}.{claims}")).await;
    // A good token whose signature is cut off.
    let token = setup.sign();
    let (message, _) = token.rsplit_once('.').unwrap();
    setup.refused(&format!("{message}.")).await;
    setup.refused(message).await;
    setup.refused("").await;
}

#[tokio::test]
async fn e54_a_token_signed_by_hmac_with_the_public_key_is_refused() {
    let setup = Setup::new().await;
    let pem = std::fs::read_to_string(setup.server.keys_dir.join("signing-key.pem")).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64::engine::general_purpose::STANDARD
        .decode(body)
        .unwrap();
    let pair = aws_lc_rs::rsa::KeyPair::from_pkcs8(&der).unwrap();
    let pkcs1 = pair.public_key().as_ref().to_vec();
    let x509: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    let x509 = x509.as_ref().to_vec();
    let x509_pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        base64::engine::general_purpose::STANDARD.encode(&x509)
    );
    let jwks = setup.server.auth.jwks(start()).unwrap();
    let modulus = jwks["keys"][0]["n"].as_str().unwrap().as_bytes().to_vec();
    for secret in [pkcs1, x509, x509_pem.into_bytes(), modulus] {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let header = Header {
                alg: algorithm,
                ..setup.header.clone()
            };
            let token = encode(&header, &setup.claims, &EncodingKey::from_secret(&secret)).unwrap();
            assert_eq!(setup.refused(&token).await, "not RS256");
        }
    }
}

#[tokio::test]
async fn another_rsa_algorithm_of_the_right_key_is_refused() {
    let mut setup = Setup::new().await;
    for algorithm in [Algorithm::RS384, Algorithm::RS512, Algorithm::PS256] {
        setup.header.alg = algorithm;
        assert_eq!(setup.refused(&setup.sign()).await, "not RS256");
    }
}

#[tokio::test]
async fn e55_an_expired_token_is_refused_to_the_second() {
    let mut setup = Setup::new().await;
    setup.claims["exp"] = json!(after_s(1 - 30).timestamp());
    assert_eq!(setup.refused(&setup.sign()).await, "expired");
    setup.claims["exp"] = json!(after_s(1).timestamp());
    assert_eq!(setup.refused(&setup.sign()).await, "expired");
    setup.claims["exp"] = json!(after_s(2).timestamp());
    assert!(setup.let_through(&setup.sign()).await);

    let (auth, token) = (&setup.server.auth, &setup.signed_in.access_token);
    assert!(auth.authenticate(token, after_s(299)).await.is_ok());
    assert!(auth.authenticate(token, after_s(300)).await.is_err());
}

#[tokio::test]
async fn e56_a_token_without_or_with_a_foreign_issuer_or_audience_is_refused() {
    for claim in ["iss", "aud"] {
        let mut setup = Setup::new().await;
        for foreign in [
            json!("https://evil.example"),
            json!(""),
            json!(null),
            json!([ORIGIN, "https://evil.example"]),
        ] {
            setup.claims[claim] = foreign;
            setup.refused(&setup.sign()).await;
        }
        setup.claims.as_object_mut().unwrap().remove(claim);
        setup.refused(&setup.sign()).await;
    }
}

#[tokio::test]
async fn a_token_without_any_other_claim_is_refused() {
    for claim in ["sub", "sid", "jti", "iat", "nbf", "exp"] {
        let mut setup = Setup::new().await;
        setup.claims.as_object_mut().unwrap().remove(claim);
        setup.refused(&setup.sign()).await;
    }
}

#[tokio::test]
async fn e57_a_token_that_is_not_good_yet_is_refused() {
    let mut setup = Setup::new().await;
    setup.claims["nbf"] = json!(after_s(3600).timestamp());
    assert_eq!(setup.refused(&setup.sign()).await, "not good yet");
    setup.claims["nbf"] = json!(after_s(2).timestamp());
    assert_eq!(setup.refused(&setup.sign()).await, "not good yet");
}

#[tokio::test]
async fn e58_other_tokens_are_no_access_tokens() {
    let mut setup = Setup::new().await;
    for typ in [
        Some("JWT"),
        Some("id_token"),
        Some("AT+JWT"),
        Some(""),
        None,
    ] {
        setup.header.typ = typ.map(str::to_owned);
        assert_eq!(setup.refused(&setup.sign()).await, "not an access token");
    }
    setup.refused(&setup.signed_in.refresh_token).await;

    let refreshed = setup
        .server
        .auth
        .refresh(&setup.signed_in.access_token, after_s(1))
        .await;
    assert!(matches!(refreshed, Err(AuthError::SessionEnded)));
}

#[tokio::test]
async fn e59_an_unknown_key_id_is_refused_and_nothing_is_fetched() {
    let elsewhere = MockServer::start().await;
    let mut setup = Setup::new().await;
    let known = setup.header.kid.clone().unwrap();
    for key_id in [
        "../../etc/passwd",
        "unknown",
        "",
        "signing-key.pem",
        &known[1..],
        &format!("{known} "),
    ] {
        setup.header.kid = Some(key_id.to_owned());
        assert_eq!(setup.refused(&setup.sign()).await, "unknown key id");
    }
    setup.header.kid = None;
    assert_eq!(setup.refused(&setup.sign()).await, "no key id");

    // The attacker's own key, offered in every way that a header knows.
    let attacker = Server::local().await;
    let keys: JwkSet = serde_json::from_value(attacker.auth.jwks(start()).unwrap()).unwrap();
    for key_id in [keys.keys[0].common.key_id.clone(), Some(known)] {
        let header = Header {
            kid: key_id,
            jku: Some(format!("{}/jwks.json", elsewhere.uri())),
            x5u: Some(format!("{}/cert.pem", elsewhere.uri())),
            jwk: Some(keys.keys[0].clone()),
            ..setup.header.clone()
        };
        let token = encode(&header, &setup.claims, &attacker.signing_key()).unwrap();
        setup.refused(&token).await;
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn critical_headers_and_oversized_tokens_are_refused() {
    let mut setup = Setup::new().await;
    setup.claims["padding"] = json!("x".repeat(5_000));
    assert_eq!(setup.refused(&setup.sign()).await, "too long");
    setup.claims.as_object_mut().unwrap().remove("padding");
    setup.header.crit = Some(vec!["exp".to_owned()]);
    assert_eq!(setup.refused(&setup.sign()).await, "critical header fields");
}

#[tokio::test]
async fn a_changed_claim_breaks_the_signature() {
    let mut setup = Setup::new().await;
    let token = setup.sign();
    let parts: Vec<&str> = token.split('.').collect();
    setup.claims["sub"] = json!("00000000-0000-4000-8000-000000000000");
    let forged = format!("{}.{}.{}", parts[0], base64_json(&setup.claims), parts[2]);
    setup.refused(&forged).await;
}

#[tokio::test]
async fn a_session_of_another_user_is_refused() {
    let mut setup = Setup::new().await;
    setup.claims["sub"] = json!("00000000-0000-4000-8000-000000000000");
    assert_eq!(setup.refused(&setup.sign()).await, "the session has ended");
}

#[tokio::test]
async fn e73_a_token_of_a_replaced_key_is_good_while_it_overlaps_then_refused() {
    let mut setup = Setup::new().await;
    setup.claims["exp"] = json!(after_s(7 * 86_400).timestamp());
    let token_of_old_key = setup.sign();
    let (auth, keys) = (&setup.server.auth, &setup.server.keys);
    let old = keys.current_key_id(start());
    let rotated_at = after_s(60);
    let new = auth.rotate_keys(rotated_at).unwrap();
    assert_ne!(old, new);

    let overlap_ends = rotated_at + crate::AuthConfig::DEFAULT_KEY_OVERLAP;
    let just_before = overlap_ends - chrono::TimeDelta::seconds(1);
    assert!(
        auth.authenticate(&token_of_old_key, rotated_at)
            .await
            .is_ok()
    );
    assert!(
        auth.authenticate(&token_of_old_key, just_before)
            .await
            .is_ok()
    );
    let refused = auth.authenticate(&token_of_old_key, overlap_ends).await;
    assert!(matches!(
        refused,
        Err(AuthError::Unauthenticated {
            reason: "unknown key id"
        })
    ));

    // New tokens are signed with the new key, and go on.
    let refreshed = auth
        .refresh(&setup.signed_in.refresh_token, overlap_ends)
        .await
        .unwrap();
    let header = jsonwebtoken::decode_header(&refreshed.access_token).unwrap();
    assert_eq!(header.kid, Some(new));
    assert!(
        auth.authenticate(&refreshed.access_token, overlap_ends)
            .await
            .is_ok()
    );
}
