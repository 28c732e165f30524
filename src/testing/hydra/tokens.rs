//! The OAuth2 endpoints for tokens: issue, introspect and revoke.

use http::StatusCode;
use serde_json::json;

use super::authenticate::authenticate;
use super::oauth2_reply::{self, malformed, refuse};
use crate::testing::http::{Form, HandlerResult, Request};
use crate::testing::model::OAuth2Client;
use crate::testing::state::State;

/// The form of a body, which must not be empty.
fn form(request: &Request) -> HandlerResult<Form> {
    if request.body.is_empty() { Err(malformed("The POST body can not be empty.")) } else { Ok(request.form()) }
}

pub(super) fn issue(state: &mut State, request: &Request) -> HandlerResult {
    let form = form(request)?;
    let client = authenticate(&state.clients, request, &form)?;
    check_grant(client, form.get("grant_type").unwrap_or_default())?;
    let scope = scope(client, &form)?;
    let audience = audience(client, &form)?;
    let granted = scope.join(" ");
    let text = state.tokens.issue(&state.clock, client, scope, audience);
    let body = json!({
        "access_token": text,
        "expires_in": client.token_lifespan().num_seconds() - 1,
        "scope": granted,
        "token_type": "bearer",
    });
    Ok(oauth2_reply::json(StatusCode::OK, &body))
}

fn check_grant(client: &OAuth2Client, grant: &str) -> HandlerResult<()> {
    if !client.allows_grant(grant) {
        let text = format!(
            "The client is not authorized to request a token using this method. The OAuth 2.0 Client is not allowed to \
             use authorization grant '{grant}'."
        );
        return Err(refuse(StatusCode::BAD_REQUEST, "unauthorized_client", &text));
    }
    if grant != "client_credentials" {
        return Err(malformed("The stand-in supports only the grant type 'client_credentials'."));
    }
    Ok(())
}

/// The requested scope, or the whole scope of the client if the form names none.
fn scope(client: &OAuth2Client, form: &Form) -> HandlerResult<Vec<String>> {
    let (allowed, requested) = (client.scope(), form.words("scope"));
    if let Some(word) = requested.iter().find(|word| !allowed.contains(word)) {
        let text = format!(
            "The requested scope is invalid, unknown, or malformed. The OAuth 2.0 Client is not allowed to request \
             scope '{word}'."
        );
        return Err(refuse(StatusCode::BAD_REQUEST, "invalid_scope", &text));
    }
    Ok(if requested.is_empty() { allowed } else { requested })
}

fn audience(client: &OAuth2Client, form: &Form) -> HandlerResult<Vec<String>> {
    let requested = form.words("audience");
    if let Some(word) = requested.iter().find(|word| !client.allows_audience(word)) {
        let why = format!("Requested audience '{word}' has not been whitelisted by the OAuth 2.0 Client.");
        return Err(malformed(&why));
    }
    Ok(requested)
}

pub(super) fn introspect(state: &State, request: &Request) -> HandlerResult {
    let form = form(request)?;
    let wanted = form.words("scope");
    let token = form.get("token").and_then(|text| state.tokens.active(&state.clock, text));
    let token = token.filter(|token| wanted.iter().all(|word| token.scope.contains(word)));
    let Some(token) = token else { return Ok(oauth2_reply::json(StatusCode::OK, &json!({"active": false}))) };
    let body = json!({
        "active": true,
        "scope": token.scope.join(" "),
        "client_id": token.client,
        "sub": token.client,
        "exp": token.expires_at.timestamp(),
        "iat": token.issued_at.timestamp(),
        "nbf": token.issued_at.timestamp(),
        "aud": token.audience,
        "iss": state.url,
        "token_type": "Bearer",
        "token_use": "access_token",
    });
    Ok(oauth2_reply::cacheable_json(StatusCode::OK, &body))
}

/// An unknown token and the token of another client are not errors, and nothing happens to them.
pub(super) fn revoke(state: &mut State, request: &Request) -> HandlerResult {
    let form = form(request)?;
    let client = authenticate(&state.clients, request, &form)?;
    if let Some(text) = form.get("token") {
        state.tokens.revoke(text, client.id());
    }
    Ok(oauth2_reply::empty())
}
