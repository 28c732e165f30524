//! Many new identities in one request.

use ory_sdk::types::{self, IdentityPatchResponseAction};
use ory_sdk::{ErrorKind, types::builder};
use serde_json::json;
use uuid::Uuid;

use super::identity::{CREDENTIALS, IDENTITY, identity};
use super::{ACCESS, JSON, Reply, Seen, Wire};

const FIRST: &str = "00000000-0000-4000-8000-000000000001";
const SECOND: &str = "00000000-0000-4000-8000-000000000002";
const NEW: &str = "b53a9aa2-c7c6-458d-bdcf-39ea03c21bb9";

fn patch(id: &str) -> builder::IdentityPatch {
    types::IdentityPatch::builder().patch_id(id.parse::<Uuid>().unwrap())
}

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;

    // The second entry has nothing to create, which the server answers with null.
    let conflict = json!({"code": 409, "status": "Conflict", "message": "a resource with that value exists already"});
    wire.json(
        "batchPatchIdentities",
        json!({"identities": [
            {"action": "create", "identity": NEW, "patch_id": FIRST},
            null,
            {"action": "error", "patch_id": SECOND, "error": conflict},
        ]}),
    );
    let least = types::AdminCreateIdentityBody::builder().schema_id("default").traits(json!({}));
    let entries = [patch(FIRST).create(identity()), patch(FIRST), types::IdentityPatch::builder().create(least)];
    let call = wire.client.batch_patch_identities().body_map(|body| body.identities(entries));
    let response = call.send().await.unwrap();
    let body = format!(
        r#"{{"identities":[{{"create":{{{CREDENTIALS}{IDENTITY}}},"patch_id":"{FIRST}"}},{{"patch_id":"{FIRST}"}},{{"create":{{"schema_id":"default","traits":{{}}}}}}]}}"#
    );
    wire.saw("PATCH /kratos-admin/admin/identities", &[ACCESS, JSON], &body);
    // One result for each entry, in their order.
    assert_eq!(response.identities.len(), 3);
    let created = response.identities[0].as_ref().unwrap();
    assert_eq!(created.action, IdentityPatchResponseAction::Create);
    assert_eq!(
        (created.identity.unwrap().to_string(), created.patch_id.unwrap().to_string()),
        (NEW.into(), FIRST.into())
    );
    assert!(response.identities[1].is_none());
    let failed = response.identities[2].as_ref().unwrap();
    assert_eq!((failed.action.clone(), failed.identity), (IdentityPatchResponseAction::Error, None));
    assert_eq!(failed.error.as_ref().unwrap().code, Some(409));

    // Nothing to do.
    wire.json("batchPatchIdentities", json!({"identities": []}));
    let response = wire.client.batch_patch_identities().body_map(|body| body).send().await.unwrap();
    assert!(response.identities.is_empty());
    wire.saw("PATCH /kratos-admin/admin/identities", &[ACCESS, JSON], "{}");

    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

/// If the only entry has a taken address, the whole request is a conflict.
#[tokio::test]
async fn a_conflict_of_the_only_entry() {
    let mut wire = Wire::new().await;
    let body = json!({"error": {"code": 409, "status": "Conflict", "reason": "taken", "message": "exists already"}});
    wire.replies("batchPatchIdentities", Reply::json(409, &body));
    let least = types::AdminCreateIdentityBody::builder().schema_id("default").traits(json!({}));
    let entries = [types::IdentityPatch::builder().create(least)];
    let error = wire.client.batch_patch_identities().body_map(|body| body.identities(entries)).await.unwrap_err();
    assert_eq!((error.kind(), error.is_conflict(), error.reason()), (ErrorKind::Api, true, Some("taken")));
}

/// What one entry lacks is refused with its place.
#[tokio::test]
async fn an_entry_that_is_not_complete() {
    let wire = Wire::new().await;
    let body = json!({"identities": [{}, {"create": {"traits": {}}}]});
    let error = wire.client.batch_patch_identities().body(body).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    let text = error.to_string();
    assert!(text.starts_with("batchPatchIdentities: `body` was refused: `identities[1].create"), "{text}");
    assert!(text.contains("schema_id"), "{text}");
    let least = types::AdminCreateIdentityBody::builder().traits(json!({}));
    let entries = [types::IdentityPatch::builder().create(least)];
    let error = wire.client.batch_patch_identities().body_map(|body| body.identities(entries)).await.unwrap_err();
    assert!(error.to_string().ends_with("AdminCreateIdentityBody: `schema_id` is missing"), "{error}");
    assert_eq!(wire.server.seen(), []);
}
