//! Compares every operation of Keto that the stand-in serves with Keto 26.2.0.

use serde_json::{Value, json};

use super::replay::{Replay, Report};
use super::share;
use crate::support::recording::Body;

pub async fn compare() -> Report {
    let mut report = Report::default();
    report.add(nothing_written().await);
    report.add(changes().await);
    report.add(checks().await);
    report.add(trees().await);
    report.add(lists().await);
    report.add(language().await);
    share::check("keto-26.2.0", &report, is_ordinary).await;
    report
}

/// The stand-in applies no rules of the permission language, and one port serves all.
fn is_ordinary(operation: &str, case: &str) -> bool {
    let of_rules = ["no-such-relation", "depth-hex"].contains(&case) && operation.starts_with("postCheck");
    let of_settings = case.starts_with("strict") || case.starts_with("limits-") || case == "named";
    let of_ports = ["write-port", "read-port", "without-admin"].contains(&case);
    !of_rules && !of_settings && !of_ports
}

/// The subject set `Group:object#members`, or a subject id.
fn tuple(namespace: &str, object: &str, relation: &str, subject: Value) -> Value {
    let mut tuple = json!({"namespace": namespace, "object": object, "relation": relation});
    let key = if subject.is_string() { "subject_id" } else { "subject_set" };
    tuple[key] = subject;
    tuple
}

fn members(object: &str) -> Value {
    json!({"namespace": "Group", "object": object, "relation": "members"})
}

async fn with(tuples: &[Value]) -> Replay {
    let replay = Replay::start("keto-26.2.0").await;
    replay.stand_in.set_namespaces(["File", "User", "Group", "Folder"]);
    for tuple in tuples {
        replay.json("PUT", "/admin/relation-tuples", &[], tuple).await;
    }
    replay
}

async fn nothing_written() -> Report {
    let mut replay = Replay::start("keto-26.2.0").await;
    replay.same(&["listRelationshipNamespaces.none", "checkPermission.none"]).await;
    replay.same(&["getRelationships.none-size-3", "isAlive.head", "isAlive.post", "isReady.any"]).await;
    replay.same_but("getVersion.read", &["version"]).await;
    replay.finish()
}

async fn changes() -> Report {
    let mut replay = with(&[]).await;
    replay
        .same(&[
            "createRelationship.no-object",
            "createRelationship.no-relation",
            "createRelationship.null",
            "createRelationship.set-empty",
            "createRelationship.more-keys",
            "createRelationship.wrong-type",
            "deleteRelationships.no-namespace",
            "deleteRelationships.object",
            "deleteRelationships.old-subject",
            "patchRelationships.delete-no-such-namespace",
            "patchRelationships.null",
        ])
        .await;
    // Broken JSON is told in the words of another parser.
    replay.same_but("patchRelationships.broken", &["message"]).await;
    replay.finish()
}

async fn checks() -> Report {
    let staff = [
        tuple("Group", "staff", "members", json!("carol")),
        tuple("Group", "staff", "members", members("bosses")),
        tuple("Group", "bosses", "members", json!("dora")),
    ];
    let mut replay = with(&staff).await;
    replay
        .same(&[
            "checkPermission.nothing",
            "checkPermission.put",
            "checkPermissionOrError.direct",
            "checkPermissionOrError.nothing",
            "checkPermissionOrError.empty-texts",
            "postCheckPermission.null",
            "postCheckPermission.subject-null",
            "postCheckPermissionOrError.null",
            "postCheckPermissionOrError.no-body",
            "batchCheckPermission.empty-item",
            "batchCheckPermission.get",
            "batchCheckPermission.more-keys",
            "batchCheckPermission.no-body",
            "batchCheckPermission.no-list",
            "listRelationshipNamespaces.ok",
        ])
        .await;
    replay.finish()
}

async fn trees() -> Report {
    let mut tuples = vec![
        tuple("Group", "staff", "members", members("bosses")),
        tuple("Group", "staff", "members", json!("carol")),
        tuple("Group", "bosses", "members", json!("dora")),
        tuple("File", "letter", "parents", json!({"namespace": "Folder", "object": "home", "relation": ""})),
        tuple("File", "a b/c%d#e?f&g=h+i\"j\\k:l@m", "viewers", json!("x:y#z@w &=?%")),
        tuple("Group", "", "members", json!("ann")),
    ];
    tuples.extend((0..9).map(|n| tuple("Group", &format!("d{n}"), "members", members(&format!("d{}", n + 1)))));
    let mut replay = with(&tuples).await;
    replay
        .same(&[
            "expandPermissions.chain",
            "expandPermissions.chain-depth-3",
            "expandPermissions.characters",
            "expandPermissions.depth-0",
            "expandPermissions.depth-1",
            "expandPermissions.depth-2",
            "expandPermissions.depth-word",
            "expandPermissions.empty-subject-relation",
            "expandPermissions.no-namespace",
            "expandPermissions.no-object",
            "expandPermissions.no-such-object",
            "expandPermissions.post",
        ])
        .await;
    replay.finish()
}

async fn language() -> Report {
    let mut replay = with(&[]).await;
    replay
        .same(&[
            "checkOplSyntax.comment",
            "checkOplSyntax.comment-open",
            "checkOplSyntax.cut",
            "checkOplSyntax.empty",
            "checkOplSyntax.json",
            "checkOplSyntax.json-object",
            "checkOplSyntax.nested",
            "checkOplSyntax.no-implements",
            "checkOplSyntax.one-line",
            "checkOplSyntax.several",
            "checkOplSyntax.text-open",
            "checkOplSyntax.typescript",
            "checkOplSyntax.unicode-name",
            "checkOplSyntax.unknown-set",
            "checkOplSyntax.unknown-type",
            "checkOplSyntax.windows",
            "checkOplSyntax.words",
        ])
        .await;
    replay.finish()
}

/// The server keeps no order of writing, so rows are written in the order in which it listed them.
async fn listed(name: &str) -> Replay {
    let recorded = Replay::start("keto-26.2.0").await.recorded(name).response.body.clone();
    let Some(Body::Json(recorded)) = recorded else { panic!("{name} is no list") };
    let mut rows: Vec<Value> = recorded["relation_tuples"].as_array().unwrap().clone();
    if recorded["next_page_token"] != "" {
        // What the next page begins with.
        rows.push(rows.last().unwrap().clone());
    }
    with(&rows).await
}

async fn lists() -> Report {
    let mut replay = listed("getRelationships.ok").await;
    replay
        .same(&[
            "getRelationships.ok",
            "getRelationships.html",
            "getRelationships.no-match",
            "getRelationships.no-such-namespace",
            "getRelationships.no-such-relation",
            "getRelationships.page",
            "getRelationships.put",
            "getRelationships.size-0",
            "getRelationships.size-1001",
            "getRelationships.size-empty",
            "getRelationships.size-hex",
            "getRelationships.size-7-page-1",
            "getRelationships.slash",
            "getRelationships.token-empty",
            "getRelationships.unknown-parameter",
            "getRelationships.size-3-page-1",
            "getRelationships.size-3-page-2",
            "getRelationships.size-3-page-3",
        ])
        .await;
    // A token differs each time that the server gives one.
    for (case, given_by) in [
        ("token-again", "namespace=Group&object=paged&page_size=3"),
        ("token-no-size", "namespace=Group&object=paged&page_size=3"),
        ("token-other-size", "namespace=Group&object=paged&page_size=3"),
        ("token-other-columns", "namespace=Group&page_size=3"),
    ] {
        let name = format!("getRelationships.{case}");
        let page = replay.get(&format!("/relation-tuples?{given_by}"), &[]).await;
        replay.learn_query(&name, "page_token", page["next_page_token"].as_str().unwrap());
        replay.same(&[&name]).await;
    }
    let mut report = replay.finish();
    for case in [
        "after-again",
        "after-delete",
        "after-insert-and-delete",
        "after-mixed",
        "by-characters",
        "by-namespace",
        "by-subject",
        "by-unicode",
        "long",
        "no-filter",
    ] {
        let name = format!("getRelationships.{case}");
        let mut replay = listed(&name).await;
        replay.same(&[&name]).await;
        report.add(replay.finish());
    }
    report
}

/// Five groups in each other are followed, and a ring ends.
#[tokio::test]
async fn groups_in_each_other() {
    let mut tuples: Vec<Value> =
        (0..6).map(|n| tuple("Group", &format!("d{n}"), "members", members(&format!("d{}", n + 1)))).collect();
    tuples.extend([5, 6].map(|n| tuple("Group", &format!("d{n}"), "members", json!(format!("in d{n}")))));
    tuples.extend([("ring", "gnir"), ("gnir", "ring")].map(|(a, b)| tuple("Group", a, "members", members(b))));
    let replay = with(&tuples).await;
    let client = replay.stand_in.client_builder().build().unwrap();
    let check = async |object: &str, subject: &str| {
        let check = client.check_permission().namespace("Group").object(object).relation("members").subject(subject);
        check.await.unwrap().allowed
    };
    assert!(check("d0", "in d5").await);
    assert!(!check("d0", "in d6").await, "one group too deep");
    assert!(check("d1", "in d6").await);
    assert!(!check("ring", "mallory").await);
    let tree = client.expand_permissions().namespace("Group").object("ring").relation("members").await.unwrap();
    assert_eq!(
        tree.children[0].children[0].tuple.as_ref().unwrap().subject().unwrap().to_string(),
        "Group:ring#members"
    );
}
