//! Signing up.

use std::collections::BTreeMap;

use ory_sdk::ErrorKind;
use ory_sdk::types;
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
    let recorded = wire.replays("kratos-26.2.0/initializeSelfServiceRegistrationFlowForBrowsers.return-to");
    let call = wire.client.initialize_self_service_registration_flow_for_browsers().return_to("https://a.b/?c=d");
    let call = call.after_verification_return_to("/done").login_challenge("l c").via("email").organization("o");
    let call = call.identity_schema("customer").cookie("a=b");
    let response = call.send().await.unwrap();
    wire.saw(
        "GET /kratos/self-service/registration/browser\
         ?return_to=https%3A%2F%2Fa.b%2F%3Fc%3Dd&after_verification_return_to=%2Fdone&login_challenge=l+c&via=email\
         &organization=o&identity_schema=customer",
        &["cookie: a=b"],
        "",
    );
    let flow = &*response;
    same_flow(flow.id, &flow.ui, &recorded);
    assert_eq!(json!(flow.return_to), recorded["return_to"]);

    let recorded = wire.recorded("initializeSelfServiceRegistrationFlowWithoutBrowser");
    let call = wire.client.initialize_self_service_registration_flow_without_browser().return_to("/b");
    let call = call.return_session_token_exchange_code(false).via("sms").organization("o");
    let call = call.identity_schema("customer").login_challenge("c");
    let flow = call.send().await.unwrap();
    wire.saw(
        "GET /kratos/self-service/registration/api\
         ?return_to=%2Fb&return_session_token_exchange_code=false&via=sms&organization=o\
         &identity_schema=customer&login_challenge=c",
        &[],
        "",
    );
    same_flow(flow.id, &flow.ui, &recorded);
}

async fn get(wire: &mut Wire) {
    let recorded = wire.recorded("getSelfServiceRegistrationFlow");
    let flow = wire.client.get_self_service_registration_flow().id("f").cookie("a=b").send().await.unwrap();
    wire.saw("GET /kratos/self-service/registration/flows?id=f", &["cookie: a=b"], "");
    same_flow(flow.id, &flow.ui, &recorded);
}

async fn submit(wire: &mut Wire) {
    let body = || {
        let body = types::SubmitSelfServiceRegistrationFlowWithPasswordMethodBody::builder();
        body.traits(json!({"email": "ada@example.org"})).password("pw").build().unwrap()
    };
    let sent = r#"{"method":"password","password":"pw","traits":{"email":"ada@example.org"}}"#;

    let recorded = wire.replays("kratos-26.2.0/submitSelfServiceRegistrationFlow.api-ok");
    let response = wire.client.submit_self_service_registration_flow().flow("f").body(body()).send().await.unwrap();
    wire.saw("POST /kratos/self-service/registration?flow=f", &[JSON], sent);
    let value = &*response;
    assert_eq!(value.session_token.as_ref().unwrap().expose(), recorded["session_token"]);
    assert_eq!(value.identity.as_ref().unwrap().traits, Some(recorded["identity"]["traits"].clone()));
    assert_eq!(value.continue_with.len(), recorded["continue_with"].as_array().unwrap().len());

    // The recorded redirect back to a form with errors is a 302.
    wire.replays("kratos-26.2.0/submitSelfServiceRegistrationFlow.form-short-password");
    let call = wire.client.submit_self_service_registration_flow().flow("f").cookie("a=b").body(body());
    let error = call.send().await.unwrap_err();
    wire.saw("POST /kratos/self-service/registration?flow=f", &["cookie: a=b", JSON], sent);
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Redirect, 302));
    assert_eq!(error.location().unwrap().query("flow").unwrap(), "bcb8dac5-d662-43ed-a9de-00779ec18f87");
}

async fn every_method(wire: &mut Wire) {
    let traits = || json!({"email": "a"});
    let payload = || json!("any");

    let body = types::SubmitSelfServiceRegistrationFlowWithPasswordMethodBody::builder()
        .traits(traits())
        .password("pw")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        r#"{"method":"password","csrf_token":"c","password":"pw","traits":{"email":"a"},"transient_payload":"any"}"#,
    )
    .await;

    let body = types::SubmitSelfServiceRegistrationFlowWithCodeMethodBody::builder()
        .traits(traits())
        .code("012345")
        .resend("code")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"code","code":"012345","csrf_token":"c","resend":"code","#,
            r#""traits":{"email":"a"},"transient_payload":"any"}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceRegistrationFlowWithPasskeyMethodBody::builder()
        .traits(traits())
        .passkey_register("{}")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"passkey","csrf_token":"c","passkey_register":"{}","#,
            r#""traits":{"email":"a"},"transient_payload":"any"}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceRegistrationFlowWithWebAuthnMethodBody::builder()
        .traits(traits())
        .webauthn_register("{}")
        .webauthn_register_displayname("My key")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"webauthn","csrf_token":"c","traits":{"email":"a"},"transient_payload":"any","#,
            r#""webauthn_register":"{}","webauthn_register_displayname":"My key"}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceRegistrationFlowWithOidcMethodBody::builder()
        .provider("google")
        .traits(traits())
        .upstream_parameters(BTreeMap::from([("hd".to_owned(), "b".to_owned())]))
        .id_token("ey.J")
        .id_token_nonce("n")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"oidc","csrf_token":"c","id_token":"ey.J","id_token_nonce":"n","provider":"google","#,
            r#""traits":{"email":"a"},"transient_payload":"any","upstream_parameters":{"hd":"b"}}"#,
        ),
    )
    .await;

    let body = types::SubmitSelfServiceRegistrationFlowWithSamlMethodBody::builder()
        .provider("corp")
        .traits(traits())
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        r#"{"method":"saml","csrf_token":"c","provider":"corp","traits":{"email":"a"},"transient_payload":"any"}"#,
    )
    .await;

    let body = types::SubmitSelfServiceRegistrationFlowWithProfileMethodBody::builder()
        .traits(traits())
        .screen("credential-selection")
        .csrf_token("c")
        .transient_payload(payload());
    sends(
        wire,
        body.build().unwrap(),
        concat!(
            r#"{"method":"profile","csrf_token":"c","screen":"credential-selection","#,
            r#""traits":{"email":"a"},"transient_payload":"any"}"#,
        ),
    )
    .await;
}

/// Submits a body and checks that it is sent as `text`.
async fn sends(wire: &mut Wire, body: impl Into<types::SubmitSelfServiceRegistrationFlowBody>, text: &str) {
    wire.recorded("submitSelfServiceRegistrationFlow");
    let call = wire.client.submit_self_service_registration_flow().flow("f").body(body.into());
    let response = call.send().await.unwrap();
    wire.saw("POST /kratos/self-service/registration?flow=f", &[JSON], text);
    assert!(response.identity.is_some());
}
