//! A session as Kratos writes it.

use serde_json::{Value, json};

use crate::testing::clock::rfc3339;
use crate::testing::kratos::identities;
use crate::testing::model::{Device, Identity, Session};
use crate::testing::state::State;

/// A single session.
pub(crate) fn full(session: &Session, state: &State) -> Value {
    write(session, state, |identity| identities::json::public(identity, &state.url))
}

/// A session in a list.
pub(super) fn listed(session: &Session, state: &State) -> Value {
    write(session, state, identities::json::brief)
}

fn write(session: &Session, state: &State, write_identity: impl Fn(&Identity) -> Value) -> Value {
    let methods = session.passwords.iter();
    let methods: Vec<Value> =
        methods.map(|at| json!({"method": "password", "aal": "aal1", "completed_at": rfc3339(*at)})).collect();
    json!({
        "id": session.id,
        "active": session.is_active(&state.clock),
        "expires_at": rfc3339(session.expires_at),
        "authenticated_at": rfc3339(session.authenticated_at),
        "authenticator_assurance_level": "aal1",
        "authentication_methods": methods,
        "issued_at": rfc3339(session.issued_at),
        "identity": state.identities.get(session.identity).map(write_identity),
        "devices": session.devices.iter().map(device).collect::<Vec<Value>>(),
    })
}

fn device(device: &Device) -> Value {
    json!({
        "id": device.id,
        "ip_address": device.address.to_string(),
        "user_agent": device.user_agent,
        "location": "",
    })
}
