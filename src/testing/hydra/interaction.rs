//! The steps of a browser between an application and the login and consent app.

use std::collections::HashSet;

use http::StatusCode;

use super::browser::{CSRF_SECONDS, SESSION_COOKIE, check_csrf, csrf_cookie, to_page};
use super::oauth2_error::OAuth2Error;
use crate::testing::http::{Reply, Request};
use crate::testing::model::{Authorization, ID_TOKEN_SET, Jws, Login, OAuth2Client, Stage, login_lifespan};
use crate::testing::random;
use crate::testing::state::State;

/// A browser that comes with a request.
pub(super) struct Visit<'a> {
    pub request: &'a Request,
    pub client: &'a OAuth2Client,
    /// Where the application waits. A device has no such place.
    pub redirect_uri: Option<&'a str>,
}

impl Visit<'_> {
    fn prompts(&self) -> impl Iterator<Item = &str> {
        self.request.parameter("prompt").unwrap_or_default().split(' ').filter(|prompt| !prompt.is_empty())
    }

    fn has_prompt(&self, prompt: &str) -> bool {
        self.prompts().any(|known| known == prompt)
    }

    fn id_token_hint(&self) -> Option<&str> {
        self.request.parameter("id_token_hint").filter(|hint| !hint.is_empty())
    }
}

/// The flow that a challenge or verifier leads to.
pub(super) fn open(state: &State, step: Stage, text: &str) -> Option<Result<Authorization, OAuth2Error>> {
    let flow = state.oauth2.challenges.get(step, text)?;
    if flow.is_expired(state.clock.now()) {
        let hint = format!("The {} request has expired, please try again.", step.request());
        return Some(Err(OAuth2Error::request_unauthorized(hint)));
    }
    Some(Ok(flow.clone()))
}

/// The flow that a verifier leads to, unless the step before was rejected.
pub(super) fn verify(state: &State, step: Stage, text: &str) -> Result<Authorization, OAuth2Error> {
    let flow = open(state, step, text).unwrap_or_else(|| {
        Err(OAuth2Error::access_denied(format!(
            "The {} verifier has already been used, has not been granted, or is invalid.",
            step.request()
        )))
    })?;
    match &flow.denial {
        None => Ok(flow),
        Some(denial) => {
            let status = StatusCode::from_u16(denial.status).unwrap_or(StatusCode::BAD_REQUEST);
            Err(OAuth2Error::bare(status, &denial.error, &denial.description))
        }
    }
}

/// Sends the browser to the login app, with the session of a remembered person if it is good enough.
pub(super) fn request_login(
    state: &mut State,
    visit: &Visit<'_>,
    mut flow: Authorization,
) -> Result<Reply, OAuth2Error> {
    let now = state.clock.now();
    let session = visit.request.cookie(SESSION_COOKIE);
    let session = session.and_then(|id| state.oauth2.logins.remembered(now, id)).filter(|_| !visit.has_prompt("login"));
    let mut login = Login { session: random::uuid().to_string(), ..Login::default() };
    if let Some(session) = session {
        let max_age = visit.request.parameter("max_age").filter(|age| !age.is_empty()).map(str::parse::<i64>);
        let max_age =
            max_age.transpose().map_err(|_| OAuth2Error::unrecognizable(StatusCode::INTERNAL_SERVER_ERROR))?;
        let is_old = |age: i64| age > -1 && (now - session.authenticated_at).num_seconds() > age;
        if !max_age.is_some_and(is_old) {
            login.skip = true;
            login.subject.clone_from(&session.subject);
            login.session.clone_from(&session.id);
            login.authenticated_at = Some(session.authenticated_at);
        } else if visit.has_prompt("none") {
            return Err(OAuth2Error::login_required(
                "Request failed because prompt is set to 'none' and authentication time reached 'max_age'.",
            ));
        }
    }
    let hint = visit.id_token_hint().map(str::to_owned);
    if let Some(hint) = &hint {
        let token = decode_hint(state, hint)?;
        if let Some(context) = flow.oidc_context.as_object_mut() {
            context.insert("id_token_hint_claims".to_owned(), token.claims.clone());
        }
        if login.skip && token.text("sub") != identifier(visit.client, &login) {
            return Err(OAuth2Error::login_required(
                "Request failed because subject claim from id_token_hint does not match subject from authentication \
                 session.",
            ));
        }
    }
    if visit.has_prompt("none") && !login.skip {
        return Err(OAuth2Error::login_required(
            "Prompt 'none' was requested, but no existing login session was found.",
        ));
    }
    flow.begin_login(now, login);
    let cookie = (csrf_cookie("login", visit.client), flow.login.csrf.clone());
    let challenge = state.oauth2.challenges.add(Stage::LoginChallenge, flow);
    let reply = to_page(state, "login", &[("login_challenge", &challenge)]);
    Ok(reply.set_cookie(&cookie.0, &cookie.1, Some(CSRF_SECONDS)))
}

/// Goes on when the browser comes back from the login app: to the consent app.
pub(super) fn continue_after_login(state: &mut State, visit: &Visit<'_>, verifier: &str) -> Result<Reply, OAuth2Error> {
    let now = state.clock.now();
    let flow = verify(state, Stage::LoginVerifier, verifier)?;
    check_csrf(visit.request, &csrf_cookie("login", visit.client), &flow.login.csrf)?;
    check_prompt(state, visit, &flow)?;
    let login = &flow.login;
    if !login.skip {
        state.oauth2.logins.add(now, login);
    }
    let session = login.session.clone();
    let seconds = login_lifespan(login).num_seconds();
    let (is_new, is_extended) = (login.remember && !login.skip, login.remember && login.extend);
    let is_forgotten = !login.remember && !login.skip;
    let reply = request_consent(state, visit, flow)?;
    Ok(if is_new || is_extended {
        reply.set_cookie(SESSION_COOKIE, &session, Some(seconds))
    } else if is_forgotten && visit.request.cookie(SESSION_COOKIE).is_some() {
        // Whoever was remembered here is somebody else now.
        if let Some(old) = visit.request.cookie(SESSION_COOKIE) {
            state.oauth2.logins.remove(old);
        }
        reply.delete_cookie(SESSION_COOKIE)
    } else {
        reply
    })
}

/// Whether a login satisfies what the application asked for.
fn check_prompt(state: &mut State, visit: &Visit<'_>, flow: &Authorization) -> Result<(), OAuth2Error> {
    let known = ["login", "none", "consent", "select_account", "registration"];
    if let Some(unknown) = visit.prompts().find(|prompt| !known.contains(prompt)) {
        return Err(OAuth2Error::invalid_request(format!("Used unknown value '[{unknown}]' for prompt parameter")));
    }
    if visit.has_prompt("none") && visit.prompts().count() > 1 {
        return Err(OAuth2Error::invalid_request(
            "Parameter 'prompt' was set to 'none', but contains other values as well which is not allowed.",
        ));
    }
    let signed_in = flow.login.authenticated_at.unwrap_or(flow.requested_at);
    let max_age = visit.request.parameter("max_age").and_then(|age| age.parse::<i64>().ok()).unwrap_or_default();
    let age = (flow.requested_at - signed_in).num_seconds();
    if max_age > 0 && age > max_age {
        return Err(OAuth2Error::login_required(
            "Failed to validate OpenID Connect request because authentication time does not satisfy max_age time.",
        ));
    }
    if visit.has_prompt("none") && age < 0 {
        return Err(OAuth2Error::login_required(
            "Failed to validate OpenID Connect request because prompt was set to 'none' but auth_time happened after the \
             authorization request was registered, indicating that the user was logged in during this request which is \
             not allowed.",
        ));
    }
    let Some(hint) = visit.id_token_hint().map(str::to_owned) else { return Ok(()) };
    if decode_hint(state, &hint)?.text("sub") != identifier(visit.client, &flow.login) {
        return Err(OAuth2Error::login_required(
            "Failed to validate OpenID Connect request because the subject from provided id token from id_token_hint does \
             not match the current session's subject.",
        ));
    }
    Ok(())
}

fn request_consent(state: &mut State, visit: &Visit<'_>, mut flow: Authorization) -> Result<Reply, OAuth2Error> {
    let client = visit.client;
    if flow.client != client.id() {
        let hint = "The flow client id does not match the authorize request client id.";
        return Err(OAuth2Error::invalid_client(hint));
    }
    // A device's person always says yes themselves, and so does that of an application that cannot prove who it is.
    let is_provable = visit.redirect_uri.is_some_and(is_secure);
    let may_skip = !visit.has_prompt("consent") && (!client.is_public() || is_provable);
    let before = state.oauth2.consents.remembered(state.clock.now(), &flow.login.subject, client.id());
    let is_known = before.is_some_and(|before| missing(&flow.scope, &before.consent.scope).is_none());
    let skip = may_skip && is_known;
    if visit.has_prompt("none") && !skip {
        let hint = "Prompt 'none' was requested, but no previous consent was found.";
        return Err(OAuth2Error::consent_required(hint));
    }
    flow.begin_consent(skip);
    let cookie = (csrf_cookie("consent", client), flow.consent.csrf.clone());
    let challenge = state.oauth2.challenges.add(Stage::ConsentChallenge, flow);
    let reply = to_page(state, "consent", &[("consent_challenge", &challenge)]);
    Ok(reply.set_cookie(&cookie.0, &cookie.1, Some(CSRF_SECONDS)))
}

/// Whether a redirect URI leads to one application alone: by TLS, or to this machine.
fn is_secure(uri: &str) -> bool {
    let Ok(uri) = url::Url::parse(uri) else { return false };
    let is_local = match uri.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    uri.scheme() == "https" || (uri.scheme() == "http" && is_local)
}

/// Ends the steps when the browser comes back from the consent app. Returns the flow with what was granted.
pub(super) fn finish(state: &mut State, visit: &Visit<'_>, verifier: &str) -> Result<Authorization, OAuth2Error> {
    let flow = verify(state, Stage::ConsentVerifier, verifier)?;
    if flow.client != visit.client.id() {
        let hint = "The flow client id does not match the authorize request client id.";
        return Err(OAuth2Error::invalid_client(hint));
    }
    if !state.oauth2.consents.add(flow.clone()) {
        return Err(OAuth2Error::access_denied("The consent verifier has already been used."));
    }
    check_csrf(visit.request, &csrf_cookie("consent", visit.client), &flow.consent.csrf)?;
    Ok(flow)
}

/// The subject of a login as a client sees it.
pub(super) fn identifier(client: &OAuth2Client, login: &Login) -> String {
    if !client.is_pairwise() {
        return login.subject.clone();
    }
    login.identifier.clone().unwrap_or_else(|| {
        let host = client.list("redirect_uris").find_map(|uri| Some(url::Url::parse(uri).ok()?.host_str()?.to_owned()));
        let text = format!("{}{}stand-in", host.unwrap_or_default(), login.subject);
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
        hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    })
}

/// An ID token that was issued here, even one that is expired.
pub(super) fn decode_hint(state: &mut State, hint: &str) -> Result<Jws, OAuth2Error> {
    if !Jws::has_three_parts(hint) {
        let hint = "go-jose/go-jose: compact JWS format must have three parts";
        return Err(OAuth2Error::invalid_request(hint));
    }
    let keys = state.oauth2.keys.keys(ID_TOKEN_SET);
    let token = Jws::parse(hint).filter(|token| keys.iter().any(|key| token.is_signed_by(key)));
    token.ok_or_else(|| OAuth2Error::invalid_request("go-jose/go-jose: error in cryptographic primitive"))
}

/// The flow of an authorization request, before anybody signed in.
pub(super) fn begin(state: &State, request: &Request, client: &OAuth2Client) -> Authorization {
    let query = request.target.split_once('?').map_or("", |(_, query)| query);
    let mut flow = Authorization::new(state.clock.now(), client.id(), format!("{}/oauth2/auth?{query}", state.url));
    let words = |name: &str| -> Vec<&str> {
        request.parameter(name).unwrap_or_default().split(' ').filter(|word| !word.is_empty()).collect()
    };
    flow.scope = words("scope").into_iter().map(str::to_owned).collect();
    flow.audience = audiences(request.parameters("audience"));
    let mut context = serde_json::Map::new();
    for name in ["acr_values", "ui_locales"] {
        let words = words(name);
        if !words.is_empty() {
            context.insert(name.to_owned(), words.into());
        }
    }
    for name in ["display", "login_hint"] {
        if let Some(text) = request.parameter(name).filter(|text| !text.is_empty()) {
            context.insert(name.to_owned(), text.into());
        }
    }
    flow.oidc_context = context.into();
    flow
}

/// The audiences of a request: in one parameter with spaces between them, or in several.
pub(super) fn audiences<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    values.flat_map(str::split_whitespace).map(str::to_owned).collect()
}

/// The first word that is not among those that are allowed.
pub(super) fn missing<'a>(words: &'a [String], allowed: &[String]) -> Option<&'a String> {
    let allowed: HashSet<&String> = allowed.iter().collect();
    words.iter().find(|word| !allowed.contains(word))
}

/// Refuses scopes and audiences that a client may not ask for.
pub(super) fn check_request(client: &OAuth2Client, scope: &[String], audience: &[String]) -> Result<(), OAuth2Error> {
    if let Some(word) = missing(scope, &client.scope()) {
        let hint = format!("The OAuth 2.0 Client is not allowed to request scope '{word}'.");
        return Err(OAuth2Error::invalid_scope(hint));
    }
    let allowed: Vec<String> = client.list("audience").map(str::to_owned).collect();
    if let Some(word) = missing(audience, &allowed) {
        let hint = format!("Requested audience '{word}' has not been whitelisted by the OAuth 2.0 Client.");
        return Err(OAuth2Error::invalid_request(hint));
    }
    Ok(())
}
