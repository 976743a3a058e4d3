use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::fake_provider::{Browser, CLIENT_SECRET, FakeProvider, KEY, OTHER_KEY, begin, finish};
use super::provider::assert_reason;
use super::support::Server;
use crate::{AuthError, SignedIn};

fn header(algorithm: Algorithm, key_id: Option<&str>) -> Header {
    let mut header = Header::new(algorithm);
    header.kid = key_id.map(str::to_owned);
    header
}

fn key_id(key: &Value) -> Option<&str> {
    key["kid"].as_str()
}

/// Signs in at a provider that publishes `keys`, with the ID token that `make` gives.
async fn sign_in(
    keys: &[&Value],
    make: impl FnOnce(&FakeProvider, &Browser) -> String,
) -> Result<SignedIn, AuthError> {
    let provider = FakeProvider::start().await.restarted_with(keys).await;
    let server = Server::of_provider(provider.config()).await;
    let browser = begin(&server).await;
    let id_token = make(&provider, &browser);
    provider.issue_raw(&browser, Some(id_token));
    finish(&server, &browser).await
}

async fn sign_in_signed(
    keys: &[&Value],
    header: Header,
    key: &EncodingKey,
) -> Result<SignedIn, AuthError> {
    sign_in(keys, |provider, browser| {
        encode(&header, &provider.claims(browser), key).unwrap()
    })
    .await
}

#[tokio::test]
async fn an_id_token_without_a_signature_is_refused() {
    for alg in ["none", "None", ""] {
        let finished = sign_in(&[&KEY.public], |provider, browser| {
            let header = json!({"alg": alg, "kid": key_id(&KEY.public)}).to_string();
            let claims = provider.claims(browser).to_string();
            format!(
                "{}.{}.",
                URL_SAFE_NO_PAD.encode(header),
                URL_SAFE_NO_PAD.encode(claims)
            )
        })
        .await;
        assert_reason(finished, "not a JWT of a known algorithm");
    }
}

#[tokio::test]
async fn an_id_token_signed_by_hmac_is_refused() {
    let modulus = KEY.public["n"].as_str().unwrap();
    for secret in [CLIENT_SECRET, modulus] {
        let key = EncodingKey::from_secret(secret.as_bytes());
        let finished = sign_in_signed(
            &[&KEY.public],
            header(Algorithm::HS256, key_id(&KEY.public)),
            &key,
        )
        .await;
        assert_reason(finished, "its signature algorithm is not allowed");
    }
    // Even where the provider publishes a symmetric key.
    let secret = URL_SAFE_NO_PAD.encode(CLIENT_SECRET);
    let symmetric = json!({"kty": "oct", "k": secret, "kid": "s", "alg": "HS256", "use": "sig"});
    let key = EncodingKey::from_secret(CLIENT_SECRET.as_bytes());
    let finished = sign_in_signed(&[&symmetric], header(Algorithm::HS256, Some("s")), &key).await;
    assert_reason(finished, "its signature algorithm is not allowed");
}

#[tokio::test]
async fn an_id_token_of_another_key_is_refused() {
    // Under the good key's id, under its own, without any, and offered in the header itself.
    let under_good = header(Algorithm::RS256, key_id(&KEY.public));
    let finished = sign_in_signed(&[&KEY.public], under_good.clone(), &OTHER_KEY.signing).await;
    assert_reason(finished, "its signature is wrong");
    let unpublished = "signed with a key that the provider does not publish";
    let under_own = header(Algorithm::RS256, key_id(&OTHER_KEY.public));
    assert_reason(
        sign_in_signed(&[&KEY.public], under_own, &OTHER_KEY.signing).await,
        unpublished,
    );
    let nameless = header(Algorithm::RS256, None);
    let finished = sign_in_signed(&[&KEY.public], nameless, &OTHER_KEY.signing).await;
    assert_reason(finished, "its signature is wrong");
    let offered = Header {
        jwk: serde_json::from_value(OTHER_KEY.public.clone()).unwrap(),
        ..under_good
    };
    let finished = sign_in_signed(&[&KEY.public], offered, &OTHER_KEY.signing).await;
    assert_reason(finished, "its signature is wrong");
}

#[tokio::test]
async fn a_key_for_encryption_or_another_algorithm_signs_nothing() {
    let unpublished = "signed with a key that the provider does not publish";
    for (member, value) in [("use", "enc"), ("alg", "PS256")] {
        let mut public = KEY.public.clone();
        public[member] = json!(value);
        let good = header(Algorithm::RS256, key_id(&KEY.public));
        assert_reason(
            sign_in_signed(&[&public], good, &KEY.signing).await,
            unpublished,
        );
    }
}

#[tokio::test]
async fn a_token_without_key_id_needs_a_single_key_that_fits() {
    let nameless = header(Algorithm::RS256, None);
    assert!(
        sign_in_signed(&[&KEY.public], nameless.clone(), &KEY.signing)
            .await
            .is_ok()
    );
    let finished = sign_in_signed(&[&KEY.public, &OTHER_KEY.public], nameless, &KEY.signing).await;
    assert_reason(
        finished,
        "signed with a key that the provider does not publish",
    );
    // A key of another kind does not fit, whether or not it says its algorithm.
    let (_, curve) = elliptic_curve_key();
    let nameless = header(Algorithm::RS256, None);
    let finished = sign_in_signed(&[&curve, &KEY.public], nameless, &KEY.signing).await;
    assert!(finished.is_ok());
}

fn elliptic_curve_key() -> (EncodingKey, Value) {
    let random = aws_lc_rs::rand::SystemRandom::new();
    let signing = &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let pkcs8 = aws_lc_rs::signature::EcdsaKeyPair::generate_pkcs8(signing, &random).unwrap();
    let key = EncodingKey::from_ec_der(pkcs8.as_ref());
    let public = jsonwebtoken::jwk::Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
    let mut public = serde_json::to_value(public).unwrap();
    public["kid"] = json!("curve");
    public.as_object_mut().unwrap().remove("alg");
    (key, public)
}

#[tokio::test]
async fn rsa_pss_and_elliptic_curves_are_understood_beside_keys_that_are_not() {
    let mut public = KEY.public.clone();
    public.as_object_mut().unwrap().remove("alg");
    let unknown = json!({"kty": "AKP", "kid": "future", "alg": "ML-DSA-44", "pub": "AAAA"});
    for algorithm in [
        Algorithm::RS384,
        Algorithm::RS512,
        Algorithm::PS256,
        Algorithm::PS512,
    ] {
        let header = header(algorithm, key_id(&public));
        let finished = sign_in_signed(&[&unknown, &public], header, &KEY.signing).await;
        assert!(finished.is_ok(), "{algorithm:?}: {:?}", finished.err());
    }

    let (key, public) = elliptic_curve_key();
    let finished = sign_in_signed(
        &[&unknown, &public],
        header(Algorithm::ES256, Some("curve")),
        &key,
    )
    .await;
    assert!(finished.is_ok(), "{:?}", finished.err());
}
