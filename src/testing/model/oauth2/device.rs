//! Devices without a browser that wait for a person (RFC 8628).

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;

use super::grant::Grant;
use super::tokens::secret_text;
use crate::testing::clock::{Time, after};
use crate::testing::random;

/// How long the codes are valid.
const LIFESPAN: TimeDelta = TimeDelta::minutes(10);

#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub user_code: String,
    pub client: String,
    pub scope: Vec<String>,
    pub audience: Vec<String>,
    pub expires_at: Time,
    pub state: DeviceState,
}

#[derive(Debug, Clone)]
pub(crate) enum DeviceState {
    Pending,
    Accepted(Arc<Grant>),
    /// The device has its tokens.
    Used,
}

/// All devices by their device codes.
#[derive(Default)]
pub(crate) struct Devices(HashMap<String, Device>);

impl Devices {
    /// Adds a device, and returns its code.
    pub(crate) fn add(&mut self, now: Time, client: &str, scope: Vec<String>, audience: Vec<String>) -> String {
        let device = Device {
            user_code: random::alphanumeric(8),
            client: client.to_owned(),
            scope,
            audience,
            expires_at: after(now, LIFESPAN),
            state: DeviceState::Pending,
        };
        let code = secret_text("ory_dc_");
        self.0.insert(code.clone(), device);
        code
    }

    pub(crate) fn get(&self, code: &str) -> Option<&Device> {
        self.0.get(code)
    }

    /// The device that waits for this user code, with its device code.
    pub(crate) fn waiting(&self, now: Time, user_code: &str) -> Option<(&str, &Device)> {
        let is_waiting = |device: &Device| matches!(device.state, DeviceState::Pending) && device.expires_at > now;
        let mut devices = self.0.iter().filter(|(_, device)| device.user_code == user_code && is_waiting(device));
        devices.next().map(|(code, device)| (code.as_str(), device))
    }

    pub(crate) fn set_state(&mut self, code: &str, state: DeviceState) {
        if let Some(device) = self.0.get_mut(code) {
            device.state = state;
        }
    }

    pub(crate) fn remove_of(&mut self, client: &str) {
        self.0.retain(|_, device| device.client != client);
    }
}
