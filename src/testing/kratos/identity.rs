//! An identity, and the ways in which Kratos shows it.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::testing::random;
use crate::testing::state::{State, Time, written};

/// Go's zero time, which Kratos shows for the credentials of an identity that it just made.
const NEVER: &str = "0001-01-01T00:00:00Z";

#[derive(Debug, Clone)]
pub(in crate::testing) struct Identity {
    pub id: Uuid,
    pub external_id: Option<String>,
    pub state: String,
    pub state_changed_at: Option<Time>,
    pub traits: Value,
    pub metadata_public: Value,
    pub metadata_admin: Value,
    pub organization_id: Value,
    pub created_at: Time,
    pub updated_at: Time,
    credentials: Vec<Credential>,
    verifiable: Vec<Address>,
    recovery: Vec<Address>,
    password: Option<Password>,
}

#[derive(Debug, Clone)]
struct Credential {
    kind: String,
    identifiers: Vec<String>,
}

#[derive(Debug, Clone)]
struct Password {
    clear: String,
    /// What stands where a server shows its hash.
    mark: String,
}

#[derive(Debug, Clone)]
struct Address {
    id: Uuid,
    value: String,
    verified_at: Option<Time>,
    created_at: Time,
}

impl Address {
    fn recovery(&self) -> Value {
        let created_at = written(self.created_at);
        json!({"id": self.id, "value": self.value, "via": "email", "created_at": created_at, "updated_at": created_at})
    }

    fn verifiable(&self) -> Value {
        let mut body = self.recovery();
        body["verified"] = json!(self.verified_at.is_some());
        body["status"] = json!(if self.verified_at.is_some() { "completed" } else { "pending" });
        if let Some(at) = self.verified_at {
            body["verified_at"] = json!(written(at));
        }
        body
    }
}

/// The addresses that have these values; those that were there stay as they are.
fn addresses(old: &[Address], values: Vec<String>, now: Time) -> Vec<Address> {
    let make = |value: String| Address { id: random::id(), value, verified_at: None, created_at: now };
    let keep =
        |value: String| old.iter().find(|address| address.value == value).cloned().unwrap_or_else(|| make(value));
    values.into_iter().map(keep).collect()
}

impl Identity {
    /// How the schema marks what people sign in with.
    pub(in crate::testing) const IDENTIFIER: &str = "/credentials/password/identifier";

    pub(super) fn new(state: &State, traits: Value) -> Self {
        let now = state.now();
        let mut new = Self {
            id: random::id(),
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
            verifiable: Vec::new(),
            recovery: Vec::new(),
            password: None,
        };
        new.set_traits(state, traits);
        new
    }

    pub(super) fn set_traits(&mut self, state: &State, traits: Value) {
        let now = state.now();
        let marked = |mark: &str| state.schema.marked(mark, &traits);
        self.verifiable = addresses(&self.verifiable, marked("/verification/via"), now);
        self.recovery = addresses(&self.recovery, marked("/recovery/via"), now);
        let kinds = state.schema.credentials().into_iter();
        self.credentials = kinds
            .map(|kind| Credential { identifiers: marked(&format!("/credentials/{kind}/identifier")), kind })
            .filter(|credential| !credential.identifiers.is_empty())
            .collect();
        self.updated_at = now;
        self.traits = traits;
    }

    pub(super) fn set_password(&mut self, clear: String) {
        self.password = Some(Password { clear, mark: format!("$stand-in${}", random::letters(22)) });
    }

    pub(super) fn has_password(&self, clear: &str) -> bool {
        self.password.as_ref().is_some_and(|password| password.clear == clear)
    }

    pub(super) fn set_state(&mut self, state: &str, now: Time) {
        if self.state != state {
            state.clone_into(&mut self.state);
            self.state_changed_at = Some(now);
        }
    }

    /// Takes the word of a caller that an address is verified.
    pub(super) fn verify(&mut self, value: &str, now: Time) {
        for address in self.verifiable.iter_mut().filter(|address| address.value == value) {
            address.verified_at = Some(now);
        }
    }

    pub(super) fn is_active(&self) -> bool {
        self.state == "active"
    }

    pub(super) fn identifiers(&self, state: &State) -> Vec<String> {
        state.schema.marked(Self::IDENTIFIER, &self.traits)
    }

    pub(super) fn by_identifier<'a>(state: &'a State, identifier: &str) -> Option<&'a Self> {
        let identifier = identifier.trim().to_lowercase();
        state.identities.values().find(|identity| identity.identifiers(state).contains(&identifier))
    }

    /// Whether somebody else has an identifier that these traits would give.
    pub(super) fn is_taken(state: &State, traits: &Value, except: Option<Uuid>) -> bool {
        let wanted = state.schema.marked(Self::IDENTIFIER, traits);
        let others = state.identities.values().filter(|identity| Some(identity.id) != except);
        others.flat_map(|identity| identity.identifiers(state)).any(|identifier| wanted.contains(&identifier))
    }

    /// In sessions and flows.
    pub(super) fn body(&self, url: &str) -> Value {
        let mut body = json!({
            "id": self.id,
            "schema_id": "default",
            // The id in base64url, as the servers write it.
            "schema_url": format!("{url}/schemas/ZGVmYXVsdA"),
            "state": self.state,
            "traits": self.traits,
            "metadata_public": self.metadata_public,
            "created_at": written(self.created_at),
            "updated_at": written(self.updated_at),
            "organization_id": self.organization_id,
        });
        if let Some(id) = &self.external_id {
            body["external_id"] = json!(id);
        }
        if let Some(at) = self.state_changed_at {
            body["state_changed_at"] = json!(written(at));
        }
        if !self.verifiable.is_empty() {
            body["verifiable_addresses"] = self.verifiable.iter().map(Address::verifiable).collect();
        }
        if !self.recovery.is_empty() {
            body["recovery_addresses"] = self.recovery.iter().map(Address::recovery).collect();
        }
        body
    }

    /// In lists of sessions.
    pub(super) fn brief(&self) -> Value {
        let mut body = self.body("");
        body["schema_url"] = json!("");
        if let Some(body) = body.as_object_mut() {
            body.remove("verifiable_addresses");
            body.remove("recovery_addresses");
        }
        body
    }

    /// In lists of identities.
    pub(super) fn listed(&self, url: &str) -> Value {
        let mut body = self.body(url);
        body["metadata_admin"] = self.metadata_admin.clone();
        body
    }

    /// To administrators. What is included shows its configuration.
    pub(super) fn full(&self, url: &str, included: &[&str]) -> Value {
        let mut body = self.listed(url);
        body["credentials"] = self.credentials(&written(self.created_at), included);
        body
    }

    /// In the answers to POST and PUT, which show administrative metadata only if they were sent.
    pub(super) fn answered(&self, url: &str, sent: &Value, is_new: bool) -> Value {
        let mut body = self.body(url);
        let at = if is_new { NEVER.to_owned() } else { written(self.created_at) };
        body["credentials"] = self.credentials(&at, &[]);
        if let Some(metadata) = sent.get("metadata_admin") {
            body["metadata_admin"] = metadata.clone();
        }
        body
    }

    fn credentials(&self, at: &str, included: &[&str]) -> Value {
        let show = |credential: &Credential| {
            let kind = credential.kind.as_str();
            let mut body = json!({
                "type": kind,
                "identifiers": credential.identifiers,
                "version": i32::from(kind == "code"),
                "created_at": at,
                "updated_at": at,
            });
            if kind == "password"
                && included.contains(&kind)
                && let Some(password) = &self.password
            {
                body["config"] = json!({"hashed_password": password.mark});
            }
            (kind.to_owned(), body)
        };
        Value::Object(self.credentials.iter().map(show).collect::<Map<_, _>>())
    }
}
