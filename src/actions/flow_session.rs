//! The session that a web hook of Kratos is about.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::lenient;

/// A session, as a web hook tells it.
///
/// ```
/// # fn example(session: &ory_sdk::actions::ActionSession) {
/// for method in &session.authentication_methods {
///     println!("{} at {:?}", method.method, method.completed_at);
/// }
/// # }
/// ```
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct ActionSession {
    /// Its id. `None` while it is not stored, as after a login.
    #[serde(default, deserialize_with = "lenient::id")]
    pub id: Option<Uuid>,
    /// Whether it is good.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub active: bool,
    /// The level that it has: `aal1` or `aal2`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub authenticator_assurance_level: String,
    /// How the person signed in, in the order of time.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub authentication_methods: Vec<ActionMethod>,
    /// From where it was used.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub devices: Vec<ActionDevice>,
    /// When the person signed in.
    #[serde(default, deserialize_with = "lenient::time")]
    pub authenticated_at: Option<DateTime<Utc>>,
    /// When it began.
    #[serde(default, deserialize_with = "lenient::time")]
    pub issued_at: Option<DateTime<Utc>>,
    /// When it ends.
    #[serde(default, deserialize_with = "lenient::time")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// A step of a sign-in.
///
/// ```
/// # fn example(method: &ory_sdk::actions::ActionMethod) {
/// if method.method == "code" {
///     println!("{} by a code", method.aal);
/// }
/// # }
/// ```
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct ActionMethod {
    /// Such as `password`, `code` or `totp`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub method: String,
    /// The level that it gives: `aal1` or `aal2`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub aal: String,
    /// When.
    #[serde(default, deserialize_with = "lenient::time")]
    pub completed_at: Option<DateTime<Utc>>,
}

/// A device on which a session was used. `Debug` shows nothing of it, since an address is personal.
///
/// ```
/// # fn example(device: &ory_sdk::actions::ActionDevice) {
/// println!("from {:?}", device.ip_address);
/// # }
/// ```
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct ActionDevice {
    /// The address of the network, with its port.
    #[serde(default, deserialize_with = "lenient::text")]
    pub ip_address: Option<String>,
    /// The program.
    #[serde(default, deserialize_with = "lenient::text")]
    pub user_agent: Option<String>,
    /// Where it is, if a proxy said it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub location: Option<String>,
}

impl fmt::Debug for ActionDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActionDevice").finish_non_exhaustive()
    }
}
