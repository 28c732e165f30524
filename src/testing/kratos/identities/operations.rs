//! The operations on one identity.

use chrono::DateTime;
use http::{StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

use super::content::{check, check_import, check_keys, fill};
use super::json;
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::kratos::body::{decode, decode_object};
use crate::testing::model::Identity;
use crate::testing::patch;
use crate::testing::state::State;

/// The kinds of credentials that a caller may ask for.
const CREDENTIALS: [&str; 10] =
    ["password", "oidc", "totp", "lookup_secret", "webauthn", "code", "passkey", "profile", "saml", "link_recovery"];

pub(super) const TAKEN: &str = "Unable to insert or update resource because a resource with that value exists already";

/// The identity of a path. As with the server, an id that is not a UUID is a 404 too.
pub(super) fn find<'a>(state: &'a State, id: &str) -> HandlerResult<&'a Identity> {
    let id: Option<Uuid> = id.parse().ok();
    Ok(id.and_then(|id| state.identities.get(id)).ok_or_else(Error::not_found)?)
}

pub(crate) fn get(state: &State, request: &Request, id: &str) -> HandlerResult {
    let included = included(request)?;
    Ok(Reply::ok(&json::full(find(state, id)?, &state.url, &included)))
}

pub(crate) fn get_by_external_id(state: &State, request: &Request, id: &str) -> HandlerResult {
    let included = included(request)?;
    let identity = state.identities.by_external_id(id).ok_or_else(Error::not_found)?;
    Ok(Reply::ok(&json::full(identity, &state.url, &included)))
}

/// The credentials whose configuration the caller asks for.
fn included(request: &Request) -> Result<Vec<&str>, Error> {
    let included: Vec<&str> = request.parameters("include_credential").collect();
    if included.iter().all(|kind| CREDENTIALS.contains(kind)) {
        return Ok(included);
    }
    Err(Error::bad_request("Invalid value `[]` for parameter `include_credential`."))
}

pub(crate) fn create(state: &mut State, request: &Request) -> HandlerResult {
    let body = decode_object(request)?;
    check_keys(&body)?;
    check_import(&body)?;
    check(state, &body)?;
    if is_taken(state, &body) {
        return Err(Error::new(StatusCode::CONFLICT, "The resource could not be created due to a conflict")
            .reason("This identity conflicts with another identity that already exists.")
            .into());
    }
    let identity = make(state, &body);
    let created = json::created(&identity, &state.url, &body);
    let location = format!("{}/identities/{}", state.url, identity.id);
    state.identities.insert(identity);
    Ok(Reply::json(StatusCode::CREATED, &created).header(header::LOCATION, location))
}

/// Whether another identity has an identifier or the external id of a new one.
pub(super) fn is_taken(state: &State, body: &Value) -> bool {
    let external_id = body["external_id"].as_str().filter(|id| !id.is_empty());
    state.identities.is_taken(&body["traits"], None)
        || external_id.is_some_and(|id| state.identities.is_external_id_taken(id, None))
}

/// A new identity.
pub(super) fn make(state: &State, body: &Value) -> Identity {
    let mut identity = Identity::new(&state.clock, &state.identities.schema, body["traits"].clone());
    fill(state, &mut identity, body);
    for address in body["verifiable_addresses"].as_array().into_iter().flatten() {
        if address["verified"] == true {
            identity.verify(&state.clock, address["value"].as_str().unwrap_or_default());
        }
    }
    identity
}

pub(crate) fn update(state: &mut State, request: &Request, id: &str) -> HandlerResult {
    let mut identity = find(state, id)?.clone();
    let body = decode_object(request)?;
    replace(state, &mut identity, &body)?;
    let updated = json::updated(&identity, &state.url, &body);
    state.identities.insert(identity);
    Ok(Reply::ok(&updated))
}

pub(crate) fn patch(state: &mut State, request: &Request, id: &str) -> HandlerResult {
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
        Error::new(StatusCode::BAD_REQUEST, why.0).reason("An error occured when applying the JSON patch")
    })?;
    check_time(&document["state_changed_at"])?;
    replace(state, &mut identity, &document)?;
    let patched = json::full(&identity, &state.url, &[]);
    state.identities.insert(identity);
    Ok(Reply::ok(&patched))
}

/// Refuses a time that is none, in the words of Go. A time is ignored, since only the server sets it.
fn check_time(time: &Value) -> Result<(), Error> {
    let Some(text) = time.as_str().filter(|text| DateTime::parse_from_rfc3339(text).is_err()) else { return Ok(()) };
    let rest = text.get(4..).filter(|_| text.bytes().take(4).all(|byte| byte.is_ascii_digit()));
    let (rest, part) = rest.map_or((text, "2006"), |rest| (rest, "-"));
    let message =
        format!("parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{rest}\" as \"{part}\"");
    Err(Error::new(StatusCode::BAD_REQUEST, message).reason("An error occured when applying the JSON patch"))
}

fn replace(state: &State, identity: &mut Identity, body: &Value) -> HandlerResult<()> {
    check_import(body)?;
    check(state, body)?;
    let traits = body["traits"].clone();
    let external_id = body["external_id"].as_str().filter(|id| !id.is_empty());
    if state.identities.is_taken(&traits, Some(identity.id))
        || external_id.is_some_and(|id| state.identities.is_external_id_taken(id, Some(identity.id)))
    {
        return Err(Error::new(StatusCode::CONFLICT, TAKEN).into());
    }
    identity.set_traits(&state.clock, &state.identities.schema, traits);
    fill(state, identity, body);
    Ok(())
}

pub(crate) fn delete(state: &mut State, id: &str) -> HandlerResult {
    let id = find(state, id)?.id;
    state.remove_identity(id);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
