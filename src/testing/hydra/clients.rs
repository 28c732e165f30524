//! Administration of OAuth2 clients.

use http::{StatusCode, header};
use serde_json::{Value, json};

use super::error::{error, go_kind, malformed, not_found, undecodable};
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{InvalidClient, NULL_LISTS, OAuth2Client, token_text};
use crate::testing::page;
use crate::testing::patch;
use crate::testing::random;
use crate::testing::state::State;

pub(super) fn list(state: &State, request: &Request) -> HandlerResult {
    let size = page::size(request, "page_size", 100, 500).map_err(|why| malformed(&why.0))?;
    let after = page::after(request).map_err(malformed)?;
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
    check_subjects(state, &client)?;
    let token = token_text();
    let mut body = with_sent_secret(&client, &sent, written_json(&client));
    body["registration_access_token"] = json!(token);
    body["registration_client_uri"] = json!(format!("{}/oauth2/register", state.url));
    client.registration_token = Some(token);
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

/// Where all access tokens are JWTs, no client can see subjects of its own.
fn check_subjects(state: &State, client: &OAuth2Client) -> HandlerResult<()> {
    if state.oauth2.jwt_access_tokens && client.is_pairwise() {
        return Err(InvalidClient::PairwiseSubject.into());
    }
    Ok(())
}

pub(super) fn set_lifespans(state: &mut State, request: &Request, id: &str) -> HandlerResult {
    let mut client = find(state, id)?.clone();
    let sent = request.json().map_err(|why| undecodable(&request.json_fault(&why)))?;
    if !sent.is_object() && !sent.is_null() {
        let kind = go_kind(&sent);
        return Err(undecodable(&format!("json: cannot unmarshal {kind} into Go value of type client.Lifespans")));
    }
    client.set_lifespans(&state.clock, &sent)?;
    let body = read_json(&client);
    state.clients.insert(client);
    Ok(Reply::ok(&body))
}

/// A client whose secrets may be rotated.
fn with_secrets(state: &State, id: &str) -> HandlerResult<OAuth2Client> {
    let client = find(state, id)?;
    match client.text("token_endpoint_auth_method") {
        method @ ("none" | "private_key_jwt") => Err(malformed(&format!(
            "The client is configured to use the '{method}' authentication method, which does not support client secret \
             rotation."
        ))),
        _ => Ok(client.clone()),
    }
}

pub(super) fn rotate_secret(state: &mut State, id: &str) -> HandlerResult {
    let mut client = with_secrets(state, id)?;
    client.rotate_secret(&state.clock);
    let mut body = read_json(&client);
    body["client_secret"] = json!(client.secret);
    state.clients.insert(client);
    Ok(Reply::ok(&body))
}

pub(super) fn delete_old_secrets(state: &mut State, id: &str) -> HandlerResult {
    let mut client = with_secrets(state, id)?;
    client.old_secrets.clear();
    let body = read_json(&client);
    state.clients.insert(client);
    Ok(Reply::ok(&body))
}

pub(super) fn delete(state: &mut State, id: &str) -> HandlerResult {
    if state.remove_client(id) { Ok(Reply::empty(StatusCode::NO_CONTENT)) } else { Err(not_found()) }
}

pub(super) fn decode_object(request: &Request) -> HandlerResult<Value> {
    request.json_object().map_err(|why| undecodable(&request.json_fault(&why)))
}

/// A client in the replies to POST and PUT, where lists may be null.
pub(super) fn written_json(client: &OAuth2Client) -> Value {
    Value::Object(client.metadata.clone())
}

/// A client in the replies to GET and PATCH, where no list is null.
pub(super) fn read_json(client: &OAuth2Client) -> Value {
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
