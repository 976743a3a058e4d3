//! The keys that sign access tokens: made at first start, kept in one folder, replaced with an overlap.
//!
//! `signing-key.pem` is the current private key. A replaced key leaves `retired-<kid>.json`: its public half and until
//! when it is accepted; the private half is gone.

mod files;
#[cfg_attr(not(unix), path = "keys/private_elsewhere.rs")]
mod private;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};

use self::files::{KeyFolder, Stamp};
use crate::AuthError;
use crate::jwt::TOKEN_TYPE;

/// How soon a running server notices that its keys were rotated by another process.
const CHECK_EVERY_S: i64 = 5;
/// RFC 7518, section 3.3.
const MIN_KEY_BITS: usize = 2048;

/// The signing keys of one folder. Clones share them; other processes' rotations are noticed.
#[derive(Clone)]
pub struct KeyRing(Arc<Shared>);

struct Shared {
    folder: KeyFolder,
    loaded: RwLock<Arc<Loaded>>,
    /// Unix seconds of the last look at the folder.
    checked_at_s: AtomicI64,
}

struct Loaded {
    stamp: Stamp,
    key_id: String,
    signing: EncodingKey,
    public: Jwk,
    verifying: DecodingKey,
    retired: Vec<Retired>,
}

struct Retired {
    record: RetiredRecord,
    key_id: String,
    verifying: DecodingKey,
}

/// What is left of a replaced key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct RetiredRecord {
    key: Jwk,
    accepted_until: DateTime<Utc>,
}

impl KeyRing {
    /// Opens the folder, and makes it and the first key where they are absent: once, however many start together.
    /// Fails when others can read the key or change the folder. Making a key takes up to a second of CPU.
    pub fn open(folder: &Path, now: DateTime<Utc>) -> Result<Self, AuthError> {
        let folder = KeyFolder::open(folder)?;
        if !folder.has_key()? {
            folder.make_first_key()?;
        }
        let loaded = load(&folder)?;
        Ok(Self(Arc::new(Shared {
            folder,
            loaded: RwLock::new(Arc::new(loaded)),
            checked_at_s: AtomicI64::new(now.timestamp()),
        })))
    }

    /// The id of the key that signs now: its RFC 7638 thumbprint.
    pub fn current_key_id(&self, now: DateTime<Utc>) -> String {
        self.current(now).key_id.clone()
    }

    /// Makes a new key and retires the old one, which is accepted for `overlap` more. Gives the new key's id.
    pub fn rotate(&self, overlap: TimeDelta, now: DateTime<Utc>) -> Result<String, AuthError> {
        let shared = &*self.0;
        shared.folder.replace_key(|| {
            let old = load(&shared.folder)?;
            Ok((
                old.key_id,
                RetiredRecord {
                    key: old.public,
                    accepted_until: now + overlap,
                },
            ))
        })?;
        for retired in &load(&shared.folder)?.retired {
            if retired.record.accepted_until <= now {
                shared.folder.forget_retired(&retired.key_id)?;
            }
        }
        Ok(self.reload()?.key_id.clone())
    }

    /// The accepted public keys (RFC 7517).
    pub fn jwks(&self, now: DateTime<Utc>) -> Result<serde_json::Value, AuthError> {
        let loaded = self.current(now);
        let retired = loaded
            .retired
            .iter()
            .filter(|it| it.record.accepted_until > now);
        let keys = std::iter::once(&loaded.public).chain(retired.map(|it| &it.record.key));
        let set = JwkSet {
            keys: keys.cloned().collect(),
        };
        serde_json::to_value(set).map_err(|error| AuthError::Signing(error.to_string()))
    }

    /// Signs with the current key.
    pub(crate) fn sign<T: Serialize>(
        &self,
        claims: &T,
        now: DateTime<Utc>,
    ) -> Result<String, AuthError> {
        let loaded = self.current(now);
        let mut header = Header::new(Algorithm::RS256);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(loaded.key_id.clone());
        encode(&header, claims, &loaded.signing)
            .map_err(|error| AuthError::Signing(error.to_string()))
    }

    /// The key with exactly this id, if it is accepted at `now`.
    pub(crate) fn verifying_key(&self, key_id: &str, now: DateTime<Utc>) -> Option<DecodingKey> {
        // Another process may have rotated since the last look and signed with the new key already.
        find(&self.current(now), key_id, now)
            .or_else(|| find(&self.reload_if_changed(), key_id, now))
    }

    fn current(&self, now: DateTime<Utc>) -> Arc<Loaded> {
        let now_s = now.timestamp();
        let checked_at_s = self.0.checked_at_s.load(Ordering::Relaxed);
        if (now_s - checked_at_s).abs() < CHECK_EVERY_S {
            return self.loaded();
        }
        self.0.checked_at_s.store(now_s, Ordering::Relaxed);
        self.reload_if_changed()
    }

    /// Goes on with the keys it has when the folder cannot be read: a start refuses that, a running server says it.
    fn reload_if_changed(&self) -> Arc<Loaded> {
        let loaded = self.loaded();
        match self.0.folder.stamp() {
            Ok(stamp) if stamp == loaded.stamp => return loaded,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "the signing key cannot be looked at");
                return loaded;
            }
        }
        self.reload().unwrap_or_else(|error| {
            tracing::error!(%error, "the new signing key is not used");
            loaded
        })
    }

    fn reload(&self) -> Result<Arc<Loaded>, AuthError> {
        let fresh = Arc::new(load(&self.0.folder)?);
        let mut loaded = self
            .0
            .loaded
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *loaded = Arc::clone(&fresh);
        Ok(fresh)
    }

    fn loaded(&self) -> Arc<Loaded> {
        let loaded = self.0.loaded.read();
        Arc::clone(&loaded.unwrap_or_else(PoisonError::into_inner))
    }
}

fn find(loaded: &Loaded, key_id: &str, now: DateTime<Utc>) -> Option<DecodingKey> {
    if loaded.key_id == key_id {
        return Some(loaded.verifying.clone());
    }
    let retired = loaded.retired.iter();
    retired
        .filter(|it| it.key_id == key_id && it.record.accepted_until > now)
        .map(|it| it.verifying.clone())
        .next()
}

fn load(folder: &KeyFolder) -> Result<Loaded, AuthError> {
    // The stamp first: a rotation in between shows as a change at the next look.
    let stamp = folder.stamp()?;
    let path = folder.key_path();
    let bad = |message: String| AuthError::Key {
        path: path.clone(),
        message,
    };
    let signing = EncodingKey::from_rsa_pem(&folder.read_key()?)
        .map_err(|error| bad(format!("is not an RSA private key in PEM form: {error}")))?;
    let mut public = Jwk::from_encoding_key(&signing, Algorithm::RS256)
        .map_err(|error| bad(format!("is not usable: {error}")))?;
    if modulus_bits(&public) < MIN_KEY_BITS {
        return Err(bad(format!("has fewer than {MIN_KEY_BITS} bits")));
    }
    let key_id = public
        .thumbprint(ThumbprintHash::SHA256)
        .map_err(|error| bad(error.to_string()))?;
    public.common.key_id = Some(key_id.clone());
    public.common.public_key_use = Some(PublicKeyUse::Signature);
    let verifying = DecodingKey::from_jwk(&public).map_err(|error| bad(error.to_string()))?;
    let mut retired = Vec::new();
    for (path, bytes) in folder.read_retired()? {
        let old = load_retired(path, &bytes)?;
        // A rotation that was cut off has retired the key that still signs.
        if old.key_id != key_id {
            retired.push(old);
        }
    }
    Ok(Loaded {
        stamp,
        key_id,
        signing,
        public,
        verifying,
        retired,
    })
}

fn modulus_bits(key: &Jwk) -> usize {
    match &key.algorithm {
        // Base64 has 6 bits a character.
        AlgorithmParameters::RSA(rsa) => rsa.n.len() * 6,
        _ => 0,
    }
}

fn load_retired(path: PathBuf, bytes: &[u8]) -> Result<Retired, AuthError> {
    let parse = || -> Result<Retired, String> {
        let record: RetiredRecord =
            serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let key_id = record.key.common.key_id.clone().ok_or("has no key id")?;
        let verifying = DecodingKey::from_jwk(&record.key).map_err(|error| error.to_string())?;
        Ok(Retired {
            record,
            key_id,
            verifying,
        })
    };
    parse().map_err(|message| AuthError::Key { path, message })
}
