//! Access tokens: issued to a client for itself, looked into, revoked.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderName, StatusCode, header};
use serde_json::{Value, json};

use super::clients::OAuth2Client;
use crate::testing::http::{Answer, Form, Reply, Request};
use crate::testing::random;
use crate::testing::state::{State, Time};

const MALFORMED: &str = "The request is missing a required parameter, includes an invalid parameter value, includes a \
                         parameter more than once, or is otherwise malformed.";

const NO_CLIENT: &str = "Client authentication failed (e.g., unknown client, no client authentication included, or \
                         unsupported authentication method).";

#[derive(Debug, Clone)]
pub(in crate::testing) struct AccessToken {
    pub client: String,
    scope: Vec<String>,
    audience: Vec<String>,
    issued_at: Time,
    expires_at: Time,
}

/// The text of a new token.
pub(super) fn access_token() -> String {
    format!("ory_at_{}.{}", random::letters(43), random::letters(43))
}

/// An answer of the token endpoint and its neighbours.
fn reply(status: StatusCode, body: &Value) -> Reply {
    uncached(Reply::text(status, "application/json;charset=UTF-8", body.to_string()))
}

fn uncached(reply: Reply) -> Reply {
    reply.header(header::CACHE_CONTROL, "no-store").header(HeaderName::from_static("pragma"), "no-cache")
}

fn refuse(status: StatusCode, error: &str, description: &str) -> Reply {
    reply(status, &json!({"error": error, "error_description": description}))
}

fn malformed(why: &str) -> Reply {
    refuse(StatusCode::BAD_REQUEST, "invalid_request", &format!("{MALFORMED} {why}"))
}

/// The form, if there is a body.
fn form(request: &Request) -> Result<Form, Reply> {
    if request.body.is_empty() { Err(malformed("The POST body can not be empty.")) } else { Ok(request.form()) }
}

pub(super) fn issue(state: &mut State, request: &Request) -> Answer {
    let form = form(request)?;
    let client = authenticate(state, request, &form)?;
    let grant = form.get("grant_type").unwrap_or_default();
    let mut grants = client.list("grant_types");
    if grants.is_empty() {
        grants.push("authorization_code".to_owned());
    }
    if !grants.iter().any(|known| known == grant) {
        let text = format!(
            "The client is not authorized to request a token using this method. The OAuth 2.0 Client is not allowed to \
             use authorization grant '{grant}'."
        );
        return Err(refuse(StatusCode::BAD_REQUEST, "unauthorized_client", &text));
    }
    if grant != "client_credentials" {
        return Err(malformed("A stand-in grants nothing but client_credentials."));
    }
    let allowed: Vec<String> = client.text("scope").split_whitespace().map(str::to_owned).collect();
    let mut scope = form.words("scope");
    if let Some(word) = scope.iter().find(|word| !allowed.contains(word)) {
        let text = format!(
            "The requested scope is invalid, unknown, or malformed. The OAuth 2.0 Client is not allowed to request \
             scope '{word}'."
        );
        return Err(refuse(StatusCode::BAD_REQUEST, "invalid_scope", &text));
    }
    if scope.is_empty() {
        scope = allowed;
    }
    let audience = form.words("audience");
    if let Some(word) = audience.iter().find(|word| !client.list("audience").contains(word)) {
        let why = format!("Requested audience '{word}' has not been whitelisted by the OAuth 2.0 Client.");
        return Err(malformed(&why));
    }
    let (issued_at, life) = (state.now(), client.token_life());
    let token = AccessToken {
        client: client.id().to_owned(),
        scope,
        audience,
        issued_at,
        expires_at: State::after(issued_at, life),
    };
    let text = access_token();
    let answer = json!({
        "access_token": text,
        "expires_in": life.num_seconds() - 1,
        "scope": token.scope.join(" "),
        "token_type": "bearer",
    });
    state.tokens.insert(text, token);
    Ok(reply(StatusCode::OK, &answer))
}

pub(super) fn introspect(state: &State, request: &Request) -> Answer {
    let form = form(request)?;
    let token = form.get("token").and_then(|text| state.tokens.get(text));
    let wanted = form.words("scope");
    let token =
        token.filter(|token| token.expires_at > state.now() && wanted.iter().all(|word| token.scope.contains(word)));
    let Some(token) = token else { return Ok(reply(StatusCode::OK, &json!({"active": false}))) };
    let answer = json!({
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
    Ok(Reply::text(StatusCode::OK, "application/json;charset=UTF-8", answer.to_string()))
}

/// Another client's token and an unknown one are no error, and nothing happens to them.
pub(super) fn revoke(state: &mut State, request: &Request) -> Answer {
    let form = form(request)?;
    let client = authenticate(state, request, &form)?.id().to_owned();
    if let Some(text) = form.get("token")
        && state.tokens.get(text).is_some_and(|token| token.client == client)
    {
        state.tokens.remove(text);
    }
    Ok(uncached(Reply::empty(StatusCode::OK)))
}

/// The client that asks: by basic, or by id and secret in the form, whichever it is registered for.
fn authenticate<'a>(state: &'a State, request: &Request, form: &Form) -> Result<&'a OAuth2Client, Reply> {
    let (id, secret, method) = match request.header(header::AUTHORIZATION).and_then(basic) {
        Some((id, secret)) => (id, secret, "client_secret_basic"),
        None => {
            let why = "Make sure that the various parameters are correct, be aware of case sensitivity and trim your \
                       parameters. Make sure that the client you are using has exactly whitelisted the redirect_uri \
                       you specified.";
            let id = form.get("client_id").ok_or_else(|| malformed(why))?;
            let secret = form.get("client_secret").unwrap_or_default();
            (id.to_owned(), secret.to_owned(), if secret.is_empty() { "none" } else { "client_secret_post" })
        }
    };
    let refuse = |why: &str| refuse(StatusCode::UNAUTHORIZED, "invalid_client", &format!("{NO_CLIENT} {why}"));
    let client = state.clients.get(&id).ok_or_else(|| refuse("Unable to locate the resource"))?;
    let registered = client.text("token_endpoint_auth_method");
    if registered != method {
        return Err(refuse(&format!(
            "The OAuth 2.0 Client supports client authentication method '{registered}', but method '{method}' was \
             requested. You must configure the OAuth 2.0 client's 'token_endpoint_auth_method' value to accept \
             '{method}'."
        )));
    }
    if method != "none" && !client.has_secret(&secret) {
        return Err(refuse("The given secret is not the client's."));
    }
    Ok(client)
}

/// Id and secret of an `Authorization` header (RFC 6749 section 2.3.1: both are form-encoded).
fn basic(value: &str) -> Option<(String, String)> {
    let decoded = BASE64_STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decode(id), form_decode(secret)))
}

fn form_decode(text: &str) -> String {
    let field = format!("x={}", text.replace('&', "%26"));
    url::form_urlencoded::parse(field.as_bytes()).next().map(|(_, text)| text.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_basic_credentials() {
        let header = |text: &str| format!("Basic {}", crate::credentials::base64(text.as_bytes()));
        let pair = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        assert_eq!(basic(&header("a%3Ab:c+d%2F%C3%A9%3D%26")), pair("a:b", "c d/é=&"));
        assert_eq!(basic(&header("id:")), pair("id", ""));
        assert_eq!(basic("Basic ?"), None);
        assert_eq!(basic("Bearer x"), None);
    }
}
