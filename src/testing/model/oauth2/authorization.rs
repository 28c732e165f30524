//! The way of a person through login and consent.

use std::collections::HashMap;

use chrono::TimeDelta;
use serde_json::{Map, Value};

use crate::testing::clock::{Time, after};
use crate::testing::random;

/// How long a person has for each step.
const LIFESPAN: TimeDelta = TimeDelta::minutes(30);

/// How long the text of a challenge or verifier is, about. Hydra's hold the whole flow.
const TEXT: usize = 1300;

/// A request for tokens, as far as it has got.
#[derive(Debug, Clone)]
pub(crate) struct Authorization {
    /// What the consent request calls `login_challenge`.
    pub id: String,
    pub client: String,
    pub request_url: String,
    pub requested_at: Time,
    pub scope: Vec<String>,
    pub audience: Vec<String>,
    pub oidc_context: Value,
    pub context: Value,
    pub login: Login,
    pub consent: Consent,
    /// Why the last step was rejected.
    pub denial: Option<Denial>,
    /// The code of the device that waits.
    pub device: Option<String>,
}

/// Who signed in, and how.
#[derive(Debug, Clone, Default)]
pub(crate) struct Login {
    pub csrf: String,
    /// Whether the person is remembered, so that there is nothing to ask.
    pub skip: bool,
    pub subject: String,
    /// The subject as this client sees it, where the login app chose it.
    pub identifier: Option<String>,
    pub session: String,
    pub authenticated_at: Option<Time>,
    pub remember: bool,
    /// In seconds; for the usual time if 0.
    pub remember_for: i64,
    pub extend: bool,
    pub acr: String,
    pub amr: Vec<String>,
}

/// What was granted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Consent {
    pub id: String,
    pub csrf: String,
    /// Whether the same was granted before, so that there is nothing to ask.
    pub skip: bool,
    pub scope: Vec<String>,
    pub audience: Vec<String>,
    pub remember: bool,
    /// In seconds; for good if 0.
    pub remember_for: i64,
    pub handled_at: Time,
    pub access_claims: Map<String, Value>,
    pub id_claims: Map<String, Value>,
}

/// A rejection, in the words of the login or consent app.
#[derive(Debug, Clone)]
pub(crate) struct Denial {
    pub status: u16,
    pub error: String,
    pub description: String,
}

impl Authorization {
    pub(crate) fn new(now: Time, client: &str, request_url: String) -> Self {
        Self {
            id: hex_id(),
            client: client.to_owned(),
            request_url,
            requested_at: now,
            scope: Vec::new(),
            audience: Vec::new(),
            oidc_context: Value::Null,
            context: Value::Null,
            login: Login::default(),
            consent: Consent::default(),
            denial: None,
            device: None,
        }
    }

    /// Begins the login, anew or with the session of a remembered person.
    pub(crate) fn begin_login(&mut self, now: Time, login: Login) {
        self.id = hex_id();
        self.requested_at = now;
        self.login = Login { csrf: hex_id(), ..login };
    }

    pub(crate) fn begin_consent(&mut self, skip: bool) {
        self.consent = Consent { id: hex_id(), csrf: hex_id(), skip, ..Consent::default() };
    }

    pub(crate) fn is_expired(&self, now: Time) -> bool {
        after(self.requested_at, LIFESPAN) < now
    }
}

/// A UUID without its dashes.
fn hex_id() -> String {
    random::uuid().simple().to_string()
}

/// What a challenge or verifier is for. One of them cannot stand for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    DeviceChallenge,
    DeviceVerifier,
    LoginChallenge,
    LoginVerifier,
    ConsentChallenge,
    ConsentVerifier,
}

impl Stage {
    /// The request of this step, in the words of Hydra's errors.
    pub(crate) fn request(self) -> &'static str {
        match self {
            Self::DeviceChallenge | Self::DeviceVerifier => "device",
            Self::LoginChallenge | Self::LoginVerifier => "login",
            Self::ConsentChallenge | Self::ConsentVerifier => "consent",
        }
    }
}

/// Every flow by its challenges and verifiers. As with Hydra, each of them leads to the flow as it was when the text was
/// made, however often it is used.
#[derive(Default)]
pub(crate) struct Challenges(HashMap<String, (Stage, Authorization)>);

impl Challenges {
    /// The text that leads to a flow from now on.
    pub(crate) fn add(&mut self, step: Stage, flow: Authorization) -> String {
        let length = if step == Stage::DeviceChallenge { TEXT / 4 } else { TEXT };
        let text = format!("{}==", random::alphanumeric(length));
        self.0.insert(text.clone(), (step, flow));
        text
    }

    pub(crate) fn get(&self, step: Stage, text: &str) -> Option<&Authorization> {
        self.0.get(text).filter(|(known, _)| *known == step).map(|(_, flow)| flow)
    }
}
