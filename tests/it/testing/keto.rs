//! Compares every operation of Keto that the stand-in serves with Keto 26.2.0.

use serde_json::{Value, json};

use super::replay::{Replay, Report};

pub async fn compare() -> Report {
    let mut report = Report::default();
    report.add(nothing_written().await);
    report.add(changes().await);
    report.add(checks().await);
    report.add(trees().await);
    report.add(lists().await);
    report.add(language().await);
    report
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

async fn lists() -> Report {
    let rows: Vec<Value> = (0..7).map(|n| tuple("Group", "paged", "members", json!(format!("user-{n}")))).collect();
    let mut replay = with(&rows).await;
    replay
        .same(&[
            "getRelationships.no-match",
            "getRelationships.no-such-namespace",
            "getRelationships.no-such-relation",
            "getRelationships.size-hex",
            "getRelationships.put",
        ])
        .await;
    for (size, pages) in [(3, vec![3, 3, 1]), (7, vec![7])] {
        let mut token = String::new();
        for rows in pages {
            let path = format!("/relation-tuples?namespace=Group&object=paged&page_size={size}&page_token={token}");
            let page = replay.get(&path, &[]).await;
            assert_eq!(page["relation_tuples"].as_array().unwrap().len(), rows, "{page}");
            token = page["next_page_token"].as_str().unwrap().to_owned();
        }
        assert_eq!(token, "", "an exactly full page is the last");
    }
    replay.finish()
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
