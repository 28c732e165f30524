//! Flows that a server sends as an error, or as a success that rejects the input.

use std::collections::BTreeMap;

use ory_sdk::{Error, types};
use serde_json::json;

use super::recordings;
use crate::support::stub::Stub;

/// A flow in an error decodes as the operation's flow type, with the same messages as `Error::form`.
pub fn types_agree(operation: &str, error: &Error) {
    use ory_sdk::flow::Flow;
    let form = match operation {
        "submitSelfServiceLoginFlow" => error.flow::<types::SelfServiceLoginFlow>().map(|flow| flow.form()),
        "submitSelfServiceRegistrationFlow" => {
            error.flow::<types::SelfServiceRegistrationFlow>().map(|flow| flow.form())
        }
        "submitSelfServiceSettingsFlow" => error.flow::<types::SelfServiceSettingsFlow>().map(|flow| flow.form()),
        "submitSelfServiceRecoveryFlow" => error.flow::<types::SelfServiceRecoveryFlow>().map(|flow| flow.form()),
        "submitSelfServiceVerificationFlow" => {
            error.flow::<types::SelfServiceVerificationFlow>().map(|flow| flow.form())
        }
        other => panic!("{other} responds with a flow"),
    };
    let ids = |form: &ory_sdk::flow::Form| form.all_messages().map(|message| message.id).collect::<Vec<_>>();
    let (form, shown) = (form.unwrap(), error.form().unwrap());
    assert_eq!((form.id.as_str(), ids(&form)), (shown.id.as_str(), ids(&shown)), "{operation}");
}

/// `Form::is_rejected` distinguishes a 200 for a wrong code from a 200 for success, on every version.
#[tokio::test]
async fn wrong_codes_are_told_from_right_ones() {
    use ory_sdk::flow::Flow;
    let stub = Stub::start().await;
    let mut counts: BTreeMap<(String, String, bool), usize> = BTreeMap::new();
    for (server, recording) in recordings() {
        let kind = recording.operation.as_str();
        let is_one = ["submitSelfServiceRecoveryFlow", "submitSelfServiceVerificationFlow"].contains(&kind);
        if !is_one || recording.response.status != 200 {
            continue;
        }
        stub.next(recording.response.reply());
        let form = if kind == "submitSelfServiceRecoveryFlow" {
            let call = stub.client.submit_self_service_recovery_flow().flow("f").json_body(json!({}));
            call.send().await.unwrap().value().unwrap().form()
        } else {
            let call = stub.client.submit_self_service_verification_flow().flow("f").json_body(json!({}));
            call.send().await.unwrap().value().unwrap().form()
        };
        let wrong = recording.case.contains("wrong") && recording.case.contains("code");
        assert_eq!(form.is_rejected(), wrong, "{server} {kind} {}: {form:?}", recording.case);
        *counts.entry((server, kind.to_owned(), wrong)).or_default() += 1;
    }
    println!("{counts:?}");
    for server in ["kratos-0.11.1", "kratos-26.2.0"] {
        for kind in ["submitSelfServiceRecoveryFlow", "submitSelfServiceVerificationFlow"] {
            for wrong in [false, true] {
                assert!(counts.contains_key(&(server.to_owned(), kind.to_owned(), wrong)), "{server} {kind} {wrong}");
            }
        }
    }
}
