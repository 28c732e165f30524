//! The sign-in of a device without a browser (RFC 8628).

use std::sync::Arc;

use http::StatusCode;
use serde_json::{Value, json};

use super::authenticate::authenticate;
use super::browser::{CSRF_SECONDS, DEVICE_COOKIE, check_csrf, to_page, with_query};
use super::error::unknown;
use super::interaction::{self, Visit, audiences, check_request};
use super::oauth2_error::OAuth2Error;
use super::requests::redirect_to;
use super::tokens::{DEVICE_GRANT, form};
use super::{issue, oauth2_reply};
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{Authorization, DeviceState, Grant, Stage};
use crate::testing::random;
use crate::testing::state::State;

/// Seconds between two questions of a device.
const INTERVAL: u32 = 5;

/// The device's side: asks for its codes.
pub(super) fn start(state: &mut State, request: &Request) -> Reply {
    match codes(state, request) {
        Ok(body) => oauth2_reply::json(StatusCode::OK, &body),
        Err(error) => error.uncached(),
    }
}

fn codes(state: &mut State, request: &Request) -> Result<Value, OAuth2Error> {
    let form = form(request)?;
    let client = authenticate(state, request, &form)?;
    if form.get("client_id") != Some(client.id()) {
        return Err(OAuth2Error::invalid_request("Provided client_id mismatch."));
    }
    if !client.allows_grant(DEVICE_GRANT) {
        let hint = format!("The requested OAuth 2.0 Client does not have the '{DEVICE_GRANT}' grant.");
        return Err(OAuth2Error::invalid_grant(hint));
    }
    let (scope, audience) = (form.words("scope"), audiences(form.get("audience").into_iter()));
    check_request(&client, &scope, &audience)?;
    let now = state.clock.now();
    let code = state.oauth2.devices.add(now, client.id(), scope, audience);
    let device = state.oauth2.devices.get(&code).ok_or_else(|| OAuth2Error::server_error(""))?;
    let page = format!("{}/oauth2/device/verify", state.url);
    Ok(json!({
        "Header": null,
        "device_code": code,
        "user_code": device.user_code,
        "verification_uri": page,
        "verification_uri_complete": with_query(&page, &[("user_code", &device.user_code)]),
        "expires_in": issue::seconds(device.expires_at - now),
        "interval": INTERVAL,
    }))
}

/// The browser's side: each step of the person.
pub(super) fn verify(state: &mut State, request: &Request) -> HandlerResult {
    let verifier = |name: &str| request.parameter(name).unwrap_or_default().trim();
    let (device, login, consent) =
        (verifier("device_verifier"), verifier("login_verifier"), verifier("consent_verifier"));
    if device.is_empty() && login.is_empty() && consent.is_empty() {
        return Ok(begin(state, request));
    }
    let waiting = if login.is_empty() && consent.is_empty() {
        let flow = interaction::verify(state, Stage::DeviceVerifier, device)?;
        check_csrf(request, DEVICE_COOKIE, &flow.login.csrf)?;
        Some(flow)
    } else {
        None
    };
    let id = request.parameter("client_id").unwrap_or_default();
    if id.is_empty() {
        return Err(OAuth2Error::invalid_client("Query parameter 'client_id' is missing.").into());
    }
    let client = state.clients.get(id).cloned().ok_or_else(unknown)?;
    let visit = Visit { request, client: &client, redirect_uri: None };
    if let Some(flow) = waiting {
        return Ok(interaction::request_login(state, &visit, flow)?);
    }
    if !login.is_empty() {
        return Ok(interaction::continue_after_login(state, &visit, login)?);
    }
    let flow = interaction::finish(state, &visit, consent)?;
    let identifier = interaction::identifier(&client, &flow.login);
    let grant = Arc::new(Grant::of_flow(&flow, identifier, ""));
    state.oauth2.devices.set_state(flow.device.as_deref().unwrap_or_default(), DeviceState::Accepted(grant));
    Ok(to_page(state, "device/success", &[("client_id", client.id())]))
}

/// Sends the browser to the page where the person enters the code.
fn begin(state: &mut State, request: &Request) -> Reply {
    // The code itself is kept nowhere.
    let is_code = |name: &str| name.eq_ignore_ascii_case("user_code");
    let pairs = request.query.iter().map(|(name, value)| (name.as_str(), if is_code(name) { "****" } else { value }));
    let pairs: Vec<(&str, &str)> = pairs.collect();
    let url = with_query(&format!("{}/oauth2/device/verify", state.url), &pairs);
    let mut flow = Authorization::new(state.clock.now(), "", url);
    flow.login.csrf = random::uuid().simple().to_string();
    let csrf = flow.login.csrf.clone();
    let challenge = state.oauth2.challenges.add(Stage::DeviceChallenge, flow);
    let mut parameters = vec![("device_challenge", challenge.as_str())];
    parameters.extend(request.parameter("user_code").map(|code| ("user_code", code)));
    to_page(state, "device/verify", &parameters).set_cookie(DEVICE_COOKIE, &csrf, Some(CSRF_SECONDS))
}

/// The page's side: the person entered a code.
pub(super) fn accept(state: &mut State, request: &Request) -> HandlerResult {
    let challenge = request.parameter("device_challenge").unwrap_or_default();
    let refuse = |hint: &str| Err(OAuth2Error::invalid_request(hint).into());
    if challenge.is_empty() {
        return refuse("Query parameter 'device_challenge' is not defined but should have been.");
    }
    let body = request.json_object().map_err(|why| {
        let why = request.json_fault(&why).replace("type struct", "type flow.AcceptDeviceUserCodeRequest");
        OAuth2Error::invalid_request(format!("Unable to decode request body: {why}"))
    })?;
    let code = body["user_code"].as_str().unwrap_or_default();
    if code.is_empty() {
        return refuse("Field 'user_code' must not be empty.");
    }
    let mut flow = interaction::open(state, Stage::DeviceChallenge, challenge).ok_or_else(unknown)??;
    let Some((device_code, device)) = state.oauth2.devices.waiting(state.clock.now(), code) else {
        return refuse("The 'user_code' session could not be found or has expired or is otherwise malformed.");
    };
    flow.device = Some(device_code.to_owned());
    flow.client.clone_from(&device.client);
    flow.scope.clone_from(&device.scope);
    flow.audience.clone_from(&device.audience);
    flow.request_url = with_query(&flow.request_url, &[("client_id", &device.client)]);
    let (url, client) = (flow.request_url.clone(), flow.client.clone());
    let verifier = state.oauth2.challenges.add(Stage::DeviceVerifier, flow);
    Ok(redirect_to(&with_query(&url, &[("device_verifier", &verifier), ("client_id", &client)])))
}
