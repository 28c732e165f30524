//! Administration of OAuth2 clients.

use http::{StatusCode, header};
use serde_json::{Value, json};

use super::error::{error, malformed, not_found};
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{NULL_LISTS, OAuth2Client, token_text};
use crate::testing::page;
use crate::testing::patch;
use crate::testing::random;
use crate::testing::state::State;

pub(super) fn list(state: &State, request: &Request) -> HandlerResult {
    let size = page::size(request, "page_size", 100, 500).map_err(|why| malformed(&why.0))?;
    let after = match request.parameter("page_token").filter(|token| !token.is_empty()) {
        None => "",
        Some(token) => token
            .strip_prefix("after-")
            .ok_or_else(|| malformed("The page token is invalid, do not craft your own page tokens"))?,
    };
    let matches = |client: &&OAuth2Client| {
        request.parameter("client_name").is_none_or(|name| client.text("client_name") == name)
            && request.parameter("owner").is_none_or(|owner| client.text("owner") == owner)
            && client.id() > after
    };
    let rest: Vec<&OAuth2Client> = state.clients.iter().filter(matches).collect();
    let next = rest.get(size - 1).filter(|_| rest.len() > size).map(|last| format!("after-{}", last.id()));
    let items: Vec<Value> = rest.into_iter().take(size).map(read_json).collect();
    let links = page::token_links(request, size, "after-", next.as_deref());
    Ok(Reply::ok(&Value::Array(items)).header(header::LINK, links))
}

fn find<'a>(state: &'a State, id: &str) -> HandlerResult<&'a OAuth2Client> {
    state.clients.get(id).ok_or_else(not_found)
}

pub(super) fn get(state: &State, id: &str) -> HandlerResult {
    Ok(Reply::ok(&read_json(find(state, id)?)))
}

pub(super) fn create(state: &mut State, request: &Request) -> HandlerResult {
    let mut sent = decode_object(request)?;
    let mut client = OAuth2Client::new(&state.clock);
    if let Some(id) = sent["client_id"].as_str().filter(|id| !id.is_empty()) {
        if state.clients.get(id).is_some() {
            let text = "Unable to insert or update resource because a resource with that value exists already";
            return Err(error(StatusCode::CONFLICT, text, ""));
        }
        client.set("client_id", id);
    }
    let is_public = sent["token_endpoint_auth_method"] == "none";
    if !is_public && sent["client_secret"].as_str().is_none_or(str::is_empty) {
        sent["client_secret"] = json!(random::alphanumeric(26));
    }
    client.fill(&sent)?;
    let mut body = with_sent_secret(&client, &sent, written_json(&client));
    body["registration_access_token"] = json!(token_text());
    body["registration_client_uri"] = json!(format!("{}/oauth2/register", state.url));
    let location = format!("/admin/clients/{}", client.id());
    state.clients.insert(client);
    Ok(Reply::json(StatusCode::CREATED, &body).header(header::LOCATION, location))
}

pub(super) fn update(state: &mut State, request: &Request, id: &str) -> HandlerResult {
    let old = find(state, id)?;
    let sent = decode_object(request)?;
    let mut client = OAuth2Client::replacing(&state.clock, old);
    client.fill(&sent)?;
    let body = with_sent_secret(&client, &sent, written_json(&client));
    state.clients.insert(client);
    Ok(Reply::ok(&body))
}

pub(super) fn patch(state: &mut State, request: &Request, id: &str) -> HandlerResult {
    let old = find(state, id)?;
    let steps = request.json().map_err(|why| malformed(&why.to_string()))?;
    let mut document = read_json(old);
    // Hydra does not say what is wrong with these patches.
    patch::apply(&mut document, &steps, &[])
        .map_err(|_| error(StatusCode::INTERNAL_SERVER_ERROR, "error", "The error is unrecognizable"))?;
    if document["client_id"] != old.id() {
        return Err(not_found());
    }
    let mut client = OAuth2Client::replacing(&state.clock, old);
    client.set("created_at", old.text("created_at"));
    client.fill(&document)?;
    let body = with_sent_secret(&client, &document, read_json(&client));
    state.clients.insert(client);
    Ok(Reply::ok(&body))
}

pub(super) fn delete(state: &mut State, id: &str) -> HandlerResult {
    if state.remove_client(id) { Ok(Reply::empty(StatusCode::NO_CONTENT)) } else { Err(not_found()) }
}

fn decode_object(request: &Request) -> HandlerResult<Value> {
    request.json_object().map_err(|why| malformed(&why.to_string()))
}

/// A client in the replies to POST and PUT, where lists may be null.
fn written_json(client: &OAuth2Client) -> Value {
    Value::Object(client.metadata.clone())
}

/// A client in the replies to GET and PATCH, where no list is null.
fn read_json(client: &OAuth2Client) -> Value {
    let mut body = client.metadata.clone();
    for name in NULL_LISTS {
        if let Some(value) = body.get_mut(name).filter(|value| value.is_null()) {
            *value = json!([]);
        }
    }
    Value::Object(body)
}

/// Adds the secret if it was sent. No other reply contains it.
fn with_sent_secret(client: &OAuth2Client, sent: &Value, mut body: Value) -> Value {
    if sent["client_secret"].is_string() {
        body["client_secret"] = json!(client.secret);
    }
    body
}
