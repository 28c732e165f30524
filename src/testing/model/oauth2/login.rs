//! Login sessions, which browsers keep in a cookie.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::authorization::Login;
use crate::testing::clock::{Time, after};

/// How long a person is remembered at most.
const LIFESPAN: TimeDelta = TimeDelta::days(30);

#[derive(Debug, Clone)]
pub(crate) struct LoginSession {
    pub id: String,
    pub subject: String,
    pub authenticated_at: Time,
    remember: bool,
    expires_at: Time,
}

#[derive(Default)]
pub(crate) struct LoginSessions(HashMap<String, LoginSession>);

impl LoginSessions {
    /// Adds the session of a login.
    pub(crate) fn add(&mut self, now: Time, login: &Login) {
        let session = LoginSession {
            id: login.session.clone(),
            subject: login.subject.clone(),
            authenticated_at: login.authenticated_at.unwrap_or(now),
            remember: login.remember,
            expires_at: after(now, lifespan(login)),
        };
        self.0.insert(session.id.clone(), session);
    }

    /// The session with this id, if its person is to be remembered.
    pub(crate) fn remembered(&self, now: Time, id: &str) -> Option<&LoginSession> {
        self.0.get(id).filter(|session| session.remember && session.expires_at > now)
    }

    /// Deletes a session, and returns whether there was one.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        self.0.remove(id).is_some()
    }

    pub(crate) fn remove_of(&mut self, subject: &str) {
        self.0.retain(|_, session| session.subject != subject);
    }
}

/// How long the cookie of a login is kept.
pub(crate) fn lifespan(login: &Login) -> TimeDelta {
    match TimeDelta::try_seconds(login.remember_for) {
        Some(time) if login.remember_for > 0 => time.min(LIFESPAN),
        _ => LIFESPAN,
    }
}
