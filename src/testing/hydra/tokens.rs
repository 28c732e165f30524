//! The token endpoint.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::Value;

use super::authenticate::authenticate;
use super::interaction::check_request;
use super::oauth2_error::{OAuth2Error, WHATEVER};
use super::{assertion, issue, oauth2_reply};
use crate::testing::http::{Form, Reply, Request};
use crate::testing::model::{DeviceState, Grant, OAuth2Client, Pkce};
use crate::testing::state::State;

pub(super) const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const ASSERTION_GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// The form of a body, which must not be empty.
pub(super) fn form(request: &Request) -> Result<Form, OAuth2Error> {
    if request.body.is_empty() {
        return Err(OAuth2Error::invalid_request("The POST body can not be empty."));
    }
    Ok(request.form())
}

pub(super) fn issue(state: &mut State, request: &Request) -> Reply {
    match grant(state, request) {
        Ok(body) => oauth2_reply::json(StatusCode::OK, &body),
        Err(error) => error.uncached(),
    }
}

fn grant(state: &mut State, request: &Request) -> Result<Value, OAuth2Error> {
    let form = form(request)?;
    let grant = form.get("grant_type").unwrap_or_default();
    if grant.is_empty() {
        return Err(OAuth2Error::invalid_request("Request parameter 'grant_type' is missing"));
    }
    let known = ["authorization_code", "refresh_token", "client_credentials", DEVICE_GRANT, ASSERTION_GRANT];
    if !known.contains(&grant) {
        return Err(OAuth2Error::invalid_request(WHATEVER));
    }
    let client = authenticate(state, request, &form)?;
    if !client.allows_grant(grant) {
        return Err(OAuth2Error::grant_not_allowed(grant));
    }
    match grant {
        "authorization_code" => by_code(state, &client, &form),
        "refresh_token" => by_refresh_token(state, &client, &form),
        DEVICE_GRANT => by_device_code(state, &client, &form),
        ASSERTION_GRANT => assertion::grant(state, &client, &form),
        _ => by_client_credentials(state, &client, &form),
    }
}

fn by_client_credentials(state: &mut State, client: &OAuth2Client, form: &Form) -> Result<Value, OAuth2Error> {
    let (scope, audience) = (form.words("scope"), form.words("audience"));
    check_request(client, &scope, &audience)?;
    if client.is_public() {
        return Err(OAuth2Error::invalid_grant(
            "The OAuth 2.0 Client is marked as public and is thus not allowed to use authorization grant \
             'client_credentials'.",
        ));
    }
    // The whole scope of the client if the form names none.
    let scope = if scope.is_empty() { client.scope() } else { scope };
    let grant = Arc::new(Grant::of_client(client.id(), client.id(), scope, audience));
    issue::tokens(state, client, &grant, "client_credentials")
}

fn by_code(state: &mut State, client: &OAuth2Client, form: &Form) -> Result<Value, OAuth2Error> {
    let now = state.clock.now();
    let text = form.get("code").unwrap_or_default();
    let code = state.oauth2.tokens.code(text).ok_or_else(|| OAuth2Error::invalid_grant("not_found"))?;
    let grant = Arc::clone(&code.grant);
    if code.used {
        // Somebody else may have used it, so nobody keeps what it gave.
        state.oauth2.tokens.revoke(&grant.id);
        return Err(OAuth2Error::invalid_grant("The authorization code has already been used."));
    }
    if code.expires_at <= now {
        return Err(OAuth2Error::invalid_grant("invalid_token"));
    }
    if grant.client != client.id() {
        let hint = "The OAuth 2.0 Client ID from this request does not match the one from the authorize request.";
        return Err(OAuth2Error::invalid_grant(hint));
    }
    if !code.redirect_uri.is_empty() && form.get("redirect_uri") != Some(code.redirect_uri.as_str()) {
        let hint = "The 'redirect_uri' from this request does not match the one from the authorize request.";
        return Err(OAuth2Error::invalid_grant(hint));
    }
    // The challenge is compared once only.
    check_verifier(code.pkce.take(), form.get("code_verifier").unwrap_or_default())?;
    code.used = true;
    issue::tokens(state, client, &grant, "authorization_code")
}

fn check_verifier(pkce: Option<Pkce>, verifier: &str) -> Result<(), OAuth2Error> {
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let hint = match pkce {
        None if verifier.is_empty() => return Ok(()),
        None => "Unable to find initial PKCE data tied to this request not_found",
        Some(pkce) if pkce.challenge.is_empty() && verifier.is_empty() => return Ok(()),
        Some(_) if verifier.len() < 43 => "The PKCE code verifier must be at least 43 characters.",
        Some(_) if verifier.len() > 128 => "The PKCE code verifier can not be longer than 128 characters.",
        Some(_) if !verifier.bytes().all(is_legal) => {
            "The PKCE code verifier must only contain [a-Z], [0-9], '-', '.', '_', '~'."
        }
        Some(pkce) if pkce.challenge.is_empty() => {
            "The PKCE code verifier was provided but the code challenge was absent from the authorization request."
        }
        Some(pkce) => {
            let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
            if BASE64_URL_SAFE_NO_PAD.encode(hash) == pkce.challenge {
                return Ok(());
            }
            "The PKCE code challenge did not match the code verifier."
        }
    };
    Err(OAuth2Error::invalid_grant(hint))
}

fn by_refresh_token(state: &mut State, client: &OAuth2Client, form: &Form) -> Result<Value, OAuth2Error> {
    let text = form.get("refresh_token").unwrap_or_default();
    let token = state.oauth2.tokens.refresh(text).cloned().ok_or_else(|| {
        OAuth2Error::invalid_grant("The refresh token is malformed or not valid. The refresh token can not be found.")
    })?;
    if token.used {
        state.oauth2.tokens.revoke(&token.grant.id);
        return Err(OAuth2Error::invalid_grant(
            "The refresh token was already used. Refresh token re-use was detected. All related tokens have been revoked.",
        ));
    }
    if token.is_expired(state.clock.now()) {
        return Err(OAuth2Error::invalid_grant("The refresh token expired."));
    }
    if token.grant.client != client.id() {
        return Err(OAuth2Error::invalid_grant(
            "The OAuth 2.0 Client ID from this request does not match the ID during the initial token issuance.",
        ));
    }
    check_request(client, &token.grant.scope, &token.grant.audience)?;
    state.oauth2.tokens.rotate(text);
    issue::tokens(state, client, &token.grant, "refresh_token")
}

fn by_device_code(state: &mut State, client: &OAuth2Client, form: &Form) -> Result<Value, OAuth2Error> {
    let code = form.get("device_code").unwrap_or_default();
    let device = state.oauth2.devices.get(code).ok_or_else(|| OAuth2Error::invalid_grant("not_found"))?;
    let grant = match &device.state {
        DeviceState::Pending => {
            let text = "The authorization request is still pending as the end user hasn't yet completed the \
                        user-interaction steps.";
            return Err(OAuth2Error::bare(StatusCode::BAD_REQUEST, "authorization_pending", text));
        }
        DeviceState::Used => {
            return Err(OAuth2Error::invalid_grant("The authorization code has already been used."));
        }
        DeviceState::Accepted(grant) => Arc::clone(grant),
    };
    if device.expires_at <= state.clock.now() {
        let text = format!(
            "The device_code has expired, and the device authorization session has concluded. Device code expired at '{}'.",
            device.expires_at.format("%Y-%m-%d %H:%M:%S%.f +0000 UTC")
        );
        return Err(OAuth2Error::bare(StatusCode::BAD_REQUEST, "expired_token", &text));
    }
    if device.client != client.id() {
        let hint = "The OAuth 2.0 Client ID from this request does not match the one from the authorize request.";
        return Err(OAuth2Error::invalid_grant(hint));
    }
    state.oauth2.devices.set_state(code, DeviceState::Used);
    issue::tokens(state, client, &grant, "device_authorization")
}
