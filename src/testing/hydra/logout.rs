//! Logout: of the browser, and of the applications that a person used in it.

use http::StatusCode;
use serde_json::{Value, json};

use super::browser::{SESSION_COOKIE, found, frames_page, to_error_page, to_page, with_query};
use super::error::{not_found, unknown};
use super::interaction::decode_hint;
use super::issue::sign;
use super::oauth2_error::OAuth2Error;
use super::requests::{client_json, redirect_to};
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{ID_TOKEN_SET, Logout, logout_token_claims};
use crate::testing::state::{Outgoing, State};

/// The browser's side: asks for a logout, or ends one that was accepted.
pub(super) fn visit(state: &mut State, request: &Request) -> Reply {
    let verifier = request.parameter("logout_verifier").unwrap_or_default();
    let reply = if verifier.is_empty() { ask(state, request) } else { finish(state, request, verifier) };
    reply.unwrap_or_else(|error| to_error_page(state, &error))
}

fn ask(state: &mut State, request: &Request) -> Result<Reply, OAuth2Error> {
    let now = state.clock.now();
    let text = |name: &str| request.parameter(name).unwrap_or_default();
    let refuse = |why: &str| Err(OAuth2Error::invalid_request(format!("Logout failed because {why}")));
    let (hint, target) = (text("id_token_hint"), text("post_logout_redirect_uri"));
    let usual = format!("{}/logged-out", state.pages.oauth2);
    if hint.is_empty() {
        for name in ["state", "post_logout_redirect_uri"] {
            if !text(name).is_empty() {
                return refuse(&format!("query parameter {name} is set but id_token_hint is missing."));
            }
        }
        let session = request.cookie(SESSION_COOKIE).and_then(|id| state.oauth2.logins.remembered(now, id)).cloned();
        let Some(session) = session else { return Ok(found(&usual)) };
        let logout = Logout::new(&session.subject, &session.id, None, &request.target, usual);
        return Ok(to_logout_app(state, logout));
    }
    let token = decode_hint(state, hint)?;
    if token.text("iss") != state.url {
        return refuse(&format!(
            "issuer claim value '{}' from query parameter id_token_hint does not match with issuer value from \
             configuration '{}'.",
            token.text("iss"),
            state.url
        ));
    }
    for claim in ["sid", "sub"] {
        if token.text(claim).is_empty() {
            return refuse(&format!("query parameter id_token_hint is missing {claim} claim."));
        }
    }
    let client = token.texts("aud").into_iter().find_map(|id| state.clients.get(id));
    let Some(client) = client else {
        return refuse("none of the listed audiences is a registered OAuth 2.0 Client.");
    };
    let target = if target.is_empty() {
        usual
    } else if client.list("post_logout_redirect_uris").any(|known| known == target) {
        let parameters = [("state", text("state"))];
        with_query(target, if text("state").is_empty() { &[] } else { &parameters })
    } else {
        return refuse(
            "query parameter post_logout_redirect_uri is not a whitelisted as a post_logout_redirect_uri for the client.",
        );
    };
    // Where nobody is signed in any more, there is nothing to confirm.
    let Some(session) = state.oauth2.logins.remembered(now, token.text("sid")) else { return Ok(found(&target)) };
    let client = Some(client.id().to_owned());
    let logout = Logout::new(&session.subject, &session.id, client, &request.target, target);
    Ok(to_logout_app(state, logout))
}

fn to_logout_app(state: &mut State, logout: Logout) -> Reply {
    let challenge = state.oauth2.logouts.add(logout);
    to_page(state, "logout", &[("logout_challenge", &challenge)])
}

fn finish(state: &mut State, request: &Request, verifier: &str) -> Result<Reply, OAuth2Error> {
    let unknown = || OAuth2Error::bare(StatusCode::NOT_FOUND, "Not Found", "Unable to locate the requested resource");
    let logout = state.oauth2.logouts.finish(verifier).ok_or_else(unknown)?;
    // Without a hint only the cookie says who leaves, and it may belong to somebody else by now.
    if logout.client.is_none() && request.cookie(SESSION_COOKIE) != Some(logout.session.as_str()) {
        return Ok(found(&logout.target));
    }
    let frames = front_channel(state, &logout);
    if !end(state, &logout.subject, &logout.session)? {
        return Ok(found(&logout.target));
    }
    let reply = if frames.is_empty() { found(&logout.target) } else { frames_page(&logout.target, &frames) };
    Ok(reply.delete_cookie(SESSION_COOKIE))
}

/// The URLs by which the browser tells the applications of a login session.
fn front_channel(state: &State, logout: &Logout) -> Vec<String> {
    let clients = state.oauth2.consents.clients_of(&logout.subject, &logout.session);
    let urls = clients.into_iter().filter_map(|id| Some(state.clients.get(id)?.text("frontchannel_logout_uri")));
    let parameters = [("iss", state.url.as_str()), ("sid", logout.session.as_str())];
    urls.filter(|url| !url.is_empty()).map(|url| with_query(url, &parameters)).collect()
}

/// Ends a login session, and returns whether there was one. Calls the applications that want to hear of it.
pub(super) fn end(state: &mut State, subject: &str, session: &str) -> Result<bool, OAuth2Error> {
    let clients = state.oauth2.consents.clients_of(subject, session);
    let uri = |id: &str| Some(state.clients.get(id)?.text("backchannel_logout_uri").to_owned());
    let told: Vec<(String, String)> = clients
        .into_iter()
        .filter_map(|id| Some((id.to_owned(), uri(id)?)))
        .filter(|(_, uri)| !uri.is_empty())
        .collect();
    if !state.oauth2.logins.remove(session) {
        return Ok(false);
    }
    for (client, uri) in told {
        let claims = logout_token_claims(&state.url, &client, session, state.clock.now());
        let token = sign(state, ID_TOKEN_SET, &claims)?;
        state.outgoing.push(Outgoing { url: uri, form: format!("logout_token={token}") });
    }
    Ok(true)
}

fn challenge(request: &Request) -> &str {
    request.parameter("logout_challenge").or_else(|| request.parameter("challenge")).unwrap_or_default()
}

pub(super) fn get(state: &State, request: &Request) -> HandlerResult {
    let logout = state.oauth2.logouts.get(challenge(request)).ok_or_else(not_found)?;
    if logout.used {
        return Ok(Reply::json(StatusCode::GONE, &json!({"redirect_to": logout.request_url})));
    }
    let client = match &logout.client {
        Some(client) => client_json(state, client)?,
        None => Value::Null,
    };
    Ok(Reply::ok(&json!({
        "challenge": logout.challenge,
        "subject": logout.subject,
        "sid": logout.session,
        "request_url": logout.request_url,
        "rp_initiated": logout.client.is_some(),
        "expires_at": null,
        "requested_at": null,
        "client": client,
    })))
}

pub(super) fn accept(state: &mut State, request: &Request) -> HandlerResult {
    let logout = state.oauth2.logouts.accept(challenge(request)).ok_or_else(not_found)?;
    let url = format!("{}/oauth2/sessions/logout", state.url);
    Ok(redirect_to(&with_query(&url, &[("logout_verifier", &logout.verifier)])))
}

pub(super) fn reject(state: &mut State, request: &Request) -> HandlerResult {
    if state.oauth2.logouts.reject(challenge(request)) {
        Ok(Reply::empty(StatusCode::NO_CONTENT))
    } else {
        Err(unknown())
    }
}
