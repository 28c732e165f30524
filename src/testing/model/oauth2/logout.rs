//! Logouts, which the logout app accepts or rejects.

use std::collections::HashMap;

use crate::testing::random;

#[derive(Debug, Clone)]
pub(crate) struct Logout {
    pub challenge: String,
    pub verifier: String,
    pub subject: String,
    pub session: String,
    /// The client that asked for it.
    pub client: Option<String>,
    pub request_url: String,
    /// Where the browser goes in the end.
    pub target: String,
    pub accepted: bool,
    pub rejected: bool,
    pub used: bool,
}

impl Logout {
    pub(crate) fn new(subject: &str, session: &str, client: Option<String>, url: &str, target: String) -> Self {
        Self {
            challenge: random::uuid().to_string(),
            verifier: random::uuid().to_string(),
            subject: subject.to_owned(),
            session: session.to_owned(),
            client,
            request_url: url.to_owned(),
            target,
            accepted: false,
            rejected: false,
            used: false,
        }
    }
}

/// All logouts by their challenges.
#[derive(Default)]
pub(crate) struct Logouts(HashMap<String, Logout>);

impl Logouts {
    /// Adds a logout, and returns its challenge.
    pub(crate) fn add(&mut self, logout: Logout) -> String {
        let challenge = logout.challenge.clone();
        self.0.insert(challenge.clone(), logout);
        challenge
    }

    /// A logout that was not rejected.
    pub(crate) fn get(&self, challenge: &str) -> Option<&Logout> {
        self.0.get(challenge).filter(|logout| !logout.rejected)
    }

    /// Accepts a logout, even one that was rejected.
    pub(crate) fn accept(&mut self, challenge: &str) -> Option<&Logout> {
        let logout = self.0.get_mut(challenge)?;
        (logout.accepted, logout.rejected) = (true, false);
        Some(logout)
    }

    /// Rejects a logout, and returns whether there is one.
    pub(crate) fn reject(&mut self, challenge: &str) -> bool {
        let logout = self.0.get_mut(challenge);
        logout.map(|logout| (logout.accepted, logout.rejected) = (false, true)).is_some()
    }

    /// Ends an accepted logout. As with Hydra 26.2, it can end again.
    pub(crate) fn finish(&mut self, verifier: &str) -> Option<Logout> {
        let logout = self.0.values_mut().find(|logout| logout.verifier == verifier && logout.accepted)?;
        logout.used = true;
        Some(logout.clone())
    }
}
