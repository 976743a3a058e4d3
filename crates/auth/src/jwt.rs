//! Access tokens: RS256 JWTs after RFC 9068, checked without leeway.

use std::ops::Range;

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::{Deserialize, Serialize};
use store::ids::{SessionId, UserId};
use uuid::Uuid;

use crate::{AuthError, KeyRing};

/// Tells an access token from an ID token and every other JWT.
pub(crate) const TOKEN_TYPE: &str = "at+jwt";
/// Ours have about 700 characters.
const MAX_TOKEN_BYTES: usize = 4096;

/// All are required, and a token whose claims have another form is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: UserId,
    pub sid: SessionId,
    pub jti: Uuid,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
}

impl Claims {
    /// A token of this server (`origin` is issuer and audience at once), good during `life`.
    pub fn new(
        origin: &str,
        user: UserId,
        session: SessionId,
        id: Uuid,
        life: Range<DateTime<Utc>>,
    ) -> Self {
        Self {
            iss: origin.to_owned(),
            aud: origin.to_owned(),
            sub: user,
            sid: session,
            jti: id,
            iat: life.start.timestamp(),
            nbf: life.start.timestamp(),
            exp: life.end.timestamp(),
        }
    }
}

/// The claims of a token that this server signed for itself and that is good at `now`.
///
/// The key is found by `kid` among the server's own; `jku`, `jwk`, `x5u` and `x5c` are never looked at.
pub(crate) fn verify(
    keys: &KeyRing,
    origin: &str,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Claims, AuthError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(refuse("too long"));
    }
    let header = decode_header(token).map_err(|_| refuse("not a JWT of a known algorithm"))?;
    if header.alg != Algorithm::RS256 {
        return Err(refuse("not RS256"));
    }
    if header.typ.as_deref() != Some(TOKEN_TYPE) {
        return Err(refuse("not an access token"));
    }
    if header.crit.is_some() {
        return Err(refuse("critical header fields"));
    }
    let key_id = header.kid.ok_or_else(|| refuse("no key id"))?;
    let key = keys
        .verifying_key(&key_id, now)
        .ok_or_else(|| refuse("unknown key id"))?;
    let claims = decode::<Claims>(token, &key, &validation(origin))
        .map_err(|_| refuse("signature, issuer, audience or form"))?
        .claims;
    check_times(&claims, now.timestamp())?;
    Ok(claims)
}

fn validation(origin: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[origin]);
    validation.set_audience(&[origin]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
    validation.leeway = 0;
    // The library reads the system's clock; `check_times` takes the caller's.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

fn check_times(claims: &Claims, now: i64) -> Result<(), AuthError> {
    if claims.exp <= now {
        return Err(refuse("expired"));
    }
    if claims.nbf > now || claims.iat > now {
        return Err(refuse("not good yet"));
    }
    Ok(())
}

fn refuse(reason: &'static str) -> AuthError {
    AuthError::Unauthenticated { reason }
}
