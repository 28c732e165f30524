//! Login, consent and logout requests, by their challenges.

use ory_sdk::types::{
    AcceptOAuth2ConsentRequest, AcceptOAuth2ConsentRequestSession, AcceptOAuth2LoginRequest, RejectOAuth2Request,
};
use ory_sdk::{Client, ErrorKind};
use serde_json::json;

use super::{CHALLENGE, time};
use crate::requests::{ACCESS, JSON, Wire};

pub async fn login_requests(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-2.0.3/adminGetOAuth2LoginRequest.ok");
    let request = client.admin_get_oauth2_login_request().login_challenge(CHALLENGE).send().await.unwrap();
    let line = "GET /hydra-admin/admin/oauth2/auth/requests/login?login_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS], "");
    assert_eq!(json!(request.challenge.expose()), recorded["challenge"]);
    assert_eq!(json!(request.requested_scope), recorded["requested_scope"]);
    assert_eq!(json!(request.client.client_id), recorded["client"]["client_id"]);
    assert_eq!(json!(request.oidc_context), recorded["oidc_context"]);
    assert!(!request.skip);

    let recorded = wire.replays("hydra-26.2.0/adminAcceptOAuth2LoginRequest.ok");
    let body = AcceptOAuth2LoginRequest::builder()
        .acr("urn:acr:2")
        .amr(["pwd", "otp"])
        .context(json!([1, null, "x"]))
        .extend_session_lifespan(true)
        .force_subject_identifier("forced")
        .identity_provider_session_id("sid-1")
        .remember(true)
        .remember_for(0)
        .subject("alice@example.org");
    let accept = client.admin_accept_oauth2_login_request().login_challenge(CHALLENGE).body(body);
    let response = accept.send().await.unwrap();
    wire.saw(
        "PUT /hydra-admin/admin/oauth2/auth/requests/login/accept?login_challenge=c%2B%2F%3D",
        &[ACCESS, JSON],
        concat!(
            r#"{"acr":"urn:acr:2","amr":["pwd","otp"],"context":[1,null,"x"],"#,
            r#""extend_session_lifespan":true,"force_subject_identifier":"forced","#,
            r#""identity_provider_session_id":"sid-1","remember":true,"remember_for":0,"subject":"alice@example.org"}"#,
        ),
    );
    assert_eq!(json!(response.redirect_to.as_str()), recorded["redirect_to"]);

    // Unset fields are not sent: version 2 refuses unknown keys.
    wire.recorded("adminAcceptOAuth2LoginRequest");
    let accept = client.admin_accept_oauth2_login_request().login_challenge("c").body_map(|body| body.subject("a"));
    accept.send().await.unwrap();
    let line = "PUT /hydra-admin/admin/oauth2/auth/requests/login/accept?login_challenge=c";
    wire.saw(line, &[ACCESS, JSON], r#"{"subject":"a"}"#);

    let recorded = wire.recorded("adminRejectOAuth2LoginRequest");
    let reject = client.admin_reject_oauth2_login_request().login_challenge(CHALLENGE).body(rejection());
    let response = reject.send().await.unwrap();
    let line = "PUT /hydra-admin/admin/oauth2/auth/requests/login/reject?login_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS, JSON], REJECTION);
    assert_eq!(json!(response.redirect_to.as_str()), recorded["redirect_to"]);

    // The reason is optional.
    let reject = client.admin_reject_oauth2_login_request().login_challenge("c").body_map(|body| body);
    reject.send().await.unwrap();
    let line = "PUT /hydra-admin/admin/oauth2/auth/requests/login/reject?login_challenge=c";
    wire.saw(line, &[ACCESS, JSON], "{}");
}

const REJECTION: &str = concat!(
    r#"{"error":"access_denied","error_debug":"Debug","#,
    r#""error_description":"No \"no\"","error_hint":"Hint","status_code":403}"#,
);

fn rejection() -> ory_sdk::types::builder::RejectOAuth2Request {
    RejectOAuth2Request::builder()
        .error("access_denied")
        .error_debug("Debug")
        .error_description("No \"no\"")
        .error_hint("Hint")
        .status_code(403)
}

pub async fn consent_requests(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-26.2.0/adminGetOAuth2ConsentRequest.ok");
    let request = client.admin_get_oauth2_consent_request().consent_challenge(CHALLENGE).send().await.unwrap();
    let line = "GET /hydra-admin/admin/oauth2/auth/requests/consent?consent_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS], "");
    assert_eq!(json!(request.challenge.expose()), recorded["challenge"]);
    assert_eq!(json!(request.consent_request_id), recorded["consent_request_id"]);
    assert_eq!(json!(request.requested_access_token_audience), recorded["requested_access_token_audience"]);
    assert_eq!(json!(request.amr), recorded["amr"]);
    assert_eq!(request.context, Some(json!({"from": "login", "list": [1, null]})));
    assert_eq!(request.client.metadata, Some(json!({"tier": 1})));
    assert!(!request.skip);

    let recorded = wire.replays("hydra-26.2.0/adminAcceptOAuth2ConsentRequest.ok");
    let session = AcceptOAuth2ConsentRequestSession::builder()
        .access_token(json!({"roles": ["a", "b"]}))
        .id_token(json!({"name": "Älice"}));
    let body = AcceptOAuth2ConsentRequest::builder()
        .context("any")
        .grant_access_token_audience(["https://api.example.org"])
        .grant_scope(["openid", "offline"])
        .handled_at(time("2026-11-22T13:34:01.283476494Z"))
        .remember(false)
        .remember_for(3600)
        .session(session);
    let accept = client.admin_accept_oauth2_consent_request().consent_challenge(CHALLENGE).body(body);
    let response = accept.send().await.unwrap();
    wire.saw(
        "PUT /hydra-admin/admin/oauth2/auth/requests/consent/accept?consent_challenge=c%2B%2F%3D",
        &[ACCESS, JSON],
        concat!(
            r#"{"context":"any","grant_access_token_audience":["https://api.example.org"],"#,
            r#""grant_scope":["openid","offline"],"handled_at":"2026-11-22T13:34:01.283476494Z","#,
            r#""remember":false,"remember_for":3600,"#,
            r#""session":{"access_token":{"roles":["a","b"]},"id_token":{"name":"Älice"}}}"#,
        ),
    );
    assert_eq!(json!(response.redirect_to.as_str()), recorded["redirect_to"]);

    let recorded = wire.recorded("adminRejectOAuth2ConsentRequest");
    let reject = client.admin_reject_oauth2_consent_request().consent_challenge(CHALLENGE).body(rejection());
    let response = reject.send().await.unwrap();
    let line = "PUT /hydra-admin/admin/oauth2/auth/requests/consent/reject?consent_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS, JSON], REJECTION);
    assert_eq!(json!(response.redirect_to.as_str()), recorded["redirect_to"]);
}

pub async fn logout_requests(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-26.2.0/adminGetOAuth2LogoutRequest.ok");
    let request = client.admin_get_oauth2_logout_request().logout_challenge(CHALLENGE).send().await.unwrap();
    let line = "GET /hydra-admin/admin/oauth2/auth/requests/logout?logout_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS], "");
    assert_eq!(request.subject, "judy@example.org");
    assert_eq!(json!(request.sid), recorded["sid"]);
    assert_eq!(json!(request.request_url.expose()), recorded["request_url"]);
    assert_eq!((request.rp_initiated, request.expires_at), (true, None));
    assert_eq!(json!(request.client.client_name), recorded["client"]["client_name"]);

    let recorded = wire.recorded("adminAcceptOAuth2LogoutRequest");
    let response = client.admin_accept_oauth2_logout_request().logout_challenge(CHALLENGE).send().await.unwrap();
    let line = "PUT /hydra-admin/admin/oauth2/auth/requests/logout/accept?logout_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS], "");
    assert_eq!(json!(response.redirect_to.as_str()), recorded["redirect_to"]);

    wire.recorded("adminRejectOAuth2LogoutRequest");
    let reject = client.admin_reject_oauth2_logout_request().logout_challenge(CHALLENGE).body(rejection());
    let response = reject.send().await.unwrap();
    let line = "PUT /hydra-admin/admin/oauth2/auth/requests/logout/reject?logout_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS, JSON], REJECTION);
    assert_eq!(response.status(), 204);
}

/// A used challenge is an error. It keeps the whole body, which says where the browser went.
#[tokio::test]
async fn used_challenges() {
    let mut wire = Wire::new().await;
    let client = wire.client.clone();
    let uses = [
        ("login", "hydra-2.0.3/adminGetOAuth2LoginRequest.used"),
        ("consent", "hydra-2.0.3/adminGetOAuth2ConsentRequest.used"),
        ("logout", "hydra-2.0.3/adminGetOAuth2LogoutRequest.finished"),
    ];
    for (page, name) in uses {
        let recorded = wire.replays(name);
        let error = match page {
            "login" => client.admin_get_oauth2_login_request().login_challenge("c").send().await.unwrap_err(),
            "consent" => client.admin_get_oauth2_consent_request().consent_challenge("c").send().await.unwrap_err(),
            _ => client.admin_get_oauth2_logout_request().logout_challenge("c").send().await.unwrap_err(),
        };
        let line = format!("GET /hydra-admin/admin/oauth2/auth/requests/{page}?{page}_challenge=c");
        wire.saw(&line, &[ACCESS], "");
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 410), "{name}");
        assert_eq!(error.to_string(), format!("{}: 410 Gone", error.operation().unwrap()));
        assert!(recorded["redirect_to"].as_str().unwrap().contains("/oauth2/"), "{name}");
        assert_eq!(error.json(), Some(&recorded), "{name}");
        assert_eq!(*error.body(), recorded.to_string(), "{name}");
    }
}

#[tokio::test]
async fn missing_arguments() {
    let wire = Wire::new().await;
    let client = wire.loaded();
    wire.refused(
        client.admin_get_oauth2_login_request().send().await,
        ErrorKind::Argument,
        "adminGetOAuth2LoginRequest: `login_challenge` is missing",
    );
    wire.refused(
        client.perform_oauth2_token_flow().send().await,
        ErrorKind::Argument,
        "performOAuth2TokenFlow: `body` is missing",
    );
    wire.refused(
        client.perform_oauth2_token_flow().body_map(|body| body.code("c")).send().await,
        ErrorKind::Argument,
        "performOAuth2TokenFlow: `body` was refused: PerformOAuth2TokenFlowBody: `grant_type` is missing",
    );
    wire.refused(
        client.admin_revoke_oauth2_consent_sessions().all(true).send().await,
        ErrorKind::Argument,
        "adminRevokeOAuth2ConsentSessions: `subject` is missing",
    );
}
