//! A user changes their own traits and password.

use std::sync::Arc;

use ory_sdk::error::NextStep;
use ory_sdk::flow::Flow;
use ory_sdk::types::{
    SelfServiceSettingsFlowState as State, SubmitSelfServiceSettingsFlowWithPasswordMethodBody as Password,
    SubmitSelfServiceSettingsFlowWithProfileMethodBody as Profile,
};
use serde_json::json;

use super::person::Person;
use super::run::Run;

pub async fn run(run: Arc<Run>) {
    native(&run).await;
    browser(&run).await;
}

async fn native(run: &Run) {
    let client = &run.client;
    let person = Person::new(run, "settings").await;
    let nobody = refused!(run, client.initialize_self_service_settings_flow_without_browser());
    assert_eq!(nobody.next_step(), Some(NextStep::SignIn));

    let signed_in = client.with_session_token(person.sign_in(run).await.1);
    let flow = call!(run, signed_in.initialize_self_service_settings_flow_without_browser() => value);
    let id = flow.id.to_string();
    let read = call!(run, signed_in.get_self_service_settings_flow().id(&id) => value);
    assert_eq!((read.id, &read.state), (flow.id, &State::ShowForm));

    let traits = json!({"email": person.email, "name": {"first": "Ada"}, "age": "old"});
    let body = Profile::builder().traits(traits).build().unwrap();
    let error = refused!(run, signed_in.submit_self_service_settings_flow().flow(&id).body(body));
    assert!(matches!(error.next_step(), Some(NextStep::ShowFlow(form)) if form.is_rejected()));

    let traits = json!({"email": person.email, "name": {"first": "Ada"}});
    let body = Profile::builder().traits(traits.clone()).build().unwrap();
    let response = call!(run, signed_in.submit_self_service_settings_flow().flow(&id).body(body) => value);
    let done = response.into_body();
    assert_eq!((done.state, done.identity.unwrap().traits), (State::Success, Some(traits)));

    let flow = call!(run, signed_in.initialize_self_service_settings_flow_without_browser() => value);
    let body = Password::builder().password("another-Long-passw0rd-of-the-test!").build().unwrap();
    let response = call!(
        run,
        signed_in.submit_self_service_settings_flow().flow(flow.id.to_string()).body(body) => value
    );
    assert_eq!(response.into_body().state, State::Success);
}

async fn browser(run: &Run) {
    let person = Person::new(run, "settings-browser").await;
    let browser = run.client.with_cookie_jar(person.sign_in_by_browser(run).await);
    let flow = call!(run, browser.initialize_self_service_settings_flow_for_browsers() => value);
    let form = flow.into_body().form();
    call!(run, browser.get_self_service_settings_flow().id(&form.id) => value);
    // Kratos refuses a form from a browser without its CSRF token.
    let body = json!({"method": "profile", "traits": {"email": person.email}});
    let error = refused!(run, browser.submit_self_service_settings_flow().flow(&form.id).json_body(body));
    assert_eq!(error.next_step(), Some(NextStep::NotAllowed));

    let mut body = form.submit_body("profile");
    body.insert("traits".to_owned(), json!({"email": person.email, "name": {"first": "Grace"}}));
    let response = call!(
        run,
        browser.submit_self_service_settings_flow().flow(&form.id).json_body(body.into()) => value
    );
    assert_eq!(response.into_body().state, State::Success);
    let whoami = call!(run, browser.to_session() => value);
    assert_eq!(whoami.identity.as_ref().unwrap().traits.as_ref().unwrap()["name"]["first"], "Grace");
}
