//! Registration with a native app and with a browser.

use std::sync::Arc;

use ory_sdk::credentials::CookieJar;
use ory_sdk::error::NextStep;
use ory_sdk::flow::Flow;
use ory_sdk::types::{self, SubmitSelfServiceRegistrationFlowWithPasswordMethodBody as Password};
use serde_json::json;

use super::person::PASSWORD;
use super::run::Run;
use super::sweep::Made;

pub async fn run(run: Arc<Run>) {
    native(&run).await;
    browser(&run).await;
}

async fn native(run: &Run) {
    let client = &run.client;
    let email = format!("{}@example.org", run.name("native"));
    let flow = call!(run, client.initialize_self_service_registration_flow_without_browser() => value);
    let id = flow.id.to_string();
    let read = call!(run, client.get_self_service_registration_flow().id(&id) => value);
    assert_eq!((read.id, &read.type_), (flow.id, &types::SelfServiceFlowType::Api));

    let submit = |password: &str| Password::builder().traits(json!({"email": email})).password(password).build();
    // The policy refuses the password: the flow comes back with a message at the field.
    let error = refused!(run, client.submit_self_service_registration_flow().flow(&id).body(submit("short").unwrap()));
    let Some(NextStep::ShowFlow(form)) = error.next_step() else { panic!("no flow: {error}") };
    assert!(form.is_rejected() && !form.node("password").unwrap().messages.is_empty());
    assert_eq!(error.flow::<types::SelfServiceRegistrationFlow>().unwrap().id, flow.id);

    let body = submit(PASSWORD).unwrap();
    let response = call!(run, client.submit_self_service_registration_flow().flow(&id).body(body) => value);
    let done = response.into_body();
    let identity = done.identity.unwrap();
    run.made(Made::Identity(identity.id.to_string()));
    assert_eq!(identity.traits.unwrap()["email"], *email);
}

async fn browser(run: &Run) {
    let jar = CookieJar::default();
    let browser = run.client.with_cookie_jar(jar.clone());
    let email = format!("{}@example.org", run.name("browser"));
    let flow = call!(run, browser.initialize_self_service_registration_flow_for_browsers() => value);
    let form = flow.into_body().form();
    assert!(!jar.is_empty() && form.csrf_token().is_some());
    call!(run, browser.get_self_service_registration_flow().id(&form.id) => value);

    let mut body = form.submit_body("password");
    body.insert("password".to_owned(), PASSWORD.into());
    body.insert("traits".to_owned(), json!({"email": email}));
    let response = call!(
        run,
        browser.submit_self_service_registration_flow().flow(&form.id).json_body(body.into()) => value
    );
    let identity = response.into_body().identity.unwrap();
    run.made(Made::Identity(identity.id.to_string()));
    assert_eq!(identity.traits.unwrap()["email"], *email);
}
