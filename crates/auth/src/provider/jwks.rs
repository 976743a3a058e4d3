//! The provider's public keys, remembered and fetched again when it signs with a new one.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::discovery::Metadata;
use super::http::Http;
use super::id_token::KeyHint;
use crate::AuthError;

const KEPT_FOR: TimeDelta = TimeDelta::hours(1);
/// An unknown key id makes for one request in this time.
const FETCH_EVERY: TimeDelta = TimeDelta::seconds(30);

#[derive(Default)]
pub(super) struct Jwks {
    remembered: Mutex<Remembered>,
}

#[derive(Default)]
struct Remembered {
    keys: Vec<Jwk>,
    fetched_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

impl Jwks {
    /// The key that an ID token names.
    pub async fn key(
        &self,
        http: &Http,
        metadata: &Metadata,
        hint: &KeyHint,
        now: DateTime<Utc>,
    ) -> Result<Jwk, AuthError> {
        let mut remembered = self.remembered.lock().await;
        let age = remembered.fetched_at.map(|at| now - at);
        if age.is_some_and(|age| age < KEPT_FOR)
            && let Some(key) = find(&remembered.keys, hint)
        {
            return Ok(key);
        }
        if age.is_none_or(|age| age >= FETCH_EVERY) {
            let set: KeySet = http.get_json(&metadata.jwks_uri, None).await?;
            // A key of a kind unknown here must not hide the others.
            remembered.keys = set
                .keys
                .into_iter()
                .filter_map(|key| serde_json::from_value(key).ok())
                .collect();
            remembered.fetched_at = Some(now);
        }
        find(&remembered.keys, hint).ok_or(AuthError::InvalidIdToken {
            reason: "signed with a key that the provider does not publish",
        })
    }
}

/// The key of the token's id; for a token without one the only key that fits.
fn find(keys: &[Jwk], hint: &KeyHint) -> Option<Jwk> {
    let mut fitting = keys.iter().filter(|key| {
        let common = &key.common;
        makes(key, hint.algorithm)
            && matches!(common.public_key_use, None | Some(PublicKeyUse::Signature))
            && common
                .key_algorithm
                .is_none_or(|of| of == KeyAlgorithm::from(hint.algorithm))
            && (hint.key_id.is_none() || common.key_id == hint.key_id)
    });
    let key = fitting.next()?;
    (hint.key_id.is_some() || fitting.next().is_none()).then(|| key.clone())
}

fn makes(key: &Jwk, algorithm: Algorithm) -> bool {
    match key.algorithm {
        AlgorithmParameters::RSA(_) => algorithm.family() == AlgorithmFamily::Rsa,
        AlgorithmParameters::EllipticCurve(_) => algorithm.family() == AlgorithmFamily::Ec,
        AlgorithmParameters::OctetKeyPair(_) => algorithm.family() == AlgorithmFamily::Ed,
        // A symmetric key in a public document would let anybody sign.
        _ => false,
    }
}
