//! What Hydra remembers beside its clients: flows of browsers, logins, consents, tokens and keys.

mod authorization;
mod claims;
mod consent;
mod device;
mod grant;
mod issuer;
mod login;
mod logout;
mod tokens;

use std::collections::{HashMap, HashSet};

pub(crate) use authorization::{Authorization, Challenges, Denial, Login, Stage};
pub(crate) use claims::{access_token_claims, id_token_claims, left_half_hash, logout_token_claims, user_info_claims};
pub(crate) use consent::Consents;
pub(crate) use device::{DeviceState, Devices};
pub(crate) use grant::Grant;
pub(crate) use issuer::{Issuer, Issuers};
pub(crate) use login::{LoginSessions, lifespan as login_lifespan};
pub(crate) use logout::{Logout, Logouts};
pub(crate) use tokens::{Pkce, Token, Tokens, token_text};

use super::key_sets::KeySets;
use crate::testing::clock::Time;

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
