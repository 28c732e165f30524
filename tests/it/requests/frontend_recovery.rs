//! Recovery of an account and verification of an address, two flows that look alike.

use ory_sdk::types;
use serde_json::json;

use super::frontend::same_flow;
use super::{JSON, Seen, Wire};

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    initialize_recovery(&mut wire).await;
    submit_recovery(&mut wire).await;
    initialize_verification(&mut wire).await;
    submit_verification(&mut wire).await;
    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

async fn initialize_recovery(wire: &mut Wire) {
    let recorded = wire.recorded("initializeSelfServiceRecoveryFlowForBrowsers");
    let call = wire.client.initialize_self_service_recovery_flow_for_browsers().return_to("/a b").cookie("a=b");
    let response = call.skip_settings("true").send().await.unwrap();
    wire.saw("GET /kratos/self-service/recovery/browser?return_to=%2Fa+b&skip_settings=true", &["cookie: a=b"], "");
    let flow = &*response;
    same_flow(flow.id, &flow.ui, &recorded);

    let recorded = wire.recorded("initializeSelfServiceRecoveryFlowWithoutBrowser");
    let call = wire.client.initialize_self_service_recovery_flow_without_browser().return_to("/a");
    let flow = call.send().await.unwrap();
    wire.saw("GET /kratos/self-service/recovery/api?return_to=%2Fa", &[], "");
    same_flow(flow.id, &flow.ui, &recorded);

    let recorded = wire.recorded("getSelfServiceRecoveryFlow");
    let flow = wire.client.get_self_service_recovery_flow().id("f").cookie("a=b").send().await.unwrap();
    wire.saw("GET /kratos/self-service/recovery/flows?id=f", &["cookie: a=b"], "");
    same_flow(flow.id, &flow.ui, &recorded);
}

async fn submit_recovery(wire: &mut Wire) {
    let recorded = wire.replays("kratos-26.2.0/submitSelfServiceRecoveryFlow.code-ok");
    let body = types::SubmitSelfServiceRecoveryFlowWithCodeMethodBody::builder()
        .email("ada@example.org")
        .code("012345")
        .recovery_address("a")
        .recovery_select_address("s")
        .recovery_confirm_address("d")
        .screen("previous")
        .csrf_token("c")
        .transient_payload(json!(1));
    let call = wire.client.submit_self_service_recovery_flow().flow("f").token("t/k");
    let response = call.body(body.build().unwrap()).send().await.unwrap();
    wire.saw(
        "POST /kratos/self-service/recovery?flow=f&token=t%2Fk",
        &[JSON],
        concat!(
            r#"{"method":"code","code":"012345","csrf_token":"c","email":"ada@example.org","recovery_address":"a","#,
            r#""recovery_confirm_address":"d","recovery_select_address":"s","screen":"previous","#,
            r#""transient_payload":1}"#,
        ),
    );
    let flow = response.value().unwrap();
    same_flow(flow.id, &flow.ui, &recorded);
    assert_eq!(flow.continue_with.len(), recorded["continue_with"].as_array().unwrap().len());
    assert_eq!(flow.continue_with[0].tag().unwrap(), recorded["continue_with"][0]["action"]);

    let recorded = wire.replays("kratos-26.2.0/submitSelfServiceRecoveryFlow.link-sent");
    let body = types::SubmitSelfServiceRecoveryFlowWithLinkMethodBody::builder()
        .email("a@b.c")
        .csrf_token("c")
        .transient_payload(json!(1));
    let call = wire.client.submit_self_service_recovery_flow().flow("f").cookie("a=b");
    let response = call.body(body.build().unwrap()).send().await.unwrap();
    wire.saw(
        "POST /kratos/self-service/recovery?flow=f",
        &["cookie: a=b", JSON],
        r#"{"method":"link","csrf_token":"c","email":"a@b.c","transient_payload":1}"#,
    );
    assert_eq!(json!(response.value().unwrap().state), recorded["state"]);

    // The token of a mailed link gets a redirect, and cookies that sign the user in.
    wire.replays("kratos-26.2.0/submitSelfServiceRecoveryFlow.link-ok");
    let body = types::SubmitSelfServiceRecoveryFlowWithLinkMethodBody::builder().build().unwrap();
    let call = wire.client.submit_self_service_recovery_flow().flow("f").token("t").body(body);
    let response = call.send().await.unwrap();
    wire.saw("POST /kratos/self-service/recovery?flow=f&token=t", &[JSON], r#"{"method":"link"}"#);
    assert!(response.set_cookies().any(|cookie| cookie.name() == "ory_kratos_session"));
    assert_eq!(response.redirect().unwrap().query("flow").unwrap(), "9cadcef6-cac8-456e-a11b-ff76f707f2a0");
}

async fn initialize_verification(wire: &mut Wire) {
    let recorded = wire.recorded("initializeSelfServiceVerificationFlowForBrowsers");
    let call = wire.client.initialize_self_service_verification_flow_for_browsers().return_to("/a").cookie("a=b");
    let response = call.send().await.unwrap();
    wire.saw("GET /kratos/self-service/verification/browser?return_to=%2Fa", &["cookie: a=b"], "");
    let flow = &*response;
    same_flow(flow.id, &flow.ui, &recorded);

    let recorded = wire.recorded("initializeSelfServiceVerificationFlowWithoutBrowser");
    let call = wire.client.initialize_self_service_verification_flow_without_browser().return_to("/a");
    let flow = call.send().await.unwrap();
    wire.saw("GET /kratos/self-service/verification/api?return_to=%2Fa", &[], "");
    same_flow(flow.id, &flow.ui, &recorded);

    let recorded = wire.replays("kratos-26.2.0/getSelfServiceVerificationFlow.api-passed");
    let flow = wire.client.get_self_service_verification_flow().id("f").cookie("a=b").send().await.unwrap();
    wire.saw("GET /kratos/self-service/verification/flows?id=f", &["cookie: a=b"], "");
    same_flow(flow.id, &flow.ui, &recorded);
    assert_eq!(json!(flow.state), "passed_challenge");
}

async fn submit_verification(wire: &mut Wire) {
    let recorded = wire.replays("kratos-26.2.0/submitSelfServiceVerificationFlow.code-wrong");
    let body = types::SubmitSelfServiceVerificationFlowWithCodeMethodBody::builder()
        .email("a@b.c")
        .code("012345")
        .csrf_token("c")
        .transient_payload(json!(1));
    let call = wire.client.submit_self_service_verification_flow().flow("f").token("t");
    let response = call.body(body.build().unwrap()).send().await.unwrap();
    wire.saw(
        "POST /kratos/self-service/verification?flow=f&token=t",
        &[JSON],
        r#"{"method":"code","code":"012345","csrf_token":"c","email":"a@b.c","transient_payload":1}"#,
    );
    let flow = response.value().unwrap();
    same_flow(flow.id, &flow.ui, &recorded);
    assert_eq!(flow.ui.messages[0].id, 4_070_006, "a wrong code is a success");

    wire.replays("kratos-26.2.0/submitSelfServiceVerificationFlow.api-expired");
    let body = types::SubmitSelfServiceVerificationFlowWithLinkMethodBody::builder()
        .email("a@b.c")
        .csrf_token("c")
        .transient_payload(json!(1));
    let call = wire.client.submit_self_service_verification_flow().flow("f").cookie("a=b");
    let response = call.body(body.build().unwrap()).send().await.unwrap();
    wire.saw(
        "POST /kratos/self-service/verification?flow=f",
        &["cookie: a=b", JSON],
        r#"{"method":"link","csrf_token":"c","email":"a@b.c","transient_payload":1}"#,
    );
    assert_eq!(response.redirect().unwrap().query("id").unwrap(), "92481deb-f4bf-427d-9984-6c2d920163f3");
}
