//! A user's own settings.

use std::collections::BTreeMap;

use ory_sdk::error::NextStep;
use ory_sdk::response::Location;
use ory_sdk::{ErrorKind, types};
use serde_json::json;

use super::frontend::same_flow;
use super::{JSON, Seen, Wire};

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    initialize(&mut wire).await;
    get(&mut wire).await;
    submit(&mut wire).await;
    every_method(&mut wire).await;
    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

async fn initialize(wire: &mut Wire) {
    let recorded = wire.recorded("initializeSelfServiceSettingsFlowForBrowsers");
    let call = wire.client.initialize_self_service_settings_flow_for_browsers().return_to("/b?c").cookie("a=b");
    let response = call.organization("o&1").send().await.unwrap();
    wire.saw("GET /kratos/self-service/settings/browser?return_to=%2Fb%3Fc&organization=o%261", &["cookie: a=b"], "");
    let flow = &*response;
    same_flow(flow.id, &flow.ui, &recorded);

    wire.replays("kratos-26.2.0/initializeSelfServiceSettingsFlowForBrowsers.html-aal2-required");
    let error = wire.client.initialize_self_service_settings_flow_for_browsers().send().await.unwrap_err();
    wire.saw("GET /kratos/self-service/settings/browser", &[], "");
    let location = Location::from("http://127.0.0.1:4433/self-service/login/browser?aal=aal2");
    assert_eq!((error.kind(), error.location()), (ErrorKind::Redirect, Some(location.clone())));
    assert_eq!(error.next_step(), Some(NextStep::GoTo(location)));

    let recorded = wire.recorded("initializeSelfServiceSettingsFlowWithoutBrowser");
    let call = wire.client.initialize_self_service_settings_flow_without_browser().return_to("/b").organization("o");
    let flow = call.x_session_token("ory_st_x").send().await.unwrap();
    wire.saw("GET /kratos/self-service/settings/api?return_to=%2Fb&organization=o", &["x-session-token: ory_st_x"], "");
    same_flow(flow.id, &flow.ui, &recorded);
    assert_eq!(flow.identity.as_ref().unwrap().id.to_string(), recorded["identity"]["id"]);
}

async fn get(wire: &mut Wire) {
    let recorded = wire.replays("kratos-26.2.0/getSelfServiceSettingsFlow.api");
    let flow = wire.client.get_self_service_settings_flow().id("f").x_session_token("t").send().await.unwrap();
    wire.saw("GET /kratos/self-service/settings/flows?id=f", &["x-session-token: t"], "");
    same_flow(flow.id, &flow.ui, &recorded);

    let recorded = wire.recorded("getSelfServiceSettingsFlow");
    let flow = wire.client.get_self_service_settings_flow().id("f").cookie("a=b").send().await.unwrap();
    wire.saw("GET /kratos/self-service/settings/flows?id=f", &["cookie: a=b"], "");
    same_flow(flow.id, &flow.ui, &recorded);
}

async fn submit(wire: &mut Wire) {
    let body = || {
        let body = types::SubmitSelfServiceSettingsFlowWithPasswordMethodBody::builder();
        body.password("new pw").build().unwrap()
    };
    let sent = r#"{"method":"password","password":"new pw"}"#;

    let recorded = wire.replays("kratos-26.2.0/submitSelfServiceSettingsFlow.password-ok");
    let call = wire.client.submit_self_service_settings_flow().flow("f").x_session_token("t");
    let response = call.body(body()).send().await.unwrap();
    wire.saw("POST /kratos/self-service/settings?flow=f", &["x-session-token: t", JSON], sent);
    let flow = &*response;
    same_flow(flow.id, &flow.ui, &recorded);
    assert_eq!(json!(flow.state), recorded["state"]);

    wire.replays("kratos-26.2.0/submitSelfServiceSettingsFlow.form-password-ok");
    let call = wire.client.submit_self_service_settings_flow().flow("f").cookie("a=b");
    let error = call.body(body()).send().await.unwrap_err();
    wire.saw("POST /kratos/self-service/settings?flow=f", &["cookie: a=b", JSON], sent);
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(error.location().unwrap().to_string(), "http://127.0.0.1:4455/settings?..");
}

async fn every_method(wire: &mut Wire) {
    let payload = || json!({});

    let body = types::SubmitSelfServiceSettingsFlowWithProfileMethodBody::builder()
        .traits(json!({"email": "a"}))
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        r#"{"method":"profile","csrf_token":"c","traits":{"email":"a"},"transient_payload":{}}"#,
    )
    .await;

    let body = types::SubmitSelfServiceSettingsFlowWithPasswordMethodBody::builder()
        .password("pw")
        .csrf_token("c")
        .transient_payload(payload());
    let sent = r#"{"method":"password","csrf_token":"c","password":"pw","transient_payload":{}}"#;
    sends(wire, body.build().unwrap(), sent).await;

    let body = types::SubmitSelfServiceSettingsFlowWithTotpMethodBody::builder()
        .totp_code("012345")
        .totp_unlink(false)
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        r#"{"method":"totp","csrf_token":"c","totp_code":"012345","totp_unlink":false,"transient_payload":{}}"#,
    )
    .await;

    let body = types::SubmitSelfServiceSettingsFlowWithLookupMethodBody::builder()
        .lookup_secret_reveal(true)
        .lookup_secret_regenerate(false)
        .lookup_secret_confirm(true)
        .lookup_secret_disable(false)
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"lookup_secret","csrf_token":"c","lookup_secret_confirm":true,"lookup_secret_disable":false,"#,
            r#""lookup_secret_regenerate":false,"lookup_secret_reveal":true,"transient_payload":{}}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceSettingsFlowWithWebAuthnMethodBody::builder()
        .webauthn_register("{}")
        .webauthn_register_displayname("key")
        .webauthn_remove("ab12")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"webauthn","csrf_token":"c","transient_payload":{},"webauthn_register":"{}","#,
            r#""webauthn_register_displayname":"key","webauthn_remove":"ab12"}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceSettingsFlowWithPasskeyMethodBody::builder()
        .passkey_settings_register("{}")
        .passkey_remove("ab12")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"passkey","csrf_token":"c","passkey_remove":"ab12","passkey_settings_register":"{}","#,
            r#""transient_payload":{}}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceSettingsFlowWithOidcMethodBody::builder()
        .link("google")
        .unlink("github")
        .flow("f")
        .traits(json!([]))
        .upstream_parameters(BTreeMap::from([("prompt".to_owned(), "login".to_owned())]))
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"oidc","csrf_token":"c","flow":"f","link":"google","traits":[],"transient_payload":{},"#,
            r#""unlink":"github","upstream_parameters":{"prompt":"login"}}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceSettingsFlowWithSamlMethodBody::builder()
        .link("corp")
        .unlink("old")
        .flow("f")
        .traits(json!({"email": "a"}))
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"saml","csrf_token":"c","flow":"f","link":"corp","traits":{"email":"a"},"#,
            r#""transient_payload":{},"unlink":"old"}"#,
        ),
    )
    .await;

    device_keys(wire).await;
}

/// The method for keys that are bound to a device has three bodies in one.
async fn device_keys(wire: &mut Wire) {
    let key = types::DeviceAuthnKeyToAdd::builder()
        .device_name("My \"phone\"")
        .certificate_chain_android(["MIIB", "MIIC"])
        .attestation_ios("o2Nm")
        .user_verification("pin")
        .pin_protected(true)
        .transport_public_key("BA==")
        .version(1);
    let body = types::SubmitSelfServiceSettingsFlowWithDeviceAuthnMethodBody::builder()
        .add(key)
        .csrf_token("c")
        .transient_payload(json!({}));
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"deviceauthn","add":{"attestation_ios":"o2Nm","certificate_chain_android":["MIIB","MIIC"],"#,
            r#""device_name":"My \"phone\"","pin_protected":true,"transport_public_key":"BA==","#,
            r#""user_verification":"pin","version":1},"csrf_token":"c","transient_payload":{}}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceSettingsFlowWithDeviceAuthnMethodBody::builder();
    let body = body.delete(types::DeviceAuthnKeyToDelete::builder().client_key_id("key-1"));
    sends(wire, body.build().unwrap(), r#"{"method":"deviceauthn","delete":{"client_key_id":"key-1"}}"#).await;

    let secret = types::DeviceAuthnSecretToRotate::builder()
        .client_key_id("key-1")
        .signature("c2ln")
        .transport_public_key("BA==");
    let body = types::SubmitSelfServiceSettingsFlowWithDeviceAuthnMethodBody::builder().rotate_secret(secret);
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"deviceauthn","rotate_secret":{"client_key_id":"key-1","signature":"c2ln","#,
            r#""transport_public_key":"BA=="}}"#,
        ),
    )
    .await;
}

/// Submits a body and checks that it is sent as `text`.
async fn sends(wire: &mut Wire, body: impl Into<types::SubmitSelfServiceSettingsFlowBody>, text: &str) {
    let recorded = wire.recorded("submitSelfServiceSettingsFlow");
    let response = wire.client.submit_self_service_settings_flow().flow("f").body(body.into()).send().await.unwrap();
    wire.saw("POST /kratos/self-service/settings?flow=f", &[JSON], text);
    assert_eq!(response.id.to_string(), recorded["id"]);
}
