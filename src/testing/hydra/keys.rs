//! Administration of JSON Web Keys.

use http::{StatusCode, header};
use serde_json::{Map, Value, json};

use super::error::{error, not_found, undecodable, unknown};
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::InvalidKey;
use crate::testing::state::State;

impl From<InvalidKey> for Reply {
    fn from(invalid: InvalidKey) -> Self {
        match invalid {
            InvalidKey::Algorithm => error(StatusCode::BAD_REQUEST, "Bad Request", "Unsupported key algorithm"),
            InvalidKey::Conflict => {
                let text = "Unable to insert or update resource because a resource with that value exists already";
                error(StatusCode::CONFLICT, text, "")
            }
        }
    }
}

fn decode(request: &Request) -> HandlerResult<Value> {
    request.json_object().map_err(|why| undecodable(&request.json_fault(&why)))
}

pub(super) fn create(state: &mut State, request: &Request, set: &str) -> HandlerResult {
    let sent = decode(request)?;
    let text = |name: &str| sent[name].as_str().filter(|text| !text.is_empty());
    let algorithm = text("alg").unwrap_or_default();
    let key = state.oauth2.keys.create(set, algorithm, text("use").unwrap_or("sig"), text("kid"))?;
    let segments = url::form_urlencoded::byte_serialize(set.as_bytes()).collect::<String>();
    let location = format!("{}/keys/{segments}", state.url);
    Ok(Reply::json(StatusCode::CREATED, &json!({"keys": [key]})).header(header::LOCATION, location))
}

pub(super) fn get_set(state: &mut State, set: &str) -> HandlerResult {
    let keys = state.oauth2.keys.keys(set);
    if keys.is_empty() { Err(unknown()) } else { Ok(Reply::ok(&json!({"keys": keys}))) }
}

pub(super) fn get(state: &mut State, set: &str, kid: &str) -> HandlerResult {
    let key = state.oauth2.keys.key(set, kid).ok_or_else(not_found)?;
    Ok(Reply::ok(&json!({"keys": [key]})))
}

pub(super) fn replace_set(state: &mut State, request: &Request, set: &str) -> HandlerResult {
    let sent = decode(request)?;
    let keys: Vec<Value> = match &sent["keys"] {
        Value::Null => Vec::new(),
        Value::Array(keys) => keys.iter().map(read).collect::<HandlerResult<_>>()?,
        _ => return Err(undecodable("json: cannot unmarshal into Go struct field JSONWebKeySet.keys")),
    };
    state.oauth2.keys.replace_set(set, keys.clone());
    let body = if sent["keys"].is_null() { json!({"keys": null}) } else { json!({"keys": keys}) };
    Ok(Reply::ok(&body))
}

/// Puts a key into a set. Its id is the one in the body, whatever the path says.
pub(super) fn update(state: &mut State, request: &Request, set: &str) -> HandlerResult {
    let key = read(&decode(request)?)?;
    state.oauth2.keys.put(set, key.clone());
    Ok(Reply::ok(&key))
}

pub(super) fn delete_set(state: &mut State, set: &str) -> HandlerResult {
    state.oauth2.keys.remove_set(set);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

pub(super) fn delete(state: &mut State, set: &str, kid: &str) -> HandlerResult {
    state.oauth2.keys.remove(set, kid);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// Reads a key. Members that Hydra does not know are dropped.
pub(super) fn read(sent: &Value) -> HandlerResult<Value> {
    let (required, optional): (&[&str], &[&str]) = match sent["kty"].as_str() {
        Some("RSA") => (&["n", "e"], &["d", "p", "q", "dp", "dq", "qi"]),
        Some("EC") => (&["crv", "x", "y"], &["d"]),
        Some("OKP") => (&["crv", "x"], &["d"]),
        Some("oct") => (&["k"], &[]),
        kind => {
            let kind = kind.unwrap_or_default();
            return Err(undecodable(&format!("go-jose/go-jose: unknown json web key type '{kind}'")));
        }
    };
    if required.iter().any(|name| sent[*name].as_str().is_none_or(str::is_empty)) {
        return Err(undecodable("go-jose/go-jose: invalid key, missing values"));
    }
    let always = ["use", "kty", "kid", "alg", "x5c", "x5u", "x5t", "x5t#S256"];
    let names = always.iter().chain(required).chain(optional);
    let member = |name: &&str| Some(((*name).to_owned(), sent[*name].clone())).filter(|(_, value)| !value.is_null());
    Ok(Value::Object(names.filter_map(member).collect::<Map<_, _>>()))
}
