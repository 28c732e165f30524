//! Verification of an address by a mailed code.

use std::sync::Arc;

use ory_sdk::credentials::CookieJar;
use ory_sdk::flow::Flow;
use ory_sdk::types::{
    SelfServiceVerificationFlowState as State, SubmitSelfServiceVerificationFlowWithCodeMethodBody as Code,
};

use super::mailbox::Mailbox;
use super::person::Person;
use super::run::Run;

pub async fn run(run: Arc<Run>) {
    native(&run).await;
    browser(&run).await;
}

async fn native(run: &Run) {
    let client = &run.client;
    let person = Person::new(run, "verification").await;
    let mut mailbox = Mailbox::open(run, &person.email).await;
    let flow = call!(run, client.initialize_self_service_verification_flow_without_browser() => value);
    let id = flow.id.to_string();
    let read = call!(run, client.get_self_service_verification_flow().id(&id) => value);
    assert_eq!((read.id, &read.state), (flow.id, &State::ChooseMethod));

    let body = Code::builder().email(&person.email).build().unwrap();
    let response = call!(run, client.submit_self_service_verification_flow().flow(&id).body(body) => or_redirect);
    assert_eq!(response.into_value().unwrap().state, State::SentEmail);

    // All versions respond to a wrong code with 200. Only the form shows the error.
    let body = Code::builder().code("000000").build().unwrap();
    let response = call!(run, client.submit_self_service_verification_flow().flow(&id).body(body) => or_redirect);
    assert!(response.into_value().unwrap().form().is_rejected());

    let body = Code::builder().code(mailbox.code(run).await).build().unwrap();
    let response = call!(run, client.submit_self_service_verification_flow().flow(&id).body(body) => or_redirect);
    let done = response.into_value().unwrap();
    assert!(!done.form().is_rejected());
    assert_eq!(done.state, State::PassedChallenge);
    is_verified(run, &person).await;
}

async fn browser(run: &Run) {
    let browser = run.client.with_cookie_jar(CookieJar::default());
    let person = Person::new(run, "verification-browser").await;
    let mut mailbox = Mailbox::open(run, &person.email).await;
    let flow = call!(run, browser.initialize_self_service_verification_flow_for_browsers() => value);
    let form = flow.into_body().form();
    let mut body = form.submit_body("code");
    body.insert("email".to_owned(), person.email.clone().into());
    let response = call!(
        run,
        browser.submit_self_service_verification_flow().flow(&form.id).json_body(body.into()) => or_redirect
    );
    // The form that asks for the code has the hidden inputs of that step.
    let mut body = response.into_value().unwrap().form().submit_body("code");
    body.remove("email");
    body.insert("code".to_owned(), mailbox.code(run).await.into());
    let response = call!(
        run,
        browser.submit_self_service_verification_flow().flow(&form.id).json_body(body.into()) => or_redirect
    );
    assert_eq!(response.into_value().unwrap().state, State::PassedChallenge);
    is_verified(run, &person).await;
}

async fn is_verified(run: &Run, person: &Person) {
    let client = &run.client;
    let identity = call!(run, client.admin_get_identity().id(&person.id) => value);
    assert_eq!(identity.verifiable_addresses[0].verified, Some(true));
}
