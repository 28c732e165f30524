//! Signing in.

use std::collections::BTreeMap;

use ory_sdk::ErrorKind;
use ory_sdk::types;
use serde_json::json;

use super::frontend::same_flow;
use super::{JSON, Seen, Wire};

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    for_browsers(&mut wire).await;
    without_browser(&mut wire).await;
    get(&mut wire).await;
    submit(&mut wire).await;
    every_method(&mut wire).await;
    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

async fn for_browsers(wire: &mut Wire) {
    let recorded = wire.recorded("initializeSelfServiceLoginFlowForBrowsers");
    let flow = wire
        .client
        .initialize_self_service_login_flow_for_browsers()
        .refresh(true)
        .aal("aal2")
        .return_to("https://app.example.org/a?b=c&d=e f#g")
        .login_challenge("ch+all/enge=")
        .via("ada@example.org")
        .organization("o&1")
        .identity_schema("cust&1")
        .cookie("csrf_token_80=a+b/c=; ory_kratos_session=\"x y\"")
        .send()
        .await
        .unwrap();
    wire.saw(
        "GET /kratos/self-service/login/browser?refresh=true&aal=aal2\
         &return_to=https%3A%2F%2Fapp.example.org%2Fa%3Fb%3Dc%26d%3De+f%23g&login_challenge=ch%2Ball%2Fenge%3D\
         &via=ada%40example.org&organization=o%261&identity_schema=cust%261",
        &["cookie: csrf_token_80=a+b/c=; ory_kratos_session=\"x y\""],
        "",
    );
    let value = &*flow;
    same_flow(value.id, &value.ui, &recorded);

    wire.replays("kratos-26.2.0/initializeSelfServiceLoginFlowForBrowsers.html");
    let error = wire.client.initialize_self_service_login_flow_for_browsers().send().await.unwrap_err();
    wire.saw("GET /kratos/self-service/login/browser", &[], "");
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Redirect, 303));
    assert_eq!(error.set_cookies().count(), 1);
    let location = error.location().unwrap();
    assert_eq!(location.as_str(), "http://127.0.0.1:4455/login?flow=c999f286-ef16-44b7-be28-0f94826523ef");
    assert_eq!(location.query("flow").unwrap(), "c999f286-ef16-44b7-be28-0f94826523ef");
}

async fn without_browser(wire: &mut Wire) {
    let recorded = wire.recorded("initializeSelfServiceLoginFlowWithoutBrowser");
    let flow = wire
        .client
        .initialize_self_service_login_flow_without_browser()
        .refresh(false)
        .aal("aal1")
        .return_to("/back")
        .return_session_token_exchange_code(true)
        .via("sms")
        .organization("o")
        .identity_schema("customer")
        .login_challenge("c")
        .x_session_token("ory_st_x")
        .send()
        .await
        .unwrap();
    wire.saw(
        "GET /kratos/self-service/login/api?refresh=false&aal=aal1&return_to=%2Fback\
         &return_session_token_exchange_code=true&via=sms&organization=o&identity_schema=customer&login_challenge=c",
        &["x-session-token: ory_st_x"],
        "",
    );
    same_flow(flow.id, &flow.ui, &recorded);

    let recorded = wire.replays("kratos-26.2.0/initializeSelfServiceLoginFlowWithoutBrowser.aal2");
    let flow = wire.client.initialize_self_service_login_flow_without_browser().send().await.unwrap();
    wire.saw("GET /kratos/self-service/login/api", &[], "");
    assert!(recorded["ui"]["nodes"].is_null() && flow.ui.nodes.is_empty());
    assert_eq!(flow.ui.messages[0].id, 1_010_004);
}

async fn get(wire: &mut Wire) {
    let recorded = wire.replays("kratos-26.2.0/getSelfServiceLoginFlow.aal2");
    let flow = wire.client.get_self_service_login_flow().id("f/1").cookie("a=b").send().await.unwrap();
    wire.saw("GET /kratos/self-service/login/flows?id=f%2F1", &["cookie: a=b"], "");
    same_flow(flow.id, &flow.ui, &recorded);
    assert_eq!(json!(flow.requested_aal), recorded["requested_aal"]);
}

/// A body for cases that are not about the body.
fn totp() -> types::SubmitSelfServiceLoginFlowWithTotpMethodBody {
    types::SubmitSelfServiceLoginFlowWithTotpMethodBody::builder().totp_code("123456").build().unwrap()
}

async fn submit(wire: &mut Wire) {
    let sent = r#"{"method":"totp","totp_code":"123456"}"#;

    let recorded = wire.replays("kratos-26.2.0/submitSelfServiceLoginFlow.api-ok");
    let call = wire.client.submit_self_service_login_flow().flow("f&1").x_session_token("ory_st_x");
    let response = call.body(totp()).send().await.unwrap();
    wire.saw("POST /kratos/self-service/login?flow=f%261", &["x-session-token: ory_st_x", JSON], sent);
    let value = &*response;
    assert_eq!(value.session_token.as_ref().unwrap().expose(), recorded["session_token"]);
    assert_eq!(value.session.as_ref().unwrap().id.to_string(), recorded["session"]["id"]);
    let identity = value.session.as_ref().unwrap().identity.as_ref().unwrap();
    assert_eq!(identity.traits, Some(recorded["session"]["identity"]["traits"].clone()));

    // A JSON body, for a known method and for one that only the server knows.
    for body in [r#"{"method":"totp","totp_code":"123456"}"#, r#"{"bird":7,"method":"carrier_pigeon"}"#] {
        wire.replays("kratos-26.2.0/submitSelfServiceLoginFlow.api-ok");
        let json: serde_json::Value = serde_json::from_str(body).unwrap();
        wire.client.submit_self_service_login_flow().flow("f").body(json).await.unwrap();
        wire.saw("POST /kratos/self-service/login?flow=f", &[JSON], body);
    }
    let json = json!({"method": "totp", "totp_code": 123456});
    let response = wire.client.submit_self_service_login_flow().flow("f").body(json).await;
    let text = "submitSelfServiceLoginFlow: `body` was refused: `totp_code`: in variant totp of SubmitSelfServiceLoginFlowBody: \
                invalid type: integer, expected a string";
    wire.refused(response, ErrorKind::Argument, text);

    wire.replays("kratos-26.2.0/submitSelfServiceLoginFlow.aal2-still-needed");
    let response = wire.client.submit_self_service_login_flow().flow("f").body(totp()).send().await.unwrap();
    wire.saw("POST /kratos/self-service/login?flow=f", &[JSON], sent);
    let value = &*response;
    assert!(value.session.as_ref().unwrap().identity.is_none() && value.continue_with.is_empty(), "both are null");

    wire.replays("kratos-26.2.0/submitSelfServiceLoginFlow.form-ok");
    let call = wire.client.submit_self_service_login_flow().flow("f").cookie("a=b; c=d");
    let error = call.body(totp()).send().await.unwrap_err();
    wire.saw("POST /kratos/self-service/login?flow=f", &["cookie: a=b; c=d", JSON], sent);
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(error.location().unwrap().as_str(), "http://127.0.0.1:4455/");
    let cookies: Vec<String> = error.set_cookies().map(|cookie| cookie.name().to_owned()).collect();
    assert_eq!(cookies.len(), 2);
    assert!(cookies[0].starts_with("csrf_token_") && cookies[1] == "ory_kratos_session", "{cookies:?}");
}

async fn every_method(wire: &mut Wire) {
    let payload = || json!({"campaign": [1, null]});

    let body = types::SubmitSelfServiceLoginFlowWithPasswordMethodBody::builder()
        .identifier("ada@example.org")
        .password("päss\"word")
        .password_identifier("ada")
        .csrf_token("c=")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"password","csrf_token":"c=","identifier":"ada@example.org","password":"päss\"word","#,
            r#""password_identifier":"ada","transient_payload":{"campaign":[1,null]}}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceLoginFlowWithCodeMethodBody::builder()
        .identifier("ada@example.org")
        .code("012345")
        .resend("code")
        .address("ada@example.org")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"code","address":"ada@example.org","code":"012345","csrf_token":"c","#,
            r#""identifier":"ada@example.org","resend":"code","transient_payload":{"campaign":[1,null]}}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceLoginFlowWithPasskeyMethodBody::builder()
        .passkey_login(r#"{"id":"x"}"#)
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"passkey","csrf_token":"c","passkey_login":"{\"id\":\"x\"}","#,
            r#""transient_payload":{"campaign":[1,null]}}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceLoginFlowWithWebAuthnMethodBody::builder()
        .identifier("ada")
        .webauthn_login("{}")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"webauthn","csrf_token":"c","identifier":"ada","#,
            r#""transient_payload":{"campaign":[1,null]},"webauthn_login":"{}"}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceLoginFlowWithTotpMethodBody::builder()
        .totp_code("123456")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        r#"{"method":"totp","csrf_token":"c","totp_code":"123456","transient_payload":{"campaign":[1,null]}}"#,
    )
    .await;

    let body = types::SubmitSelfServiceLoginFlowWithLookupSecretMethodBody::builder()
        .lookup_secret("abcd")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        r#"{"method":"lookup_secret","csrf_token":"c","lookup_secret":"abcd","transient_payload":{"campaign":[1,null]}}"#,
    )
    .await;

    let body = types::SubmitSelfServiceLoginFlowWithOidcMethodBody::builder()
        .provider("google")
        .traits(json!({"a": "b"}))
        .upstream_parameters(BTreeMap::from([("prompt".to_owned(), "login".to_owned())]))
        .id_token("ey.J")
        .id_token_nonce("n")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"oidc","csrf_token":"c","id_token":"ey.J","id_token_nonce":"n","provider":"google","#,
            r#""traits":{"a":"b"},"transient_payload":{"campaign":[1,null]},"upstream_parameters":{"prompt":"login"}}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceLoginFlowWithSamlMethodBody::builder()
        .provider("corp")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        r#"{"method":"saml","csrf_token":"c","provider":"corp","transient_payload":{"campaign":[1,null]}}"#,
    )
    .await;

    let body = types::SubmitSelfServiceLoginFlowWithIdentifierFirstMethodBody::builder()
        .identifier("ada")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        r#"{"method":"identifier_first","csrf_token":"c","identifier":"ada","transient_payload":{"campaign":[1,null]}}"#,
    )
    .await;

    let body = types::SubmitSelfServiceLoginFlowWithDeviceAuthnMethodBody::builder()
        .client_key_id("key-1")
        .signature("c2ln")
        .pin_proof("cHJvb2Y=")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"deviceauthn","client_key_id":"key-1","pin_proof":"cHJvb2Y=","signature":"c2ln","#,
            r#""transient_payload":{"campaign":[1,null]}}"#,
        ),
    )
    .await;

    // A method that only newer servers know is sent as given, and so is a JSON body of the caller.
    let unknown = json!({"method": "magic", "wand": 7}).as_object().unwrap().clone();
    sends(wire, types::SubmitSelfServiceLoginFlowBody::Unknown(unknown), r#"{"method":"magic","wand":7}"#).await;
    wire.recorded("submitSelfServiceLoginFlow");
    let call = wire.client.submit_self_service_login_flow().flow("f").body(totp());
    call.json_body(json!({"method": "totp", "totp_code": null})).send().await.unwrap();
    wire.saw("POST /kratos/self-service/login?flow=f", &[JSON], r#"{"method":"totp","totp_code":null}"#);
}

/// Submits a body and checks that it is sent as `text`.
async fn sends(wire: &mut Wire, body: impl Into<types::SubmitSelfServiceLoginFlowBody>, text: &str) {
    wire.replays("kratos-26.2.0/submitSelfServiceLoginFlow.api-ok");
    let response = wire.client.submit_self_service_login_flow().flow("f").body(body.into()).send().await.unwrap();
    wire.saw("POST /kratos/self-service/login?flow=f", &[JSON], text);
    assert_eq!(response.session.as_ref().unwrap().active, Some(true));
}
