//! Flows of every kind: their builders, outcomes and steps. Also responses with a user-defined type.

use http::Method;
use ory_sdk::contract::Endpoint;
use ory_sdk::error::{FlowStep, NextStep};
use ory_sdk::flow::{FlowKind, Submitted};
use ory_sdk::response::Location;
use ory_sdk::{Client, Secret};
use serde::Deserialize;
use serde_json::json;

use super::{SECRET, chain, hidden};
use crate::support::dispatch::shown;
use crate::support::server::{Reply, Server};

#[test]
fn no_builder_of_a_flow_shows_a_secret() {
    let client = Client::builder().project_url("http://127.0.0.1:1").build().unwrap().with_session_token(SECRET);
    for kind in FlowKind::ALL {
        let create = client.create_flow(kind).return_to(format!("https://host/?{SECRET}")).login_challenge(SECRET);
        hidden("create_flow", &shown(&create));
        hidden("its URL", &shown(&create.clone().url().unwrap()));
        hidden("create_flow under way", &shown(&create.send()));
        hidden("get_flow", &shown(&client.get_flow(kind, SECRET).header("h", SECRET)));
        let submit = client.submit_flow(kind, SECRET);
        hidden("submit_flow with JSON", &shown(&submit.clone().json_body(json!({"password": SECRET}))));
        hidden("submit_flow with bytes", &shown(&submit.clone().form_body(SECRET)));
        hidden("submit_flow with pairs", &shown(&submit.form([("password", SECRET)])));
    }
}

#[tokio::test]
async fn no_outcome_of_a_flow_shows_a_secret() {
    let node = json!({"type": "input", "group": "default", "attributes": {"node_type": "input", "name": "csrf_token",
        "type": "hidden", "value": SECRET}});
    let url = format!("https://host.example/?token={SECRET}#{SECRET}");
    let flow = json!({"id": "f", "ui": {"action": url, "method": "POST", "nodes": [node]}});
    for (status, body) in [
        (200, json!({"session_token": SECRET, "session": {"id": SECRET}})),
        (200, json!({"session": {}, "continue_with": [{"action": "redirect_browser_to", "redirect_browser_to": url}]})),
        (200, flow.clone()),
        (303, json!(SECRET)),
        (400, flow.clone()),
        (403, json!({"error": {"id": "session_aal2_required"}, "redirect_browser_to": url})),
        (422, json!({"error": {"id": "browser_location_change_required"}, "redirect_browser_to": url})),
    ] {
        let cookie = format!("ory_kratos_session={SECRET}");
        let headers = [("Location", url.as_str()), ("Set-Cookie", cookie.as_str())];
        let server = Server::always(Reply::new(status, &headers, body.to_string())).await;
        let client = Client::builder().kratos_public_url(server.url()).build().unwrap();
        match client.submit_flow(FlowKind::Login, "f").form_body("a=b").await {
            Ok(response) => {
                assert!(status < 400);
                hidden("a submitted flow", &shown(&response));
                hidden("its outcome", &shown(&*response));
                hidden("its cookies", &shown(&response.set_cookies().collect::<Vec<_>>()));
                hidden("its next step", &shown(&response.next_step()));
            }
            Err(error) => {
                assert!(status >= 400, "{error}");
                hidden("an error of a flow", &chain(&error));
                hidden("its flow step", &shown(&error.flow_step().unwrap()));
                hidden("its next step", &shown(&error.next_step().unwrap()));
            }
        }
    }
    hidden("a session token", &shown(&Submitted::SignedIn { session_token: Some(Secret::from(SECRET)) }));
    let location = Location::from(url);
    hidden("a redirect", &shown(&Submitted::Redirect(location.clone())));
    hidden("a flow step", &shown(&FlowStep::GoTo(location.clone())));
    hidden("a next step", &shown(&NextStep::StepUp { url: Some(location) }));
}

#[test]
fn no_refused_kind_is_repeated() {
    hidden("a kind", &chain(&SECRET.parse::<FlowKind>().unwrap_err()));
}

/// A type that shows its secret, like any type that derives `Debug`.
#[derive(Debug, Clone, Deserialize)]
struct Mine {
    text: String,
}

/// For a type that this crate does not know, `Response` shows its name and the size of the body, but no values.
#[tokio::test]
async fn a_type_of_ones_own_shows_no_value() {
    let body = json!({"text": SECRET}).to_string();
    let server = Server::always(Reply::new(200, &[("X-More", SECRET)], body.clone())).await;
    let client = Client::builder().kratos_public_url(server.url()).build().unwrap();
    let request = || client.request(Method::GET, Endpoint::KratosPublic, "/mine");
    let response = request().send_json::<Mine>().await.unwrap();
    assert_eq!(response.text, SECRET);
    let name = std::any::type_name::<Mine>();
    let expected = format!("Response {{ status: 200, headers: 2, body: {name}, bytes: {} }}", body.len());
    assert_eq!(format!("{response:?}"), expected);
    hidden("a response of one's own type", &shown(&response));
    hidden("its clone", &shown(&response.clone()));

    // The bytes of any request, and a value that they are mapped to.
    let response = request().send().await.unwrap();
    hidden("bytes", &shown(&response));
    let mapped = response.map(|bytes| Mine { text: String::from_utf8(bytes.to_vec()).unwrap() });
    assert_eq!(format!("{mapped:?}"), expected);
    hidden("a mapped response", &shown(&mapped));
}
