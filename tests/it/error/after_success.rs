//! `Response::next_step`: what follows a success.

use ory_sdk::error::NextStep;
use ory_sdk::flow::FlowKind;
use ory_sdk::response::Location;
use serde_json::{Value, json};

use super::recordings;
use crate::support::server::Reply;
use crate::support::stub::Stub;

fn go_to(url: &str) -> Option<NextStep> {
    Some(NextStep::GoTo(Location::from(url)))
}

fn settings(flow: &str) -> Option<NextStep> {
    let url = Some(Location::from(format!("http://127.0.0.1:4455/settings?flow={flow}")));
    Some(NextStep::ContinueFlow { kind: FlowKind::Settings, flow: flow.to_owned(), url })
}

/// `continue_with` as recorded from Kratos 26.2.0.
#[tokio::test]
async fn recorded_successes() {
    use FlowKind::{Login, Recovery, Registration, Settings};
    let stub = Stub::start().await;
    let all = recordings();
    for (kind, case, expected) in [
        (Login, "browser-ok", go_to("http://127.0.0.1:4455/")),
        (Login, "browser-return-to", go_to("http://127.0.0.1:4455/back?a=b")),
        (Login, "api-ok", None),
        (Registration, "browser-ok", go_to("http://127.0.0.1:4455/")),
        // A session token is not a step.
        (Registration, "api-ok", None),
        (
            Settings,
            "browser-profile-ok",
            go_to("http://127.0.0.1:4455/settings?flow=a6e91581-13e3-4bc9-9965-171cd8e171e9"),
        ),
        (Recovery, "admin-code", settings("46e60e12-9abf-41af-b228-aec56a97e351")),
        (Recovery, "browser-code-ok", settings("2d723ce1-17ef-4a1c-ab5f-a9039f9aae21")),
        // The step comes after a session token.
        (Recovery, "code-ok", settings("9c9c408a-779a-4234-8c27-35a5d33a364e")),
    ] {
        let operation = format!("submitSelfService{kind:?}Flow");
        let is = |(server, recording): &&(String, crate::support::recording::Recording)| {
            server == "kratos-26.2.0" && recording.operation == operation && recording.case == case
        };
        let (_, recording) = all.iter().find(is).unwrap_or_else(|| panic!("no recording {operation} {case}"));
        stub.next(recording.response.reply());
        let response = stub.client.submit_flow(kind, "f").json_body(json!({})).await.unwrap();
        assert_eq!(response.next_step(), expected, "{operation} {case}");
    }
}

#[tokio::test]
async fn other_successes() {
    let stub = Stub::start().await;
    let step = async |reply: Reply| {
        stub.next(reply);
        stub.client.submit_flow(FlowKind::Login, "f").json_body(json!({})).await.unwrap().next_step()
    };
    let with = |steps: Value| Reply::json(200, &json!({"session": {}, "continue_with": steps}));
    // Every kind of flow, with and without a URL.
    for kind in FlowKind::ALL {
        let action = format!("show_{kind}_ui");
        let expected = |url| Some(NextStep::ContinueFlow { kind, flow: "x".to_owned(), url });
        assert_eq!(step(with(json!([{"action": action, "flow": {"id": "x"}}]))).await, expected(None), "{kind}");
        let found = step(with(json!([{"action": action, "flow": {"id": "x", "url": "/u?v"}}]))).await;
        assert_eq!(found, expected(Some(Location::from("/u?v"))), "{kind}");
    }
    // A flow comes first, wherever it stands. Kratos 26 lists it last.
    let verification = json!({"action": "show_verification_ui", "flow": {"id": "v"}});
    let elsewhere = json!({"action": "redirect_browser_to", "redirect_browser_to": "/elsewhere"});
    let unknown = json!({"action": "a_step_of_tomorrow", "flow": {"id": "x"}});
    let expected = Some(NextStep::ContinueFlow { kind: FlowKind::Verification, flow: "v".to_owned(), url: None });
    let unusable = json!({"action": "show_settings_ui"});
    assert_eq!(step(with(json!([unknown, verification, elsewhere]))).await, expected);
    assert_eq!(step(with(json!([unknown, elsewhere, verification]))).await, expected);
    assert_eq!(step(with(json!([unknown, unusable, elsewhere]))).await, go_to("/elsewhere"));
    for nothing in [json!([]), json!(null), json!([unknown]), json!([{"action": "show_settings_ui"}])] {
        assert_eq!(step(with(nothing.clone())).await, None, "{nothing}");
    }
    // A redirect is the next step, whatever the body says.
    let redirect = Reply::new(303, &[("Location", "/there?a=b")], json!({"continue_with": [elsewhere]}).to_string());
    assert_eq!(step(redirect).await, go_to("/there?a=b"));
}
