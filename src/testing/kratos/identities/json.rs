//! An identity as Kratos writes it, which differs from place to place.

use serde_json::{Map, Value, json};

use crate::testing::clock::{Time, rfc3339};
use crate::testing::model::{Address, Credential, Identity, ThirdParty};

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

/// In lists of the sessions of one identity: without addresses.
pub(crate) fn brief(identity: &Identity) -> Value {
    let mut body = without_addresses(identity, "");
    body["schema_url"] = json!("");
    body
}

/// In the list of all sessions.
pub(crate) fn without_addresses(identity: &Identity, url: &str) -> Value {
    let mut body = public(identity, url);
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
    let mut all = Map::new();
    let mut add = |kind: &str, identifiers: Value, version: i32, times: [&str; 2], config: Option<Value>| {
        let mut body = json!({
            "type": kind,
            "identifiers": identifiers,
            "version": version,
            "created_at": times[0],
            "updated_at": times[1],
        });
        if let Some(config) = config.filter(|_| included.contains(&kind)) {
            body["config"] = config;
        }
        all.insert(kind.to_owned(), body);
    };
    for Credential { kind, identifiers } in &identity.credentials {
        let password = identity.password.as_ref().filter(|_| kind == "password");
        let config = password.map(|password| json!({"hashed_password": password.hash}));
        // The server writes the credential for WebAuthn again right after it created an identity.
        let version = i32::from(kind == "code" || (kind == "webauthn" && at != ZERO_TIME));
        add(kind, json!(identifiers), version, [at, at], config);
    }
    for kind in ["oidc", "saml"] {
        let parties: Vec<&ThirdParty> = identity.third_parties.iter().filter(|party| party.kind == kind).collect();
        if parties.is_empty() {
            continue;
        }
        let identifiers: Vec<String> = parties.iter().map(|party| party.identifier()).collect();
        let providers: Vec<Value> = parties.into_iter().map(provider).collect();
        add(kind, json!(identifiers), 0, [at, at], Some(json!({"providers": providers})));
    }
    if let Some(totp) = &identity.totp {
        let account = identity.credentials.first().and_then(|credential| credential.identifiers.first());
        let url = totp.url(account.map(String::as_str).unwrap_or_default());
        let at = rfc3339(totp.created_at);
        add("totp", json!([identity.id]), 0, [&at, &at], Some(json!({"totp_url": url})));
    }
    if let Some(secrets) = &identity.lookup_secrets {
        let code = |(code, used_at): &(String, Option<Time>)| json!({"code": code, "used_at": used_at.map(rfc3339)});
        let codes: Vec<Value> = secrets.codes.iter().map(code).collect();
        let times = [rfc3339(secrets.created_at), rfc3339(secrets.updated_at)];
        let times = [times[0].as_str(), times[1].as_str()];
        add("lookup_secret", json!([identity.id]), 0, times, Some(json!({"recovery_codes": codes})));
    }
    Value::Object(all)
}

fn provider(party: &ThirdParty) -> Value {
    json!({
        "initial_id_token": "",
        "initial_access_token": "",
        "initial_refresh_token": "",
        "subject": party.subject,
        "provider": party.provider,
    })
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
    body["status"] = json!(match address.verified_at {
        Some(_) => "completed",
        None if address.is_mailed => "sent",
        None => "pending",
    });
    if let Some(at) = address.verified_at {
        body["verified_at"] = json!(rfc3339(at));
    }
    body
}
