//! A server's sign-in over a real database and real keys in a temporary folder; clock and randomness are the test's.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use store::Store;
use tempfile::TempDir;
use url::Url;

use crate::{Auth, AuthConfig, AuthError, Client, KeyRing, ProviderConfig, RandomSource, SignedIn};

pub const ORIGIN: &str = "http://localhost:8000";

/// Repeatable, never twice the same.
#[derive(Default)]
pub struct CountedRandom(AtomicU64);

impl RandomSource for CountedRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), AuthError> {
        for chunk in bytes.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            let block = Sha256::digest(count.to_le_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

pub struct Server {
    pub auth: Auth,
    pub store: Store,
    pub keys_dir: PathBuf,
    pub keys: KeyRing,
    pub database: PathBuf,
    _folder: TempDir,
}

impl Server {
    pub async fn local() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn of_provider(provider: ProviderConfig) -> Self {
        Self::with(|config| config.provider = Some(provider)).await
    }

    pub async fn with(change: impl FnOnce(&mut AuthConfig)) -> Self {
        let folder = TempDir::new().unwrap();
        let database = folder.path().join("metadata.db");
        let store = Store::open(&format!("sqlite://{}", database.display()))
            .await
            .unwrap();
        let keys_dir = folder.path().join("keys");
        let keys = KeyRing::open(&keys_dir, start()).unwrap();
        let mut config = AuthConfig::local(Url::parse(ORIGIN).unwrap(), &keys_dir);
        change(&mut config);
        let random = Arc::new(CountedRandom::default());
        let auth = Auth::new(config, store.clone(), keys.clone(), random).unwrap();
        Self {
            auth,
            store,
            keys_dir,
            keys,
            database,
            _folder: folder,
        }
    }

    /// Signed in as the local user at [`start`].
    pub async fn signed_in(&self) -> SignedIn {
        let client = Client {
            user_agent: Some("Firefox".to_owned()),
            address: Some("127.0.0.1".to_owned()),
        };
        self.auth.sign_in_local(&client, start()).await.unwrap()
    }

    /// The private key, for tokens that the server would never make.
    pub fn signing_key(&self) -> jsonwebtoken::EncodingKey {
        let pem = std::fs::read(self.keys_dir.join("signing-key.pem")).unwrap();
        jsonwebtoken::EncodingKey::from_rsa_pem(&pem).unwrap()
    }
}

pub fn start() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

pub fn after_s(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

pub fn after_days(days: i64) -> DateTime<Utc> {
    start() + TimeDelta::days(days)
}

/// `at_hash` for RS256 (OpenID Connect Core, section 3.1.3.6).
pub fn left_half_of_sha256(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..16])
}
