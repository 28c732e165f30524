//! Sessions: they begin with a sign-in and end by expiry, logout or revocation.

use std::net::SocketAddr;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::testing::clock::{Clock, Time, after};
use crate::testing::random;

const LIFESPAN: TimeDelta = TimeDelta::hours(24);

/// How long after a sign-in the password and the identifier may change.
const PRIVILEGED: TimeDelta = TimeDelta::minutes(15);

#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub id: Uuid,
    pub token: String,
    pub identity: Uuid,
    revoked: bool,
    pub issued_at: Time,
    pub authenticated_at: Time,
    pub expires_at: Time,
    /// The times at which the password was entered.
    pub passwords: Vec<Time>,
    /// One per sign-in.
    pub devices: Vec<Device>,
}

/// Where a sign-in came from.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub id: Uuid,
    pub address: SocketAddr,
    pub user_agent: Option<String>,
}

impl Session {
    fn new(clock: &Clock, identity: Uuid, device: Device) -> Self {
        let now = clock.now();
        Self {
            id: random::uuid(),
            token: format!("ory_st_{}", random::alphanumeric(32)),
            identity,
            revoked: false,
            issued_at: now,
            authenticated_at: now,
            expires_at: after(now, LIFESPAN),
            passwords: vec![now],
            devices: vec![device],
        }
    }

    fn refresh(&mut self, clock: &Clock, device: Device) {
        let now = clock.now();
        self.issued_at = now;
        self.authenticated_at = now;
        self.expires_at = after(now, LIFESPAN);
        self.passwords.push(now);
        self.devices.push(device);
    }

    pub(crate) fn is_active(&self, clock: &Clock) -> bool {
        !self.revoked && self.expires_at > clock.now()
    }

    /// Whether the last sign-in is recent enough to change the password or the identifier.
    pub(crate) fn is_privileged(&self, clock: &Clock) -> bool {
        clock.now() <= after(self.authenticated_at, PRIVILEGED)
    }
}

/// All sessions in the order of their sign-ins. Revoked ones stay.
pub(crate) struct Sessions(Vec<Session>);

impl Sessions {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn by_token(&self, token: &str) -> Option<&Session> {
        self.0.iter().find(|session| session.token == token)
    }

    /// The sessions of an identity, the newest first.
    pub(crate) fn newest_first(&self, identity: Uuid) -> impl Iterator<Item = &Session> {
        self.0.iter().rev().filter(move |session| session.identity == identity)
    }

    /// Signs an identity in.
    pub(crate) fn begin(&mut self, clock: &Clock, identity: Uuid, device: Device) -> Session {
        let session = Session::new(clock, identity, device);
        self.0.push(session.clone());
        session
    }

    /// Signs the owner of a session in again.
    pub(crate) fn refresh(&mut self, clock: &Clock, id: Uuid, device: Device) -> Option<Session> {
        let session = self.0.iter_mut().find(|session| session.id == id)?;
        session.refresh(clock, device);
        Some(session.clone())
    }

    /// Revokes the session with this token, and returns whether there is one.
    pub(crate) fn revoke_token(&mut self, token: &str) -> bool {
        let session = self.0.iter_mut().find(|session| session.token == token);
        session.map(|session| session.revoked = true).is_some()
    }

    /// Revokes a session if it belongs to `identity`.
    pub(crate) fn revoke(&mut self, id: Uuid, identity: Uuid) {
        for session in self.0.iter_mut().filter(|session| session.id == id && session.identity == identity) {
            session.revoked = true;
        }
    }

    /// Revokes all sessions of the owner of `own` except `own`, and returns how many there are.
    ///
    /// As with the server, the count includes sessions that were revoked earlier.
    pub(crate) fn revoke_others(&mut self, own: &Session) -> usize {
        let others = self.0.iter_mut().filter(|other| other.identity == own.identity && other.id != own.id);
        others.map(|session| session.revoked = true).count()
    }

    /// Deletes all sessions of an identity, and returns whether there were any.
    pub(crate) fn remove_of(&mut self, identity: Uuid) -> bool {
        let before = self.0.len();
        self.0.retain(|session| session.identity != identity);
        self.0.len() < before
    }
}
