//! The authorization endpoint.

use std::sync::Arc;

use super::browser::{ResponseMode, to_application, to_error_page};
use super::interaction::{self, Visit, check_request};
use super::issue;
use super::oauth2_error::OAuth2Error;
use crate::testing::http::{Reply, Request};
use crate::testing::model::{Authorization, Grant, OAuth2Client, Pkce, left_half_hash};
use crate::testing::state::State;

/// The shortest state and nonce.
const SHORTEST: usize = 8;

pub(super) fn authorize(state: &mut State, request: &Request) -> Reply {
    let (client, redirect_uri, mode) = match application(state, request) {
        Ok(application) => application,
        // The browser cannot be sent to somebody who did not say who they are.
        Err(error) => return to_error_page(state, &error),
    };
    let mut mode = mode.unwrap_or(ResponseMode::Query);
    let reply = check(request, &client, &mut mode)
        .and_then(|()| proceed(state, &Visit { request, client: &client, redirect_uri: Some(&redirect_uri) }, mode));
    reply.unwrap_or_else(|error| {
        let mut parameters = error.parameters();
        parameters.push(("state".to_owned(), request.parameter("state").unwrap_or_default().to_owned()));
        to_application(&redirect_uri, mode, parameters)
    })
}

/// Who asks, and how they want the answer.
fn application(state: &State, request: &Request) -> Result<(OAuth2Client, String, Option<ResponseMode>), OAuth2Error> {
    let text = |name: &str| request.parameter(name).unwrap_or_default();
    let client = state.clients.get(text("client_id")).ok_or_else(|| {
        OAuth2Error::invalid_client("The requested OAuth 2.0 Client does not exist. Unable to locate the resource")
    })?;
    let is_openid = text("scope").split(' ').any(|word| word == "openid");
    if is_openid && !(text("request").is_empty() && text("request_uri").is_empty()) {
        return Err(OAuth2Error::invalid_request(
            "OpenID Connect 'request' or 'request_uri' context was given, but the OAuth 2.0 Client does not have any JSON \
             Web Keys registered.",
        ));
    }
    let mode = match text("response_mode") {
        "" => None,
        "query" => Some(ResponseMode::Query),
        "fragment" => Some(ResponseMode::Fragment),
        "form_post" => Some(ResponseMode::FormPost),
        other => {
            let hint = format!("Request with unsupported response_mode '{other}'.");
            return Err(OAuth2Error::unsupported_response_mode(hint));
        }
    };
    let uri = text("redirect_uri");
    if uri.is_empty() && is_openid {
        let hint = "The 'redirect_uri' parameter is required when using OpenID Connect 1.0.";
        return Err(OAuth2Error::invalid_request(hint));
    }
    let registered: Vec<&str> = client.list("redirect_uris").collect();
    let redirect_uri = match registered.as_slice() {
        [only] if uri.is_empty() => Some((*only).to_owned()),
        known if known.iter().any(|known| *known == uri || is_same_loopback(known, uri)) => Some(uri.to_owned()),
        _ => None,
    };
    let redirect_uri = redirect_uri.ok_or_else(|| {
        OAuth2Error::invalid_request(
            "The 'redirect_uri' parameter does not match any of the OAuth 2.0 Client's pre-registered redirect urls.",
        )
    })?;
    Ok((client.clone(), redirect_uri, mode))
}

/// Whether both URIs lead to this machine, with the same path: a native app may listen on any port (RFC 8252).
fn is_same_loopback(known: &str, asked: &str) -> bool {
    let (Ok(known), Ok(asked)) = (url::Url::parse(known), url::Url::parse(asked)) else { return false };
    let is_loopback = match asked.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    };
    let same = (known.host(), known.path(), known.query()) == (asked.host(), asked.path(), asked.query());
    is_loopback && same && asked.scheme() == "http"
}

/// Checks what does not depend on the person. Also sets the usual response mode of the response type.
fn check(request: &Request, client: &OAuth2Client, mode: &mut ResponseMode) -> Result<(), OAuth2Error> {
    let text = |name: &str| request.parameter(name).unwrap_or_default();
    let scope: Vec<String> = text("scope").split_whitespace().map(str::to_owned).collect();
    check_request(client, &scope, &interaction::audiences(request.parameters("audience")))?;
    let types: Vec<&str> = text("response_type").split_whitespace().collect();
    if types.is_empty() {
        let hint = "`The request is missing the 'response_type' parameter.";
        return Err(OAuth2Error::unsupported_response_type(hint));
    }
    if !client.allows_response_type(&types) {
        let hint = format!("The client is not allowed to request response_type '{}'.", text("response_type"));
        return Err(OAuth2Error::unsupported_response_type(hint));
    }
    if text("response_mode").is_empty() && types != ["code"] {
        *mode = ResponseMode::Fragment;
    }
    if text("state").len() < SHORTEST {
        return Err(OAuth2Error::invalid_state(format!(
            "Request parameter 'state' must be at least be {SHORTEST} characters long to ensure sufficient entropy."
        )));
    }
    Ok(())
}

/// Takes the browser one step further.
fn proceed(state: &mut State, visit: &Visit<'_>, mode: ResponseMode) -> Result<Reply, OAuth2Error> {
    let verifier = |name: &str| visit.request.parameter(name).unwrap_or_default().trim();
    let (login, consent) = (verifier("login_verifier"), verifier("consent_verifier"));
    if !login.is_empty() {
        return interaction::continue_after_login(state, visit, login);
    }
    if consent.is_empty() {
        let flow = interaction::begin(state, visit.request, visit.client);
        return interaction::request_login(state, visit, flow);
    }
    let flow = interaction::finish(state, visit, consent)?;
    let parameters = answer(state, visit, &flow)?;
    Ok(to_application(visit.redirect_uri.unwrap_or_default(), mode, parameters))
}

/// The code and tokens for the application.
fn answer(state: &mut State, visit: &Visit<'_>, flow: &Authorization) -> Result<Vec<(String, String)>, OAuth2Error> {
    let (client, request) = (visit.client, visit.request);
    let text = |name: &str| request.parameter(name).unwrap_or_default();
    let types: Vec<&str> = text("response_type").split_whitespace().collect();
    let has = |word: &str| types.contains(&word);
    let nonce = text("nonce");
    let identifier = interaction::identifier(client, &flow.login);
    let grant = Arc::new(Grant::of_flow(flow, identifier, nonce));
    let wants_id_token = has("id_token") && grant.has_scope("openid");
    if has("id_token") && nonce.is_empty() {
        let kind = if has("code") {
            "requesting an ID Token using the OpenID Connect Hybrid Flow"
        } else {
            "using the OpenID Connect Implicit Flow"
        };
        return Err(OAuth2Error::invalid_request(format!("Parameter 'nonce' must be set when {kind}.")));
    }
    if types != ["code"] && !nonce.is_empty() && nonce.len() < SHORTEST {
        return Err(OAuth2Error::insufficient_entropy(format!(
            "Parameter 'nonce' is set but does not satisfy the minimum entropy of {SHORTEST} characters."
        )));
    }
    if has("code") && !client.allows_grant("authorization_code") {
        let hint = "The OAuth 2.0 Client is not allowed to use authorization grant 'authorization_code'.";
        return Err(OAuth2Error::invalid_grant(hint));
    }
    if (has("token") || !has("code")) && !client.allows_grant("implicit") {
        let hint = "The OAuth 2.0 Client is not allowed to use the authorization grant 'implicit'.";
        return Err(OAuth2Error::invalid_grant(hint));
    }
    let mut parameters = vec![("state".to_owned(), text("state").to_owned())];
    let mut set = |name: &str, value: String| parameters.push((name.to_owned(), value));
    let mut hashes = Vec::new();
    if has("code") {
        let code = state.oauth2.tokens.add_code(state.clock.now(), &grant, text("redirect_uri"), pkce(request)?);
        hashes.push(("c_hash", left_half_hash(&code)));
        set("code", code);
    }
    if types == ["code"] || has("token") {
        set("scope", grant.scope.join(" "));
    }
    if has("token") {
        let lifespan = issue::lifespan(client, "implicit_grant_access_token_lifespan");
        let (access, expires_in) = issue::access_token(state, client, &grant, lifespan)?;
        hashes.push(("at_hash", left_half_hash(&access)));
        set("access_token", access);
        set("expires_in", expires_in.to_string());
        set("token_type", "bearer".to_owned());
    }
    if wants_id_token {
        let lifespan = issue::lifespan(client, "implicit_grant_id_token_lifespan");
        set("id_token", issue::id_token(state, &grant, lifespan, &hashes)?);
    }
    Ok(parameters)
}

/// The code challenge of a request, if it has one.
fn pkce(request: &Request) -> Result<Option<Pkce>, OAuth2Error> {
    let text = |name: &str| request.parameter(name).unwrap_or_default().to_owned();
    let pkce = Pkce { challenge: text("code_challenge"), method: text("code_challenge_method") };
    match (pkce.challenge.as_str(), pkce.method.as_str()) {
        ("", "") => Ok(None),
        ("", _) | (_, "S256") => Ok(Some(pkce)),
        (_, "" | "plain") => Err(OAuth2Error::invalid_request(
            "Clients must use code_challenge_method=S256, plain is not allowed. The server is configured in a way that \
             enforces PKCE S256 as challenge method for clients.",
        )),
        _ => Err(OAuth2Error::invalid_request("The code_challenge_method is not supported, use S256 instead.")),
    }
}
