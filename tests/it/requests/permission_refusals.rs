//! What no server of Keto would take, or would end at: refused before it is sent.

use ory_sdk::input::Subject;
use ory_sdk::{Client, Error, ErrorKind, types};
use serde_json::{Value, json};

use super::Wire;

const EMPTY: [(&str, &str, &str, &str); 3] = [
    ("", "o", "r", "must have a non-empty `namespace`"),
    ("n", "", "r", "must have a non-empty `object`"),
    ("n", "o", "", "must have a non-empty `relation`"),
];
const ONE: &str = "must have exactly one of `subject_id` and `subject_set`";

fn relationship(namespace: &str, object: &str, relation: &str) -> types::builder::Relationship {
    types::Relationship::builder().namespace(namespace).object(object).relation(relation)
}

/// Every operation with relationships in its body, called with this JSON for one.
async fn with_json(client: &Client, tuple: &Value) -> [(Error, &'static str); 5] {
    let patch = [json!({"action": "insert", "relation_tuple": tuple})];
    [
        (client.create_relationship().body(tuple.clone()).await.unwrap_err(), "createRelationship"),
        (client.post_check_permission().body(tuple.clone()).await.unwrap_err(), "postCheckPermission"),
        (client.post_check_permission_or_error().body(tuple.clone()).await.unwrap_err(), "postCheckPermissionOrError"),
        (client.batch_check_permission().body(json!({"tuples": [tuple]})).await.unwrap_err(), "batchCheckPermission"),
        (client.patch_relationships().body(patch).await.unwrap_err(), "patchRelationships"),
    ]
}

/// The same with a builder.
async fn with_builder(client: &Client, tuple: &types::builder::Relationship) -> [(Error, &'static str); 5] {
    let tuple = || tuple.clone();
    let patch = types::RelationshipPatch::builder().action("insert").relation_tuple(tuple());
    [
        (client.create_relationship().body(tuple()).await.unwrap_err(), "createRelationship"),
        (client.post_check_permission().body(tuple()).await.unwrap_err(), "postCheckPermission"),
        (client.post_check_permission_or_error().body(tuple()).await.unwrap_err(), "postCheckPermissionOrError"),
        (
            client.batch_check_permission().body_map(|body| body.tuples([tuple()])).await.unwrap_err(),
            "batchCheckPermission",
        ),
        (client.patch_relationships().body([patch]).await.unwrap_err(), "patchRelationships"),
    ]
}

fn all_say(errors: [(Error, &str); 5], why: &str) {
    for (error, operation) in errors {
        let text = error.to_string();
        assert!(text.starts_with(&format!("{operation}: `body` was refused: ")), "{text}");
        assert!(text.ends_with(why), "expected {why}, got {text}");
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Argument, Some(operation)));
    }
}

#[tokio::test]
async fn a_relationship_with_empty_texts() {
    let wire = Wire::new().await;
    for (namespace, object, relation, why) in EMPTY {
        let tuple = json!({"namespace": namespace, "object": object, "relation": relation, "subject_id": "a"});
        all_say(with_json(&wire.client, &tuple).await, why);
        all_say(with_builder(&wire.client, &relationship(namespace, object, relation).subject("a")).await, why);
        let error = relationship(namespace, object, relation).subject("a").build().unwrap_err();
        assert_eq!(error.to_string(), format!("Relationship: {why}"));
    }
    // Missing ones and null are empty.
    for key in ["namespace", "object", "relation"] {
        let mut tuple = json!({"namespace": "n", "object": "o", "relation": "r", "subject_id": "a"});
        let why = format!("must have a non-empty `{key}`");
        tuple[key] = Value::Null;
        all_say(with_json(&wire.client, &tuple).await, &why);
        tuple.as_object_mut().unwrap().remove(key);
        all_say(with_json(&wire.client, &tuple).await, &why);
    }
    assert_eq!(wire.server.seen(), []);
}

#[tokio::test]
async fn a_relationship_without_one_subject() {
    let wire = Wire::new().await;
    let set = json!({"namespace": "n", "object": "o", "relation": "r"});
    let nobody = json!({"namespace": "n", "object": "o", "relation": "r"});
    let mut both = nobody.clone();
    both["subject_id"] = json!("a");
    both["subject_set"] = set;
    let mut null = nobody.clone();
    null["subject_id"] = Value::Null;
    for tuple in [nobody, both, null] {
        all_say(with_json(&wire.client, &tuple).await, ONE);
    }
    let set = || types::SubjectSet::builder().namespace("n").object("o").relation("r").build().unwrap();
    all_say(with_builder(&wire.client, &relationship("n", "o", "r")).await, ONE);
    all_say(with_builder(&wire.client, &relationship("n", "o", "r").subject_id("a").subject_set(set())).await, ONE);
    // An empty id is one.
    assert!(relationship("n", "o", "r").subject("").build().is_ok());
    assert_eq!(wire.server.seen(), []);
}

/// The set of a subject has rules of its own, whichever way it is given.
#[tokio::test]
async fn a_subject_set_with_empty_texts() {
    let wire = Wire::new().await;
    for (namespace, object, why) in
        [("", "o", "must have a non-empty `namespace`"), ("n", "", "must have a non-empty `object`")]
    {
        let set = json!({"namespace": namespace, "object": object, "relation": "r"});
        let tuple = json!({"namespace": "n", "object": "o", "relation": "r", "subject_set": set});
        all_say(with_json(&wire.client, &tuple).await, why);
        let set = types::SubjectSet::builder().namespace(namespace).object(object).relation("r");
        assert_eq!(set.clone().build().unwrap_err().to_string(), format!("SubjectSet: {why}"));
        all_say(with_builder(&wire.client, &relationship("n", "o", "r").subject_set(set)).await, why);
        let tuple = relationship("n", "o", "r").subject(Subject::set(namespace, object, "r"));
        all_say(with_builder(&wire.client, &tuple).await, why);
    }
    // Without a relation it is the object itself.
    assert!(types::SubjectSet::builder().namespace("n").object("o").build().is_ok());
    assert_eq!(wire.server.seen(), []);
}

/// The error does not quote what the caller passed.
#[tokio::test]
async fn errors_hold_no_values() {
    let wire = Wire::new().await;
    let tuple = json!({"namespace": "", "object": "s3cret", "relation": "s3cret", "subject_id": "s3cret"});
    for (error, _) in with_json(&wire.client, &tuple).await {
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    }
}

/// A null in a list ends the server, or at least its connection.
#[tokio::test]
async fn a_null_in_a_list() {
    let wire = Wire::new().await;
    let good = json!({"namespace": "n", "object": "o", "relation": "r", "subject_id": "a"});
    for list in [json!([null]), json!([good, null])] {
        let error = wire.client.batch_check_permission().body(json!({"tuples": list})).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument, "{error}");
        assert!(error.to_string().starts_with("batchCheckPermission: `body` was refused: `tuples["), "{error}");
    }
    let good = json!({"action": "insert", "relation_tuple": good});
    let without = json!({"action": "insert", "relation_tuple": null});
    for list in [vec![Value::Null], vec![good, Value::Null], vec![without]] {
        let error = wire.client.patch_relationships().body(list).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument, "{error}");
        assert!(error.to_string().starts_with("patchRelationships: `body` was refused: "), "{error}");
    }
    let patches = wire.client.batch_patch_identities().body(json!({"identities": [null]})).await.unwrap_err();
    assert!(patches.to_string().starts_with("batchPatchIdentities: `body` was refused: "), "{patches}");
    let keys = wire.client.admin_batch_verify_api_keys().body(json!({"requests": [null]})).await.unwrap_err();
    assert!(keys.to_string().starts_with("adminBatchVerifyApiKeys: `body` was refused: "), "{keys}");
    let keys = wire.client.admin_batch_create_imported_api_keys().body(json!({"requests": [null]})).await.unwrap_err();
    assert!(keys.to_string().starts_with("adminBatchCreateImportedApiKeys: `body` was refused: "), "{keys}");
    assert_eq!(wire.server.seen(), []);
}

/// A query has the subject in one form, and a set has all its parts.
#[tokio::test]
async fn a_query_without_one_whole_subject() {
    let wire = Wire::new().await;
    let check = wire.client.check_permission().namespace("n").object("o").relation("r");
    let or_error = wire.client.check_permission_or_error().namespace("n").object("o").relation("r");
    let neither = "`subject_id` or `subject_set.namespace` is missing: set one of them";
    wire.refused(check.clone().await, ErrorKind::Argument, &format!("checkPermission: {neither}"));
    wire.refused(or_error.clone().await, ErrorKind::Argument, &format!("checkPermissionOrError: {neither}"));

    let both = "`subject_id` and `subject_set` are both set: set only one";
    let list = || wire.client.get_relationships();
    let delete = || wire.client.delete_relationships().namespace("n");
    for part in 0..3 {
        macro_rules! both {
            ($call:expr) => {{
                let call = $call.subject_id("a");
                match part {
                    0 => call.subject_set_namespace("n").await.map(drop),
                    1 => call.subject_set_object("o").await.map(drop),
                    _ => call.subject_set_relation("r").await.map(drop),
                }
            }};
        }
        for (result, operation) in [
            (both!(check.clone()), "checkPermission"),
            (both!(or_error.clone()), "checkPermissionOrError"),
            (both!(list()), "getRelationships"),
            (both!(delete()), "deleteRelationships"),
        ] {
            let error = result.unwrap_err();
            assert_eq!((error.to_string(), error.kind()), (format!("{operation}: {both}"), ErrorKind::Argument));
        }
    }

    let (namespace, object, relation) = ("subject_set.namespace", "subject_set.object", "subject_set.relation");
    for (parts, set, missing) in [
        (1, namespace, object),
        (2, object, namespace),
        (3, namespace, relation),
        (4, relation, namespace),
        (5, namespace, object),
        (6, object, namespace),
    ] {
        macro_rules! half {
            ($call:expr) => {{
                let mut call = $call;
                if parts & 1 != 0 {
                    call = call.subject_set_namespace("n");
                }
                if parts & 2 != 0 {
                    call = call.subject_set_object("o");
                }
                if parts & 4 != 0 {
                    call = call.subject_set_relation("r");
                }
                call.await.map(drop)
            }};
        }
        let half = |operation: &str| format!("{operation}: `{missing}` is missing: it belongs to `{set}`");
        for (result, operation) in [
            (half!(check.clone()), "checkPermission"),
            (half!(or_error.clone()), "checkPermissionOrError"),
            (half!(list()), "getRelationships"),
            (half!(delete()), "deleteRelationships"),
        ] {
            let error = result.unwrap_err();
            assert_eq!((error.to_string(), error.kind()), (half(operation), ErrorKind::Argument));
        }
    }
    assert_eq!(wire.server.seen(), []);
}

/// Keto closes the connection at a longer first line.
#[tokio::test]
async fn a_first_line_that_keto_does_not_read() {
    let mut wire = Wire::new().await;
    let sent = |length: usize| {
        let fixed = "GET /keto/relation-tuples?namespace= HTTP/1.1\r\n".len();
        wire.client.get_relationships().namespace("n".repeat(length - fixed))
    };
    let (longest, longer) = (sent(4_096), sent(4_097));
    let why = "getRelationships: the first line of the request has 4097 bytes, but Keto reads 4096: use an operation with a \
               body, or shorter arguments";
    wire.refused(longer.await, ErrorKind::Configuration, why);
    wire.json("getRelationships", json!({}));
    longest.await.unwrap();
    let target = wire.server.take().target;
    assert_eq!(format!("GET {target} HTTP/1.1\r\n").len(), 4_096);

    // What is longer on the wire than in the program counts as on the wire.
    let call = wire.client.delete_relationships().namespace("é".repeat(1_000)).await;
    assert!(call.unwrap_err().to_string().contains("Keto reads 4096"));
    // Bodies have no such limit, nor have other servers.
    wire.json("postCheckPermission", json!({"allowed": false}));
    let long = relationship("n", &"o".repeat(70_000), "r").subject("a");
    wire.client.post_check_permission().body(long).await.unwrap();
    assert!(wire.server.take().body.len() > 70_000);
    wire.json("adminListIdentities", json!([]));
    wire.client.admin_list_identities().credentials_identifier("a".repeat(5_000)).await.unwrap();
    assert!(wire.server.take().target.len() > 5_000);
}
