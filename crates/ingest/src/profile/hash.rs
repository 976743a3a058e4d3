use std::hash::{BuildHasher, Hasher, RandomState};

/// Hash of 64 bits for counting distinct values: by multiply and fold, eight bytes at a time, with a final mix, after
/// wyhash (public domain, Wang Yi). The same in every run; the hash tables that hold it are seeded by themselves.
pub(crate) fn hash_bytes(bytes: &[u8]) -> u64 {
    const FIRST: u64 = 0xa076_1d64_78bd_642f;
    const SECOND: u64 = 0xe703_7ed1_a0b4_28db;
    let mut state = FIRST ^ (bytes.len() as u64).wrapping_mul(SECOND);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        state = fold(state ^ u64::from_le_bytes(word), SECOND);
    }
    let rest = chunks.remainder();
    let mut word = [0; 8];
    word[..rest.len()].copy_from_slice(rest);
    state = fold(state ^ u64::from_le_bytes(word), FIRST);
    fold(state ^ SECOND, FIRST)
}

fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    (product as u64) ^ ((product >> 64) as u64)
}

/// Hasher for tables whose keys are hashes by [`hash_bytes`] already: one multiplication with a secret, so that nobody
/// can write a file whose values all fall into one bucket.
#[derive(Debug, Clone)]
pub(crate) struct KeyedByHash {
    secret: u64,
}

impl Default for KeyedByHash {
    fn default() -> Self {
        Self {
            secret: RandomState::new().hash_one(0_u64) | 1,
        }
    }
}

impl BuildHasher for KeyedByHash {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        Folded {
            secret: self.secret,
            state: 0,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Folded {
    secret: u64,
    state: u64,
}

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        self.state = fold(self.state ^ hash_bytes(bytes) ^ self.secret, self.secret);
    }

    fn write_u64(&mut self, value: u64) {
        self.state = fold(value ^ self.secret.rotate_left(32), self.secret);
    }

    fn finish(&self) -> u64 {
        self.state
    }
}
