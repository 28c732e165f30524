//! Administration of the issuers whose assertions count as a grant.

use chrono::{DateTime, SecondsFormat, Utc};
use http::{StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::{error, malformed, not_found};
use super::keys;
use crate::testing::clock::Time;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{InvalidKey, Issuer};
use crate::testing::page;
use crate::testing::random;
use crate::testing::state::State;

pub(super) fn create(state: &mut State, request: &Request) -> HandlerResult {
    let sent = request.json_object().map_err(|why| undecodable(&request.json_fault(&why)))?;
    let expires_at = match sent["expires_at"].as_str() {
        None => None,
        Some(text) => Some(
            DateTime::parse_from_rfc3339(text)
                .map_err(|_| undecodable(&format!("parsing time '{text}' as '2006-01-02T15:04:05Z07:00'")))?,
        ),
    };
    let jwk = if sent["jwk"].is_null() { Value::Null } else { keys::read(&sent["jwk"])? };
    let text = |name: &str| sent[name].as_str().unwrap_or_default();
    let any = sent["allow_any_subject"] == true;
    let missing = if text("issuer").is_empty() {
        Some("Field 'issuer' is required.")
    } else if text("subject").is_empty() && !any {
        Some("One of 'subject' or 'allow_any_subject' field must be set.")
    } else if !text("subject").is_empty() && any {
        Some("Both 'subject' and 'allow_any_subject' fields cannot be set at the same time.")
    } else if expires_at.is_none() {
        Some("Field 'expires_at' is required.")
    } else if jwk["kid"].as_str().is_none_or(str::is_empty) {
        Some("Field 'jwk' must contain JWK with kid header.")
    } else {
        None
    };
    if let Some(missing) = missing {
        let text = format!("One of the required parameters is missing. Check your request parameters. {missing}");
        return Err(error(StatusCode::BAD_REQUEST, "missing_required_parameter", &text));
    }
    let scope = sent["scope"].as_array();
    let issuer = Issuer {
        id: random::uuid(),
        issuer: text("issuer").to_owned(),
        subject: text("subject").to_owned(),
        scope: scope.map(|scope| scope.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        jwk,
        created_at: state.clock.now(),
        expires_at: expires_at.map_or(Time::MAX_UTC, |time| time.with_timezone(&Utc)),
    };
    let body = json_of(&issuer);
    let location = format!("/trust/grants/jwt-bearer/issuers/{}", issuer.id);
    if !state.oauth2.issuers.add(issuer) {
        return Err(InvalidKey::Conflict.into());
    }
    Ok(Reply::json(StatusCode::CREATED, &body).header(header::LOCATION, location))
}

fn undecodable(why: &str) -> Reply {
    error(StatusCode::BAD_REQUEST, "error", why)
}

fn json_of(issuer: &Issuer) -> Value {
    let time = |time: Time| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    json!({
        "id": issuer.id,
        "issuer": issuer.issuer,
        "subject": issuer.subject,
        "allow_any_subject": issuer.subject.is_empty(),
        "scope": issuer.scope,
        "public_key": {"set": issuer.issuer, "kid": issuer.kid()},
        "created_at": time(issuer.created_at),
        "expires_at": time(issuer.expires_at),
    })
}

pub(super) fn list(state: &State, request: &Request) -> HandlerResult {
    let size = page::size(request, "page_size", 100, 500)
        .map_err(|why| malformed(&format!("Unable to parse pagination parameters: {}", why.0)))?;
    let after = page::after(request).map_err(malformed)?;
    let issuer = request.parameter("issuer").filter(|issuer| !issuer.is_empty());
    let wanted: Vec<&Issuer> = state
        .oauth2
        .issuers
        .iter()
        .filter(|known| issuer.is_none_or(|issuer| known.issuer == issuer) && known.id.to_string().as_str() > after)
        .collect();
    let next = wanted.get(size - 1).filter(|_| wanted.len() > size).map(|last| format!("after-{}", last.id));
    let items: Vec<Value> = wanted.into_iter().take(size).map(json_of).collect();
    let links = page::token_links(request, size, "after-", next.as_deref());
    Ok(Reply::ok(&Value::Array(items)).header(header::LINK, links))
}

fn read_id(id: &str) -> HandlerResult<Uuid> {
    id.parse()
        .map_err(|_| malformed(&format!("Unable to parse parameter id: uuid: incorrect UUID format in string '{id}'")))
}

pub(super) fn get(state: &State, id: &str) -> HandlerResult {
    let issuer = state.oauth2.issuers.get(read_id(id)?).ok_or_else(not_found)?;
    Ok(Reply::ok(&json_of(issuer)))
}

pub(super) fn delete(state: &mut State, id: &str) -> HandlerResult {
    if state.oauth2.issuers.remove(read_id(id)?) { Ok(Reply::empty(StatusCode::NO_CONTENT)) } else { Err(not_found()) }
}
