//! Administration of all sessions, of one kind of credentials, and of flows that try a sign-in provider.

use ory_sdk::types::{IdentityCredentialsType, ManageSessionsBodyAction};
use serde_json::json;

use super::{ACCESS, JSON, Reply, Seen, Wire};

const ID: &str = "fd29ec01-a687-4177-908c-81e98f1660a7";

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    list(&mut wire).await;
    one(&mut wire).await;
    many(&mut wire).await;
    by_external_id(&mut wire).await;
    credentials(&mut wire).await;
    test_flow(&mut wire).await;
    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

async fn list(wire: &mut Wire) {
    let device = json!({"id": ID, "ip_address": "127.0.0.1", "user_agent": "x", "location": ""});
    let session = json!({"id": ID, "active": true, "expires_at": "2026-11-30T07:12:43.641731906Z",
        "authenticator_assurance_level": "aal1", "identity": {"id": ID, "schema_id": "default", "traits": {}},
        "devices": [device]});
    let link = "</admin/sessions?page_token=n%3D>; rel=\"next\"";
    let mut response = Reply::json(200, &json!([session]));
    response.headers.push(("Link".to_owned(), link.to_owned()));
    wire.replies("adminListSessions", response);
    let call = wire.client.admin_list_sessions().page_size(1000).page_token("t/=").active(true);
    let sessions = call.expand(["identity", "devices"]).send().await.unwrap();
    wire.saw(
        "GET /kratos-admin/admin/sessions?page_size=1000&page_token=t%2F%3D&active=true&expand=identity&expand=devices",
        &[ACCESS],
        "",
    );
    assert_eq!((sessions[0].id.to_string().as_str(), sessions[0].active), (ID, Some(true)));
    assert_eq!(sessions[0].devices[0].ip_address.as_deref(), Some("127.0.0.1"));
    assert_eq!(sessions.headers()["link"], link);

    // Without `expand`, both are null.
    wire.json("adminListSessions", json!([{"id": ID, "active": false, "identity": null, "devices": null}]));
    let sessions = wire.client.admin_list_sessions().active(false).send().await.unwrap();
    wire.saw("GET /kratos-admin/admin/sessions?active=false", &[ACCESS], "");
    assert!(sessions[0].identity.is_none() && sessions[0].devices.is_empty());
}

async fn one(wire: &mut Wire) {
    wire.json(
        "getSession",
        json!({"id": ID, "active": false, "identity": {"id": ID, "traits": {"a": 1}}, "devices": []}),
    );
    let session = wire.client.get_session().id("s/1").expand(["identity", "x&y"]).send().await.unwrap();
    wire.saw("GET /kratos-admin/admin/sessions/s%2F1?expand=identity&expand=x%26y", &[ACCESS], "");
    assert_eq!(session.identity.as_ref().unwrap().traits, Some(json!({"a": 1})));
    assert_eq!(session.active, Some(false));

    wire.empty("disableSession");
    let response = wire.client.disable_session().id("s 1").send().await.unwrap();
    wire.saw("DELETE /kratos-admin/admin/sessions/s%201", &[ACCESS], "");
    assert_eq!(response.status(), 204);
}

async fn many(wire: &mut Wire) {
    wire.json("manageSessions", json!({"processed": 2, "more": false}));
    let call = wire.client.manage_sessions();
    let call = call.body_map(|body| body.action(ManageSessionsBodyAction::Disable).sessions([ID, "x"]));
    let result = call.send().await.unwrap();
    let body = format!(r#"{{"action":"disable","sessions":["{ID}","x"]}}"#);
    wire.saw("POST /kratos-admin/admin/sessions", &[ACCESS, JSON], &body);
    assert_eq!((json!(result.processed), json!(result.more)), (json!(2), json!(false)));
    let call = wire.client.manage_sessions().body_map(|body| body.action("delete").identities(["*"]));
    call.send().await.unwrap();
    wire.saw("POST /kratos-admin/admin/sessions", &[ACCESS, JSON], r#"{"action":"delete","identities":["*"]}"#);
}

async fn by_external_id(wire: &mut Wire) {
    let identity = json!({"id": ID, "external_id": "team/7 é", "schema_id": "default", "traits": {"a": 1},
        "metadata_admin": null, "credentials": {"password": {"type": "password", "identifiers": ["a@b.c"]}}});
    wire.json("getIdentityByExternalID", identity);
    let call = wire.client.get_identity_by_external_id().external_id("team/7 é%2F?");
    let found = call.include_credential(["password", "oidc"]).send().await.unwrap();
    wire.saw(
        "GET /kratos-admin/admin/identities/by/external/team%2F7%20%C3%A9%252F%3F\
         ?include_credential=password&include_credential=oidc",
        &[ACCESS],
        "",
    );
    assert_eq!(found.external_id.as_deref(), Some("team/7 é"));
    assert_eq!(found.credentials["password"].identifiers, ["a@b.c"]);
}

async fn credentials(wire: &mut Wire) {
    wire.empty("deleteIdentityCredentials");
    let call = wire.client.delete_identity_credentials().id(ID).type_(IdentityCredentialsType::Oidc);
    let response = call.identifier("google:sub/1").send().await.unwrap();
    let line = format!("DELETE /kratos-admin/admin/identities/{ID}/credentials/oidc?identifier=google%3Asub%2F1");
    wire.saw(&line, &[ACCESS], "");
    assert_eq!(response.status(), 204);
    // A kind that only newer servers know.
    wire.client.delete_identity_credentials().id("a/b").type_("magic wand").send().await.unwrap();
    wire.saw("DELETE /kratos-admin/admin/identities/a%2Fb/credentials/magic%20wand", &[ACCESS], "");
}

async fn test_flow(wire: &mut Wire) {
    let flow = json!({
        "id": ID, "type": "browser", "request_url": "http://127.0.0.1:4434/admin/test-login-flows",
        "ui": {"action": "http://127.0.0.1:4433/self-service/login", "method": "POST", "nodes": []},
        "test_context": {"provider_id": "local", "debug_payload": {
            "userinfo": {"sub": "1"}, "jsonnet_output": {"identity": {}}, "jsonnet_stderr": "",
            "schema_validation_errors": [{"path": "/email", "message": "missing"}],
            "error": {"step": "validate", "reason": "r", "message": "m"},
        }},
    });
    wire.replies("createTestLoginFlow", Reply::json(201, &flow));
    let call = wire.client.create_test_login_flow().body_map(|body| body.provider_id("loc\"al"));
    let flow = call.send().await.unwrap();
    wire.saw("POST /kratos-admin/admin/test-login-flows", &[ACCESS, JSON], r#"{"provider_id":"loc\"al"}"#);
    let context = flow.test_context.as_ref().unwrap();
    assert_eq!((flow.status().as_u16(), context.provider_id.as_str()), (201, "local"));
    let payload = context.debug_payload.as_ref().unwrap();
    assert_eq!(payload.schema_validation_errors[0].path.as_deref(), Some("/email"));
}
