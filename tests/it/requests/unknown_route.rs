//! Servers that lack an operation, as they say it. An object that does not exist is something else.

use std::collections::BTreeSet;

use ory_sdk::contract::{Endpoint, operations};
use ory_sdk::{ErrorKind, types};
use serde_json::json;

use super::{Reply, Wire};
use crate::support::dispatch;

const ROUTE: &str = "The requested route does not exist. Make sure you are using the right path, domain, and port.";

/// The operations that some of the supported self-hosted servers lack.
const NEWER: [&str; 15] = [
    "acceptUserCodeRequest",
    "batchCheckPermission",
    "batchPatchIdentities",
    "createTestLoginFlow",
    "createVerifiableCredential",
    "deleteIdentityCredentials",
    "deleteRotatedOAuth2ClientSecrets",
    "deleteTestLoginFlow",
    "exchangeSessionToken",
    "getIdentityByExternalID",
    "getWellKnownChangePassword",
    "manageSessions",
    "oAuth2DeviceFlow",
    "performOAuth2DeviceVerificationFlow",
    "rotateOAuth2ClientSecret",
];

/// What the servers answer where they have no such route.
fn no_route() -> [Reply; 3] {
    let text = [("Content-Type", "text/plain; charset=utf-8")];
    [
        Reply::new(404, &text, "404 page not found\n"),
        Reply::new(405, &text, "Method Not Allowed\n"),
        Reply::json(404, &json!({"error": {"code": 404, "message": "Not Found", "reason": ROUTE}})),
    ]
}

/// Every operation that only newer servers have says so, and names them.
#[tokio::test]
async fn every_operation_names_the_server_that_has_it() {
    let mut wire = Wire::new().await;
    let client = wire.loaded();
    let mut newer = BTreeSet::new();
    for operation in operations() {
        for reply in no_route() {
            let words = if reply.status == 404 { "404 Not Found" } else { "405 Method Not Allowed" };
            let reason = if reply.body.starts_with(b"{") { format!(": {ROUTE}") } else { String::new() };
            wire.replies(operation.id, reply);
            let error = dispatch::call(&client, operation.name).await.unwrap().unwrap_err();
            wire.server.take();
            let since = match operation.since {
                Some("Ory Network") => " (only the Ory Network has it)".to_owned(),
                Some(since) => format!(" (since {since})"),
                None => String::new(),
            };
            let text = format!("{}: {words}: the server has no such route{since}{reason}", operation.id);
            assert_eq!((error.to_string(), error.kind()), (text, ErrorKind::Api));
            assert!(error.is_unknown_route(), "{}", operation.id);
            newer.extend(operation.since.filter(|_| operation.since != Some("Ory Network")).map(|_| operation.id));
        }
    }
    assert_eq!(newer, BTreeSet::from(NEWER));
}

/// These mean that the server knows the route.
#[tokio::test]
async fn an_object_that_does_not_exist() {
    let mut wire = Wire::new().await;
    let resource = json!({"error": {"code": 404, "status": "Not Found", "message": "Unable to locate the resource"}});
    let code = json!({"error": {"code": 404, "reason": "no session yet for this \"code\"", "message": "not found"}});
    let client = json!({"error": "Unable to locate the resource", "error_description": ""});
    for body in [resource, code, client] {
        wire.replies("getIdentityByExternalID", Reply::json(404, &body));
        let error = wire.client.get_identity_by_external_id().external_id("x").await.unwrap_err();
        assert!(error.is_not_found() && !error.is_unknown_route(), "{error}");
        assert!(!error.to_string().contains("route"), "{error}");
        wire.server.take();
    }
}

/// Kratos' public port takes a POST to an unknown path for a form without its CSRF cookie.
#[tokio::test]
async fn a_csrf_violation_says_nothing_about_routes() {
    let mut wire = Wire::new().await;
    let body = json!({"error": {"id": "security_csrf_violation", "code": 403, "status": "Forbidden",
        "reason": "Please retry the flow", "message": "the request was rejected"}});
    wire.replies("updateFedcmFlow", Reply::json(403, &body));
    let body = types::UpdateFedcmFlowBody::builder().token("t").csrf_token("c");
    let error = wire.client.update_fedcm_flow().body(body).await.unwrap_err();
    assert!(error.is_forbidden() && !error.is_unknown_route());
    assert_eq!(error.id().unwrap().to_string(), "security_csrf_violation");
}

/// The health of the wrong port, such as that of Keto's metrics.
#[tokio::test]
async fn a_health_that_is_elsewhere() {
    let mut wire = Wire::new().await;
    wire.replies("isAlive", Reply::new(404, &[], "404 page not found\n"));
    let error = wire.client.is_alive().endpoint(Endpoint::HydraAdmin).await.unwrap_err();
    assert_eq!(error.to_string(), "isAlive: 404 Not Found: the server has no such route");
}
