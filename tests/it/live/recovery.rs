//! Account recovery: by a mailed code, and by a code or link from an administrator.

use std::sync::Arc;

use ory_sdk::credentials::CookieJar;
use ory_sdk::error::NextStep;
use ory_sdk::flow::Flow;
use ory_sdk::response::OrRedirect;
use ory_sdk::types::{
    ContinueWith, SelfServiceRecoveryFlowState as State, SubmitSelfServiceRecoveryFlowWithCodeMethodBody as Code,
    SubmitSelfServiceRecoveryFlowWithLinkMethodBody as Link,
};
use ory_sdk::{Error, Response, types};

use super::mailbox::Mailbox;
use super::person::Person;
use super::run::Run;

const SUBMIT: &str = "submit_self_service_recovery_flow";

pub async fn run(run: Arc<Run>) {
    native(&run).await;
    browser(&run).await;
    by_administrator(&run).await;
}

async fn native(run: &Run) {
    let client = &run.client;
    let person = Person::new(run, "recovery").await;
    let mut mailbox = Mailbox::open(run, &person.email).await;
    let flow = call!(run, client.initialize_self_service_recovery_flow_without_browser() => value);
    let id = flow.id.to_string();
    let read = call!(run, client.get_self_service_recovery_flow().id(&id) => value);
    assert_eq!((read.id, &read.state), (flow.id, &State::ChooseMethod));

    let body = Code::builder().email(&person.email).build().unwrap();
    let response = call!(run, client.submit_self_service_recovery_flow().flow(&id).body(body) => or_redirect);
    assert_eq!(response.into_value().unwrap().state, State::SentEmail);

    // All versions respond to a wrong code with 200. Only the form shows the error.
    let body = Code::builder().code("000000").build().unwrap();
    let response = call!(run, client.submit_self_service_recovery_flow().flow(&id).body(body) => or_redirect);
    assert!(response.into_value().unwrap().form().is_rejected());

    let body = Code::builder().code(mailbox.code(run).await).build().unwrap();
    let result = client.submit_self_service_recovery_flow().flow(&id).body(body).send().await;
    if let Some(steps) = recovered(run, result) {
        let token = steps.into_iter().find_map(|step| match step {
            ContinueWith::SetOrySessionToken(step) => step.ory_session_token,
            _ => None,
        });
        let signed_in = client.with_session_token(token.expect("a native app gets its token"));
        let whoami = call!(run, signed_in.to_session() => value);
        assert_eq!(whoami.identity.as_ref().unwrap().id.to_string(), person.id);
    }
}

async fn browser(run: &Run) {
    let browser = run.client.with_cookie_jar(CookieJar::default());
    let person = Person::new(run, "recovery-browser").await;
    let mut mailbox = Mailbox::open(run, &person.email).await;
    let flow = call!(run, browser.initialize_self_service_recovery_flow_for_browsers() => value);
    let form = flow.into_body().form();
    call!(run, browser.get_self_service_recovery_flow().id(&form.id) => value);
    let mut body = form.submit_body("code");
    body.insert("email".to_owned(), person.email.clone().into());
    let response = call!(
        run,
        browser.submit_self_service_recovery_flow().flow(&form.id).json_body(body.into()) => or_redirect
    );
    let mut body = response.into_value().unwrap().form().submit_body("code");
    body.remove("email");
    body.insert("code".to_owned(), mailbox.code(run).await.into());
    let result = browser.submit_self_service_recovery_flow().flow(&form.id).json_body(body.into()).send().await;
    recovered(run, result);
    // Either way, the response sets the session cookie.
    let whoami = call!(run, browser.to_session() => value);
    assert_eq!(whoami.identity.as_ref().unwrap().id.to_string(), person.id);
}

/// Checks the response to the right code. Returns the server's next steps, or `None` if it redirects the browser.
///
/// Kratos 0.11 responds with 422 and a URL even to native apps, and so do later versions with
/// `use_continue_with_transitions` off. Otherwise the response is a 200 with the steps.
#[track_caller]
fn recovered(
    run: &Run,
    result: Result<Response<OrRedirect<types::SelfServiceRecoveryFlow>>, Error>,
) -> Option<Vec<ContinueWith>> {
    if result.is_err() {
        let error = run.refused(SUBMIT, result);
        assert_eq!(error.status().unwrap().as_u16(), 422);
        assert!(matches!(error.next_step(), Some(NextStep::GoTo(url)) if url.as_str().contains("/settings?flow=")));
        run.report.note(SUBMIT, "the right code is a 422 that sends a browser to the settings");
        return None;
    }
    let flow = run.passed(SUBMIT, result, crate::support::dispatch::or_redirect).into_value().unwrap();
    assert!(!flow.form().is_rejected());
    assert_eq!(flow.state, State::PassedChallenge);
    assert!(flow.continue_with.iter().any(|step| matches!(step, ContinueWith::ShowSettingsUi(_))));
    Some(flow.continue_with)
}

async fn by_administrator(run: &Run) {
    let client = &run.client;
    let person = Person::new(run, "recovered").await;
    let id: uuid::Uuid = person.id.parse().unwrap();
    let made = call!(
        run,
        client.admin_create_self_service_recovery_code().body_map(|body| body.identity_id(id).expires_in("1h")) => value
    );
    assert!(!made.recovery_code.is_empty() && query(made.recovery_link.as_str(), "flow").is_some());

    let made = call!(
        run,
        client.admin_create_self_service_recovery_link().body_map(|body| body.identity_id(id)) => value
    );
    let link = made.recovery_link.as_str();
    let (flow, token) = (query(link, "flow").unwrap(), query(link, "token").unwrap());
    let browser = client.with_cookie_jar(CookieJar::default());
    let body = Link::builder().build().unwrap();
    // The link gives a redirect even to clients that ask for JSON.
    let response =
        call!(run, browser.submit_self_service_recovery_flow().flow(flow).token(token).body(body) => or_redirect);
    assert!(response.redirect().unwrap().query("flow").is_some());
    let whoami = call!(run, browser.to_session() => value);
    assert_eq!(whoami.identity.as_ref().unwrap().id.to_string(), person.id);
}

fn query(url: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
