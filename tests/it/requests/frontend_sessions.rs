//! A user's sessions, signing out, self-service errors, and the WebAuthn script.

use serde_json::json;

use super::{JSON, Seen, Wire};
use crate::support::server::Reply;

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    whoami(&mut wire).await;
    sessions(&mut wire).await;
    logout(&mut wire).await;
    pages(&mut wire).await;
    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

async fn whoami(wire: &mut Wire) {
    let recorded = wire.replays("kratos-26.2.0/toSession.aal2");
    let session = wire.client.to_session().x_session_token("ory_st_x").send().await.unwrap();
    wire.saw("GET /kratos/sessions/whoami", &["x-session-token: ory_st_x"], "");
    assert_eq!(session.id.to_string(), recorded["id"]);
    assert_eq!(session.active, Some(true));
    assert_eq!(json!(session.authenticated_at), recorded["authenticated_at"]);
    assert_eq!(json!(session.authenticator_assurance_level), "aal2");
    assert_eq!(session.authentication_methods.len(), 2);
    assert_eq!(session.identity.as_ref().unwrap().traits, Some(recorded["identity"]["traits"].clone()));
    assert_eq!(session.headers()["x-kratos-authenticated-identity-id"], "bb00ed8a-19c9-495c-9c76-b868cb3d5da2");

    wire.json("toSession", json!({"id": "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6", "tokenized": "ey.J", "new": 1}));
    let session = wire.client.to_session().cookie("a=b").tokenize_as("my app").send().await.unwrap();
    wire.saw("GET /kratos/sessions/whoami?tokenize_as=my+app", &["cookie: a=b"], "");
    assert_eq!(session.tokenized.as_ref().unwrap().expose(), "ey.J");
    assert_eq!(session.active, None);
}

async fn sessions(wire: &mut Wire) {
    let recorded = wire.recorded("listSessions");
    let call = wire.client.list_sessions().x_session_token("t").per_page(1).page(2).page_size(3).page_token("n");
    let sessions = call.send().await.unwrap();
    wire.saw("GET /kratos/sessions?per_page=1&page=2&page_size=3&page_token=n", &["x-session-token: t"], "");
    assert_eq!(sessions.len(), recorded.as_array().unwrap().len());
    assert_eq!(sessions[0].id.to_string(), recorded[0]["id"]);

    wire.json("listSessions", json!([]));
    assert!(wire.client.list_sessions().cookie("a=b").send().await.unwrap().is_empty());
    wire.saw("GET /kratos/sessions", &["cookie: a=b"], "");

    let recorded = wire.replays("kratos-26.2.0/revokeSessions.ok");
    let revoked = wire.client.revoke_sessions().x_session_token("t").send().await.unwrap();
    wire.saw("DELETE /kratos/sessions", &["x-session-token: t"], "");
    assert_eq!(json!(revoked.count), recorded["count"]);

    wire.json("revokeSessions", json!({"count": 0}));
    wire.client.revoke_sessions().cookie("a=b").send().await.unwrap();
    wire.saw("DELETE /kratos/sessions", &["cookie: a=b"], "");

    wire.recorded("revokeSession");
    let response = wire.client.revoke_session().id("a b").x_session_token("t").send().await.unwrap();
    wire.saw("DELETE /kratos/sessions/a%20b", &["x-session-token: t"], "");
    assert_eq!(response.status(), 204);
    wire.client.revoke_session().id("whoami?x#y").cookie("a=b").send().await.unwrap();
    wire.saw("DELETE /kratos/sessions/whoami%3Fx%23y", &["cookie: a=b"], "");
}

async fn logout(wire: &mut Wire) {
    let recorded = wire.recorded("createSelfServiceLogoutFlowUrlForBrowsers");
    let call = wire.client.create_self_service_logout_flow_url_for_browsers().return_to("/bye").cookie("a=b");
    let response = call.send().await.unwrap();
    wire.saw("GET /kratos/self-service/logout/browser?return_to=%2Fbye", &["cookie: a=b"], "");
    let urls = &*response;
    assert_eq!(urls.logout_token.expose(), recorded["logout_token"]);
    assert_eq!(urls.logout_url.as_str(), recorded["logout_url"]);

    wire.replays("kratos-26.2.0/submitSelfServiceLogoutFlow.ok");
    let call = wire.client.submit_self_service_logout_flow().token("t+k").return_to("/bye").cookie("a=b");
    let response = call.send().await.unwrap();
    wire.saw("GET /kratos/self-service/logout?token=t%2Bk&return_to=%2Fbye", &["cookie: a=b"], "");
    assert_eq!((response.status().as_u16(), response.value()), (204, Some(&())));
    assert_eq!(response.set_cookies().count(), 2);

    wire.replays("kratos-26.2.0/submitSelfServiceLogoutFlow.html");
    let response = wire.client.submit_self_service_logout_flow().send().await.unwrap();
    wire.saw("GET /kratos/self-service/logout", &[], "");
    assert_eq!(response.redirect().unwrap().as_str(), "http://127.0.0.1:4455/login");

    // A DELETE with a body.
    wire.recorded("submitSelfServiceLogoutFlowWithoutBrowser");
    let call = wire.client.submit_self_service_logout_flow_without_browser();
    call.body_map(|body| body.session_token("ory_st_x")).send().await.unwrap();
    wire.saw("DELETE /kratos/self-service/logout/api", &[JSON], r#"{"session_token":"ory_st_x"}"#);
}

async fn pages(wire: &mut Wire) {
    let recorded = wire.replays("kratos-26.2.0/getSelfServiceError.stub-500");
    let error = wire.client.get_self_service_error().id("stub:500").cookie("a=b").send().await.unwrap();
    wire.saw("GET /kratos/self-service/errors?id=stub%3A500", &["cookie: a=b"], "");
    assert_eq!(error.id.to_string(), recorded["id"]);
    assert_eq!(error.error.as_ref().unwrap().code, Some(500));
    assert_eq!(json!(error.created_at), "0001-01-01T00:00:00Z", "Go's zero time");

    wire.recorded("getWebAuthnJavaScript");
    let script = wire.client.get_web_authn_java_script().send().await.unwrap();
    wire.saw("GET /kratos/.well-known/ory/webauthn.js", &[], "");
    assert_eq!(script.headers()["content-type"], "text/javascript; charset=UTF-8");
    assert_eq!(script.as_bytes(), script.raw_body().as_ref());
    assert!(!script.is_empty());

    wire.replies("getWebAuthnJavaScript", Reply::new(200, &[], ""));
    let script = wire.client.get_web_authn_java_script().header("Accept", "text/javascript").send().await.unwrap();
    wire.saw("GET /kratos/.well-known/ory/webauthn.js", &["accept: text/javascript"], "");
    assert_eq!(*script, "");
}
