//! Permissions and relationships (Keto). Responses are those of Keto 26.2.0.

use ory_sdk::input::Subject;
use ory_sdk::types::{self, ExpandedPermissionTreeType};
use serde_json::json;

use super::{ACCESS, JSON, Reply, Seen, Wire};

/// A relationship as sent, with a subject of either form, and its parts in a query.
const BY_ID: &str = r#"{"namespace":"File","object":"a b","relation":"view","subject_id":"zoë&1"}"#;
const BY_SET: &str = concat!(
    r#"{"namespace":"File","object":"a b","relation":"view","#,
    r#""subject_set":{"namespace":"Group","object":"staff","relation":"members"}}"#,
);
const QUERY: &str = "namespace=File&object=a+b&relation=view";
const ID: &str = "subject_id=zo%C3%AB%261";
const SET: &str = "subject_set.namespace=Group&subject_set.object=staff&subject_set.relation=members";

fn staff() -> Subject {
    Subject::set("Group", "staff", "members")
}

/// The relationship with this subject.
fn relationship(subject: impl Into<Subject>) -> types::builder::Relationship {
    types::Relationship::builder().namespace("File").object("a b").relation("view").subject(subject)
}

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    checks(&mut wire).await;
    checks_with_a_body(&mut wire).await;
    batch(&mut wire).await;
    expand(&mut wire).await;
    list(&mut wire).await;
    change(&mut wire).await;
    language(&mut wire).await;
    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

async fn checks(wire: &mut Wire) {
    let client = wire.client.clone();
    wire.json("checkPermission", json!({"allowed": true}));
    let check = client.check_permission().namespace("File").object("a b").relation("view");
    let result = check.clone().subject("zoë&1").max_depth(3).send().await.unwrap();
    wire.saw(&format!("GET /keto/relation-tuples/check/openapi?{QUERY}&{ID}&max-depth=3"), &[ACCESS], "");
    assert!(result.allowed);
    check.clone().subject(staff()).send().await.unwrap();
    wire.saw(&format!("GET /keto/relation-tuples/check/openapi?{QUERY}&{SET}"), &[ACCESS], "");

    // The same with the setters for the parts of the subject.
    check.clone().subject_id("zoë&1").send().await.unwrap();
    wire.saw(&format!("GET /keto/relation-tuples/check/openapi?{QUERY}&{ID}"), &[ACCESS], "");
    let set = check.clone().subject_set_namespace("Group").subject_set_object("staff").subject_set_relation("members");
    set.clone().send().await.unwrap();
    wire.saw(&format!("GET /keto/relation-tuples/check/openapi?{QUERY}&{SET}"), &[ACCESS], "");
    // `subject` replaces them.
    set.subject("zoë&1").send().await.unwrap();
    wire.saw(&format!("GET /keto/relation-tuples/check/openapi?{QUERY}&{ID}"), &[ACCESS], "");
    // The relation of a set may be empty: the object itself.
    check.subject(Subject::set("User", "1", "")).send().await.unwrap();
    let set = "subject_set.namespace=User&subject_set.object=1&subject_set.relation=";
    wire.saw(&format!("GET /keto/relation-tuples/check/openapi?{QUERY}&{set}"), &[ACCESS], "");

    let check = client.check_permission_or_error().namespace("File").object("a b").relation("view");
    wire.json("checkPermissionOrError", json!({"allowed": true}));
    let result = check.clone().subject_id("zoë&1").max_depth(-1).send().await.unwrap();
    wire.saw(&format!("GET /keto/relation-tuples/check?{QUERY}&{ID}&max-depth=-1"), &[ACCESS], "");
    assert!(result.allowed);
    wire.replies("checkPermissionOrError", Reply::json(403, &json!({"allowed": false})));
    let result = check.subject(staff()).send().await.unwrap();
    wire.saw(&format!("GET /keto/relation-tuples/check?{QUERY}&{SET}"), &[ACCESS], "");
    assert_eq!((result.status().as_u16(), result.allowed), (403, false));
}

async fn checks_with_a_body(wire: &mut Wire) {
    let client = wire.client.clone();
    wire.json("postCheckPermission", json!({"allowed": false}));
    let call = client.post_check_permission().max_depth(2).body(relationship("zoë&1"));
    assert!(!call.send().await.unwrap().allowed);
    wire.saw("POST /keto/relation-tuples/check/openapi?max-depth=2", &[ACCESS, JSON], BY_ID);
    client.post_check_permission().body(relationship(staff()).build().unwrap()).send().await.unwrap();
    wire.saw("POST /keto/relation-tuples/check/openapi", &[ACCESS, JSON], BY_SET);
    // The fields of the wire, in place of `subject`.
    let body = types::Relationship::builder().namespace("File").object("a b").relation("view");
    client.post_check_permission().body(body.subject_id("zoë&1")).send().await.unwrap();
    wire.saw("POST /keto/relation-tuples/check/openapi", &[ACCESS, JSON], BY_ID);
    client
        .post_check_permission()
        .body_map(|body| {
            let set = types::SubjectSet::builder().namespace("Group").object("staff").relation("members");
            body.namespace("File").object("a b").relation("view").subject_set(set)
        })
        .send()
        .await
        .unwrap();
    wire.saw("POST /keto/relation-tuples/check/openapi", &[ACCESS, JSON], BY_SET);

    wire.json("postCheckPermissionOrError", json!({"allowed": true}));
    let call = client.post_check_permission_or_error().max_depth(1).body(relationship(staff()));
    assert!(call.send().await.unwrap().allowed);
    wire.saw("POST /keto/relation-tuples/check?max-depth=1", &[ACCESS, JSON], BY_SET);
    wire.replies("postCheckPermissionOrError", Reply::json(403, &json!({"allowed": false})));
    let result = client.post_check_permission_or_error().body(relationship("zoë&1")).send().await.unwrap();
    wire.saw("POST /keto/relation-tuples/check", &[ACCESS, JSON], BY_ID);
    assert_eq!((result.status().as_u16(), result.allowed), (403, false));
}

async fn batch(wire: &mut Wire) {
    let client = wire.client.clone();
    wire.json(
        "batchCheckPermission",
        json!({"results": [{"allowed": true}, {"allowed": false, "error": "subject is not allowed to be nil"}]}),
    );
    let call = client.batch_check_permission().max_depth(4);
    let call = call.body_map(|body| body.tuples([relationship("zoë&1"), relationship(staff())]));
    let response = call.send().await.unwrap();
    let body = format!(r#"{{"tuples":[{BY_ID},{BY_SET}]}}"#);
    wire.saw("POST /keto/relation-tuples/batch/check?max-depth=4", &[ACCESS, JSON], &body);
    assert_eq!((response.results[0].allowed, response.results[0].error.as_deref()), (true, None));
    let failed = &response.results[1];
    assert_eq!((failed.allowed, failed.error.as_deref()), (false, Some("subject is not allowed to be nil")));

    // No questions, no answers. An empty list is not sent, which Keto takes for one.
    wire.json("batchCheckPermission", json!({"results": []}));
    let none: [types::Relationship; 0] = [];
    let response = client.batch_check_permission().body_map(|body| body.tuples(none)).send().await.unwrap();
    wire.saw("POST /keto/relation-tuples/batch/check", &[ACCESS, JSON], "{}");
    assert!(response.results.is_empty());
}

async fn expand(wire: &mut Wire) {
    let empty = |subject: serde_json::Value| {
        let mut tuple = json!({"namespace": "", "object": "", "relation": ""});
        tuple.as_object_mut().unwrap().extend(subject.as_object().unwrap().clone());
        tuple
    };
    let set =
        |object: &str| empty(json!({"subject_set": {"namespace": "Group", "object": object, "relation": "members"}}));
    let tree = json!({
        "type": "union",
        "children": [
            {"type": "leaf", "tuple": set("bosses")},
            {"type": "leaf", "tuple": empty(json!({"subject_id": "carol"}))},
        ],
        "tuple": set("staff"),
    });
    wire.json("expandPermissions", tree);
    let call = wire.client.expand_permissions().namespace("File").object("a b").relation("view").max_depth(2);
    let tree = call.send().await.unwrap();
    wire.saw(&format!("GET /keto/relation-tuples/expand?{QUERY}&max-depth=2"), &[ACCESS], "");
    assert_eq!(tree.type_, ExpandedPermissionTreeType::Union);
    assert_eq!(tree.tuple.as_ref().unwrap().subject(), Some(staff()));
    // The namespace, object and relation of a node mean nothing.
    let root = tree.tuple.as_ref().unwrap();
    assert_eq!([&root.namespace, &root.object, &root.relation], ["", "", ""]);
    let subjects: Vec<_> = tree.children.iter().map(|leaf| leaf.tuple.as_ref().unwrap().subject().unwrap()).collect();
    assert_eq!(subjects, [Subject::set("Group", "bosses", "members"), Subject::id("carol")]);
    assert!(tree.children.iter().all(|leaf| leaf.children.is_empty()));
}

async fn list(wire: &mut Wire) {
    let client = wire.client.clone();
    wire.json(
        "getRelationships",
        json!({
            "relation_tuples": [
                {"namespace": "File", "object": "a b", "relation": "view", "subject_id": "zoë&1"},
                {"namespace": "File", "object": "", "relation": "", "subject_id": "ann"},
            ],
            "next_page_token": "TiUF_c",
        }),
    );
    let call = client.get_relationships().page_size(500).page_token("t/1=").namespace("File").object("a b");
    let page = call.relation("view").subject("zoë&1").send().await.unwrap();
    wire.saw(&format!("GET /keto/relation-tuples?page_size=500&page_token=t%2F1%3D&{QUERY}&{ID}"), &[ACCESS], "");
    assert_eq!(page.next_page_token.as_deref(), Some("TiUF_c"));
    assert_eq!(page.relation_tuples[0], relationship("zoë&1").build().unwrap());
    // What was stored with empty texts can be read.
    assert_eq!(page.relation_tuples[1].subject(), Some(Subject::id("ann")));

    wire.json("getRelationships", json!({"relation_tuples": null, "next_page_token": ""}));
    let page = client.get_relationships().subject(staff()).send().await.unwrap();
    wire.saw(&format!("GET /keto/relation-tuples?{SET}"), &[ACCESS], "");
    assert!(page.relation_tuples.is_empty());
    client.get_relationships().send().await.unwrap();
    wire.saw("GET /keto/relation-tuples", &[ACCESS], "");

    wire.json("listRelationshipNamespaces", json!({"namespaces": [{"name": "File"}, {"name": "User"}]}));
    let response = client.list_relationship_namespaces().send().await.unwrap();
    wire.saw("GET /keto/namespaces", &[ACCESS], "");
    let names: Vec<&str> = response.namespaces.iter().map(|namespace| namespace.name.as_str()).collect();
    assert_eq!(names, ["File", "User"]);
    wire.json("listRelationshipNamespaces", json!({}));
    assert!(client.list_relationship_namespaces().send().await.unwrap().namespaces.is_empty());
    wire.saw("GET /keto/namespaces", &[ACCESS], "");
}

async fn change(wire: &mut Wire) {
    let client = wire.client.clone();
    let created: serde_json::Value = serde_json::from_str(BY_SET).unwrap();
    let mut response = Reply::json(201, &created);
    response.headers.push(("Location".to_owned(), "/relation-tuples?namespace=File&object=a+b".to_owned()));
    wire.replies("createRelationship", response);
    let stored = client.create_relationship().body(relationship(staff())).send().await.unwrap();
    wire.saw("PUT /keto-write/admin/relation-tuples", &[ACCESS, JSON], BY_SET);
    assert_eq!((stored.status().as_u16(), stored.subject()), (201, Some(staff())));
    client.create_relationship().body(relationship("zoë&1")).send().await.unwrap();
    wire.saw("PUT /keto-write/admin/relation-tuples", &[ACCESS, JSON], BY_ID);

    wire.empty("patchRelationships");
    let patch = |action: &'static str, subject: Subject| {
        let patch = types::RelationshipPatch::builder().action(action).relation_tuple(relationship(subject));
        patch.build().unwrap()
    };
    let call = client.patch_relationships().body([patch("insert", "zoë&1".into()), patch("delete", staff())]);
    call.send().await.unwrap();
    let body =
        format!(r#"[{{"action":"insert","relation_tuple":{BY_ID}}},{{"action":"delete","relation_tuple":{BY_SET}}}]"#);
    wire.saw("PATCH /keto-write/admin/relation-tuples", &[ACCESS, JSON], &body);

    wire.empty("deleteRelationships");
    let call = client.delete_relationships().namespace("File").object("a b").relation("view");
    call.clone().subject_id("zoë&1").send().await.unwrap();
    wire.saw(&format!("DELETE /keto-write/admin/relation-tuples?{QUERY}&{ID}"), &[ACCESS], "");
    call.subject(staff()).send().await.unwrap();
    wire.saw(&format!("DELETE /keto-write/admin/relation-tuples?{QUERY}&{SET}"), &[ACCESS], "");
    client.delete_relationships().namespace("File").send().await.unwrap();
    wire.saw("DELETE /keto-write/admin/relation-tuples?namespace=File", &[ACCESS], "");
}

/// The text is sent as it is.
async fn language(wire: &mut Wire) {
    let text = "class File implements Namespace {\n  related: { é: X[] }\n}\r\n";
    wire.json(
        "checkOplSyntax",
        json!({"errors": [
            {"message": "namespace \"X\" was not declared", "start": {"Line": 2, "column": 16},
             "end": {"Line": 2, "column": 17}},
            {"message": "and more", "start": {"Line": 3, "column": 0}, "end": null},
        ]}),
    );
    let found = wire.client.check_opl_syntax().body(text).send().await.unwrap();
    wire.saw("POST /keto-opl/opl/syntax/check", &[ACCESS, "content-type: text/plain"], text);
    let first = &found.errors[0];
    assert_eq!(first.message, "namespace \"X\" was not declared");
    let (start, end) = (first.start.as_ref().unwrap(), first.end.as_ref().unwrap());
    assert_eq!((start.line, start.column, end.line, end.column), (Some(2), Some(16), Some(2), Some(17)));
    assert_eq!((found.errors[1].message.as_str(), found.errors[1].end.as_ref()), ("and more", None));

    wire.json("checkOplSyntax", json!({}));
    assert!(wire.client.check_opl_syntax().body(text.to_owned()).send().await.unwrap().errors.is_empty());
    wire.saw("POST /keto-opl/opl/syntax/check", &[ACCESS, "content-type: text/plain"], text);
}
