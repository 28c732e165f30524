//! Consents that persons gave, and their login sessions.

use http::{StatusCode, header};
use serde_json::{Value, json};

use super::error::malformed;
use super::logout;
use super::oauth2_error::OAuth2Error;
use super::requests::consent_json;
use crate::testing::clock::rfc3339;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::Authorization;
use crate::testing::page;
use crate::testing::state::State;

fn parameter<'a>(request: &'a Request, name: &str) -> &'a str {
    request.parameter(name).unwrap_or_default()
}

pub(super) fn list_consents(state: &State, request: &Request) -> HandlerResult {
    let (subject, session) = (parameter(request, "subject"), parameter(request, "login_session_id"));
    if subject.is_empty() {
        let hint = "Query parameter 'subject' is not defined but should have been.";
        return Err(OAuth2Error::invalid_request(hint).into());
    }
    let size = page::size(request, "page_size", 100, 500)
        .map_err(|why| OAuth2Error::invalid_request(format!("Unable to parse pagination parameters: {}", why.0)))?;
    let after = page::after(request).map_err(malformed)?;
    let flows: Vec<&Authorization> = state
        .oauth2
        .consents
        .of(state.clock.now(), subject)
        .filter(|flow| session.is_empty() || flow.login.session == session)
        .filter(|flow| flow.id.as_str() > after)
        .collect();
    if flows.is_empty() {
        return Ok(Reply::ok(&json!([])));
    }
    let next = flows.get(size - 1).filter(|_| flows.len() > size).map(|last| format!("after-{}", last.id));
    let items: HandlerResult<Vec<Value>> = flows.into_iter().take(size).map(|flow| session_json(state, flow)).collect();
    let links = page::token_links(request, size, "after-", next.as_deref());
    Ok(Reply::ok(&Value::Array(items?)).header(header::LINK, links))
}

fn session_json(state: &State, flow: &Authorization) -> HandlerResult<Value> {
    let consent = &flow.consent;
    Ok(json!({
        "consent_request_id": consent.id,
        "grant_scope": consent.scope,
        "grant_access_token_audience": consent.audience,
        "session": {"access_token": consent.access_claims, "id_token": consent.id_claims},
        "remember": consent.remember,
        "remember_for": consent.remember_for,
        "handled_at": rfc3339(consent.handled_at),
        "context": flow.context,
        "consent_request": consent_json(state, flow, "")?,
    }))
}

/// Revokes consents with all their tokens.
pub(super) fn revoke_consents(state: &mut State, request: &Request) -> HandlerResult {
    let (subject, client) = (parameter(request, "subject"), parameter(request, "client"));
    let (id, all) = (parameter(request, "consent_request_id"), parameter(request, "all") == "true");
    let consents = &mut state.oauth2.consents;
    let gone = match (id.is_empty(), subject.is_empty(), client.is_empty(), all) {
        (false, true, true, _) => consents.remove(|flow| flow.consent.id == id),
        (true, false, false, false) => consents.remove(|flow| flow.login.subject == subject && flow.client == client),
        (true, false, true, true) => consents.remove(|flow| flow.login.subject == subject),
        _ => return Err(OAuth2Error::invalid_request("Invalid combination of query parameters.").into()),
    };
    for grant in gone {
        state.oauth2.tokens.revoke(&grant);
    }
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// Ends the login sessions of a person, or one of them. The applications are told of the end of one.
pub(super) fn revoke_logins(state: &mut State, request: &Request) -> HandlerResult {
    let (subject, session) = (parameter(request, "subject"), parameter(request, "sid"));
    if session.is_empty() && subject.is_empty() {
        let hint = "Either 'subject' or 'sid' query parameters need to be defined.";
        return Err(OAuth2Error::invalid_request(hint).into());
    }
    if session.is_empty() {
        state.oauth2.logins.remove_of(subject);
    } else if let Some(known) = state.oauth2.logins.remembered(state.clock.now(), session) {
        let subject = known.subject.clone();
        logout::end(state, &subject, session)?;
    }
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
