//! OAuth2 clients that register and manage themselves (RFC 7591, RFC 7592).

use http::{StatusCode, header};
use serde_json::{Value, json};

use super::clients::{decode_object, read_json, written_json};
use super::error::{error, invalid_metadata, malformed};
use super::introspect::bearer;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{OAuth2Client, token_text};
use crate::testing::random;
use crate::testing::state::State;

pub(super) fn create(state: &mut State, request: &Request) -> HandlerResult {
    let sent = decode_object(request)?;
    if sent["client_secret"].as_str().is_some_and(|secret| !secret.is_empty()) {
        return Err(malformed("It is not allowed to choose your own OAuth2 Client secret."));
    }
    let mut client = OAuth2Client::new(&state.clock);
    fill(&mut client, &sent)?;
    client.secret = Some(random::alphanumeric(26));
    let mut body = with_new_token(&mut client);
    if !client.is_public() {
        body["client_secret"] = json!(client.secret);
    }
    body["registration_client_uri"] = json!(format!("{}/oauth2/register/{}", state.url, client.id()));
    let location = format!("admin/clients/{}", client.id());
    state.clients.insert(client);
    Ok(Reply::json(StatusCode::CREATED, &body).header(header::LOCATION, location))
}

pub(super) fn get(state: &State, request: &Request, id: &str) -> HandlerResult {
    let mut body = read_json(authorize(state, request, id)?);
    if let Some(body) = body.as_object_mut() {
        body.remove("metadata");
    }
    Ok(Reply::ok(&body))
}

/// Replaces the client's metadata, and its token too.
pub(super) fn update(state: &mut State, request: &Request, id: &str) -> HandlerResult {
    let old = authorize(state, request, id)?;
    let sent = request.json_object().map_err(|_| malformed("Unable to decode the request body. Is it valid JSON?"))?;
    if sent["client_secret"].as_str().is_some_and(|secret| !secret.is_empty()) {
        let why = "It is not allowed to choose your own OAuth2 Client secret.";
        return Err(error(StatusCode::FORBIDDEN, "The requested action was forbidden", why));
    }
    let mut client = OAuth2Client::replacing(&state.clock, old);
    fill(&mut client, &sent)?;
    let body = with_new_token(&mut client);
    state.clients.insert(client);
    Ok(Reply::ok(&body))
}

pub(super) fn delete(state: &mut State, request: &Request, id: &str) -> HandlerResult {
    authorize(state, request, id)?;
    state.remove_client(id);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// The client, if the request carries its token.
fn authorize<'a>(state: &'a State, request: &Request, id: &str) -> HandlerResult<&'a OAuth2Client> {
    let token = bearer(request).filter(|token| !token.is_empty());
    let client =
        state.clients.get(id).filter(|client| token.is_some() && client.registration_token.as_deref() == token);
    client.ok_or_else(|| {
        let why = "The requested OAuth 2.0 client does not exist or you provided incorrect credentials.";
        error(StatusCode::UNAUTHORIZED, "The request could not be authorized", why)
    })
}

/// Takes what a client may say about itself.
fn fill(client: &mut OAuth2Client, sent: &Value) -> HandlerResult<()> {
    if !sent["metadata"].is_null() {
        return Err(invalid_metadata("'metadata' cannot be set for dynamic client registration"));
    }
    if sent["access_token_strategy"].as_str().is_some_and(|strategy| !strategy.is_empty()) {
        return Err(malformed("It is not allowed to choose your own access token strategy."));
    }
    for name in ["skip_consent", "skip_logout_consent"] {
        if sent[name] == true {
            let why = format!("'{name}' cannot be set for dynamic client registration");
            return Err(error(StatusCode::BAD_REQUEST, "invalid_request", &why));
        }
    }
    Ok(client.fill(sent)?)
}

/// Gives the client a new token, and returns both.
fn with_new_token(client: &mut OAuth2Client) -> Value {
    let token = token_text();
    let mut body = written_json(client);
    body["registration_access_token"] = json!(token);
    client.registration_token = Some(token);
    body
}
