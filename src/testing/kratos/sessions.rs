//! Sessions: who asks, and the lists of them.

use chrono::TimeDelta;
use http::{HeaderName, StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::Error;
use super::flows::decode;
use super::identity::Identity;
use crate::testing::http::{Answer, Reply, Request};
use crate::testing::page::Numbered;
use crate::testing::random;
use crate::testing::state::{State, Time, written};

/// The life of a session.
const LIFE: TimeDelta = TimeDelta::hours(24);

#[derive(Debug, Clone)]
pub(in crate::testing) struct Session {
    pub id: Uuid,
    pub token: String,
    pub identity: Uuid,
    /// Not signed out and not revoked.
    active: bool,
    issued_at: Time,
    pub authenticated_at: Time,
    expires_at: Time,
    /// When the password was given, each time.
    passwords: Vec<Time>,
    devices: Vec<Value>,
}

impl Session {
    fn is_active(&self, now: Time) -> bool {
        self.active && self.expires_at > now
    }

    pub(super) fn body(&self, state: &State) -> Value {
        self.with_identity(state, |identity| identity.body(&state.url))
    }

    fn with_identity(&self, state: &State, show: impl Fn(&Identity) -> Value) -> Value {
        let methods: Vec<Value> = self
            .passwords
            .iter()
            .map(|at| json!({"method": "password", "aal": "aal1", "completed_at": written(*at)}))
            .collect();
        json!({
            "id": self.id,
            "active": self.is_active(state.now()),
            "expires_at": written(self.expires_at),
            "authenticated_at": written(self.authenticated_at),
            "authenticator_assurance_level": "aal1",
            "authentication_methods": methods,
            "issued_at": written(self.issued_at),
            "identity": state.identities.get(&self.identity).map(show),
            "devices": self.devices,
        })
    }
}

fn device(request: &Request, id: Uuid) -> Value {
    json!({
        "id": id,
        "ip_address": request.peer.to_string(),
        "user_agent": request.header(header::USER_AGENT),
        "location": "",
    })
}

/// Signs somebody in.
pub(super) fn begin(state: &mut State, request: &Request, identity: Uuid) -> Session {
    let now = state.now();
    let session = Session {
        id: random::id(),
        token: format!("ory_st_{}", random::letters(32)),
        identity,
        active: true,
        issued_at: now,
        authenticated_at: now,
        expires_at: State::after(now, LIFE),
        passwords: vec![now],
        devices: vec![device(request, random::id())],
    };
    state.sessions.push(session.clone());
    session
}

/// Signs the person of a session in again.
pub(super) fn refresh(state: &mut State, request: &Request, id: Uuid) -> Option<Session> {
    let now = state.now();
    let session = state.sessions.iter_mut().find(|session| session.id == id)?;
    session.issued_at = now;
    session.authenticated_at = now;
    session.expires_at = State::after(now, LIFE);
    session.passwords.push(now);
    session.devices.push(device(request, Uuid::nil()));
    Some(session.clone())
}

/// The session that asks. A session token wins over a bearer.
pub(super) fn caller(state: &State, request: &Request) -> Option<Session> {
    let token = match request.header("x-session-token") {
        Some(token) => token,
        None => request.header(header::AUTHORIZATION)?.strip_prefix("Bearer ")?,
    };
    let session = state.sessions.iter().find(|session| session.token == token)?;
    let owner = state.identities.get(&session.identity)?;
    (session.is_active(state.now()) && owner.is_active()).then(|| session.clone())
}

fn signed_in(state: &State, request: &Request) -> Result<Session, Reply> {
    Ok(caller(state, request).ok_or_else(|| Error::unauthorized("No valid session cookie found."))?)
}

pub(super) fn whoami(state: &State, request: &Request) -> Answer {
    let missing = || Error::unauthorized("No valid session credentials found in the request.");
    let session = caller(state, request).ok_or_else(missing)?;
    let name = HeaderName::from_static("x-kratos-authenticated-identity-id");
    Ok(Reply::ok(&session.body(state)).header(name, session.identity.to_string()))
}

pub(super) fn list_own(state: &State, request: &Request) -> Answer {
    let own = signed_in(state, request)?;
    let now = state.now();
    let all = newest_first(state, own.identity).filter(|session| session.id != own.id && session.is_active(now));
    Ok(list(state, request, all.collect()))
}

pub(super) fn list_of(state: &State, request: &Request, id: &str) -> Answer {
    let identity = parse(id)?;
    let now = state.now();
    let wanted = match request.query("active") {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => return Err(Error::new(StatusCode::BAD_REQUEST, "could not parse parameter active").into()),
    };
    let all =
        newest_first(state, identity).filter(|session| wanted.is_none_or(|active| session.is_active(now) == active));
    Ok(list(state, request, all.collect()))
}

fn newest_first(state: &State, identity: Uuid) -> impl Iterator<Item = &Session> {
    state.sessions.iter().rev().filter(move |session| session.identity == identity)
}

fn list(state: &State, request: &Request, all: Vec<&Session>) -> Reply {
    let page = Numbered::read(request, all.len());
    // As every version does: page 1 is page 0 once more, though the links count from 0.
    let items = page.items(all, page.page - 1);
    let items: Vec<Value> = items.into_iter().map(|item| item.with_identity(state, Identity::brief)).collect();
    Reply::ok(&Value::Array(items))
        .header(header::LINK, page.links(request, true))
        .header(HeaderName::from_static("x-total-count"), page.total.to_string())
}

pub(super) fn revoke(state: &mut State, request: &Request, id: &str) -> Answer {
    let own = signed_in(state, request)?;
    let id = parse(id)?;
    if id == own.id {
        return Err(Error::new(StatusCode::BAD_REQUEST, "cannot revoke current session").into());
    }
    for session in state.sessions.iter_mut().filter(|session| session.id == id && session.identity == own.identity) {
        session.active = false;
    }
    Ok(Reply::text(StatusCode::NO_CONTENT, "application/json; charset=utf-8", ""))
}

/// Revokes all but the one that asks. Those that were revoked before are counted too, as the server does.
pub(super) fn revoke_others(state: &mut State, request: &Request) -> Answer {
    let own = signed_in(state, request)?;
    let others = state.sessions.iter_mut().filter(|other| other.identity == own.identity && other.id != own.id);
    let count = others.map(|session| session.active = false).count();
    Ok(Reply::ok(&json!({"count": count})))
}

pub(super) fn delete_of(state: &mut State, id: &str) -> Answer {
    let identity = parse(id)?;
    let before = state.sessions.len();
    state.sessions.retain(|session| session.identity != identity);
    if state.sessions.len() == before {
        return Err(Error::not_found().into());
    }
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

pub(super) fn log_out(state: &mut State, request: &Request) -> Answer {
    if request.body.is_empty() {
        let reason = "Unable to decode HTTP Request Body because its HTTP Header \"Content-Length\" is zero.";
        return Err(Error::bad_request(reason).into());
    }
    let body = decode(request)?;
    let token = body["session_token"].as_str().unwrap_or_default();
    let Some(session) = state.sessions.iter_mut().find(|session| session.token == token) else {
        let reason = "The provided Ory Session Token could not be found, is invalid, or otherwise malformed.";
        return Err(Error::forbidden(reason).into());
    };
    session.active = false;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

fn parse(id: &str) -> Result<Uuid, Reply> {
    id.parse().map_err(|_| {
        let message = format!("uuid: incorrect UUID length {} in string \"{id}\"", id.len());
        Error::new(StatusCode::BAD_REQUEST, message).into()
    })
}
