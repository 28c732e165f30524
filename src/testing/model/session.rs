//! Sessions: they begin with a sign-in and end by expiry, logout or revocation.

use std::net::SocketAddr;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::testing::clock::{Clock, Time, after};
use crate::testing::random;

const LIFESPAN: TimeDelta = TimeDelta::hours(24);

/// How long after a sign-in the password and the identifier may change.
pub(crate) const PRIVILEGED: TimeDelta = TimeDelta::minutes(15);

#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub id: Uuid,
    pub token: String,
    /// What a browser shows to log out.
    pub logout_token: String,
    pub identity: Uuid,
    revoked: bool,
    pub issued_at: Time,
    pub authenticated_at: Time,
    pub expires_at: Time,
    /// How the person proved who they are, once or several times.
    pub proofs: Vec<Proof>,
    /// One per sign-in.
    pub devices: Vec<Device>,
}

/// A proof of who somebody is.
#[derive(Debug, Clone)]
pub(crate) struct Proof {
    /// What the server calls the method.
    pub method: &'static str,
    pub is_second_factor: bool,
    pub at: Time,
}

/// Where a sign-in came from.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub id: Uuid,
    pub address: SocketAddr,
    pub user_agent: Option<String>,
}

impl Proof {
    /// The method `totp` or `lookup_secret` is a second factor, any other a first one.
    pub(crate) fn new(method: &'static str, clock: &Clock) -> Self {
        Self { method, is_second_factor: matches!(method, "totp" | "lookup_secret"), at: clock.now() }
    }
}

impl Session {
    fn new(clock: &Clock, identity: Uuid, device: Device, method: &'static str) -> Self {
        let now = clock.now();
        Self {
            id: random::uuid(),
            token: format!("ory_st_{}", random::alphanumeric(32)),
            logout_token: format!("ory_lo_{}", random::alphanumeric(32)),
            identity,
            revoked: false,
            issued_at: now,
            authenticated_at: now,
            expires_at: after(now, LIFESPAN),
            proofs: vec![Proof::new(method, clock)],
            devices: vec![device],
        }
    }

    pub(crate) fn is_active(&self, clock: &Clock) -> bool {
        !self.revoked && self.expires_at > clock.now()
    }

    /// Whether there was a second factor.
    pub(crate) fn is_aal2(&self) -> bool {
        self.proofs.iter().any(|proof| proof.is_second_factor)
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

    pub(crate) fn get(&self, id: Uuid) -> Option<&Session> {
        self.0.iter().find(|session| session.id == id)
    }

    fn get_mut(&mut self, id: Uuid) -> Option<&mut Session> {
        self.0.iter_mut().find(|session| session.id == id)
    }

    pub(crate) fn by_token(&self, token: &str) -> Option<&Session> {
        self.0.iter().find(|session| session.token == token)
    }

    /// All sessions, the newest first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Session> {
        self.0.iter().rev()
    }

    /// The sessions of an identity, the newest first.
    pub(crate) fn of(&self, identity: Uuid) -> impl Iterator<Item = &Session> {
        self.newest_first().filter(move |session| session.identity == identity)
    }

    /// Signs an identity in.
    pub(crate) fn begin(&mut self, clock: &Clock, identity: Uuid, device: Device, method: &'static str) -> Session {
        let session = Session::new(clock, identity, device, method);
        self.0.push(session.clone());
        session
    }

    /// Signs the owner of a session in again, or with a second factor.
    pub(crate) fn refresh(&mut self, clock: &Clock, id: Uuid, device: Device, method: &'static str) -> Option<Session> {
        let now = clock.now();
        let session = self.get_mut(id)?;
        session.authenticated_at = now;
        session.expires_at = after(now, LIFESPAN);
        session.proofs.push(Proof::new(method, clock));
        // The reply to the sign-in shows a new time and the device. Later replies show neither.
        let mut shown = session.clone();
        shown.issued_at = now;
        shown.devices.push(device);
        Some(shown)
    }

    /// Notes that the owner of a session set up a second factor in it.
    pub(crate) fn add_proof(&mut self, clock: &Clock, id: Uuid, method: &'static str) {
        if let Some(session) = self.get_mut(id) {
            session.proofs.push(Proof::new(method, clock));
        }
    }

    /// Lets a session live as long as a new one, and returns it.
    pub(crate) fn extend(&mut self, clock: &Clock, id: Uuid) -> Option<&Session> {
        let session = self.get_mut(id)?;
        session.expires_at = after(clock.now(), LIFESPAN);
        Some(session)
    }

    /// Ends the life of a session now.
    pub(crate) fn expire(&mut self, clock: &Clock, id: Uuid) -> bool {
        let session = self.get_mut(id);
        session.map(|session| session.expires_at = clock.now()).is_some()
    }

    /// Revokes the session with this token, and returns whether there is one.
    pub(crate) fn revoke_token(&mut self, token: &str) -> bool {
        let session = self.0.iter_mut().find(|session| session.token == token);
        session.map(|session| session.revoked = true).is_some()
    }

    /// Revokes a session, and returns whether it was not revoked before.
    pub(crate) fn revoke(&mut self, id: Uuid) -> bool {
        self.get_mut(id).is_some_and(|session| !std::mem::replace(&mut session.revoked, true))
    }

    /// Revokes all sessions of the owner of `own` except `own`, and returns how many there are.
    ///
    /// As with the server, the count includes sessions that were revoked earlier.
    pub(crate) fn revoke_others(&mut self, own: &Session) -> usize {
        let others = self.0.iter_mut().filter(|other| other.identity == own.identity && other.id != own.id);
        others.map(|session| session.revoked = true).count()
    }

    /// Deletes a session, and returns whether there was one.
    pub(crate) fn remove(&mut self, id: Uuid) -> bool {
        let before = self.0.len();
        self.0.retain(|session| session.id != id);
        self.0.len() < before
    }

    /// Deletes all sessions of an identity, and returns whether there were any.
    pub(crate) fn remove_of(&mut self, identity: Uuid) -> bool {
        let before = self.0.len();
        self.0.retain(|session| session.identity != identity);
        self.0.len() < before
    }
}
