//! Everything about OAuth2 in one place, and what concerns several parts of it.

use std::collections::{HashMap, HashSet};

use super::{Challenges, Consents, Devices, Issuers, LoginSessions, Logouts, Tokens};
use crate::testing::clock::Time;
use crate::testing::model::key_sets::KeySets;

#[derive(Default)]
pub(crate) struct OAuth2 {
    /// Whether access tokens are JWTs where a client does not say.
    pub jwt_access_tokens: bool,
    pub keys: KeySets,
    pub challenges: Challenges,
    pub logins: LoginSessions,
    pub consents: Consents,
    pub logouts: Logouts,
    pub devices: Devices,
    pub tokens: Tokens,
    pub issuers: Issuers,
    /// The ids of the assertions that were used.
    pub assertions: HashSet<String>,
    /// The nonces for proofs, each with its access token and its end.
    pub nonces: HashMap<String, (String, Time)>,
}

impl OAuth2 {
    /// Forgets everything about a client.
    pub(crate) fn forget_client(&mut self, client: &str) {
        self.consents.remove(|consent| consent.client == client);
        self.devices.remove_of(client);
        self.tokens.remove_of(client);
    }
}
