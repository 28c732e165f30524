//! What a stand-in remembers.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::hydra::clients::OAuth2Client;
use super::hydra::tokens::AccessToken;
use super::kratos::flows::Flow;
use super::kratos::identity::Identity;
use super::kratos::sessions::Session;
use super::schema::Schema;

pub(super) type Time = DateTime<Utc>;

/// Everything, behind one lock.
pub(super) struct State {
    pub url: String,
    /// How far the clock was put forward.
    ahead: TimeDelta,
    pub schema: Schema,
    /// By id, which is the order of the list.
    pub identities: BTreeMap<Uuid, Identity>,
    /// The newest last. A revoked one stays, inactive.
    pub sessions: Vec<Session>,
    pub flows: HashMap<Uuid, Flow>,
    /// By client id, which is the order of the list.
    pub clients: BTreeMap<String, OAuth2Client>,
    pub tokens: HashMap<String, AccessToken>,
    pub keys: Vec<Value>,
}

impl State {
    pub(super) fn new(url: String, schema: Schema) -> Self {
        Self {
            url,
            ahead: TimeDelta::zero(),
            schema,
            identities: BTreeMap::new(),
            sessions: Vec::new(),
            flows: HashMap::new(),
            clients: BTreeMap::new(),
            tokens: HashMap::new(),
            keys: vec![super::hydra::public_key(), super::hydra::public_key()],
        }
    }

    pub(super) fn advance(&mut self, by: Duration) {
        let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        self.ahead = self.ahead.checked_add(&by).unwrap_or(TimeDelta::MAX);
    }

    pub(super) fn now(&self) -> Time {
        Utc::now().checked_add_signed(self.ahead).unwrap_or(Time::MAX_UTC)
    }

    /// Some time after another.
    pub(super) fn after(start: Time, by: TimeDelta) -> Time {
        start.checked_add_signed(by).unwrap_or(Time::MAX_UTC)
    }
}

/// A time as both servers write it.
pub(super) fn written(time: Time) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}
