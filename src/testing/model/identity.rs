//! Identities, and the rule that no two of them share an identifier.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use super::address::{self, Address};
use super::credential::{Credential, Password};
use crate::testing::clock::{Clock, Time};
use crate::testing::random;
use crate::testing::schema::Schema;

#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub id: Uuid,
    pub external_id: Option<String>,
    /// `active` or `inactive`.
    pub state: String,
    pub state_changed_at: Option<Time>,
    pub traits: Value,
    pub metadata_public: Value,
    pub metadata_admin: Value,
    pub organization_id: Value,
    pub created_at: Time,
    pub updated_at: Time,
    pub credentials: Vec<Credential>,
    pub verifiable_addresses: Vec<Address>,
    pub recovery_addresses: Vec<Address>,
    pub password: Option<Password>,
}

impl Identity {
    /// An active identity without a password.
    pub(crate) fn new(clock: &Clock, schema: &Schema, traits: Value) -> Self {
        let now = clock.now();
        let mut new = Self {
            id: random::uuid(),
            external_id: None,
            state: "active".to_owned(),
            state_changed_at: Some(now),
            traits: Value::Null,
            metadata_public: Value::Null,
            metadata_admin: Value::Null,
            organization_id: Value::Null,
            created_at: now,
            updated_at: now,
            credentials: Vec::new(),
            verifiable_addresses: Vec::new(),
            recovery_addresses: Vec::new(),
            password: None,
        };
        new.apply_traits(now, schema, traits);
        new
    }

    /// Replaces the traits, and with them the addresses and identifiers that come from traits.
    pub(crate) fn set_traits(&mut self, clock: &Clock, schema: &Schema, traits: Value) {
        self.apply_traits(clock.now(), schema, traits);
    }

    fn apply_traits(&mut self, now: Time, schema: &Schema, traits: Value) {
        let marked = |mark: &str| schema.marked(mark, &traits);
        self.verifiable_addresses = address::updated(&self.verifiable_addresses, marked("/verification/via"), now);
        self.recovery_addresses = address::updated(&self.recovery_addresses, marked("/recovery/via"), now);
        let kinds = schema.credential_kinds().into_iter();
        self.credentials = kinds
            .map(|kind| Credential { identifiers: marked(&format!("/credentials/{kind}/identifier")), kind })
            .filter(|credential| !credential.identifiers.is_empty())
            .collect();
        self.updated_at = now;
        self.traits = traits;
    }

    pub(crate) fn set_password(&mut self, clear: String) {
        self.password = Some(Password::new(clear));
    }

    pub(crate) fn has_password(&self, clear: &str) -> bool {
        self.password.as_ref().is_some_and(|password| password.is(clear))
    }

    pub(crate) fn set_state(&mut self, clock: &Clock, state: &str) {
        if self.state != state {
            state.clone_into(&mut self.state);
            self.state_changed_at = Some(clock.now());
        }
    }

    pub(crate) fn is_active(&self) -> bool {
        self.state == "active"
    }

    /// Marks an address as verified, without any proof.
    pub(crate) fn verify(&mut self, clock: &Clock, value: &str) {
        for address in self.verifiable_addresses.iter_mut().filter(|address| address.value == value) {
            address.verified_at = Some(clock.now());
        }
    }

    pub(crate) fn identifiers(&self, schema: &Schema) -> Vec<String> {
        schema.identifiers(&self.traits)
    }
}

/// All identities, and the schema of their traits.
pub(crate) struct Identities {
    pub schema: Schema,
    by_id: BTreeMap<Uuid, Identity>,
}

impl Identities {
    pub(crate) fn new(schema: Schema) -> Self {
        Self { schema, by_id: BTreeMap::new() }
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<&Identity> {
        self.by_id.get(&id)
    }

    /// All of them, ordered by id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Identity> {
        self.by_id.values()
    }

    /// Adds an identity, or replaces the one with its id.
    pub(crate) fn insert(&mut self, identity: Identity) {
        self.by_id.insert(identity.id, identity);
    }

    pub(crate) fn remove(&mut self, id: Uuid) {
        self.by_id.remove(&id);
    }

    /// Changes the identity with this id, if there is one.
    pub(crate) fn change(&mut self, id: Uuid, change: impl FnOnce(&mut Identity, &Schema)) {
        if let Some(identity) = self.by_id.get_mut(&id) {
            change(identity, &self.schema);
        }
    }

    pub(crate) fn by_identifier(&self, identifier: &str) -> Option<&Identity> {
        let identifier = identifier.trim().to_lowercase();
        self.iter().find(|identity| identity.identifiers(&self.schema).contains(&identifier))
    }

    /// Whether an identity other than `except` has an identifier that `traits` contain.
    pub(crate) fn is_taken(&self, traits: &Value, except: Option<Uuid>) -> bool {
        let wanted = self.schema.identifiers(traits);
        let others = self.iter().filter(|identity| Some(identity.id) != except);
        others.flat_map(|identity| identity.identifiers(&self.schema)).any(|identifier| wanted.contains(&identifier))
    }
}
