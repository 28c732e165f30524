//! OAuth2 clients.

use chrono::TimeDelta;
use http::{StatusCode, header};
use serde_json::{Map, Value, json};

use super::{decode, error, malformed, not_found};
use crate::testing::http::{Answer, Reply, Request};
use crate::testing::page;
use crate::testing::patch;
use crate::testing::random;
use crate::testing::state::{State, Time, written};

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

/// Keys that show only where they are set, with a value of their type.
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

/// Lists that are null in the answer to POST and PUT until they are set, and empty when read.
const NULL_LISTS: [&str; 4] = ["redirect_uris", "grant_types", "response_types", "contacts"];

#[derive(Debug, Clone)]
pub(in crate::testing) struct OAuth2Client {
    /// As POST and PUT show it, without secrets.
    body: Map<String, Value>,
    secret: Option<String>,
}

impl OAuth2Client {
    fn new(now: Time) -> Self {
        let lists = NULL_LISTS.iter().map(|name| ((*name).to_owned(), Value::Null));
        let mut body: Map<String, Value> = lists.collect();
        body.extend(LIFESPANS.iter().map(|name| ((*name).to_owned(), Value::Null)));
        if let Value::Object(rest) = json!({
            "client_id": random::id(),
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
            "created_at": written(now),
            "updated_at": written(now),
            "metadata": {},
            "skip_consent": false,
            "skip_logout_consent": null,
        }) {
            body.extend(rest);
        }
        Self { body, secret: None }
    }

    /// Takes what was sent: keys that a client has, with values that they can have.
    fn fill(&mut self, sent: &Value) -> Result<(), Reply> {
        let optional = optional();
        for (key, value) in sent.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            let sample = self.body.get(key).or_else(|| optional.get(key));
            let Some(sample) = sample else { continue };
            if !fits(key, sample, value) {
                return Err(malformed(&format!("the value of {key} has a wrong type")));
            }
            let value = match value.as_str().filter(|_| LIFESPANS.contains(&key.as_str())) {
                None => value.clone(),
                Some(text) => {
                    let life = crate::parse_duration(text).map_err(|why| malformed(&why.to_string()))?;
                    json!(crate::format_duration(life))
                }
            };
            if !["created_at", "updated_at", "client_id"].contains(&key.as_str()) {
                self.body.insert(key.clone(), value);
            }
        }
        if let Some(secret) = sent["client_secret"].as_str() {
            if secret.len() < 6 {
                return Err(invalid_metadata(
                    "Field client_secret must contain a secret that is at least 6 characters long.",
                ));
            }
            self.secret = Some(secret.to_owned());
        }
        if self.list("redirect_uris").iter().any(|uri| uri.contains('#')) {
            let text =
                "The value of one or more redirect_uris is invalid. Redirect URIs must not contain fragments (#).";
            return Err(error(StatusCode::BAD_REQUEST, "invalid_redirect_uri", text));
        }
        Ok(())
    }

    pub(super) fn id(&self) -> &str {
        self.text("client_id")
    }

    pub(super) fn text(&self, key: &str) -> &str {
        self.body.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn list(&self, key: &str) -> Vec<String> {
        let items = self.body.get(key).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// How long a token of its own lives.
    pub(super) fn token_life(&self) -> TimeDelta {
        let life = crate::parse_duration(self.text("client_credentials_grant_access_token_lifespan")).ok();
        life.and_then(|life| TimeDelta::from_std(life).ok()).unwrap_or(TimeDelta::hours(1))
    }

    pub(super) fn has_secret(&self, secret: &str) -> bool {
        self.secret.as_deref() == Some(secret)
    }

    /// As GET and PATCH show it.
    fn read(&self) -> Value {
        let mut body = self.body.clone();
        for name in NULL_LISTS {
            if let Some(value) = body.get_mut(name).filter(|value| value.is_null()) {
                *value = json!([]);
            }
        }
        Value::Object(body)
    }

    /// With the secret, in the one answer that tells it.
    fn told(&self, sent: &Value, mut body: Value) -> Value {
        if sent["client_secret"].is_string() {
            body["client_secret"] = json!(self.secret);
        }
        body
    }
}

fn fits(key: &str, sample: &Value, value: &Value) -> bool {
    match sample {
        _ if key == "metadata" => true,
        _ if key == "skip_logout_consent" => value.is_boolean(),
        Value::Null if NULL_LISTS.contains(&key) => is_list(value),
        Value::Null | Value::String(_) => value.is_string(),
        Value::Array(_) => is_list(value),
        Value::Object(_) => value.is_object(),
        Value::Bool(_) => value.is_boolean(),
        Value::Number(_) => value.is_number(),
    }
}

fn is_list(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
}

fn invalid_metadata(why: &str) -> Reply {
    let text = format!(
        "The value of one of the Client Metadata fields is invalid and the server has rejected this request. Note that \
         an Authorization Server MAY choose to substitute a valid value for any requested parameter of a Client's \
         Metadata. {why}"
    );
    error(StatusCode::BAD_REQUEST, "invalid_client_metadata", &text)
}

pub(super) fn list(state: &State, request: &Request) -> Answer {
    let size = page::size(request, "page_size", 100, 500).map_err(|why| malformed(&why.0))?;
    let after = match request.query("page_token").filter(|token| !token.is_empty()) {
        None => "",
        Some(token) => token
            .strip_prefix("after-")
            .ok_or_else(|| malformed("The page token is invalid, do not craft your own page tokens"))?,
    };
    let wanted = |client: &&OAuth2Client| {
        request.query("client_name").is_none_or(|name| client.text("client_name") == name)
            && request.query("owner").is_none_or(|owner| client.text("owner") == owner)
            && client.id() > after
    };
    let rest: Vec<&OAuth2Client> = state.clients.values().filter(wanted).collect();
    let next = rest.get(size - 1).filter(|_| rest.len() > size).map(|last| format!("after-{}", last.id()));
    let items: Vec<Value> = rest.iter().take(size).map(|client| client.read()).collect();
    let links = page::token_links(request, size, "after-", next.as_deref());
    Ok(Reply::ok(&Value::Array(items)).header(header::LINK, links))
}

fn find<'a>(state: &'a State, id: &str) -> Result<&'a OAuth2Client, Reply> {
    state.clients.get(id).ok_or_else(not_found)
}

pub(super) fn get(state: &State, id: &str) -> Answer {
    Ok(Reply::ok(&find(state, id)?.read()))
}

pub(super) fn create(state: &mut State, request: &Request) -> Answer {
    let mut sent = decode(request)?;
    let mut client = OAuth2Client::new(state.now());
    if let Some(id) = sent["client_id"].as_str().filter(|id| !id.is_empty()) {
        if state.clients.contains_key(id) {
            let text = "Unable to insert or update resource because a resource with that value exists already";
            return Err(error(StatusCode::CONFLICT, text, ""));
        }
        client.body.insert("client_id".to_owned(), json!(id));
    }
    let is_public = sent["token_endpoint_auth_method"] == "none";
    if !is_public && sent["client_secret"].as_str().is_none_or(str::is_empty) && sent.is_object() {
        sent["client_secret"] = json!(random::letters(26));
    }
    client.fill(&sent)?;
    let id = client.id().to_owned();
    let mut answer = client.told(&sent, Value::Object(client.body.clone()));
    answer["registration_access_token"] = json!(super::tokens::access_token());
    answer["registration_client_uri"] = json!(format!("{}/oauth2/register", state.url));
    state.clients.insert(id.clone(), client);
    Ok(Reply::json(StatusCode::CREATED, &answer).header(header::LOCATION, format!("/admin/clients/{id}")))
}

pub(super) fn update(state: &mut State, request: &Request, id: &str) -> Answer {
    let secret = find(state, id)?.secret.clone();
    let sent = decode(request)?;
    let mut client = OAuth2Client { secret, ..OAuth2Client::new(state.now()) };
    client.body.insert("client_id".to_owned(), json!(id));
    client.fill(&sent)?;
    let answer = client.told(&sent, Value::Object(client.body.clone()));
    state.clients.insert(id.to_owned(), client);
    Ok(Reply::ok(&answer))
}

pub(super) fn patch(state: &mut State, request: &Request, id: &str) -> Answer {
    let old = find(state, id)?;
    let steps = decode(request)?;
    let mut document = old.read();
    // What goes wrong in a patch of a client is unknown to the server itself.
    patch::apply(&mut document, &steps, &[])
        .map_err(|_| error(StatusCode::INTERNAL_SERVER_ERROR, "error", "The error is unrecognizable"))?;
    if document["client_id"] != old.id() {
        return Err(not_found());
    }
    let mut client = OAuth2Client { secret: old.secret.clone(), ..OAuth2Client::new(state.now()) };
    client.body.insert("client_id".to_owned(), json!(id));
    client.body.insert("created_at".to_owned(), json!(old.text("created_at")));
    client.fill(&document)?;
    let answer = client.told(&document, client.read());
    state.clients.insert(id.to_owned(), client);
    Ok(Reply::ok(&answer))
}

pub(super) fn delete(state: &mut State, id: &str) -> Answer {
    state.clients.remove(id).ok_or_else(not_found)?;
    state.tokens.retain(|_, token| token.client != id);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
