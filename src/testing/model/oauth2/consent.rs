//! Consents that were given.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::authorization::Authorization;
use crate::testing::clock::{Time, after};

/// Every flow whose consent was given, ordered by the id of its login request.
#[derive(Default)]
pub(crate) struct Consents(BTreeMap<String, Authorization>);

impl Consents {
    /// Adds a consent, and returns whether it is new.
    pub(crate) fn add(&mut self, flow: Authorization) -> bool {
        let is_new = self.0.values().all(|known| known.consent.id != flow.consent.id);
        if is_new {
            self.0.insert(flow.id.clone(), flow);
        }
        is_new
    }

    /// The consents that a person gave, except where it was already known.
    pub(crate) fn of(&self, now: Time, subject: &str) -> impl Iterator<Item = &Authorization> {
        self.0.values().filter(move |flow| flow.login.subject == subject && !flow.consent.skip && is_valid(flow, now))
    }

    /// The last consent of a person for a client that is to be remembered.
    pub(crate) fn remembered(&self, now: Time, subject: &str, client: &str) -> Option<&Authorization> {
        let wanted = self.of(now, subject).filter(|flow| flow.client == client && flow.consent.remember);
        wanted.max_by_key(|flow| flow.requested_at)
    }

    /// The clients that got something in a login session.
    pub(crate) fn clients_of(&self, subject: &str, session: &str) -> BTreeSet<&str> {
        let flows = self.0.values().filter(|flow| flow.login.subject == subject && flow.login.session == session);
        flows.map(|flow| flow.client.as_str()).collect()
    }

    /// Removes consents, and returns their ids.
    pub(crate) fn remove(&mut self, is_gone: impl Fn(&Authorization) -> bool) -> Vec<String> {
        let gone: Vec<String> =
            self.0.values().filter(|flow| is_gone(flow)).map(|flow| flow.consent.id.clone()).collect();
        self.0.retain(|_, flow| !is_gone(flow));
        gone
    }
}

fn is_valid(flow: &Authorization, now: Time) -> bool {
    let consent = &flow.consent;
    let lifespan = TimeDelta::try_seconds(consent.remember_for).unwrap_or(TimeDelta::MAX);
    !consent.remember || consent.remember_for <= 0 || after(consent.handled_at, lifespan) > now
}
