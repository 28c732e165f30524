//! Compares the stand-in with recordings of real servers, and tests it as its users see it.

mod actions;
mod compare;
mod faults;
mod hostile;
mod hydra;
mod keto;
mod kratos;
mod people;
mod program;
mod quickstart;
mod replay;
mod share;
mod urls;

use std::collections::BTreeSet;

use ory_sdk::testing::StandIn;
use serde_json::json;

use replay::Replay;

/// The operations that the stand-in serves. The others get a 501 that names them.
async fn served(replay: &Replay) -> BTreeSet<String> {
    let mut served = BTreeSet::new();
    for operation in ory_sdk::contract::operations() {
        let path = operation.path.replace(['{', '}'], "");
        let response = replay.send(operation.method.as_str(), &path, &[], None).await;
        if response.status == 501 {
            let reason = response.json()["error"]["reason"].as_str().unwrap().to_owned();
            let route = format!("{} {} ({})", operation.method, operation.path, operation.id);
            assert!(reason.contains(&format!("does not serve {route}")), "{reason}");
        } else {
            let is_known = !["page not found", "route does not exist"].iter().any(|text| response.body.contains(text));
            // Where self-hosted servers of release 26.2 have no such route, the stand-in has none either.
            let is_elsewhere =
                operation.since.is_some_and(|since| since == "Ory Network" || since.contains("after 26.2"));
            assert!(is_known || is_elsewhere, "{}: {}", operation.id, response.body);
            served.insert(operation.id.to_owned());
        }
    }
    served
}

#[tokio::test]
async fn everything_that_is_served_is_as_recorded() {
    let mut report = kratos::compare().await;
    report.add(hydra::compare().await);
    report.add(keto::compare().await);
    assert!(report.wrong.is_empty(), "not as recorded:\n{}", report.wrong.join("\n"));
    let served = served(&Replay::start("none").await).await;
    assert_eq!(served, report.compared);
    assert_eq!(served.len(), 121);
}

#[tokio::test]
async fn stops_when_it_is_dropped() {
    let stand_in = StandIn::start().await.unwrap();
    let client = stand_in.client_builder().build().unwrap();
    client.discover_oidc_configuration().send().await.unwrap();
    drop(stand_in);
    let error = client.discover_oidc_configuration().send().await.unwrap_err();
    assert_eq!(error.kind(), ory_sdk::ErrorKind::Transport, "{error}");
}

#[tokio::test]
async fn takes_a_schema_of_ones_own() {
    let name = json!({"type": "string", "minLength": 3, "title": "User name",
        "ory.sh/kratos": {"credentials": {"password": {"identifier": true}}}});
    let traits = json!({"type": "object", "properties": {"username": name}, "required": ["username"]});
    let schema = json!({"type": "object", "properties": {"traits": traits}});
    let stand_in = StandIn::builder().schema(schema.clone()).start().await.unwrap();
    let client = stand_in.client_builder().build().unwrap();
    assert_eq!(client.get_identity_schema().id("default").send().await.unwrap().raw_body(), &schema.to_string());

    let register = async |name: &str| {
        let flow = client.initialize_self_service_registration_flow_without_browser().send().await.unwrap();
        let traits = json!({"username": name});
        let body = json!({"method": "password", "password": "a-Long-passw0rd!", "traits": traits});
        client.submit_self_service_registration_flow().flow(flow.id.to_string()).json_body(body).send().await
    };
    let error = register("me").await.unwrap_err();
    let refused = error.json().unwrap();
    let node = refused["ui"]["nodes"].as_array().unwrap().iter().find(|node| node["attributes"]["value"] == "me");
    assert_eq!(node.unwrap()["messages"][0]["text"], "length must be >= 3, but got 2");
    let made = register("Ada").await.unwrap().into_body();
    let identity = made.identity.unwrap();
    assert!(identity.verifiable_addresses.is_empty() && identity.recovery_addresses.is_empty());
    // Identifiers are case-insensitive.
    let taken = register("ADA").await.unwrap_err();
    assert_eq!(taken.json().unwrap()["ui"]["messages"][0]["id"], 4_000_007);
}
