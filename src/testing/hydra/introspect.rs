//! What tokens say about themselves, and how they end.

use http::{StatusCode, header};
use serde_json::{Value, json};

use super::authenticate::authenticate;
use super::interaction::missing;
use super::issue::sign;
use super::oauth2_error::{OAuth2Error, WHATEVER};
use super::oauth2_reply;
use super::tokens::form;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{ID_TOKEN_SET, Token, user_info_claims};
use crate::testing::random;
use crate::testing::state::State;

pub(super) fn introspect(state: &State, request: &Request) -> Reply {
    let form = match form(request) {
        Ok(form) => form,
        Err(error) => return error.uncached(),
    };
    let wanted = form.words("scope");
    let found = form.get("token").and_then(|text| active(state, text));
    let found = found.filter(|(token, _)| missing(&wanted, &token.grant.scope).is_none());
    let Some((token, kind)) = found else { return oauth2_reply::json(StatusCode::OK, &json!({"active": false})) };
    let grant = &token.grant;
    let mut body = json!({
        "active": true,
        "scope": grant.scope.join(" "),
        "client_id": grant.client,
        "sub": grant.subject,
        "exp": token.expires_at.timestamp(),
        "iat": token.issued_at.timestamp(),
        "nbf": token.issued_at.timestamp(),
        "aud": grant.audience,
        "iss": state.url,
        "token_type": "Bearer",
        "token_use": kind,
    });
    if !grant.access_claims.is_empty() {
        body["ext"] = Value::Object(grant.access_claims.clone());
    }
    let identifier = grant.authentication.as_ref().map(|authentication| &authentication.identifier);
    if let Some(identifier) = identifier.filter(|identifier| **identifier != grant.subject) {
        body["obfuscated_subject"] = identifier.as_str().into();
    }
    oauth2_reply::cacheable_json(StatusCode::OK, &body)
}

/// The access or refresh token with this text, if it still counts.
fn active<'a>(state: &'a State, text: &str) -> Option<(&'a Token, &'static str)> {
    let (tokens, now) = (&state.oauth2.tokens, state.clock.now());
    let access = tokens.access(text).map(|token| (token, "access_token"));
    let found = access.or_else(|| tokens.refresh(text).map(|token| (token, "refresh_token")));
    found.filter(|(token, _)| !token.used && !token.is_expired(now))
}

/// An unknown token and the token of another client are not errors, and nothing happens to them.
pub(super) fn revoke(state: &mut State, request: &Request) -> Reply {
    match try_revoke(state, request) {
        Ok(()) => oauth2_reply::empty(),
        // The reasons are not told.
        Err(error) if error.name == "invalid_client" => OAuth2Error::invalid_client("").uncached(),
        Err(_) => OAuth2Error::invalid_request(WHATEVER).uncached(),
    }
}

fn try_revoke(state: &mut State, request: &Request) -> Result<(), OAuth2Error> {
    let form = form(request)?;
    let client = authenticate(state, request, &form)?;
    let text = form.get("token").unwrap_or_default();
    let tokens = &mut state.oauth2.tokens;
    let token = tokens.access(text).or_else(|| tokens.refresh(text));
    let grant = token.filter(|token| token.grant.client == client.id()).map(|token| token.grant.id.clone());
    if let Some(grant) = grant {
        tokens.revoke(&grant);
    }
    Ok(())
}

/// Deletes the access tokens of a client.
pub(super) fn delete(state: &mut State, request: &Request) -> HandlerResult {
    let client = request.parameter("client_id").filter(|client| !client.is_empty()).ok_or_else(|| {
        OAuth2Error::invalid_request("Query parameter 'client_id' is not defined but it should have been.")
    })?;
    state.oauth2.tokens.revoke_access_of(client);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

pub(super) fn user_info(state: &mut State, request: &Request) -> HandlerResult {
    let text = bearer(request).unwrap_or_default().to_owned();
    if state.oauth2.tokens.refresh(&text).is_some_and(|token| !token.used) {
        let why = "Only access tokens are allowed in the authorization header.";
        let challenge = format!("Bearer error=\"invalid_token\",error_description=\"{why}\"");
        let reply: Reply = OAuth2Error::unrecognizable(StatusCode::UNAUTHORIZED).into();
        return Err(reply.header(header::WWW_AUTHENTICATE, challenge));
    }
    let token = access_token(state, &text).map_err(|error| {
        let challenge = format!("Bearer error=\"{}\",error_description=\"{}\"", error.name, error.description);
        Reply::from(error).header(header::WWW_AUTHENTICATE, challenge)
    })?;
    let mut claims = user_info_claims(&state.url, token);
    let client = state.clients.get(&token.grant.client);
    if client.is_none_or(|client| client.text("userinfo_signed_response_alg") != "RS256") {
        return Ok(Reply::ok(&Value::Object(claims)));
    }
    claims.insert("iat".to_owned(), state.clock.now().timestamp().into());
    claims.insert("jti".to_owned(), json!(random::uuid()));
    let text = sign(state, ID_TOKEN_SET, &Value::Object(claims))?;
    Ok(Reply::text(StatusCode::OK, "application/jwt", text))
}

/// The token that a request carries, in its header or its query.
pub(super) fn bearer(request: &Request) -> Option<&str> {
    match request.header(header::AUTHORIZATION) {
        Some(value) => {
            value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token)
        }
        None => request.parameter("access_token"),
    }
}

/// The access token with this text, unless it is unknown or expired.
pub(super) fn access_token<'a>(state: &'a State, text: &str) -> Result<&'a Token, OAuth2Error> {
    let token = state.oauth2.tokens.access(text).ok_or_else(|| {
        OAuth2Error::request_unauthorized("Check that you provided valid credentials in the right format.")
    })?;
    if token.is_expired(state.clock.now()) {
        let end = token.expires_at.format("%Y-%m-%d %H:%M:%S%.f +0000 UTC");
        return Err(OAuth2Error::invalid_token(format!("Access token expired at '{end}'.")));
    }
    Ok(token)
}
