//! Sets of JSON Web Keys: those of administrators, and those with which the issuer signs.

use std::collections::BTreeMap;

use serde_json::Value;

use super::signing_key::{SigningKey, public_jwk};
use crate::testing::random;

/// The set whose newest key signs ID tokens, logout tokens, user info and credentials.
pub(crate) const ID_TOKEN_SET: &str = "hydra.openid.id-token";

/// The set whose newest key signs access tokens.
pub(crate) const ACCESS_TOKEN_SET: &str = "hydra.jwt.access-token";

const ISSUER_SETS: [&str; 2] = [ID_TOKEN_SET, ACCESS_TOKEN_SET];

/// Why a key cannot be added to a set.
#[derive(Debug)]
pub(crate) enum InvalidKey {
    Algorithm,
    /// The set has a key with this id.
    Conflict,
}

/// Keys with their private parts. The newest key of a set comes first.
#[derive(Default)]
pub(crate) struct KeySets(BTreeMap<String, Vec<Value>>);

impl KeySets {
    /// Adds a new key to a set, which need not exist.
    pub(crate) fn create(
        &mut self,
        set: &str,
        algorithm: &str,
        usage: &str,
        kid: Option<&str>,
    ) -> Result<Value, InvalidKey> {
        let kid = kid.map_or_else(|| random::uuid().to_string(), str::to_owned);
        if self.keys(set).iter().any(|key| key["kid"] == *kid) {
            return Err(InvalidKey::Conflict);
        }
        let key = SigningKey::generate(algorithm, &kid, usage).ok_or(InvalidKey::Algorithm)?;
        let key = key.private_jwk().clone();
        self.0.entry(set.to_owned()).or_default().insert(0, key.clone());
        Ok(key)
    }

    /// The keys of a set, none if it does not exist. A set of the issuer gets its first key when it is first needed, since
    /// making one takes a while.
    pub(crate) fn keys(&mut self, set: &str) -> &[Value] {
        if ISSUER_SETS.contains(&set) && self.0.get(set).is_none_or(Vec::is_empty) {
            self.add_signing_key(set);
        }
        self.0.get(set).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn key(&mut self, set: &str, kid: &str) -> Option<&Value> {
        self.keys(set).iter().find(|key| key["kid"] == kid)
    }

    pub(crate) fn replace_set(&mut self, set: &str, keys: Vec<Value>) {
        self.0.insert(set.to_owned(), keys);
    }

    /// Adds a key to a set, in place of the one with its id.
    pub(crate) fn put(&mut self, set: &str, key: Value) {
        let keys = self.0.entry(set.to_owned()).or_default();
        keys.retain(|known| known["kid"] != key["kid"]);
        keys.insert(0, key);
    }

    pub(crate) fn remove_set(&mut self, set: &str) {
        self.0.remove(set);
    }

    pub(crate) fn remove(&mut self, set: &str, kid: &str) {
        if let Some(keys) = self.0.get_mut(set) {
            keys.retain(|key| key["kid"] != kid);
        }
    }

    /// The public keys of the issuer.
    pub(crate) fn published(&mut self) -> Vec<Value> {
        ISSUER_SETS.iter().flat_map(|set| self.keys(set).iter().filter_map(public_jwk).collect::<Vec<_>>()).collect()
    }

    /// The newest key of a set of the issuer that can sign. Symmetric keys are passed over.
    pub(crate) fn signing_key(&mut self, set: &str) -> Option<SigningKey> {
        let can_sign = |key: &Value| if key["kty"] == "oct" { None } else { SigningKey::from_jwk(key) };
        if let Some(key) = self.keys(set).iter().find_map(can_sign) {
            return Some(key);
        }
        self.add_signing_key(set);
        self.keys(set).iter().find_map(can_sign)
    }

    /// A key of a set of the issuer for this algorithm. If there is none, one is added, but the newest stays the newest.
    pub(crate) fn key_for(&mut self, set: &str, algorithm: &str) -> Option<SigningKey> {
        let known = self.keys(set).iter().filter(|key| key["alg"] == algorithm).find_map(SigningKey::from_jwk);
        known.or_else(|| {
            let key = SigningKey::generate(algorithm, &random::uuid().to_string(), "sig")?;
            self.0.entry(set.to_owned()).or_default().push(key.private_jwk().clone());
            Some(key)
        })
    }

    /// Adds a key to each set of the issuer, which signs from now on.
    pub(crate) fn rotate(&mut self) {
        for set in ISSUER_SETS {
            // The present key is published even if nothing was signed with it.
            self.keys(set);
            self.add_signing_key(set);
        }
    }

    /// Removes every key of the issuer but the newest of each set.
    pub(crate) fn retire(&mut self) {
        for set in ISSUER_SETS {
            if let Some(keys) = self.0.get_mut(set) {
                keys.truncate(1);
            }
        }
    }

    fn add_signing_key(&mut self, set: &str) {
        if let Some(key) = SigningKey::generate("RS256", &random::uuid().to_string(), "sig") {
            self.0.entry(set.to_owned()).or_default().insert(0, key.private_jwk().clone());
        }
    }
}
