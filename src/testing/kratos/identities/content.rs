//! What an administrator may write into an identity, and how Kratos refuses anything else.

use http::StatusCode;
use serde_json::{Value, json};

use crate::testing::error::Error;
use crate::testing::http::HandlerResult;
use crate::testing::model::{Identity, Password, ThirdParty, is_known_hash};
use crate::testing::schema::{Fault, Violation};
use crate::testing::state::State;

/// The keys that a new identity may have.
const KEYS: [&str; 10] = [
    "schema_id",
    "traits",
    "state",
    "credentials",
    "metadata_public",
    "metadata_admin",
    "verifiable_addresses",
    "recovery_addresses",
    "external_id",
    "organization_id",
];

/// Refuses a new identity with an unknown key.
pub(super) fn check_keys(body: &Value) -> Result<(), Error> {
    let mut keys = body.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    match keys.find(|key| !KEYS.contains(key)) {
        Some(key) => Err(Error::new(StatusCode::BAD_REQUEST, format!("json: unknown field \"{key}\""))),
        None => Ok(()),
    }
}

/// Refuses an unknown schema or state, and traits that violate the schema.
pub(super) fn check(state: &State, body: &Value) -> Result<(), Error> {
    let schema = body["schema_id"].as_str().filter(|id| !id.is_empty()).unwrap_or("default");
    if schema != "default" {
        return Err(Error::bad_request(format!("Unable to find JSON Schema ID: {schema}")));
    }
    if !["", "active", "inactive"].contains(&body["state"].as_str().unwrap_or_default()) {
        return Err(Error::bad_request("identity state is not valid"));
    }
    let none = json!({});
    let traits = body.get("traits").filter(|traits| !traits.is_null()).unwrap_or(&none);
    let violations = state.identities.schema.violations(traits);
    if violations.is_empty() { Ok(()) } else { Err(Error::bad_request(describe(&violations))) }
}

/// Refuses an external id that is no text, and the hash of a password in an unknown format.
pub(super) fn check_import(body: &Value) -> HandlerResult<()> {
    let kind = match &body["external_id"] {
        Value::Null | Value::String(_) => None,
        Value::Bool(_) => Some("bool"),
        Value::Number(_) => Some("number"),
        Value::Array(_) => Some("array"),
        Value::Object(_) => Some("object"),
    };
    if let Some(kind) = kind {
        let message =
            format!("json: cannot unmarshal {kind} into Go struct field CreateIdentityBody.external_id of type string");
        return Err(Error::new(StatusCode::BAD_REQUEST, message).into());
    }
    match hash(body) {
        Some(hash) if !is_known_hash(hash) => {
            let reason = "The imported password does not match any known hash format. For more information see \
                          https://www.ory.sh/dr/2";
            Err(Error::bad_request(reason).into())
        }
        _ => Ok(()),
    }
}

/// The hash of a password that is imported.
fn hash(body: &Value) -> Option<&str> {
    let hash = body.pointer("/credentials/password/config/hashed_password").and_then(Value::as_str);
    hash.filter(|hash| !hash.is_empty())
}

/// Writes everything but the traits. Removes metadata that `body` lacks.
pub(super) fn fill(state: &State, identity: &mut Identity, body: &Value) {
    if let Some(word) = body["state"].as_str().filter(|word| !word.is_empty()) {
        identity.set_state(&state.clock, word);
    }
    identity.metadata_public = body["metadata_public"].clone();
    identity.metadata_admin = body["metadata_admin"].clone();
    identity.organization_id = body["organization_id"].clone();
    identity.external_id = body["external_id"].as_str().filter(|id| !id.is_empty()).map(str::to_owned);
    if let Some(password) = body.pointer("/credentials/password/config/password").and_then(Value::as_str) {
        identity.set_password(password.to_owned());
    } else if let Some(hash) = hash(body) {
        identity.password = Some(Password::imported(hash.to_owned()));
    }
    for kind in ["oidc", "saml"] {
        let Some(providers) = body.pointer(&format!("/credentials/{kind}/config/providers")) else { continue };
        identity.third_parties.retain(|party| party.kind != kind);
        for item in providers.as_array().into_iter().flatten() {
            let text = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
            identity.third_parties.push(ThirdParty { kind, provider: text("provider"), subject: text("subject") });
        }
    }
}

/// What is wrong with traits, in the words of the server's validator.
fn describe(violations: &[Violation]) -> String {
    let lines: Vec<String> = violations.iter().map(line).collect();
    match lines.as_slice() {
        [one] => one.clone(),
        several => format!("I[#/traits] S[#/properties/traits] validation failed\n  {}", several.join("\n  ")),
    }
}

fn line(violation: &Violation) -> String {
    let (pointer, keyword, text) = match &violation.fault {
        Fault::Missing { property } => {
            let parent = violation.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
            (parent, "required", format!("missing properties: \"{property}\""))
        }
        Fault::Additional { property } => {
            let text = format!("additionalProperties \"{property}\" not allowed");
            (violation.pointer.as_str(), "additionalProperties", text)
        }
        Fault::Type { expected, actual } => {
            (violation.pointer.as_str(), "type", format!("expected {expected}, but got {actual}"))
        }
        Fault::NotAnEmail { value } => {
            (violation.pointer.as_str(), "format", format!("\"{value}\" is not valid \"email\""))
        }
        Fault::TooShort { minimum, actual } => {
            (violation.pointer.as_str(), "minLength", format!("length must be >= {minimum}, but got {actual}"))
        }
    };
    let schema = pointer.replace('/', "/properties/");
    format!("I[#/traits{pointer}] S[#/properties/traits{schema}/{keyword}] {text}")
}
