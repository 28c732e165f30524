//! The keys of a set, as they were read at one time.

use std::collections::BTreeSet;
use std::fmt;

use quick_cache::sync::Cache;
use serde_json::Value;

use super::invalid_token::InvalidToken;
use super::jws::Jws;
use super::key::Key;
use super::strict_json;
use crate::privacy::{HashKey, KeyedHash};

/// The most keys of a set. Hydra publishes two after a start, and two more with each rotation.
const MOST_KEYS: usize = 100;

/// The most tokens whose signature is remembered. An entry takes about 40 bytes.
const MOST_VERIFIED: usize = 10_000;

/// How many other keys are tried if a token was not signed with the key that it names. Each try costs a signature, also for
/// tokens that somebody made up.
const MOST_OTHERS: usize = 8;

/// The public keys of a set that verify signatures.
pub(super) struct Keys {
    keys: Vec<Key>,
    /// Key ids that two different keys have. Neither is used, since nobody knows which is meant.
    ambiguous: BTreeSet<String>,
    /// Tokens that one of these keys signed, so that a client that comes again costs no signature. Nobody else can get in
    /// here. All else about a token is checked each time, and with the next set of keys its signature too.
    verified: Cache<HashKey, ()>,
    hash: KeyedHash,
}

impl Keys {
    /// Reads a JSON Web Key Set (RFC 7517, section 5). Keys that verify no signature are passed over: they are symmetric,
    /// weak, for encryption, or of an unknown type.
    pub(super) fn parse(text: &[u8]) -> Result<Self, &'static str> {
        let mut set = strict_json::object(text)?;
        let Some(Value::Array(jwks)) = set.remove("keys") else {
            return Err("has no list `keys`");
        };
        if jwks.len() > MOST_KEYS {
            return Err("has more than 100 keys");
        }
        let (verified, hash) = (Cache::new(MOST_VERIFIED), KeyedHash::default());
        let mut this = Self { keys: Vec::new(), ambiguous: BTreeSet::new(), verified, hash };
        let read = jwks.iter().filter_map(|jwk| Key::of(jwk.as_object()?).ok());
        for key in read {
            let known = this.keys.iter().find(|known| known.kid == key.kid && key.kid.is_some());
            match (known, &key.kid) {
                (Some(known), _) if *known == key => {}
                (Some(_), Some(kid)) => drop(this.ambiguous.insert(kid.clone())),
                _ => this.keys.push(key),
            }
        }
        Ok(this)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether the set says something about the key of this token.
    pub(super) fn knows(&self, token: &Jws<'_>) -> bool {
        match &token.kid {
            Some(_) => self.candidates(token).next().is_some(),
            None => self.keys.iter().any(|key| key.is_for(token.algorithm)),
        }
    }

    /// Checks the signature. The key decides which algorithm is right, and not the token.
    pub(super) fn verify(&self, token: &Jws<'_>) -> Result<(), InvalidToken> {
        if token.kid.as_ref().is_some_and(|kid| self.ambiguous.contains(kid)) {
            return Err(InvalidToken::UnknownKey);
        }
        let mut keys = self.candidates(token);
        let key = keys.next().ok_or(InvalidToken::UnknownKey)?;
        if keys.next().is_some() {
            return Err(InvalidToken::malformed("the token does not say which key signed it (`kid`)"));
        }
        let hash = self.hash.of(token.text);
        if self.verified.get(&hash).is_some() {
            return Ok(());
        }
        let verifies = |key: &Key| key.verifies(token.algorithm, token.message.as_bytes(), &token.signature);
        let fits = key.is_for(token.algorithm);
        if (fits && verifies(key)) || self.others(token).any(verifies) {
            self.verified.insert(hash, ());
            return Ok(());
        }
        let other = InvalidToken::Algorithm { why: "the algorithm of the token is not that of its key" };
        Err(if fits { InvalidToken::Signature } else { other })
    }

    /// Keys that the token does not name, but that may have signed it. Hydra looks up the id of its key first, and the key
    /// itself when it signs. If the key changes in between, the token names the old key, and is good all the same: the id is
    /// a hint (RFC 7515, section 4.1.4).
    fn others<'k>(&'k self, token: &'k Jws<'_>) -> impl Iterator<Item = &'k Key> {
        let is_named = token.kid.is_some();
        let is_other =
            move |key: &&Key| is_named && key.is_for(token.algorithm) && key.kid.is_some() && key.kid != token.kid;
        let is_clear = |key: &&Key| key.kid.as_ref().is_none_or(|kid| !self.ambiguous.contains(kid));
        self.keys.iter().filter(is_other).filter(is_clear).take(MOST_OTHERS)
    }

    /// The key with the token's id, or all that fit its algorithm if it names none.
    fn candidates<'k>(&'k self, token: &'k Jws<'_>) -> impl Iterator<Item = &'k Key> {
        self.keys.iter().filter(|key| match &token.kid {
            Some(kid) => key.kid.as_ref() == Some(kid),
            None => key.is_for(token.algorithm),
        })
    }
}

/// Shows no key.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}
