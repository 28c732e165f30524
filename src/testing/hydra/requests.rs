//! Login and consent requests, which the login and consent app accepts or rejects.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::browser::with_query;
use super::clients::read_json;
use super::error::{error, go_kind, unknown};
use super::interaction::open;
use super::oauth2_error::OAuth2Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{Authorization, Denial, Stage};
use crate::testing::state::State;

/// The flow of the challenge in a request.
fn challenged(state: &State, request: &Request, step: Stage) -> HandlerResult<Authorization> {
    let flow = open(state, step, challenge(request, step)?).ok_or_else(unknown)?;
    Ok(flow?)
}

fn challenge(request: &Request, step: Stage) -> HandlerResult<&str> {
    let parameter = |name: &str| request.parameter(name).filter(|text| !text.is_empty());
    let challenge = parameter(&format!("{}_challenge", step.request())).or_else(|| parameter("challenge"));
    challenge.ok_or_else(|| {
        let hint = "Query parameter 'challenge' is not defined but should have been.";
        OAuth2Error::invalid_request(hint).into()
    })
}

/// The client of a flow in a reply.
pub(super) fn client_json(state: &State, client: &str) -> HandlerResult<Value> {
    state.clients.get(client).map(read_json).ok_or_else(unknown)
}

pub(super) fn get_login(state: &State, request: &Request) -> HandlerResult {
    let flow = challenged(state, request, Stage::LoginChallenge)?;
    Ok(Reply::ok(&json!({
        "challenge": challenge(request, Stage::LoginChallenge)?,
        "requested_scope": flow.scope,
        "requested_access_token_audience": flow.audience,
        "skip": flow.login.skip,
        "subject": flow.login.subject,
        "oidc_context": flow.oidc_context,
        "client": client_json(state, &flow.client)?,
        "request_url": flow.request_url,
        "session_id": flow.login.session,
    })))
}

pub(super) fn get_consent(state: &State, request: &Request) -> HandlerResult {
    let flow = challenged(state, request, Stage::ConsentChallenge)?;
    Ok(Reply::ok(&consent_json(state, &flow, challenge(request, Stage::ConsentChallenge)?)?))
}

/// A consent request in a reply.
pub(super) fn consent_json(state: &State, flow: &Authorization, challenge: &str) -> HandlerResult<Value> {
    Ok(json!({
        "challenge": challenge,
        "consent_request_id": flow.consent.id,
        "requested_scope": flow.scope,
        "requested_access_token_audience": flow.audience,
        "skip": flow.consent.skip,
        "subject": flow.login.subject,
        "oidc_context": flow.oidc_context,
        "client": client_json(state, &flow.client)?,
        "request_url": flow.request_url,
        "login_challenge": flow.id,
        "login_session_id": flow.login.session,
        "acr": flow.login.acr,
        "amr": flow.login.amr,
        "context": flow.context,
    }))
}

/// The body of an accept or reject.
fn body(request: &Request) -> Result<Value, OAuth2Error> {
    request.json_object().map_err(|why| {
        OAuth2Error::invalid_request(format!("Unable to decode body because: {}", request.json_fault(&why)))
    })
}

/// A member of a body that must have this type (in the words of Go), if it is there at all.
fn member<'a, T: Default>(
    body: &'a Value,
    name: &str,
    go_type: &str,
    read: impl Fn(&'a Value) -> Option<T>,
) -> Result<T, OAuth2Error> {
    let value = &body[name];
    if value.is_null() {
        return Ok(T::default());
    }
    read(value).ok_or_else(|| {
        OAuth2Error::invalid_request(format!(
            "Unable to decode body because: json: cannot unmarshal {} into Go struct field HandledLoginRequest.{name} of \
             type {go_type}",
            go_kind(value)
        ))
    })
}

fn text(body: &Value, name: &str) -> Result<String, OAuth2Error> {
    member(body, name, "string", |value| value.as_str().map(str::to_owned))
}

fn flag(body: &Value, name: &str) -> Result<bool, OAuth2Error> {
    member(body, name, "bool", Value::as_bool)
}

fn number(body: &Value, name: &str) -> Result<i64, OAuth2Error> {
    member(body, name, "int", Value::as_i64)
}

fn texts(body: &Value, name: &str) -> Result<Vec<String>, OAuth2Error> {
    let read = |value: &Value| value.as_array()?.iter().map(|item| Some(item.as_str()?.to_owned())).collect();
    member(body, name, "[]string", read)
}

fn object(body: &Value, name: &str) -> Result<Map<String, Value>, OAuth2Error> {
    member(body, name, "map[string]interface {}", |value| value.as_object().cloned())
}

pub(super) fn accept_login(state: &mut State, request: &Request) -> HandlerResult {
    challenge(request, Stage::LoginChallenge)?;
    let body = body(request)?;
    let subject = text(&body, "subject")?;
    if subject.is_empty() {
        return Err(OAuth2Error::invalid_request("Field 'subject' must not be empty.").into());
    }
    let mut flow = challenged(state, request, Stage::LoginChallenge)?;
    if flow.login.skip && flow.login.subject != subject {
        // It is somebody else than the browser remembers, so they sign in anew.
        return Ok(redirect_to(&with_query(&flow.request_url, &[("prompt", "login")])));
    }
    let login = &mut flow.login;
    login.subject = subject;
    login.identifier = Some(text(&body, "force_subject_identifier")?).filter(|identifier| !identifier.is_empty());
    login.remember = flag(&body, "remember")? || login.skip;
    login.remember_for = number(&body, "remember_for")?;
    login.extend = flag(&body, "extend_session_lifespan")?;
    login.acr = text(&body, "acr")?;
    login.amr = texts(&body, "amr")?;
    if !login.skip {
        login.authenticated_at = Some(state.clock.now());
    }
    flow.context = body["context"].clone();
    flow.denial = None;
    Ok(lead_on(state, Stage::LoginVerifier, flow))
}

pub(super) fn reject_login(state: &mut State, request: &Request) -> HandlerResult {
    challenge(request, Stage::LoginChallenge)?;
    let denial = denial(&body(request)?, "login request denied")?;
    let mut flow = challenged(state, request, Stage::LoginChallenge)?;
    flow.denial = Some(denial);
    Ok(lead_on(state, Stage::LoginVerifier, flow))
}

pub(super) fn accept_consent(state: &mut State, request: &Request) -> HandlerResult {
    challenge(request, Stage::ConsentChallenge)?;
    let body = consent_body(request)?;
    let unrecognizable = |_| OAuth2Error::unrecognizable(StatusCode::BAD_REQUEST);
    let session = object(&body, "session").map_err(unrecognizable)?;
    let claims = |name: &str| session.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
    let mut flow = challenged(state, request, Stage::ConsentChallenge)?;
    let consent = &mut flow.consent;
    consent.scope = texts(&body, "grant_scope").map_err(unrecognizable)?;
    consent.audience = texts(&body, "grant_access_token_audience").map_err(unrecognizable)?;
    consent.remember = flag(&body, "remember").map_err(unrecognizable)?;
    consent.remember_for = number(&body, "remember_for").map_err(unrecognizable)?;
    consent.handled_at = state.clock.now();
    consent.access_claims = claims("access_token");
    consent.id_claims = claims("id_token");
    if !body["context"].is_null() {
        flow.context = body["context"].clone();
    }
    flow.denial = None;
    Ok(lead_on(state, Stage::ConsentVerifier, flow))
}

pub(super) fn reject_consent(state: &mut State, request: &Request) -> HandlerResult {
    challenge(request, Stage::ConsentChallenge)?;
    let denial = denial(&consent_body(request)?, "consent request denied")?;
    let mut flow = challenged(state, request, Stage::ConsentChallenge)?;
    flow.denial = Some(denial);
    Ok(lead_on(state, Stage::ConsentVerifier, flow))
}

/// The body for a consent. Hydra does not say what is wrong with it.
fn consent_body(request: &Request) -> HandlerResult<Value> {
    request.json_object().map_err(|_| error(StatusCode::BAD_REQUEST, "error", "The error is unrecognizable"))
}

/// A rejection in its own words, or else with this error.
fn denial(body: &Value, usual: &str) -> Result<Denial, OAuth2Error> {
    let error = text(body, "error")?;
    let words = [text(body, "error_description")?, text(body, "error_hint")?, text(body, "error_debug")?];
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    Ok(Denial {
        status: u16::try_from(number(body, "status_code")?).unwrap_or_default(),
        error: if error.is_empty() { usual.to_owned() } else { error },
        description: words.join(" "),
    })
}

/// Sends the browser back to where it came from, with a verifier for the next step.
fn lead_on(state: &mut State, step: Stage, flow: Authorization) -> Reply {
    let url = flow.request_url.clone();
    let verifier = state.oauth2.challenges.add(step, flow);
    redirect_to(&with_query(&url, &[(&format!("{}_verifier", step.request()), &verifier)]))
}

pub(super) fn redirect_to(url: &str) -> Reply {
    Reply::ok(&json!({"redirect_to": url}))
}
