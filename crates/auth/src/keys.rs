//! The keys that sign access tokens: made at first start, kept in one folder, replaced with an overlap.
//!
//! `signing-key.pem` is the current private key. A replaced key leaves `retired-<kid>.json`: its public half and until
//! when it is accepted; the private half is gone.

mod files;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};

use self::files::{KeyFolder, Stamp};
use crate::AuthError;
use crate::jwt::TOKEN_TYPE;

/// How soon a running server notices that its keys were rotated by another process.
const CHECK_EVERY: TimeDelta = TimeDelta::seconds(5);

/// The signing keys of one folder. Clones share them; other processes' rotations are noticed.
#[derive(Clone)]
pub struct KeyRing(Arc<Shared>);

struct Shared {
    folder: KeyFolder,
    loaded: RwLock<Arc<Loaded>>,
}

struct Loaded {
    stamp: Stamp,
    checked_at: DateTime<Utc>,
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
        let loaded = load(&folder, now)?;
        Ok(Self(Arc::new(Shared {
            folder,
            loaded: RwLock::new(Arc::new(loaded)),
        })))
    }

    /// The id of the key that signs now: its RFC 7638 thumbprint.
    pub fn current_key_id(&self, now: DateTime<Utc>) -> Result<String, AuthError> {
        Ok(self.current(now)?.key_id.clone())
    }

    /// Makes a new key and retires the old one, which is accepted for `overlap` more. Gives the new key's id.
    pub fn rotate(&self, overlap: TimeDelta, now: DateTime<Utc>) -> Result<String, AuthError> {
        let shared = &*self.0;
        shared.folder.replace_key(|| {
            let old = load(&shared.folder, now)?;
            Ok((
                old.key_id,
                RetiredRecord {
                    key: old.public,
                    accepted_until: now + overlap,
                },
            ))
        })?;
        for retired in &load(&shared.folder, now)?.retired {
            if retired.record.accepted_until <= now {
                shared.folder.forget_retired(&retired.key_id)?;
            }
        }
        Ok(self.reload(now)?.key_id.clone())
    }

    /// The accepted public keys (RFC 7517).
    pub fn jwks(&self, now: DateTime<Utc>) -> Result<serde_json::Value, AuthError> {
        let loaded = self.current(now)?;
        let retired = loaded
            .retired
            .iter()
            .filter(|it| it.record.accepted_until > now);
        let keys: Vec<&Jwk> = std::iter::once(&loaded.public)
            .chain(retired.map(|it| &it.record.key))
            .collect();
        Ok(serde_json::json!({ "keys": keys }))
    }

    /// Signs with the current key.
    pub(crate) fn sign<T: Serialize>(
        &self,
        claims: &T,
        now: DateTime<Utc>,
    ) -> Result<String, AuthError> {
        let loaded = self.current(now)?;
        let mut header = Header::new(Algorithm::RS256);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(loaded.key_id.clone());
        encode(&header, claims, &loaded.signing)
            .map_err(|error| AuthError::Signing(error.to_string()))
    }

    /// The key with exactly this id, if it is accepted at `now`.
    pub(crate) fn verifying_key(
        &self,
        key_id: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<DecodingKey>, AuthError> {
        if let Some(key) = find(&*self.current(now)?, key_id, now) {
            return Ok(Some(key));
        }
        // Another process may have rotated since the last look and signed with the new key already.
        let loaded = self.reload_if_changed(now)?;
        Ok(find(&loaded, key_id, now))
    }

    fn current(&self, now: DateTime<Utc>) -> Result<Arc<Loaded>, AuthError> {
        let loaded = self.loaded();
        if (now - loaded.checked_at).abs() < CHECK_EVERY {
            return Ok(loaded);
        }
        self.reload_if_changed(now)
    }

    fn reload_if_changed(&self, now: DateTime<Utc>) -> Result<Arc<Loaded>, AuthError> {
        let loaded = self.loaded();
        if self.0.folder.stamp()? == loaded.stamp {
            return Ok(loaded);
        }
        self.reload(now)
    }

    fn reload(&self, now: DateTime<Utc>) -> Result<Arc<Loaded>, AuthError> {
        let fresh = Arc::new(load(&self.0.folder, now)?);
        *self
            .0
            .loaded
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }

    fn loaded(&self) -> Arc<Loaded> {
        let loaded = self.0.loaded.read();
        Arc::clone(&loaded.unwrap_or_else(std::sync::PoisonError::into_inner))
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

fn load(folder: &KeyFolder, now: DateTime<Utc>) -> Result<Loaded, AuthError> {
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
    let key_id = public
        .thumbprint(ThumbprintHash::SHA256)
        .map_err(|error| bad(error.to_string()))?;
    public.common.key_id = Some(key_id.clone());
    public.common.public_key_use = Some(PublicKeyUse::Signature);
    let verifying = DecodingKey::from_jwk(&public).map_err(|error| bad(error.to_string()))?;
    let mut retired = Vec::new();
    for (path, bytes) in folder.read_retired()? {
        retired.push(load_retired(path, &bytes)?);
    }
    Ok(Loaded {
        stamp,
        checked_at: now,
        key_id,
        signing,
        public,
        verifying,
        retired,
    })
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
