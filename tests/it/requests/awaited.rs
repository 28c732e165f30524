//! Builders that are awaited without `send()`.

use ory_sdk::contract::Endpoint;
use ory_sdk::flow::FlowKind;
use serde_json::json;

use super::{ACCESS, FORM, JSON, Wire};

/// Awaiting sends the same request as `send()`, and gives the same response.
#[tokio::test]
async fn awaiting_a_builder_sends_it() {
    let mut wire = Wire::new().await;
    let client = wire.client.clone();

    let recorded = wire.recorded("adminGetIdentity");
    let identity = client.admin_get_identity().id("a/b").include_credential(["password"]).await.unwrap();
    wire.saw("GET /kratos-admin/admin/identities/a%2Fb?include_credential=password", &[ACCESS], "");
    assert_eq!(identity.id.to_string(), recorded["id"]);

    wire.empty("adminDeleteIdentity");
    assert_eq!(client.admin_delete_identity().id("x").await.unwrap().status(), 204);
    wire.saw("DELETE /kratos-admin/admin/identities/x", &[ACCESS], "");

    wire.recorded("performOAuth2TokenFlow");
    client.perform_oauth2_token_flow().body_map(|body| body.grant_type("x")).await.unwrap();
    wire.saw("POST /hydra/oauth2/token", &[FORM], "grant_type=x");

    let recorded = wire.recorded("initializeSelfServiceLoginFlowForBrowsers");
    assert_eq!(client.create_flow(FlowKind::Login).await.unwrap().id, recorded["id"]);
    wire.saw("GET /kratos/self-service/login/browser", &[], "");
    let recorded = wire.recorded("getSelfServiceLoginFlow");
    assert_eq!(client.get_flow(FlowKind::Login, "f").await.unwrap().id, recorded["id"]);
    wire.saw("GET /kratos/self-service/login/flows?id=f", &[], "");
    wire.recorded("submitSelfServiceLoginFlow");
    client.submit_flow(FlowKind::Login, "f").json_body(json!({})).await.unwrap();
    wire.saw("POST /kratos/self-service/login?flow=f", &[JSON], "{}");

    // Any request; `Wire` needs an operation to attribute it to.
    wire.json("toSession", json!({"version": "v1"}));
    let version = client.request(http::Method::GET, Endpoint::KratosPublic, "/version").await.unwrap();
    assert_eq!(version.as_ref(), br#"{"version":"v1"}"#);
    wire.saw("GET /kratos/version", &[], "");
    wire.into_seen();
}

/// A builder that is not awaited sends nothing. Errors arrive as with `send()`.
#[tokio::test]
async fn nothing_is_sent_before_the_await() {
    let mut wire = Wire::new().await;
    drop(wire.client.to_session().into_future());
    wire.refused(
        wire.client.admin_get_identity().await,
        ory_sdk::ErrorKind::Argument,
        "adminGetIdentity: `id` is missing",
    );
    wire.replays("kratos-26.2.0/toSession.no-session");
    assert!(wire.client.to_session().await.unwrap_err().is_unauthorized());
    wire.saw("GET /kratos/sessions/whoami", &[], "");
}
