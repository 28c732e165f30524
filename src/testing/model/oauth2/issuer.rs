//! Issuers whose assertions count as a grant (RFC 7523).

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use crate::testing::clock::Time;

#[derive(Debug, Clone)]
pub(crate) struct Issuer {
    pub id: Uuid,
    pub issuer: String,
    /// Empty if it may speak for any subject.
    pub subject: String,
    pub scope: Option<Vec<String>>,
    pub jwk: Value,
    pub created_at: Time,
    pub expires_at: Time,
}

impl Issuer {
    pub(crate) fn kid(&self) -> &str {
        self.jwk["kid"].as_str().unwrap_or_default()
    }
}

/// All trusted issuers, ordered by id.
#[derive(Default)]
pub(crate) struct Issuers(BTreeMap<Uuid, Issuer>);

impl Issuers {
    /// Adds an issuer, and returns whether it was not there yet with this subject and key.
    pub(crate) fn add(&mut self, issuer: Issuer) -> bool {
        let same = |known: &Issuer| {
            (&known.issuer, &known.subject, known.kid()) == (&issuer.issuer, &issuer.subject, issuer.kid())
        };
        let is_new = !self.0.values().any(same);
        if is_new {
            self.0.insert(issuer.id, issuer);
        }
        is_new
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<&Issuer> {
        self.0.get(&id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Issuer> {
        self.0.values()
    }

    /// Deletes an issuer, and returns whether there was one.
    pub(crate) fn remove(&mut self, id: Uuid) -> bool {
        self.0.remove(&id).is_some()
    }

    /// Those that may speak for a subject.
    pub(crate) fn speaking_for(&self, issuer: &str, subject: &str) -> impl Iterator<Item = &Issuer> {
        let may_speak = move |known: &&Issuer| known.subject.is_empty() || known.subject == subject;
        self.0.values().filter(move |known| known.issuer == issuer).filter(may_speak)
    }
}
