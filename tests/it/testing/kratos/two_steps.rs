//! Registration in two steps.

use ory_sdk::Client;
use ory_sdk::flow::{Flow, Form};
use ory_sdk::testing::StandIn;
use serde_json::{Value, json};

use super::{Browser, JSON, PASSWORD, csrf, mailed_code, text};
use crate::support::recording::Body;
use crate::testing::replay::{Replay, Report};

const EMAIL: &str = "ada@example.org";

async fn start() -> Replay {
    Replay::start_with("kratos-26.2.0", StandIn::builder().two_step_registration()).await
}

pub async fn in_apps() -> Report {
    let mut replay = start().await;
    let submit = |case: &str| format!("submitSelfServiceRegistrationFlow.two-steps-{case}");
    replay.same(&["initializeSelfServiceRegistrationFlowWithoutBrowser.two-steps", &submit("missing-trait")]).await;
    replay.same(&[&submit("profile"), "getSelfServiceRegistrationFlow.two-steps"]).await;
    for case in ["short-password", "back", "again", "ok"] {
        replay.same(&[&submit(case)]).await;
    }
    replay.finish()
}

pub async fn in_browsers() -> Report {
    let mut replay = start().await;
    replay.same(&["initializeSelfServiceRegistrationFlowForBrowsers.two-steps"]).await;
    for case in ["profile", "ok"] {
        replay.same(&[&format!("submitSelfServiceRegistrationFlow.browser-two-steps-{case}")]).await;
    }
    replay.finish()
}

/// The groups of the nodes, which are compared in any order elsewhere.
fn groups(flow: &Value) -> Vec<String> {
    flow["ui"]["nodes"].as_array().unwrap().iter().map(|node| text(node, "/group")).collect()
}

#[tokio::test]
async fn the_groups_are_in_the_recorded_order() {
    for (who, case) in [("WithoutBrowser", "two-steps-profile"), ("ForBrowsers", "browser-two-steps-profile")] {
        let mut replay = start().await;
        replay.stand_in.show_passkeys();
        let first = format!("initializeSelfServiceRegistrationFlow{who}.two-steps");
        for name in [first, format!("submitSelfServiceRegistrationFlow.{case}")] {
            let here = replay.same_but(&name, &[]).await.json();
            let Some(Body::Json(recorded)) = replay.recorded(&name).response.body.clone() else { panic!("no flow") };
            assert_eq!(groups(&here), groups(&recorded), "{name}");
        }
        assert!(replay.finish().wrong.is_empty());
    }
}

async fn client() -> (StandIn, Client, Form) {
    let ory = StandIn::builder().two_step_registration().start().await.unwrap();
    ory.show_providers(["google"]);
    let client = ory.client_builder().build().unwrap();
    let flow = client.initialize_self_service_registration_flow_without_browser().send().await.unwrap();
    let form = flow.form();
    (ory, client, form)
}

/// Submits a form that goes on, and returns what comes next.
async fn go_on(client: &Client, form: &Form, body: Value) -> Form {
    let submit = client.submit_self_service_registration_flow().flow(&form.id).json_body(body);
    let response = submit.send().await.unwrap_err();
    assert_eq!(response.status(), Some(http::StatusCode::BAD_REQUEST), "{response}");
    response.form().unwrap()
}

/// The body that submits a form by a method, with one more field.
fn filled_in(form: &Form, method: &str, name: &str, value: impl Into<Value>) -> Value {
    let mut body = form.submit_body(method);
    body.insert(name.to_owned(), value.into());
    body.into()
}

fn messages(form: &Form) -> Vec<i64> {
    form.all_messages().map(|message| message.id).collect()
}

#[tokio::test]
async fn an_app_registers_with_what_the_forms_hold() {
    let (_ory, client, first) = client().await;
    let traits = json!({"email": EMAIL, "age": 36, "newsletter": true});
    let second = go_on(&client, &first, filled_in(&first, "profile", "traits", traits)).await;
    assert!(!second.is_rejected());
    assert_eq!(second.node("traits.age").unwrap().input_type, "hidden");

    let back = go_on(&client, &second, filled_in(&second, "profile", "screen", "previous")).await;
    let age = back.node("traits.age").unwrap();
    assert_eq!((messages(&back), age.input_type.as_str(), &age.value), (vec![], "number", &json!(36)));
    assert!(back.node("password").is_none() && back.node("screen").is_none());

    let second = go_on(&client, &back, back.submit_body("profile").into()).await;
    assert_eq!(messages(&second), [1_040_009]);
    let body = filled_in(&second, "password", "password", PASSWORD);
    let submit = client.submit_self_service_registration_flow().flow(&second.id).json_body(body);
    let person = submit.send().await.unwrap().into_body().identity.unwrap();
    let traits = json!({"email": EMAIL, "name": {}, "age": 36, "newsletter": true});
    assert_eq!(person.traits, Some(traits));
}

#[tokio::test]
async fn what_is_wrong_stays_in_its_step() {
    let (_ory, client, first) = client().await;
    let wrong = go_on(&client, &first, json!({"method": "profile", "traits": {"email": "nobody"}})).await;
    assert_eq!(wrong.node("traits.email").unwrap().messages[0].id, 4_000_040);
    assert!(wrong.node("password").is_none());
    // The first step can be skipped, but its form has no field for a password. The server adds one.
    let body = json!({"method": "password", "traits": {"email": EMAIL}, "password": "short"});
    let short = go_on(&client, &wrong, body).await;
    assert_eq!(short.node("password").unwrap().messages[0].id, 4_000_032);
    assert!(short.node("screen").is_none());

    let body = json!({"method": "profile", "traits": {"email": EMAIL}});
    let second = go_on(&client, &short, body).await;
    assert_eq!((messages(&second), second.group("password").count()), (vec![1_040_009], 2));
    // Traits are checked on the way back too, if there are any.
    for screen in ["previous", "credential-selection"] {
        let body = json!({"screen": screen, "traits": {"email": "nobody"}});
        let wrong = go_on(&client, &second, body).await;
        assert_eq!((messages(&wrong), wrong.group("password").count()), (vec![4_000_040], 2), "{screen}");
    }
    let unknown = go_on(&client, &second, json!({"screen": "next", "traits": {"email": EMAIL}})).await;
    let message = &unknown.node("screen").unwrap().messages[0];
    assert_eq!(message.text, "value must be one of \"credential-selection\", \"previous\"");
    let back = go_on(&client, &second, json!({"screen": "previous"})).await;
    assert_eq!((messages(&back), &back.node("traits.email").unwrap().value), (vec![], &Value::Null));
}

#[tokio::test]
async fn third_parties_are_on_offer_in_both_steps() {
    let (ory, client, first) = client().await;
    ory.show_passkeys();
    let body = json!({"method": "profile", "traits": {"email": EMAIL}});
    let second = go_on(&client, &first, body).await;
    let count = |form: &Form| (form.group("oidc").count(), form.group("passkey").count());
    assert_eq!((count(&first), count(&second)), ((1, 0), (1, 3)));
    let back = go_on(&client, &second, filled_in(&second, "profile", "screen", "previous")).await;
    assert_eq!(count(&back), (1, 0));
}

#[tokio::test]
async fn one_request_registers_too() {
    let (ory, client, first) = client().await;
    let body = json!({"method": "password", "traits": {"email": EMAIL}, "password": PASSWORD});
    client.submit_self_service_registration_flow().flow(&first.id).json_body(body).send().await.unwrap();
    // With one step there are no screens.
    let other = StandIn::start().await.unwrap();
    let client = other.client_builder().build().unwrap();
    let form = client.initialize_self_service_registration_flow_without_browser().send().await.unwrap().form();
    let profile = go_on(&client, &form, json!({"method": "profile", "traits": {"email": EMAIL}})).await;
    assert_eq!(messages(&profile), [4_010_003]);
    let body = json!({"method": "password", "traits": {"email": EMAIL}, "password": PASSWORD, "screen": "previous"});
    client.submit_self_service_registration_flow().flow(&form.id).json_body(body).send().await.unwrap();
    drop(ory);
}

/// A page that goes on has another redirect than one that says what is wrong.
#[tokio::test]
async fn forms_of_browsers_lead_to_their_page() {
    let replay = start().await;
    let browser = Browser::new(&replay).await;
    let cookies = browser.cookies();
    let flow = replay.get("/self-service/registration/browser", &[JSON, ("Cookie", &cookies)]).await;
    let (id, token) = (text(&flow, "/id"), csrf(&flow));
    let page = format!("http://127.0.0.1:4455/registration?flow={id}");
    let post = async |field: &str, value: &str, more: &str, to: &str| {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("csrf_token", token.as_str()), ("traits.email", to), (field, value)])
            .finish();
        let headers = [("Cookie", cookies.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        let path = format!("/self-service/registration?flow={id}");
        let reply = replay.send("POST", &path, &headers, Some(&format!("{body}{more}"))).await;
        (reply.status, reply.header("location").unwrap().to_owned())
    };
    let shown = async || {
        let path = format!("/self-service/registration/flows?id={id}");
        let flow = replay.get(&path, &[JSON, ("Cookie", &cookies)]).await;
        (text(&flow, "/state"), groups(&flow).last().unwrap().clone())
    };
    assert_eq!(post("method", "profile", "", "nobody").await, (302, page.clone()));
    assert_eq!(post("method", "profile", "", EMAIL).await, (303, page.clone()));
    assert_eq!(post("screen", "previous", "", EMAIL).await, (303, page.clone()));
    assert_eq!(post("method", "profile", "", EMAIL).await, (303, page.clone()));
    assert_eq!(post("method", "password", "&password=short", EMAIL).await, (302, page.clone()));
    assert_eq!(shown().await, ("choose_method".to_owned(), "profile".to_owned()));
    assert_eq!(post("method", "code", "", EMAIL).await, (303, page.clone()));
    assert_eq!(post("method", "code", "&code=000000", EMAIL).await, (302, page.clone()));
    assert_eq!(shown().await, ("sent_email".to_owned(), "profile".to_owned()));
    // The form with the code names its method beside the button.
    assert_eq!(post("screen", "credential-selection", "&method=code", EMAIL).await, (303, page.clone()));
    assert_eq!(shown().await, ("choose_method".to_owned(), "profile".to_owned()));
    post("method", "code", "", EMAIL).await;
    let code = format!("&code={}", mailed_code(&replay));
    assert_eq!(post("method", "code", &code, EMAIL).await, (303, "http://127.0.0.1:4455/".to_owned()));
}
