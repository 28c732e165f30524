//! A session as Kratos writes it, which differs from place to place.

use serde_json::{Value, json};

use crate::testing::clock::rfc3339;
use crate::testing::kratos::identities;
use crate::testing::model::{Device, Session};
use crate::testing::state::State;

/// A single session.
pub(crate) fn full(session: &Session, state: &State) -> Value {
    let identity = state.identities.get(session.identity);
    let identity = identity.map(|identity| identities::json::public(identity, &state.url));
    write(session, state, json!(identity), devices(session))
}

/// A session in a list of one identity's.
pub(super) fn listed(session: &Session, state: &State) -> Value {
    let identity = state.identities.get(session.identity).map(identities::json::brief);
    write(session, state, json!(identity), devices(session))
}

/// A session in the list of all, with what an administrator asks for.
pub(super) fn administered(session: &Session, state: &State, expand: &[&str]) -> Value {
    let identity = state.identities.get(session.identity).filter(|_| expand.contains(&"identity"));
    let identity = identity.map(|identity| identities::json::without_addresses(identity, &state.url));
    let devices = if expand.contains(&"devices") { devices(session) } else { Value::Null };
    write(session, state, json!(identity), devices)
}

/// A single session for an administrator, with what they ask for.
pub(super) fn single(session: &Session, state: &State, expand: &[&str]) -> Value {
    let identity = state.identities.get(session.identity).filter(|_| expand.contains(&"identity"));
    let identity = identity.map(|identity| identities::json::public(identity, &state.url));
    let devices = if expand.contains(&"devices") { devices(session) } else { json!([]) };
    write(session, state, json!(identity), devices)
}

fn write(session: &Session, state: &State, identity: Value, devices: Value) -> Value {
    let proofs = session.proofs.iter().map(|proof| {
        let aal = if proof.is_second_factor { "aal2" } else { "aal1" };
        json!({"method": proof.method, "aal": aal, "completed_at": rfc3339(proof.at)})
    });
    json!({
        "id": session.id,
        "active": session.is_active(&state.clock),
        "expires_at": rfc3339(session.expires_at),
        "authenticated_at": rfc3339(session.authenticated_at),
        "authenticator_assurance_level": if session.is_aal2() { "aal2" } else { "aal1" },
        "authentication_methods": proofs.collect::<Vec<Value>>(),
        "issued_at": rfc3339(session.issued_at),
        "identity": identity,
        "devices": devices,
    })
}

fn devices(session: &Session) -> Value {
    session.devices.iter().map(device).collect()
}

fn device(device: &Device) -> Value {
    json!({
        "id": device.id,
        "ip_address": device.address.to_string(),
        "user_agent": device.user_agent,
        "location": "",
    })
}
