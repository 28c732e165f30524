//! `Error::flow_step`: what a page that shows a flow does after each error.

use ory_sdk::error::FlowStep;
use ory_sdk::response::Location;
use serde_json::{Value, json};

use super::{recordings, replay};
use crate::support::server::Reply;
use crate::support::stub::Stub;

/// What a page does. `Show` has the id of the form's first message.
#[derive(Debug, PartialEq)]
enum Does {
    Show(i64),
    StartAgain,
    Replace(&'static str),
    GoTo(&'static str),
    Nothing,
}

use Does::{GoTo, Nothing, Replace, Show, StartAgain};

/// Recorded errors: the server, the operation, the case, and what the page does.
const RECORDED: &[(&str, &str, &str, Does)] = &[
    ("kratos-0.11.1", "submitSelfServiceLoginFlow", "api-unknown-user", Show(4_000_006)),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "api-unknown-user", Show(4_000_006)),
    ("kratos-26.2.0", "submitSelfServiceRegistrationFlow", "api-short-password", Show(4_000_032)),
    ("kratos-26.2.0", "submitSelfServiceSettingsFlow", "profile-bad-trait", Show(4_000_040)),
    ("kratos-0.11.1", "submitSelfServiceRecoveryFlow", "code-bad-email", Show(4_000_001)),
    ("kratos-26.2.0", "submitSelfServiceVerificationFlow", "code-bad-email", Show(4_000_040)),
    // 410: the flow expired. The response may name a replacement.
    ("kratos-0.11.1", "getSelfServiceLoginFlow", "browser-expired", StartAgain),
    ("kratos-26.2.0", "getSelfServiceLoginFlow", "browser-expired", StartAgain),
    ("kratos-0.11.1", "getSelfServiceSettingsFlow", "browser-expired", StartAgain),
    ("kratos-0.11.1", "getSelfServiceRecoveryFlow", "api-expired", StartAgain),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "api-expired", Replace("a12d499d-98c5-4e1d-8d05-45baf2a40bbe")),
    // 400 with a new recovery flow.
    ("kratos-26.2.0", "submitSelfServiceRecoveryFlow", "code-used", Replace("c7323b3f-1bad-48e1-a9c3-fd2a7491525f")),
    // 403: the flow belongs to another browser or another user.
    ("kratos-0.11.1", "submitSelfServiceLoginFlow", "browser-csrf", StartAgain),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "browser-csrf", StartAgain),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "browser-csrf-no-cookie", StartAgain),
    ("kratos-26.2.0", "submitSelfServiceRecoveryFlow", "browser-csrf", StartAgain),
    ("kratos-26.2.0", "getSelfServiceSettingsFlow", "other-user", StartAgain),
    // 404: no such flow.
    ("kratos-0.11.1", "submitSelfServiceLoginFlow", "not-found", StartAgain),
    ("kratos-26.2.0", "submitSelfServiceLoginFlow", "not-found", StartAgain),
    // 422 and 403: the browser goes to another URL.
    (
        "kratos-26.2.0",
        "submitSelfServiceLoginFlow",
        "browser-aal2-still-needed",
        GoTo("http://127.0.0.1:4433/self-service/login/browser?aal=aal2"),
    ),
    (
        "kratos-26.2.0",
        "toSession",
        "aal2-required-cookie",
        GoTo("http://127.0.0.1:4433/self-service/login/browser?aal=aal2"),
    ),
    // Not about the flow.
    ("kratos-0.11.1", "initializeSelfServiceLoginFlowForBrowsers", "session-present", Nothing),
    ("kratos-26.2.0", "initializeSelfServiceLoginFlowForBrowsers", "session-present", Nothing),
    ("kratos-26.2.0", "initializeSelfServiceSettingsFlowForBrowsers", "no-session", Nothing),
    ("kratos-26.2.0", "initializeSelfServiceLoginFlowForBrowsers", "bad-challenge", Nothing),
];

fn does(step: Option<FlowStep>) -> (Option<i64>, Option<Option<String>>, Option<Location>) {
    match step {
        Some(FlowStep::Show(form)) => (form.all_messages().next().map(|message| message.id), None, None),
        Some(FlowStep::StartAgain { flow }) => (None, Some(flow), None),
        Some(FlowStep::GoTo(url)) => (None, None, Some(url)),
        None => (None, None, None),
    }
}

fn expected(does: &Does) -> (Option<i64>, Option<Option<String>>, Option<Location>) {
    match does {
        Show(message) => (Some(*message), None, None),
        StartAgain => (None, Some(None), None),
        Replace(flow) => (None, Some(Some((*flow).to_owned())), None),
        GoTo(url) => (None, None, Some(Location::from(*url))),
        Nothing => (None, None, None),
    }
}

#[tokio::test]
async fn recorded_errors() {
    let stub = Stub::start().await;
    let all = recordings();
    for (server, operation, case, then) in RECORDED {
        let error = replay(&stub, &all, server, operation, case).await;
        assert_eq!(does(error.flow_step()), expected(then), "{server} {operation} {case}: {error}");
    }
}

/// Kratos rejects a forbidden `return_to` with 400, and the page starts again without it.
#[tokio::test]
async fn a_return_to_that_is_not_allowed_starts_again() {
    let stub = Stub::start().await;
    let all = recordings();
    for server in ["kratos-0.11.1", "kratos-26.2.0"] {
        for kind in ["Login", "Registration", "Recovery", "Verification"] {
            let operation = format!("initializeSelfService{kind}FlowForBrowsers");
            let error = replay(&stub, &all, server, &operation, "return-to-forbidden").await;
            assert_eq!(error.flow_step(), Some(FlowStep::StartAgain { flow: None }), "{server} {kind}: {error}");
        }
    }
}

/// Errors that were not recorded: limits, outages, and steps without a URL.
#[tokio::test]
async fn other_errors() {
    let stub = Stub::start().await;
    let csrf = json!({"error": {"id": "security_csrf_violation"}});
    let flow = json!({"id": "f", "ui": {"messages": [{"id": 4_000_006, "type": "error", "text": "wrong"}]}});
    let aal2 = json!({"error": {"id": "session_aal2_required"}});
    let verify = json!({"error": {"id": "session_verified_address_required", "details": {"continue_with": [
        {"action": "show_verification_ui", "flow": {"id": "v", "url": "https://a/v?flow=v"}}]}}});
    let rows: [(u16, &Value, Does); 11] = [
        (429, &csrf, Nothing),
        (429, &flow, Nothing),
        (500, &csrf, Nothing),
        (502, &csrf, Nothing),
        (502, &flow, Nothing),
        (503, &csrf, Nothing),
        (403, &aal2, Nothing),
        (403, &json!({"error": {"id": "no_such_id"}}), Nothing),
        (403, &csrf, StartAgain),
        (422, &flow, Show(4_000_006)),
        (403, &verify, GoTo("https://a/v?flow=v")),
    ];
    for (status, body, then) in rows {
        let reply = Reply::new(status, &[("Content-Type", "application/json"), ("Retry-After", "7")], body.to_string());
        let error = stub.call("submitSelfServiceLoginFlow", reply).await.unwrap_err();
        assert_eq!(does(error.flow_step()), expected(&then), "{status} {body}");
    }
    let error = stub.call("submitSelfServiceLoginFlow", Reply::new(502, &[], "<html>")).await.unwrap_err();
    assert_eq!(error.flow_step(), None);
    // No response arrived.
    let error = stub.client.submit_flow(ory_sdk::flow::FlowKind::Login, "f").await.unwrap_err();
    assert_eq!(error.flow_step(), None);
}
