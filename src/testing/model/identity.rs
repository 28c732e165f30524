//! Identities, and the rule that no two of them share an identifier.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use super::address::{self, Address};
use super::credential::{Credential, Password, ThirdParty};
use super::second_factor::{LookupSecrets, Totp};
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
    pub totp: Option<Totp>,
    pub lookup_secrets: Option<LookupSecrets>,
    pub third_parties: Vec<ThirdParty>,
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
            totp: None,
            lookup_secrets: None,
            third_parties: Vec::new(),
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

    /// Whether this is the password, or `None` if it was imported as a hash of a kind that cannot be verified.
    pub(crate) fn has_password(&self, clear: &str) -> Option<bool> {
        self.password.as_ref().map_or(Some(false), |password| password.is(clear))
    }

    pub(crate) fn has_second_factor(&self) -> bool {
        self.totp.is_some() || self.lookup_secrets.is_some()
    }

    /// Deletes the credentials of a kind, and returns whether there were any.
    pub(crate) fn remove_credential(&mut self, kind: &str) -> bool {
        let before = self.credentials.len();
        self.credentials.retain(|credential| credential.kind != kind);
        let found = self.credentials.len() < before;
        match kind {
            "password" => self.password.take().is_some() || found,
            "totp" => self.totp.take().is_some(),
            "lookup_secret" => self.lookup_secrets.take().is_some(),
            _ => found,
        }
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

    /// The first address that is neither verified nor mailed.
    pub(crate) fn unmailed_address(&self) -> Option<String> {
        let mut addresses = self.verifiable_addresses.iter();
        let found = addresses.find(|address| address.verified_at.is_none() && !address.is_mailed);
        found.map(|address| address.value.clone())
    }

    /// Notes that a mail for verification went to an address.
    pub(crate) fn mailed(&mut self, value: &str) {
        for address in self.verifiable_addresses.iter_mut().filter(|address| address.value == value) {
            address.is_mailed = true;
        }
    }

    /// Marks an address as verified.
    pub(crate) fn verify(&mut self, clock: &Clock, value: &str) {
        let unverified = |address: &&mut Address| address.value == value && address.verified_at.is_none();
        for address in self.verifiable_addresses.iter_mut().filter(unverified) {
            address.verified_at = Some(clock.now());
        }
    }

    pub(crate) fn identifiers(&self, schema: &Schema) -> Vec<String> {
        let own = schema.identifiers(&self.traits).into_iter();
        own.chain(self.third_parties.iter().map(ThirdParty::identifier)).collect()
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
        self.iter().find(|identity| self.schema.identifiers(&identity.traits).contains(&identifier))
    }

    pub(crate) fn by_external_id(&self, id: &str) -> Option<&Identity> {
        self.iter().find(|identity| identity.external_id.as_deref() == Some(id))
    }

    /// Who has this address for recovery.
    pub(crate) fn by_recovery_address(&self, value: &str) -> Option<&Identity> {
        self.iter().find(|identity| identity.recovery_addresses.iter().any(|address| address.value == value))
    }

    /// Who has this address for verification.
    pub(crate) fn by_verifiable_address(&self, value: &str) -> Option<&Identity> {
        self.iter().find(|identity| identity.verifiable_addresses.iter().any(|address| address.value == value))
    }

    /// Whether an identity other than `except` has an identifier that `traits` contain.
    pub(crate) fn is_taken(&self, traits: &Value, except: Option<Uuid>) -> bool {
        let wanted = self.schema.identifiers(traits);
        let others = self.iter().filter(|identity| Some(identity.id) != except);
        others.flat_map(|identity| identity.identifiers(&self.schema)).any(|identifier| wanted.contains(&identifier))
    }

    /// Whether an identity other than `except` has this external id.
    pub(crate) fn is_external_id_taken(&self, id: &str, except: Option<Uuid>) -> bool {
        self.by_external_id(id).is_some_and(|found| Some(found.id) != except)
    }
}
