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
    ShortSecret,
    RedirectUriWithFragment,
}

#[derive(Debug, Clone)]
pub(crate) struct OAuth2Client {
    /// Everything but the secret, under the names of the API.
    pub metadata: Map<String, Value>,
    pub secret: Option<String>,
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
        Self { metadata, secret: None }
    }

    /// A client that takes the place of `old`: with its id and secret, and otherwise the default metadata.
    pub(crate) fn replacing(clock: &Clock, old: &Self) -> Self {
        let mut new = Self { secret: old.secret.clone(), ..Self::new(clock) };
        new.set("client_id", old.id());
        new
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
                Some(text) => {
                    let lifespan = text.parse::<GoDuration>();
                    json!(lifespan.map_err(|why| InvalidClient::Lifespan(why.to_string()))?.to_string())
                }
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
        Ok(())
    }

    pub(crate) fn id(&self) -> &str {
        self.text("client_id")
    }

    /// A text, empty if it is not set.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.metadata.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn list(&self, key: &str) -> impl Iterator<Item = &str> {
        let items = self.metadata.get(key).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str)
    }

    pub(crate) fn has_secret(&self, secret: &str) -> bool {
        self.secret.as_deref() == Some(secret)
    }

    /// Whether the client may use a grant type. Without a list of its own it may use `authorization_code`.
    pub(crate) fn allows_grant(&self, grant: &str) -> bool {
        let mut grants = self.list("grant_types").peekable();
        if grants.peek().is_none() { grant == "authorization_code" } else { grants.any(|known| known == grant) }
    }

    /// The scope that the client may ask for.
    pub(crate) fn scope(&self) -> Vec<String> {
        self.text("scope").split_whitespace().map(str::to_owned).collect()
    }

    pub(crate) fn allows_audience(&self, audience: &str) -> bool {
        self.list("audience").any(|known| known == audience)
    }

    /// The lifespan of tokens by client credentials: an hour, unless the metadata name another.
    pub(crate) fn token_lifespan(&self) -> TimeDelta {
        let lifespan = self.text("client_credentials_grant_access_token_lifespan").parse::<GoDuration>().ok();
        lifespan.and_then(|lifespan| TimeDelta::from_std(Duration::from(lifespan)).ok()).unwrap_or(TimeDelta::hours(1))
    }
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
