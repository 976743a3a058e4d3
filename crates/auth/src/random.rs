use rand::TryRngCore;

use crate::AuthError;

/// Where secrets and ids get their random bytes from; tests give their own.
pub trait RandomSource: Send + Sync {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), AuthError>;
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl RandomSource for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), AuthError> {
        rand::rngs::OsRng
            .try_fill_bytes(bytes)
            .map_err(|_| AuthError::NoRandomness)
    }
}

pub(crate) fn random_bytes<const N: usize>(
    random: &dyn RandomSource,
) -> Result<[u8; N], AuthError> {
    let mut bytes = [0; N];
    random.fill(&mut bytes)?;
    Ok(bytes)
}

/// 256 random bits as base64url, 43 characters.
pub(crate) fn random_text(random: &dyn RandomSource) -> Result<String, AuthError> {
    use base64::Engine;
    let bytes: [u8; 32] = random_bytes(random)?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}

/// A version 4 UUID.
pub(crate) fn random_id(random: &dyn RandomSource) -> Result<uuid::Uuid, AuthError> {
    Ok(uuid::Builder::from_random_bytes(random_bytes(random)?).into_uuid())
}
