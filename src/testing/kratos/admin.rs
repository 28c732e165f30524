//! Administration of identities.

use http::{StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::Error;
use super::flows::decode;
use super::identity::Identity;
use crate::testing::http::{Answer, Reply, Request};
use crate::testing::page;
use crate::testing::patch;
use crate::testing::schema::{Fault, Violation};
use crate::testing::state::State;

/// The keys that a new identity may have; any other is refused.
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

const CREDENTIALS: [&str; 10] =
    ["password", "oidc", "totp", "lookup_secret", "webauthn", "code", "passkey", "profile", "saml", "link_recovery"];

const TAKEN: &str = "Unable to insert or update resource because a resource with that value exists already";

pub(super) fn list(state: &State, request: &Request) -> Answer {
    let ids: Vec<&str> = request.queries("ids").collect();
    let identifier = request.query("credentials_identifier").map(str::to_lowercase);
    let wanted = |identity: &&Identity| {
        (ids.is_empty() || ids.contains(&identity.id.to_string().as_str()))
            && identifier.as_ref().is_none_or(|identifier| identity.identifiers(state).contains(identifier))
    };
    let all: Vec<&Identity> = state.identities.values().filter(wanted).collect();
    let show = |items: Vec<&Identity>| items.into_iter().map(|item| item.listed(&state.url)).collect::<Value>();
    if request.query("page").is_some() && request.query("page_size").is_none() {
        let page = page::Numbered::read(request, all.len());
        let items = page.items(all, page.page);
        return Ok(Reply::ok(&show(items))
            .header(header::LINK, page.links(request, false))
            .header(http::HeaderName::from_static("x-total-count"), page.total.to_string()));
    }
    let name = if request.query("page_size").is_some() { "page_size" } else { "per_page" };
    let size = page::size(request, name, 250, 500).map_err(|why| Error::bad_request(why.0))?;
    let token = request.query("page_token").filter(|token| !token.is_empty()).unwrap_or(page::FIRST);
    let after: Uuid = token
        .parse()
        .map_err(|_| Error::bad_request("The page token is invalid, do not craft your own page tokens"))?;
    let rest: Vec<&Identity> = all.into_iter().filter(|identity| identity.id > after).collect();
    let has_more = rest.len() > size;
    let items: Vec<&Identity> = rest.into_iter().take(size).collect();
    let next = items.last().filter(|_| has_more).map(|last| last.id.to_string());
    let links = page::token_links(request, size, page::FIRST, next.as_deref());
    Ok(Reply::ok(&show(items)).header(header::LINK, links))
}

/// The identity of a path. An id that is no UUID is not there either.
fn find<'a>(state: &'a State, id: &str) -> Result<&'a Identity, Reply> {
    let id: Option<Uuid> = id.parse().ok();
    Ok(id.and_then(|id| state.identities.get(&id)).ok_or_else(Error::not_found)?)
}

pub(super) fn get(state: &State, request: &Request, id: &str) -> Answer {
    let included: Vec<&str> = request.queries("include_credential").collect();
    if included.iter().any(|kind| !CREDENTIALS.contains(kind)) {
        return Err(Error::bad_request("Invalid value `[]` for parameter `include_credential`.").into());
    }
    Ok(Reply::ok(&find(state, id)?.full(&state.url, &included)))
}

pub(super) fn create(state: &mut State, request: &Request) -> Answer {
    let body = decode(request)?;
    let mut keys = body.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    if let Some(key) = keys.find(|key| !KEYS.contains(key)) {
        return Err(Error::new(StatusCode::BAD_REQUEST, format!("json: unknown field \"{key}\"")).into());
    }
    check(state, &body)?;
    let traits = body["traits"].clone();
    if Identity::is_taken(state, &traits, None) {
        return Err(Error::new(StatusCode::CONFLICT, "The resource could not be created due to a conflict")
            .reason("This identity conflicts with another identity that already exists.")
            .into());
    }
    let mut identity = Identity::new(state, traits);
    fill(&mut identity, state, &body);
    for address in body["verifiable_addresses"].as_array().into_iter().flatten() {
        if address["verified"] == true {
            identity.verify(address["value"].as_str().unwrap_or_default(), state.now());
        }
    }
    let answer = identity.answered(&state.url, &body, true);
    let location = format!("{}/identities/{}", state.url, identity.id);
    state.identities.insert(identity.id, identity);
    Ok(Reply::json(StatusCode::CREATED, &answer).header(header::LOCATION, location))
}

pub(super) fn update(state: &mut State, request: &Request, id: &str) -> Answer {
    let mut identity = find(state, id)?.clone();
    let body = decode(request)?;
    check(state, &body)?;
    replace(state, &mut identity, &body)?;
    let answer = identity.answered(&state.url, &body, false);
    state.identities.insert(identity.id, identity);
    Ok(Reply::ok(&answer))
}

pub(super) fn patch(state: &mut State, request: &Request, id: &str) -> Answer {
    let mut identity = find(state, id)?.clone();
    let steps = decode(request)?;
    let mut document = json!({
        "schema_id": "default",
        "state": identity.state,
        "traits": identity.traits,
        "metadata_public": identity.metadata_public,
        "metadata_admin": identity.metadata_admin,
        "external_id": identity.external_id,
        "organization_id": identity.organization_id,
    });
    patch::apply(&mut document, &steps, &["/id", "/stateChangedAt", "/credentials"]).map_err(|why| {
        Error::new(StatusCode::BAD_REQUEST, why).reason("An error occured when applying the JSON patch")
    })?;
    check(state, &document)?;
    replace(state, &mut identity, &document)?;
    let answer = identity.full(&state.url, &[]);
    state.identities.insert(identity.id, identity);
    Ok(Reply::ok(&answer))
}

pub(super) fn delete(state: &mut State, id: &str) -> Answer {
    let id = find(state, id)?.id;
    state.identities.remove(&id);
    state.sessions.retain(|session| session.identity != id);
    state.flows.retain(|_, flow| flow.identity != Some(id));
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// Refuses a schema, state or traits that cannot be.
fn check(state: &State, body: &Value) -> Result<(), Reply> {
    let schema = body["schema_id"].as_str().filter(|id| !id.is_empty()).unwrap_or("default");
    if schema != "default" {
        return Err(Error::bad_request(format!("Unable to find JSON Schema ID: {schema}")).into());
    }
    if !["", "active", "inactive"].contains(&body["state"].as_str().unwrap_or_default()) {
        return Err(Error::bad_request("identity state is not valid").into());
    }
    let none = json!({});
    let traits = body.get("traits").filter(|traits| !traits.is_null()).unwrap_or(&none);
    let violations = state.schema.violations(traits);
    if violations.is_empty() { Ok(()) } else { Err(Error::bad_request(told(&violations)).into()) }
}

fn replace(state: &State, identity: &mut Identity, body: &Value) -> Result<(), Reply> {
    let traits = body["traits"].clone();
    if Identity::is_taken(state, &traits, Some(identity.id)) {
        return Err(Error::new(StatusCode::CONFLICT, TAKEN).into());
    }
    identity.set_traits(state, traits);
    fill(identity, state, body);
    Ok(())
}

/// Writes everything but the traits. Metadata that were not sent are gone.
fn fill(identity: &mut Identity, state: &State, body: &Value) {
    if let Some(word) = body["state"].as_str().filter(|word| !word.is_empty()) {
        identity.set_state(word, state.now());
    }
    identity.metadata_public = body["metadata_public"].clone();
    identity.metadata_admin = body["metadata_admin"].clone();
    identity.organization_id = body["organization_id"].clone();
    identity.external_id = body["external_id"].as_str().map(str::to_owned);
    if let Some(password) = body.pointer("/credentials/password/config/password").and_then(Value::as_str) {
        identity.set_password(password.to_owned());
    }
}

/// What is wrong with traits, in the words of the server's validator.
fn told(violations: &[Violation]) -> String {
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
        Fault::NoEmail { value } => {
            (violation.pointer.as_str(), "format", format!("\"{value}\" is not valid \"email\""))
        }
        Fault::Short { minimum, actual } => {
            (violation.pointer.as_str(), "minLength", format!("length must be >= {minimum}, but got {actual}"))
        }
    };
    let schema = pointer.replace('/', "/properties/");
    format!("I[#/traits{pointer}] S[#/properties/traits{schema}/{keyword}] {text}")
}
