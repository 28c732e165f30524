//! Sessions as JWTs.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::session::Session;
use super::signing_key::{SigningKey, public_jwk};
use crate::testing::clock::{Clock, after};
use crate::testing::random;

/// The templates that Kratos' configuration would have, and the key that signs.
#[derive(Default)]
pub(crate) struct Tokenizer {
    lifetimes: BTreeMap<String, TimeDelta>,
    key: Option<SigningKey>,
}

impl Tokenizer {
    pub(crate) fn add(&mut self, template: String, lifetime: TimeDelta) {
        self.lifetimes.insert(template, lifetime);
        if self.key.is_none() {
            self.key = SigningKey::generate("ES256", &random::uuid().to_string(), "sig");
        }
    }

    /// The public key, as a set. Kratos publishes it nowhere.
    pub(crate) fn keys(&self) -> Value {
        let public = self.key.as_ref().and_then(|key| public_jwk(key.private_jwk()));
        json!({"keys": public.into_iter().collect::<Vec<_>>()})
    }

    /// The JWT of a session, or `None` without such a template.
    pub(crate) fn token(&self, clock: &Clock, url: &str, session: &Session, template: &str) -> Option<String> {
        let lifetime = *self.lifetimes.get(template)?;
        let now = clock.now();
        let claims = json!({
            "sub": session.identity,
            "sid": session.id,
            "iss": format!("{url}/"),
            "exp": after(now, lifetime).timestamp(),
            "iat": now.timestamp(),
            "nbf": now.timestamp(),
            "jti": random::uuid(),
        });
        self.key.as_ref()?.sign(&claims, &Map::new())
    }
}
