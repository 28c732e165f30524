//! An identity as Kratos writes it, which differs from place to place.

use serde_json::{Map, Value, json};

use crate::testing::clock::rfc3339;
use crate::testing::model::{Address, Credential, Identity};

/// Go's zero time. Kratos gives it to the credentials of an identity that it has just created.
const ZERO_TIME: &str = "0001-01-01T00:00:00Z";

/// In sessions and flows.
pub(crate) fn public(identity: &Identity, url: &str) -> Value {
    let mut body = json!({
        "id": identity.id,
        "schema_id": "default",
        // The path ends with the id of the schema in base64url.
        "schema_url": format!("{url}/schemas/ZGVmYXVsdA"),
        "state": identity.state,
        "traits": identity.traits,
        "metadata_public": identity.metadata_public,
        "created_at": rfc3339(identity.created_at),
        "updated_at": rfc3339(identity.updated_at),
        "organization_id": identity.organization_id,
    });
    if let Some(id) = &identity.external_id {
        body["external_id"] = json!(id);
    }
    if let Some(at) = identity.state_changed_at {
        body["state_changed_at"] = json!(rfc3339(at));
    }
    if !identity.verifiable_addresses.is_empty() {
        body["verifiable_addresses"] = identity.verifiable_addresses.iter().map(verifiable).collect();
    }
    if !identity.recovery_addresses.is_empty() {
        body["recovery_addresses"] = identity.recovery_addresses.iter().map(recovery).collect();
    }
    body
}

/// In lists of sessions: without addresses.
pub(crate) fn brief(identity: &Identity) -> Value {
    let mut body = public(identity, "");
    body["schema_url"] = json!("");
    if let Some(body) = body.as_object_mut() {
        body.remove("verifiable_addresses");
        body.remove("recovery_addresses");
    }
    body
}

/// In lists of identities.
pub(super) fn listed(identity: &Identity, url: &str) -> Value {
    let mut body = public(identity, url);
    body["metadata_admin"] = identity.metadata_admin.clone();
    body
}

/// To administrators. Credentials of the kinds in `included` contain their configuration.
pub(super) fn full(identity: &Identity, url: &str, included: &[&str]) -> Value {
    let mut body = listed(identity, url);
    body["credentials"] = credentials(identity, &rfc3339(identity.created_at), included);
    body
}

/// In the reply to a POST, which contains the administrative metadata only if `sent` does.
pub(super) fn created(identity: &Identity, url: &str, sent: &Value) -> Value {
    written(identity, url, sent, ZERO_TIME)
}

/// In the reply to a PUT, which contains the administrative metadata only if `sent` does.
pub(super) fn updated(identity: &Identity, url: &str, sent: &Value) -> Value {
    written(identity, url, sent, &rfc3339(identity.created_at))
}

fn written(identity: &Identity, url: &str, sent: &Value, credentials_at: &str) -> Value {
    let mut body = public(identity, url);
    body["credentials"] = credentials(identity, credentials_at, &[]);
    if let Some(metadata) = sent.get("metadata_admin") {
        body["metadata_admin"] = metadata.clone();
    }
    body
}

fn credentials(identity: &Identity, at: &str, included: &[&str]) -> Value {
    let entry = |credential: &Credential| {
        let kind = credential.kind.as_str();
        let mut body = json!({
            "type": kind,
            "identifiers": credential.identifiers,
            "version": i32::from(kind == "code"),
            "created_at": at,
            "updated_at": at,
        });
        if kind == "password"
            && included.contains(&kind)
            && let Some(password) = &identity.password
        {
            body["config"] = json!({"hashed_password": password.hash});
        }
        (kind.to_owned(), body)
    };
    Value::Object(identity.credentials.iter().map(entry).collect::<Map<_, _>>())
}

fn recovery(address: &Address) -> Value {
    let created_at = rfc3339(address.created_at);
    json!({
        "id": address.id,
        "value": address.value,
        "via": "email",
        "created_at": created_at,
        "updated_at": created_at,
    })
}

fn verifiable(address: &Address) -> Value {
    let mut body = recovery(address);
    body["verified"] = json!(address.verified_at.is_some());
    body["status"] = json!(if address.verified_at.is_some() { "completed" } else { "pending" });
    if let Some(at) = address.verified_at {
        body["verified_at"] = json!(rfc3339(at));
    }
    body
}
