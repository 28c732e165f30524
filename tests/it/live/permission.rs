//! Relationships and permissions, if there is a Keto.

use std::sync::Arc;

use ory_sdk::contract::{Area, Endpoint};
use ory_sdk::input::Subject;
use ory_sdk::types::{self, ExpandedPermissionTreeType};

use super::run::Run;
use super::sweep::Made;
use crate::support::dispatch;

const NAMESPACE: &str = "Group";
const RELATION: &str = "members";

pub async fn run(run: Arc<Run>) {
    if run.has_keto {
        let object = run.name("group");
        let others = run.name("others");
        run.made(Made::Relationships(object.clone()));
        run.made(Made::Relationships(others.clone()));
        write(&run, &object, &others).await;
        read(&run, &object).await;
        check(&run, &object).await;
        delete(&run, &object, &others).await;
    }
    for operation in ory_sdk::contract::operations().iter().filter(|operation| operation.area == Area::Permission) {
        if operation.endpoint == Endpoint::KetoOpl {
            language(&run).await;
        } else if !run.has_keto {
            run.report.excuse(operation.name, "ORY_KETO_READ_URL or ORY_KETO_WRITE_URL is not set");
        }
    }
}

/// Ada is a member of the object, and so is whoever is one of the others.
fn member(object: &str, subject: impl Into<Subject>) -> types::Relationship {
    let body = types::Relationship::builder().namespace(NAMESPACE).object(object).relation(RELATION);
    body.subject(subject).build().unwrap()
}

async fn write(run: &Run, object: &str, others: &str) {
    let client = &run.client;
    let names = call!(run, client.list_relationship_namespaces() => value);
    assert!(names.namespaces.iter().any(|one| one.name == NAMESPACE), "no namespace {NAMESPACE}");

    let stored = call!(run, client.create_relationship().body(member(object, "ada")) => value);
    assert_eq!((stored.status().as_u16(), stored.subject()), (201, Some("ada".into())));
    let everybody = Subject::set(NAMESPACE, others, RELATION);
    let patch = |action: &'static str, tuple: types::Relationship| {
        types::RelationshipPatch::builder().action(action).relation_tuple(tuple)
    };
    call!(
        run,
        client.patch_relationships().body([
            patch("insert", member(object, everybody)),
            patch("insert", member(others, "bob")),
            patch("insert", member(others, "carl"))
        ]) => value
    );
    call!(run, client.patch_relationships().body([patch("delete", member(others, "carl"))]) => value);
}

async fn read(run: &Run, object: &str) {
    let client = &run.client;
    let listed = call!(run, client.get_relationships().namespace(NAMESPACE).object(object) => value);
    assert_eq!((listed.relation_tuples.len(), listed.next_page_token.as_deref().unwrap_or_default()), (2, ""));
    // Pages of one, until the token is empty.
    let first = call!(run, client.get_relationships().namespace(NAMESPACE).object(object).page_size(1) => value);
    assert_eq!(first.relation_tuples.len(), 1);
    let token = first.next_page_token.as_ref().unwrap();
    let second = call!(
        run,
        client.get_relationships().namespace(NAMESPACE).object(object).page_size(1).page_token(token) => value
    );
    assert_ne!(first.relation_tuples, second.relation_tuples);
    let listed = call!(run, client.get_relationships().namespace(NAMESPACE).object(object).subject("ada") => value);
    assert_eq!(listed.relation_tuples, [member(object, "ada")]);

    let tree = call!(run, client.expand_permissions().namespace(NAMESPACE).object(object).relation(RELATION).max_depth(3) => value);
    assert_eq!((&tree.type_, tree.children.len()), (&ExpandedPermissionTreeType::Union, 2));
    let nobody =
        client.expand_permissions().namespace(NAMESPACE).object(run.name("nothing")).relation(RELATION).send().await;
    if nobody.is_ok() {
        // Newer than 26.2: a leaf, without the object that was asked for.
        let tree = run.passed("expand_permissions", nobody, dispatch::value);
        assert!(tree.children.is_empty() && tree.type_ == ExpandedPermissionTreeType::Leaf);
    } else {
        let error = run.refused("expand_permissions", nobody);
        assert!(error.is_not_found(), "{error}");
    }
}

async fn check(run: &Run, object: &str) {
    let client = &run.client;
    for (subject, allowed) in [("ada", true), ("bob", true), ("carl", false)] {
        let tuple = || member(object, subject);
        let result = call!(run, client.post_check_permission().body(tuple()) => value);
        assert_eq!(result.allowed, allowed, "{subject}");
        let result = call!(run, client.post_check_permission_or_error().body(tuple()) => value);
        assert_eq!((result.allowed, result.status().as_u16()), (allowed, if allowed { 200 } else { 403 }), "{subject}");
        let result = call!(
            run,
            client.check_permission().namespace(NAMESPACE).object(object).relation(RELATION).subject(subject) => value
        );
        assert_eq!(result.allowed, allowed, "{subject}");
        let result = call!(
            run,
            client.check_permission_or_error().namespace(NAMESPACE).object(object).relation(RELATION).subject(subject)
                => value
        );
        assert_eq!((result.allowed, result.status().as_u16()), (allowed, if allowed { 200 } else { 403 }), "{subject}");
    }
    // Bob is one set away.
    let result = call!(run, client.post_check_permission().max_depth(1).body(member(object, "bob")) => value);
    assert!(result.allowed);
    let tuples = [member(object, "carl"), member(object, "ada")];
    if let Some(batch) = newer!(run, client.batch_check_permission().body_map(|body| body.tuples(tuples)) => value) {
        let results: Vec<bool> = batch.results.iter().map(|result| result.allowed).collect();
        assert_eq!(results, [false, true]);
    }
}

async fn delete(run: &Run, object: &str, others: &str) {
    let client = &run.client;
    call!(run, client.delete_relationships().namespace(NAMESPACE).object(object).subject("ada") => value);
    let listed = call!(run, client.get_relationships().namespace(NAMESPACE).object(object) => value);
    assert_eq!(listed.relation_tuples, [member(object, Subject::set(NAMESPACE, others, RELATION))]);
    for object in [object, others] {
        call!(run, client.delete_relationships().namespace(NAMESPACE).object(object) => value);
    }
    let listed = call!(run, client.get_relationships().namespace(NAMESPACE).object(object) => value);
    assert!(listed.relation_tuples.is_empty());
}

/// The permission language has a port of its own.
async fn language(run: &Run) {
    let client = &run.client;
    if client.endpoint(&Endpoint::KetoOpl).is_none() {
        run.report.excuse("check_opl_syntax", "ORY_KETO_OPL_URL is not set");
        return;
    }
    let right = call!(run, client.check_opl_syntax().body("class User implements Namespace {}") => value);
    assert!(right.errors.is_empty(), "{:?}", right.errors);
    let wrong = "class File implements Namespace {\n  related: {\n    a: X[]\n  }\n}\n";
    let found = call!(run, client.check_opl_syntax().body(wrong) => value);
    assert_eq!(found.errors[0].start.as_ref().unwrap().line, Some(3));
}
