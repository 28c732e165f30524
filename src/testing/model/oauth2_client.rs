//! OAuth2 clients: their metadata, secrets, and what they may ask for.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use crate::input::GoDuration;
use crate::testing::clock::{Clock, rfc3339};
use crate::testing::random;

/// Every lifespan, null until it is set.
const LIFESPANS: [&str; 13] = [
    "authorization_code_grant_access_token_lifespan",
    "authorization_code_grant_id_token_lifespan",
    "authorization_code_grant_refresh_token_lifespan",
    "client_credentials_grant_access_token_lifespan",
    "implicit_grant_access_token_lifespan",
    "implicit_grant_id_token_lifespan",
    "jwt_bearer_grant_access_token_lifespan",
    "refresh_token_grant_id_token_lifespan",
    "refresh_token_grant_access_token_lifespan",
    "refresh_token_grant_refresh_token_lifespan",
    "device_authorization_grant_id_token_lifespan",
    "device_authorization_grant_access_token_lifespan",
    "device_authorization_grant_refresh_token_lifespan",
];

/// Lists that are null until they are set.
pub(crate) const NULL_LISTS: [&str; 4] = ["redirect_uris", "grant_types", "response_types", "contacts"];

/// Keys that a caller cannot change.
const FIXED: [&str; 3] = ["created_at", "updated_at", "client_id"];

/// Keys that a client lacks until they are set, each with a value of its type.
fn optional() -> Value {
    json!({
        "jwks_uri": "",
        "sector_identifier_uri": "",
        "request_uris": [],
        "request_object_signing_alg": "",
        "token_endpoint_auth_signing_alg": "",
        "frontchannel_logout_uri": "",
        "frontchannel_logout_session_required": false,
        "backchannel_logout_uri": "",
        "backchannel_logout_session_required": false,
        "post_logout_redirect_uris": [],
        "access_token_strategy": "",
    })
}

/// Metadata that a client cannot have.
#[derive(Debug)]
pub(crate) enum InvalidClient {
    /// The value of this key is not what the key expects, such as `a string`.
    WrongType {
        key: String,
        expected: &'static str,
    },
    /// A lifespan is not a duration, for this reason.
    Lifespan(String),
    /// A lifespan is not a text.
    LifespanType {
        key: &'static str,
        found: Value,
    },
    ShortSecret,
    RedirectUriWithFragment,
    PairwiseSubject,
}

#[derive(Debug, Clone)]
pub(crate) struct OAuth2Client {
    /// Everything but the secret, under the names of the API.
    pub metadata: Map<String, Value>,
    pub secret: Option<String>,
    /// Secrets that were rotated away and are still valid, the newest first.
    pub old_secrets: Vec<String>,
    /// With what the client may change itself.
    pub registration_token: Option<String>,
}

impl OAuth2Client {
    /// A client with the default metadata, a random id and no secret.
    pub(crate) fn new(clock: &Clock) -> Self {
        let now = rfc3339(clock.now());
        let nulls = NULL_LISTS.iter().chain(&LIFESPANS);
        let mut metadata: Map<String, Value> = nulls.map(|name| ((*name).to_owned(), Value::Null)).collect();
        if let Value::Object(rest) = json!({
            "client_id": random::uuid(),
            "client_name": "",
            "scope": "openid offline",
            "audience": [],
            "owner": "",
            "policy_uri": "",
            "allowed_cors_origins": [],
            "tos_uri": "",
            "client_uri": "",
            "logo_uri": "",
            "client_secret_expires_at": 0,
            "subject_type": "public",
            "jwks": {},
            "token_endpoint_auth_method": "client_secret_basic",
            "userinfo_signed_response_alg": "none",
            "created_at": now,
            "updated_at": now,
            "metadata": {},
            "skip_consent": false,
            "skip_logout_consent": null,
        }) {
            metadata.extend(rest);
        }
        Self { metadata, secret: None, old_secrets: Vec::new(), registration_token: None }
    }

    /// A client that takes the place of `old`: with its id, secrets and token, and otherwise the default metadata.
    pub(crate) fn replacing(clock: &Clock, old: &Self) -> Self {
        let metadata = Self::new(clock).metadata;
        let mut new = Self { metadata, ..old.clone() };
        new.set("client_id", old.id());
        new
    }

    /// Replaces all lifespans: those that are not sent are cleared.
    pub(crate) fn set_lifespans(&mut self, clock: &Clock, sent: &Value) -> Result<(), InvalidClient> {
        let mut lifespans = Map::new();
        for name in LIFESPANS {
            let lifespan = match &sent[name] {
                Value::Null => Value::Null,
                Value::String(text) => lifespan(text)?,
                other => return Err(InvalidClient::LifespanType { key: name, found: other.clone() }),
            };
            lifespans.insert(name.to_owned(), lifespan);
        }
        self.metadata.extend(lifespans);
        self.set("updated_at", &rfc3339(clock.now()));
        Ok(())
    }

    /// Gives the client a new secret, and keeps the last five as old ones.
    pub(crate) fn rotate_secret(&mut self, clock: &Clock) {
        let old = self.secret.replace(random::alphanumeric(26));
        self.old_secrets.splice(0..0, old);
        self.old_secrets.truncate(5);
        self.set("updated_at", &rfc3339(clock.now()));
    }

    /// Sets a text without any check.
    pub(crate) fn set(&mut self, key: &str, value: &str) {
        self.metadata.insert(key.to_owned(), json!(value));
    }

    /// Takes the metadata and the secret that a caller sent. Ignores unknown keys and nulls.
    pub(crate) fn fill(&mut self, sent: &Value) -> Result<(), InvalidClient> {
        let optional = optional();
        for (key, value) in sent.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            let sample = self.metadata.get(key).or_else(|| optional.get(key));
            let Some(sample) = sample else { continue };
            let (fits, expected) = fits(key, sample, value);
            if !fits {
                return Err(InvalidClient::WrongType { key: key.clone(), expected });
            }
            let value = match value.as_str().filter(|_| LIFESPANS.contains(&key.as_str())) {
                None => value.clone(),
                Some(text) => lifespan(text)?,
            };
            if !FIXED.contains(&key.as_str()) {
                self.metadata.insert(key.clone(), value);
            }
        }
        if let Some(secret) = sent["client_secret"].as_str() {
            if secret.len() < 6 {
                return Err(InvalidClient::ShortSecret);
            }
            self.secret = Some(secret.to_owned());
        }
        if self.list("redirect_uris").any(|uri| uri.contains('#')) {
            return Err(InvalidClient::RedirectUriWithFragment);
        }
        // A subject that differs from client to client cannot be in a token that others read.
        if self.is_pairwise() && self.text("access_token_strategy") == "jwt" {
            return Err(InvalidClient::PairwiseSubject);
        }
        Ok(())
    }

    pub(crate) fn id(&self) -> &str {
        self.text("client_id")
    }

    /// A text, empty if it is not set.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.metadata.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// The texts of a list.
    pub(crate) fn list(&self, key: &str) -> impl Iterator<Item = &str> {
        let items = self.metadata.get(key).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str)
    }

    pub(crate) fn has_secret(&self, secret: &str) -> bool {
        self.secret.iter().chain(&self.old_secrets).any(|known| known == secret)
    }

    /// Whether the client keeps no secret.
    pub(crate) fn is_public(&self) -> bool {
        self.text("token_endpoint_auth_method") == "none"
    }

    /// Whether each client sees another subject for the same person.
    pub(crate) fn is_pairwise(&self) -> bool {
        self.text("subject_type") == "pairwise"
    }

    /// Whether the client may use a grant type. Without a list of its own it may use `authorization_code`.
    pub(crate) fn allows_grant(&self, grant: &str) -> bool {
        let mut grants = self.list("grant_types").peekable();
        if grants.peek().is_none() { grant == "authorization_code" } else { grants.any(|known| known == grant) }
    }

    /// Whether the client may ask for these words of a response type, in any order. Without a list of its own it may ask
    /// for `code`.
    pub(crate) fn allows_response_type(&self, words: &[&str]) -> bool {
        let same = |known: &str| {
            let known: Vec<&str> = known.split_whitespace().collect();
            known.len() == words.len() && words.iter().all(|word| known.contains(word))
        };
        let mut types = self.list("response_types").peekable();
        if types.peek().is_none() { words == ["code"] } else { types.any(same) }
    }

    /// The scope that the client may ask for.
    pub(crate) fn scope(&self) -> Vec<String> {
        self.text("scope").split_whitespace().map(str::to_owned).collect()
    }

    /// A lifespan of the client's own, or else `usual`.
    pub(crate) fn lifespan(&self, key: &str, usual: TimeDelta) -> TimeDelta {
        let lifespan = self.text(key).parse::<GoDuration>().ok();
        lifespan.and_then(|lifespan| TimeDelta::from_std(Duration::from(lifespan)).ok()).unwrap_or(usual)
    }
}

/// A lifespan as Go writes it.
fn lifespan(text: &str) -> Result<Value, InvalidClient> {
    let lifespan: Result<GoDuration, _> = text.parse();
    lifespan.map(|lifespan| json!(lifespan.to_string())).map_err(|_| InvalidClient::Lifespan(duration_fault(text)))
}

/// Why a text is no duration, in the words of Go.
fn duration_fault(text: &str) -> String {
    let is_digit = |c: char| c.is_ascii_digit() || c == '.';
    let mut rest = text;
    while !rest.is_empty() {
        let number = rest.find(|c| !is_digit(c)).unwrap_or(rest.len());
        let (number, after) = rest.split_at(number);
        let (unit, after) = after.split_at(after.find(is_digit).unwrap_or(after.len()));
        match (number, unit) {
            ("", _) => break,
            (_, "") => return format!("time: missing unit in duration '{text}'"),
            (_, "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h") => rest = after,
            _ => return format!("time: unknown unit '{unit}' in duration '{text}'"),
        }
    }
    format!("time: invalid duration '{text}'")
}

/// Whether a value has the type of `key`, which `sample` shows, and that type in words.
fn fits(key: &str, sample: &Value, value: &Value) -> (bool, &'static str) {
    let list = || (is_list(value), "a list of strings");
    match sample {
        _ if key == "metadata" => (true, "any JSON"),
        _ if key == "skip_logout_consent" => (value.is_boolean(), "a boolean"),
        Value::Null if NULL_LISTS.contains(&key) => list(),
        Value::Null | Value::String(_) => (value.is_string(), "a string"),
        Value::Array(_) => list(),
        Value::Object(_) => (value.is_object(), "an object"),
        Value::Bool(_) => (value.is_boolean(), "a boolean"),
        Value::Number(_) => (value.is_number(), "a number"),
    }
}

fn is_list(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
}

/// All OAuth2 clients.
pub(crate) struct OAuth2Clients(BTreeMap<String, OAuth2Client>);

impl OAuth2Clients {
    pub(crate) fn new() -> Self {
        Self(BTreeMap::new())
    }

    pub(crate) fn get(&self, id: &str) -> Option<&OAuth2Client> {
        self.0.get(id)
    }

    /// All of them, ordered by id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &OAuth2Client> {
        self.0.values()
    }

    /// Adds a client, or replaces the one with its id.
    pub(crate) fn insert(&mut self, client: OAuth2Client) {
        self.0.insert(client.id().to_owned(), client);
    }

    /// Deletes a client, and returns whether there was one.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        self.0.remove(id).is_some()
    }
}
