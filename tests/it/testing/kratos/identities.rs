//! Identities, their lists, and schemas.

use serde_json::json;

use super::{PASSWORD, identity, start, text};
use crate::testing::replay::Report;

pub async fn identities() -> Report {
    let mut replay = start().await;
    for case in [
        "bad-state",
        "bad-trait",
        "extra-trait",
        "missing-trait",
        "unknown-schema",
        "unknown-key",
        "malformed",
        "no-body",
        "minimal",
        "full",
        "conflict",
        "external-id",
        "inactive",
        "metadata-null",
        "metadata-scalar",
        "no-schema",
    ] {
        replay.same(&[&format!("adminCreateIdentity.{case}")]).await;
    }
    // The recorded identity has metadata, and TOTP besides its password, so its credentials are not compared.
    let body = json!({
        "schema_id": "default",
        "traits": {"email": "oidc-18@example.org"},
        "credentials": {"password": {"config": {"password": PASSWORD}}},
    });
    let id = text(&replay.json("POST", "/admin/identities", &[], &body).await, "/id");
    replay.learn_segment("adminGetIdentity.with-comma", 3, &id);
    for case in ["not-found", "malformed", "malformed-slash", "with-comma", "with-unknown"] {
        replay.same(&[&format!("adminGetIdentity.{case}")]).await;
    }
    let shown = replay.get(&format!("/admin/identities/{id}?include_credential=password"), &[]).await;
    assert!(shown["credentials"]["password"]["config"]["hashed_password"].is_string(), "{shown}");

    let email = "patched-21@example.org";
    let body = json!({"traits": {"email": email}, "metadata_public": {"plan": "free"}});
    let id = text(&replay.json("POST", "/admin/identities", &[], &body).await, "/id");
    identity(&replay, "taken-20@example.org").await;
    replay.learn_segment("adminPatchIdentity.replace", 3, &id);
    for case in [
        "replace",
        "add",
        "bad-op",
        "bad-trait",
        "conflict",
        "forbidden-credentials",
        "forbidden-id",
        "forbidden-statechangedat",
        "malformed-id",
        "missing-path",
        "not-a-list",
        "not-found",
        "test-failed",
    ] {
        replay.same(&[&format!("adminPatchIdentity.{case}")]).await;
    }
    replay.same(&["adminGetIdentity.patched"]).await;
    replay.same(&["adminPatchIdentity.forbidden-state-changed-at-snake"]).await;
    for case in ["remove", "state", "empty"] {
        replay.same(&[&format!("adminPatchIdentity.{case}")]).await;
    }

    let body = json!({"traits": {"email": "patch-22@example.org"}, "metadata_admin": {"note": "must stay"}});
    let id = text(&replay.json("POST", "/admin/identities", &[], &body).await, "/id");
    replay.learn_segment("adminPatchIdentity.trait-beside-metadata", 3, &id);
    replay.same(&["adminPatchIdentity.trait-beside-metadata", "adminGetIdentity.patched-beside-metadata"]).await;
    let id = identity(&replay, "external-64@example.org").await;
    replay.learn_segment("adminUpdateIdentity.external-id", 3, &id);
    replay.same(&["adminUpdateIdentity.external-id"]).await;
    let id = identity(&replay, "external-65@example.org").await;
    replay.learn_segment("adminPatchIdentity.external-id", 3, &id);
    replay.same(&["adminPatchIdentity.external-id", "adminPatchIdentity.external-id-remove"]).await;

    let id = identity(&replay, "put-23@example.org").await;
    identity(&replay, "taken-24@example.org").await;
    replay.learn_segment("adminUpdateIdentity.ok", 3, &id);
    for case in ["ok", "fewer", "password", "inactive", "no-state", "unknown-key"] {
        replay.same(&[&format!("adminUpdateIdentity.{case}")]).await;
    }
    for case in ["bad-state", "bad-trait", "conflict", "not-found", "unknown-schema"] {
        replay.same(&[&format!("adminUpdateIdentity.{case}")]).await;
    }
    let id = identity(&replay, "deleted@example.org").await;
    replay.learn_segment("adminDeleteIdentity.ok", 3, &id);
    replay
        .same(&[
            "adminDeleteIdentity.ok",
            "adminDeleteIdentity.again",
            "adminDeleteIdentity.malformed",
            "adminGetIdentity.deleted",
        ])
        .await;
    replay.finish()
}

pub async fn identity_pages() -> Report {
    let mut replay = start().await;
    // Lists are sorted by id, which is random, so any address may come first.
    let free = &["email", "value"];
    for case in ["none", "none-page-size", "none-page-0", "none-page-1"] {
        replay.same(&[&format!("adminListIdentities.{case}")]).await;
    }
    for number in 1..=5 {
        identity(&replay, &format!("list-{number}@example.org")).await;
    }
    for case in [
        "five",
        "five-size-5",
        "five-size-6",
        "five-per-2",
        "page-far",
        "token-unknown-id",
        "five-next-per-2-1",
        "five-page-0-per-2",
        "five-page-0-per-5",
        "five-page-1",
        "five-page-1-per-2",
        "five-page-1-per-5",
        "five-page-2-per-2",
        "five-page-3-per-2",
        "five-page-4-per-2",
    ] {
        replay.same_but(&format!("adminListIdentities.{case}"), free).await;
    }
    // The page token is the id of the last identity on a page. It was learned from the previous page.
    replay.same_but("adminListIdentities.five-next-per-2-2", free).await;
    replay.same_but("adminListIdentities.five-next-per-2-3", free).await;
    for number in 6..=7 {
        identity(&replay, &format!("list-{number}@example.org")).await;
    }
    for case in [
        "seven-next-per-3-1",
        "seven-next-per-3-2",
        "seven-next-per-3-3",
        "seven-page-0-per-3",
        "seven-page-1-per-3",
        "seven-page-2-per-3",
        "seven-page-3-per-3",
        "link-verbatim",
        "seven-old-next-per-3-1",
        "seven-old-next-per-3-2",
        "seven-old-next-per-3-3",
        "size-0",
        "size-negative",
        "size-1001",
        "per-page-0",
        "per-page-1001",
        "page-negative",
        "both-dialects",
    ] {
        replay.same_but(&format!("adminListIdentities.{case}"), free).await;
    }
    for case in ["size-word", "token-1", "token-garbage", "by-identifier"] {
        replay.same(&[&format!("adminListIdentities.{case}")]).await;
    }
    replay.same_but("adminListIdentities.by-ids", free).await;
    replay.finish()
}

pub async fn schemas_and_messages() -> Report {
    let mut replay = start().await;
    // Here `id` is a schema id, which does not vary. Nothing is learned from it.
    for case in ["ok", "page-size", "page-0-per-1", "page-1", "page-1-per-1", "page-9-per-1", "page-negative"] {
        replay.same(&[&format!("listIdentitySchemas.{case}")]).await;
    }
    replay
        .same(&[
            "listIdentitySchemas.page-token-bad",
            "getIdentitySchema.ok",
            "getIdentitySchema.not-found",
            "getIdentitySchema.not-found-spaces",
            "adminListCourierMessages.none",
            "adminListCourierMessages.none-page-size",
        ])
        .await;
    replay.finish()
}
