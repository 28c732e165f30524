//! The sign-in of devices, and credentials for wallets.

use ory_sdk::error::OAuth2ErrorCode;
use ory_sdk::types::{
    CreateVerifiableCredentialRequestBody, OAuth2DeviceFlowBody, PerformOAuth2TokenFlowBody, VerifiableCredentialProof,
};
use ory_sdk::{Client, ErrorKind};
use serde_json::json;

use crate::requests::{ACCESS, BASIC, COOKIES, FORM, JSON, OAUTH2, Reply, Wire};

pub async fn devices(wire: &mut Wire, client: &Client) {
    wire.json(
        "oAuth2DeviceFlow",
        json!({
            "Header": null, "device_code": "ory_dc_1", "user_code": "HjQT9PkY", "expires_in": 599, "interval": 5,
            "verification_uri": "http://127.0.0.1:4444/oauth2/device/verify",
            "verification_uri_complete": "http://127.0.0.1:4444/oauth2/device/verify?user_code=HjQT9PkY",
        }),
    );
    let body = OAuth2DeviceFlowBody::builder()
        .client_id("id 1")
        .client_secret("s/e c")
        .client_assertion_type("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        .client_assertion("c.a")
        .scope("openid offline")
        .audience("https://api.example.org");
    let started = client.oauth2_device_flow().body(body).send().await.unwrap();
    wire.saw(
        "POST /hydra/oauth2/device/auth",
        &[BASIC, FORM],
        "audience=https%3A%2F%2Fapi.example.org&client_assertion=c.a\
         &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_id=id+1\
         &client_secret=s%2Fe+c&scope=openid+offline",
    );
    assert_eq!((started.expires_in, started.interval), (599, 5));
    assert_eq!((started.device_code.expose(), started.user_code.expose()), ("ory_dc_1", "HjQT9PkY"));
    let shown = format!("{started:?}");
    assert!(!shown.contains("ory_dc_1") && !shown.contains("HjQT9PkY"), "{shown}");
    // A public client has no other credential than its id.
    wire.client.oauth2_device_flow().body_map(|body| body.client_id("id-1")).send().await.unwrap();
    wire.saw("POST /hydra/oauth2/device/auth", &[FORM], "client_id=id-1");

    let to = "http://127.0.0.1:3000/login?login_challenge=c";
    wire.replies("performOAuth2DeviceVerificationFlow", Reply::new(302, &[("Location", to)], "<a href=..>"));
    let call = client.perform_oauth2_device_verification_flow().user_code("A B").client_id("id 1");
    let call = call.device_verifier("dv=").login_verifier("lv=").consent_verifier("cv=").cookie("session=3");
    let response = call.send().await.unwrap();
    wire.saw(
        "GET /hydra/oauth2/device/verify?user_code=A+B&client_id=id+1&device_verifier=dv%3D&login_verifier=lv%3D\
         &consent_verifier=cv%3D",
        &["cookie: session=3"],
        "",
    );
    assert_eq!(response.redirect().unwrap().as_str(), to);
    client.perform_oauth2_device_verification_flow().send().await.unwrap();
    wire.saw("GET /hydra/oauth2/device/verify", &[COOKIES], "");

    wire.json(
        "acceptUserCodeRequest",
        json!({"redirect_to": "http://127.0.0.1:4444/oauth2/device/verify?device_verifier=v"}),
    );
    let call = client.accept_user_code_request().device_challenge("c+/=").body_map(|body| body.user_code("HjQT9PkY"));
    let accepted = call.send().await.unwrap();
    let line = "PUT /hydra-admin/admin/oauth2/auth/requests/device/accept?device_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS, JSON], r#"{"user_code":"HjQT9PkY"}"#);
    assert_eq!(accepted.redirect_to.query("device_verifier").as_deref(), Some("v"));
}

pub async fn credentials(wire: &mut Wire, client: &Client) {
    wire.json("createVerifiableCredential", json!({"format": "jwt_vc_json", "credential_draft_00": "ey.J"}));
    let proof = VerifiableCredentialProof::builder().proof_type("jwt").jwt("p.r.f");
    let body = CreateVerifiableCredentialRequestBody::builder()
        .format("jwt_vc_json")
        .types(["VerifiableCredential", "UserInfoCredential"])
        .proof(proof);
    let issued = client.create_verifiable_credential().body(body).send().await.unwrap();
    wire.saw(
        "POST /hydra/credentials",
        &[OAUTH2, JSON],
        concat!(
            r#"{"format":"jwt_vc_json","proof":{"jwt":"p.r.f","proof_type":"jwt"},"#,
            r#""types":["VerifiableCredential","UserInfoCredential"]}"#,
        ),
    );
    assert_eq!((issued.format.as_str(), issued.credential_draft_00.expose()), ("jwt_vc_json", "ey.J"));

    // The normal first answer: the nonce for the proof.
    let body = json!({"format": "jwt_vc", "c_nonce": "ory_nonce", "c_nonce_expires_in": 3600, "error": "missing_proof",
        "error_description": "Could not verify the VC request."});
    wire.replies("createVerifiableCredential", Reply::json(400, &body));
    let call = client.create_verifiable_credential().body_map(|body| body.format("jwt_vc_json"));
    let error = call.send().await.unwrap_err();
    wire.saw("POST /hydra/credentials", &[OAUTH2, JSON], r#"{"format":"jwt_vc_json"}"#);
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 400));
    assert_eq!(error.oauth2_error().unwrap().to_string(), "missing_proof");
    assert_eq!(error.json().unwrap()["c_nonce"], "ory_nonce");
}

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// While the user has not decided, and after they refused, the server says that they have not.
#[tokio::test]
async fn a_device_that_waits() {
    let mut wire = Wire::new().await;
    let poll = || {
        let body = PerformOAuth2TokenFlowBody::builder().grant_type(GRANT).device_code("ory_dc_1").client_id("id-1");
        wire.client.perform_oauth2_token_flow().body(body)
    };
    let poll = poll();
    let line = "POST /hydra/oauth2/token";
    let sent = "client_id=id-1&device_code=ory_dc_1&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code";
    for (word, code) in [
        ("authorization_pending", OAuth2ErrorCode::AuthorizationPending),
        ("slow_down", OAuth2ErrorCode::SlowDown),
        ("expired_token", OAuth2ErrorCode::ExpiredToken),
        ("access_denied", OAuth2ErrorCode::AccessDenied),
    ] {
        let body = json!({"error": word, "error_description": "The authorization request is still pending as .."});
        wire.replies("performOAuth2TokenFlow", Reply::json(400, &body));
        let error = poll.clone().await.unwrap_err();
        wire.saw(line, &[FORM], sent);
        assert_eq!((error.kind(), error.oauth2_error()), (ErrorKind::Api, Some(code)));
        assert_eq!((error.status().unwrap().as_u16(), error.tries()), (400, 1));
    }
    wire.json(
        "performOAuth2TokenFlow",
        json!({"access_token": "ory_at_1", "token_type": "bearer", "expires_in": 3599}),
    );
    assert_eq!(poll.await.unwrap().access_token.as_ref().unwrap().expose(), "ory_at_1");
    wire.saw(line, &[FORM], sent);
}

#[tokio::test]
async fn without_an_oauth2_token() {
    let wire = Wire::new().await;
    let client = wire.client.with_client_credentials("id", "secret").with_session_token("ory_st_x");
    wire.refused(
        client.create_verifiable_credential().body_map(|body| body.format("jwt_vc_json")).await,
        ErrorKind::Configuration,
        "createVerifiableCredential: it requires an OAuth2 access token: call `with_oauth2_token`",
    );
}
