//! The ID token, checked as OpenID Connect Core 1.0 asks in section 3.1.3.7.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use sha2::{Digest, Sha256, Sha384, Sha512};
use store::users::Identity;
use subtle::ConstantTimeEq;

use crate::AuthError;

/// Signatures that only the provider can make: no `none`, no HMAC.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];
/// How far the provider's clock may be ahead of ours.
const CLOCK_SKEW_S: f64 = 60.0;
const MAX_TOKEN_BYTES: usize = 64 * 1024;
/// OpenID Connect Core, section 2: at most 255 ASCII characters.
const MAX_SUBJECT_BYTES: usize = 255;
const MAX_NAME_CHARS: usize = 200;
const MAX_PICTURE_BYTES: usize = 2048;

/// What the token must say.
pub(super) struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub access_token: &'a str,
}

/// Which key signed.
#[derive(Debug)]
pub(super) struct KeyHint {
    pub key_id: Option<String>,
    pub algorithm: Algorithm,
}

#[derive(Debug, Deserialize)]
pub(super) struct IdClaims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
    at_hash: Option<String>,
    #[serde(flatten)]
    profile: Profile,
}

/// Claims that may come in the ID token or from the userinfo endpoint.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Profile {
    email: Option<String>,
    email_verified: Option<Flag>,
    name: Option<String>,
    picture: Option<String>,
}

/// An answer of the userinfo endpoint (section 5.3).
#[derive(Debug, Deserialize)]
pub(super) struct UserInfo {
    sub: String,
    #[serde(flatten)]
    profile: Profile,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Some providers send booleans as text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Flag {
    Bool(bool),
    Text(String),
}

/// The header's algorithm and key id, if the algorithm is one to be trusted.
pub(super) fn key_hint(token: &str) -> Result<KeyHint, AuthError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(invalid("too long"));
    }
    let header = decode_header(token).map_err(|_| invalid("not a JWT of a known algorithm"))?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(invalid("its signature algorithm is not allowed"));
    }
    if header.crit.is_some() {
        return Err(invalid("critical header fields"));
    }
    Ok(KeyHint {
        key_id: header.kid,
        algorithm: header.alg,
    })
}

/// The claims, with every check but that of the e-mail address passed.
pub(super) fn verify(
    token: &str,
    key: &Jwk,
    expected: &Expected<'_>,
    now: DateTime<Utc>,
) -> Result<IdClaims, AuthError> {
    let algorithm = key_hint(token)?.algorithm;
    let key = DecodingKey::from_jwk(key).map_err(|_| invalid("its key is unusable"))?;
    let mut signature_alone = Validation::new(algorithm);
    signature_alone.required_spec_claims.clear();
    signature_alone.validate_exp = false;
    signature_alone.validate_aud = false;
    let claims = decode::<IdClaims>(token, &key, &signature_alone)
        .map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::Json(_) => invalid("a claim is missing or malformed"),
            _ => invalid("its signature is wrong"),
        })?
        .claims;
    claims.check(expected, now)?;
    if let Some(at_hash) = &claims.at_hash
        && *at_hash != half_hash(algorithm, expected.access_token)
    {
        return Err(invalid("at_hash is not of the access token"));
    }
    Ok(claims)
}

impl IdClaims {
    fn check(&self, expected: &Expected<'_>, now: DateTime<Utc>) -> Result<(), AuthError> {
        if self.iss != expected.issuer {
            return Err(invalid("another issuer"));
        }
        self.check_audience(expected.client_id)?;
        let now = now.timestamp_millis() as f64 / 1000.0;
        if self.exp <= now {
            return Err(invalid("expired"));
        }
        if self.iat > now + CLOCK_SKEW_S || self.nbf.is_some_and(|nbf| nbf > now + CLOCK_SKEW_S) {
            return Err(invalid("from the future"));
        }
        let nonce = self.nonce.as_deref().unwrap_or_default();
        if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
            return Err(invalid("another nonce"));
        }
        if self.sub.is_empty() || self.sub.len() > MAX_SUBJECT_BYTES {
            return Err(invalid("no usable subject"));
        }
        Ok(())
    }

    fn check_audience(&self, client_id: &str) -> Result<(), AuthError> {
        let (included, alone) = match &self.aud {
            Audience::One(audience) => (audience == client_id, true),
            Audience::Several(audiences) => (
                audiences.iter().any(|audience| audience == client_id),
                audiences.len() == 1,
            ),
        };
        let authorized = match &self.azp {
            Some(party) => party == client_id,
            None => alone,
        };
        if included && authorized {
            Ok(())
        } else {
            Err(invalid("for another client"))
        }
    }

    /// Providers may keep the e-mail address for the userinfo endpoint (section 5.4).
    pub fn lacks_email(&self) -> bool {
        self.profile.email.is_none() || self.profile.email_verified.is_none()
    }

    /// Takes from `userinfo` what the token left out, if it is of the same user (section 5.3.2).
    pub fn complete(&mut self, userinfo: UserInfo) -> Result<(), AuthError> {
        if userinfo.sub != self.sub {
            return Err(invalid("userinfo is of another user"));
        }
        let (own, other) = (&mut self.profile, userinfo.profile);
        // Address and verification belong together: never one from here and the other from there.
        if other.email.is_some() {
            own.email = other.email;
            own.email_verified = other.email_verified;
        }
        own.name = own.name.take().or(other.name);
        own.picture = own.picture.take().or(other.picture);
        Ok(())
    }

    /// Who it is, if the provider vouches for the e-mail address.
    pub fn into_identity(self) -> Result<Identity, AuthError> {
        let profile = self.profile;
        let verified = match profile.email_verified {
            Some(Flag::Bool(verified)) => verified,
            Some(Flag::Text(text)) => text == "true",
            None => false,
        };
        let email = profile.email.filter(|email| verified && !email.is_empty());
        Ok(Identity {
            issuer: self.iss,
            subject: self.sub,
            email: Some(email.ok_or(AuthError::EmailNotVerified)?),
            name: profile.name.map(|name| clean_name(&name)),
            picture: profile
                .picture
                .filter(|url| url.starts_with("https://") && url.len() <= MAX_PICTURE_BYTES),
        })
    }
}

fn clean_name(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_control())
        .take(MAX_NAME_CHARS)
        .collect()
}

/// `at_hash`: the left half of the access token's hash (section 3.1.3.6).
fn half_hash(algorithm: Algorithm, access_token: &str) -> String {
    let hash = match algorithm {
        Algorithm::RS384 | Algorithm::PS384 | Algorithm::ES384 => {
            Sha384::digest(access_token).to_vec()
        }
        Algorithm::RS512 | Algorithm::PS512 | Algorithm::EdDSA => {
            Sha512::digest(access_token).to_vec()
        }
        _ => Sha256::digest(access_token).to_vec(),
    };
    URL_SAFE_NO_PAD.encode(&hash[..hash.len() / 2])
}

fn invalid(reason: &'static str) -> AuthError {
    AuthError::InvalidIdToken { reason }
}
