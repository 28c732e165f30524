//! Keys of the cache: a keyed hash of a credential, so that no credential is kept.

use std::hash::{BuildHasher, RandomState};

use super::credential::Credential;

/// 128 bits, of which nobody outside the process can compute any.
pub(super) type Key = [u64; 2];

/// The hash, with its own random key.
///
/// `RandomState` is SipHash with a key of 128 bits from the operating system: a pseudorandom function, whose output an
/// attacker neither sees nor can compute, so that nobody can make two credentials with one key. One that was found by
/// chance among 10^6 entries would take 10^26 tries. HMAC-SHA-256 would give no more here, and costs four times as much
/// as everything else that a cached check does.
#[derive(Debug, Default)]
pub(super) struct Keys {
    state: RandomState,
}

impl Keys {
    pub(super) fn of(&self, credential: &Credential) -> Key {
        let (kind, text) = credential.parts();
        // The number keeps the two halves apart: a hash of different inputs.
        [0_u8, 1].map(|half| self.state.hash_one((half, kind, text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_depends_on_the_process_the_kind_and_the_text() {
        let (keys, others) = (Keys::default(), Keys::default());
        let token = Credential::session_token("t");
        assert_eq!(keys.of(&token), keys.of(&Credential::session_token("t")));
        assert_ne!(keys.of(&token), others.of(&token));
        assert_ne!(keys.of(&token), keys.of(&Credential::session_token("u")));
        assert_ne!(keys.of(&token)[0], keys.of(&token)[1]);
    }
}
