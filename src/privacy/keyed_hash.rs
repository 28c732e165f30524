//! Keys of caches: a keyed hash of a credential, so that no credential is kept.

use std::hash::{BuildHasher, Hash, RandomState};

/// 128 bits, of which nobody outside the process can compute any.
pub(crate) type HashKey = [u64; 2];

/// A hash with its own random key.
///
/// `RandomState` is SipHash with a key of 128 bits from the operating system: a pseudorandom function, whose output an
/// attacker neither sees nor can compute, so that nobody can make two credentials with one key. One that was found by
/// chance among 10^6 entries would take 10^26 tries. HMAC-SHA-256 would give no more here, and costs four times as much
/// as everything else that a cached check does.
#[derive(Debug, Default)]
pub(crate) struct KeyedHash {
    state: RandomState,
}

impl KeyedHash {
    pub(crate) fn of(&self, credential: impl Hash) -> HashKey {
        // The number keeps the two halves apart: a hash of different inputs.
        [0_u8, 1].map(|half| self.state.hash_one((half, &credential)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_depends_on_the_process_and_on_every_part() {
        let (hash, other) = (KeyedHash::default(), KeyedHash::default());
        assert_eq!(hash.of(("kind", "t")), hash.of(("kind", "t")));
        assert_ne!(hash.of(("kind", "t")), other.of(("kind", "t")));
        assert_ne!(hash.of(("kind", "t")), hash.of(("kind", "u")));
        assert_ne!(hash.of(("kind", "t")), hash.of(("kin", "dt")));
        assert_ne!(hash.of("t")[0], hash.of("t")[1]);
    }
}
