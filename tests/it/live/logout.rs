//! Logout of a native app and of a browser.

use std::sync::Arc;

use ory_sdk::error::NextStep;

use super::person::Person;
use super::run::Run;

pub async fn run(run: Arc<Run>) {
    native(&run).await;
    browser(&run).await;
}

async fn native(run: &Run) {
    let client = &run.client;
    let person = Person::new(run, "logout").await;
    let (_, token) = person.sign_in(run).await;
    call!(
        run,
        client.submit_self_service_logout_flow_without_browser().body_map(|body| body.session_token(&token)) => value
    );
    let gone = client.with_session_token(token);
    assert_eq!(refused!(run, gone.to_session()).next_step(), Some(NextStep::SignIn));
}

async fn browser(run: &Run) {
    let person = Person::new(run, "logout-browser").await;
    let jar = person.sign_in_by_browser(run).await;
    let browser = run.client.with_cookie_jar(jar);
    let url = call!(run, browser.create_self_service_logout_flow_url_for_browsers() => value);
    let url = url.into_body();
    assert!(url.logout_url.as_str().ends_with(url.logout_token.expose()));
    let response = call!(run, browser.submit_self_service_logout_flow().token(&url.logout_token) => or_redirect);
    assert_eq!((response.status().as_u16(), response.redirect()), (204, None));
    assert_eq!(refused!(run, browser.to_session()).next_step(), Some(NextStep::SignIn));
    let error = refused!(run, browser.create_self_service_logout_flow_url_for_browsers());
    assert_eq!(error.next_step(), Some(NextStep::SignIn));
}
