//! What Keto answers: which refusals are values, and which successes are errors.

use ory_sdk::{ErrorKind, types};
use serde_json::json;

use super::{Reply, Wire};

fn relationship() -> types::builder::Relationship {
    types::Relationship::builder().namespace("File").object("letter").relation("view").subject("carol")
}

/// `denied` is a value of the two operations that answer it with a 403, and the body says so.
#[tokio::test]
async fn denied_is_a_value() {
    let mut wire = Wire::new().await;
    let client = wire.client.clone();
    for (status, allowed) in [(200, true), (200, false), (403, false), (403, true)] {
        let reply = Reply::json(status, &json!({"allowed": allowed}));
        wire.replies("checkPermissionOrError", reply.clone());
        let check = client.check_permission_or_error().namespace("File").object("letter").relation("view");
        let result = check.subject("carol").await.unwrap();
        assert_eq!((result.status().as_u16(), result.allowed), (status, allowed));
        wire.server.take();
        wire.replies("postCheckPermissionOrError", reply);
        let result = client.post_check_permission_or_error().body(relationship()).await.unwrap();
        assert_eq!((result.status().as_u16(), result.allowed), (status, allowed));
        wire.server.take();
    }
}

/// A proxy, or the Ory Network without a token, answers 403 too. That is not "denied".
#[tokio::test]
async fn a_403_without_a_result_is_an_error() {
    let mut wire = Wire::new().await;
    let client = wire.client.clone();
    let forbidden = json!({"error": {"code": 403, "status": "Forbidden", "reason": "no", "message": "forbidden"}});
    for reply in [
        Reply::json(403, &forbidden),
        Reply::json(403, &json!({})),
        Reply::json(403, &json!({"allowed": null})),
        Reply::json(403, &json!({"allowed": "false"})),
        Reply::new(403, &[("Content-Type", "text/html")], "<html>no"),
        Reply::new(403, &[], ""),
    ] {
        wire.replies("checkPermissionOrError", reply.clone());
        let check = client.check_permission_or_error().namespace("File").object("letter").relation("view");
        let first = check.subject("carol").await.unwrap_err();
        wire.server.take();
        wire.replies("postCheckPermissionOrError", reply.clone());
        let second = client.post_check_permission_or_error().body(relationship()).await.unwrap_err();
        wire.server.take();
        for error in [first, second] {
            assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 403), "{error}");
            assert!(error.is_forbidden());
            assert_eq!(error.body().as_ref(), reply.body);
        }
    }
}

/// Everywhere else a 403 is an error, even with this body.
#[tokio::test]
async fn a_403_of_other_checks_is_an_error() {
    let mut wire = Wire::new().await;
    let client = wire.client.clone();
    wire.replies("checkPermission", Reply::json(403, &json!({"allowed": false})));
    let check = client.check_permission().namespace("File").object("letter").relation("view").subject("carol");
    let error = check.await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 403));
    wire.server.take();
    wire.replies("postCheckPermission", Reply::json(403, &json!({"allowed": false})));
    let error = client.post_check_permission().body(relationship()).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 403));
}

#[tokio::test]
async fn other_statuses_are_errors() {
    let mut wire = Wire::new().await;
    let client = wire.client.clone();
    let unknown = json!({"error": {"code": 400, "status": "Bad Request", "reason": "relation \"x\" does not exist",
        "message": "The request was malformed or contained invalid parameters"}});
    wire.replies("postCheckPermissionOrError", Reply::json(400, &unknown));
    let error = client.post_check_permission_or_error().body(relationship()).await.unwrap_err();
    assert_eq!((error.kind(), error.reason()), (ErrorKind::Api, Some("relation \"x\" does not exist")));
    wire.server.take();
    // A 401 that has the body of a result.
    wire.replies("postCheckPermissionOrError", Reply::json(401, &json!({"allowed": true})));
    let error = client.post_check_permission_or_error().body(relationship()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_unauthorized()), (ErrorKind::Api, true));
    wire.server.take();
    // A result that says nothing is no result.
    wire.replies("postCheckPermissionOrError", Reply::json(200, &json!({})));
    let error = client.post_check_permission_or_error().body(relationship()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

/// Keto says that there is no tree with the status 200.
#[tokio::test]
async fn no_tree_is_an_error() {
    let mut wire = Wire::new().await;
    let call = wire.client.expand_permissions().namespace("File").object("nothing").relation("view");
    let body = json!({"code": 404, "status": "Not Found", "message": "no relation tuple found"});
    wire.json("expandPermissions", body.clone());
    let error = call.clone().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 404));
    assert!(error.is_not_found() && !error.is_unknown_route());
    assert_eq!(error.to_string(), "expandPermissions: 404 Not Found: no relation tuple found");
    assert_eq!(error.body().as_ref(), body.to_string().as_bytes());
    wire.server.take();

    // The 404 of an unknown namespace is one in every way.
    let unknown = json!({"error": {"code": 404, "status": "Not Found", "message": "unknown namespace"}});
    wire.replies("expandPermissions", Reply::json(404, &unknown));
    let error = call.clone().await.unwrap_err();
    assert_eq!((error.kind(), error.is_not_found()), (ErrorKind::Api, true));
    wire.server.take();

    // What is neither a tree nor an error cannot be decoded.
    for body in [json!({}), json!({"code": 200, "message": "fine"}), json!({"code": 404}), json!({"type": null})] {
        wire.json("expandPermissions", body.clone());
        assert_eq!(call.clone().await.unwrap_err().kind(), ErrorKind::Decode, "{body}");
        wire.server.take();
    }
}

/// The results of a batch have the order of the questions, each with its own error.
#[tokio::test]
async fn results_of_a_batch() {
    let mut wire = Wire::new().await;
    let not_found = "The requested resource could not be found";
    let results = [
        json!({"allowed": true}),
        json!({"allowed": false}),
        json!({"allowed": false, "error": not_found}),
        json!({"allowed": true, "error": ""}),
        json!({"allowed": false, "error": "subject is not allowed to be nil", "new": 1}),
    ];
    wire.json("batchCheckPermission", json!({"results": results}));
    let tuples: Vec<_> = (0..5).map(|index| relationship().object(format!("o{index}")).build().unwrap()).collect();
    let call = wire.client.batch_check_permission().body_map(|body| body.tuples(tuples));
    let response = call.await.unwrap();
    let found: Vec<_> = response.results.iter().map(|result| (result.allowed, result.error.as_deref())).collect();
    let expected = [
        (true, None),
        (false, None),
        (false, Some(not_found)),
        (true, None),
        (false, Some("subject is not allowed to be nil")),
    ];
    assert_eq!(found, expected);
}
