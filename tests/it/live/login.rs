//! Login with a native app, with a browser that asks for JSON, and with one that asks for pages.

use std::sync::Arc;

use ory_sdk::credentials::CookieJar;
use ory_sdk::error::NextStep;
use ory_sdk::flow::Flow;
use ory_sdk::types::{self, SubmitSelfServiceLoginFlowWithPasswordMethodBody as Password};

use super::person::{PASSWORD, Person};
use super::run::Run;

pub async fn run(run: Arc<Run>) {
    native(&run).await;
    browser(&run).await;
    pages(&run).await;
    third_party(&run).await;
}

/// The servers know no third party, so these calls get as far as they can without one.
async fn third_party(run: &Run) {
    let client = &run.client;
    let flow = call!(
        run,
        client.initialize_self_service_login_flow_without_browser().return_session_token_exchange_code(true) => value
    );
    // Kratos 0.11 knows no such codes.
    let code = flow.session_token_exchange_code.clone().unwrap_or_else(|| "x".into());
    let early = newer_refused!(run, client.exchange_session_token().init_code(code).return_to_code("x"));
    if let Some(error) = early {
        assert!(error.is_not_found(), "{error}");
        run.report.excuse("exchange_session_token", "succeeds only after a sign-in with a third party");
    }

    let provider = run.name("no such provider");
    let trial = newer_refused!(run, client.create_test_login_flow().body_map(|body| body.provider_id(provider)));
    // To an unknown path, Kratos' public port says 403 (CSRF) and not that it has no such route.
    let why = match trial {
        None => "not on this server, as create_test_login_flow",
        Some(error) => {
            // A 500 if the server has no third party at all.
            let has_none = error.reason().or(error.message()).is_some_and(|why| why.contains("OIDC strategy"));
            assert!(error.is_not_found() || has_none, "{error}");
            run.report.excuse("create_test_login_flow", "succeeds only with a third party");
            "there is no flow to delete, as create_test_login_flow succeeds only with a third party"
        }
    };
    let nothing = uuid::Uuid::from_u128(0x4000_8000_0000_0000_0000);
    let error = refused!(run, client.delete_test_login_flow().id(nothing.to_string()));
    assert!(error.is_not_found() || error.is_forbidden(), "{error}");
    run.report.excuse("delete_test_login_flow", why);

    newer!(run, client.get_well_known_change_password() => or_redirect);
}

async fn native(run: &Run) {
    let client = &run.client;
    let person = Person::new(run, "login").await;
    let flow = call!(run, client.initialize_self_service_login_flow_without_browser() => value);
    let id = flow.id.to_string();
    let read = call!(run, client.get_self_service_login_flow().id(&id) => value);
    assert_eq!(read.id, flow.id);
    let wrong = Password::builder().identifier(&person.email).password("wrong").build().unwrap();
    let error = refused!(run, client.submit_self_service_login_flow().flow(&id).body(wrong));
    let Some(NextStep::ShowFlow(form)) = error.next_step() else { panic!("no flow: {error}") };
    assert!(form.is_rejected());

    let (session, token) = person.sign_in(run).await;
    let signed_in = client.with_session_token(token);
    let whoami = call!(run, signed_in.to_session() => value);
    assert_eq!((whoami.id, whoami.active), (session.id, Some(true)));
    assert_eq!(whoami.identity.as_ref().unwrap().id.to_string(), person.id);
    assert_eq!(whoami.authenticator_assurance_level, Some(types::AuthenticatorAssuranceLevel::Aal1));

    // A user without a second factor has nothing to fill in: servers send null for the list of nodes.
    let step_up = call!(run, signed_in.initialize_self_service_login_flow_without_browser().aal("aal2") => value);
    assert_eq!(step_up.requested_aal, Some(types::AuthenticatorAssuranceLevel::Aal2));
    let raw: serde_json::Value = serde_json::from_slice(step_up.raw_body()).unwrap();
    if raw["ui"]["nodes"].is_null() {
        assert!(step_up.ui.nodes.is_empty());
        run.report
            .note("initialize_self_service_login_flow_without_browser", "no nodes at all without a second factor");
    }
}

async fn browser(run: &Run) {
    let person = Person::new(run, "login-browser").await;
    let jar = person.sign_in_by_browser(run).await;
    let browser = run.client.with_cookie_jar(jar);
    let whoami = call!(run, browser.to_session() => value);
    assert_eq!(whoami.identity.as_ref().unwrap().id.to_string(), person.id);
    // A user who is signed in does not get a new login flow, except with `refresh`.
    let error = refused!(run, browser.initialize_self_service_login_flow_for_browsers());
    assert_eq!(error.next_step(), Some(NextStep::AlreadySignedIn));
    let again = call!(run, browser.initialize_self_service_login_flow_for_browsers().refresh(true) => value);
    assert_eq!(again.into_body().refresh, Some(true));
}

/// Kratos redirects a browser that asks for pages to the form or to the error page. The app behind that page reads the
/// id from its URL and continues with JSON.
async fn pages(run: &Run) {
    let browser = run.client.with_cookie_jar(CookieJar::default());
    let page = refused!(run, browser.initialize_self_service_login_flow_for_browsers().header("Accept", "text/html"));
    let flow = page.location().unwrap().query("flow").unwrap();
    let person = Person::new(run, "login-pages").await;
    let form = call!(run, browser.get_self_service_login_flow().id(&flow) => value).form();
    let mut body = form.submit_body("password");
    body.insert("identifier".to_owned(), person.email.clone().into());
    body.insert("password".to_owned(), PASSWORD.into());
    let response = call!(run, browser.submit_self_service_login_flow().flow(&flow).json_body(body.into()) => value);
    assert!(response.set_cookies().any(|cookie| cookie.name().contains("session")));
    let whoami = call!(run, browser.to_session() => value);
    assert_eq!(whoami.identity.as_ref().unwrap().id.to_string(), person.id);

    let browser = run.client.with_cookie_jar(CookieJar::default());

    let page = refused!(
        run,
        browser
            .initialize_self_service_login_flow_for_browsers()
            .return_to("https://nowhere.example.org/")
            .header("Accept", "text/html")
    );
    let id = page.location().unwrap().query("id").unwrap();
    let error = call!(run, browser.get_self_service_error().id(&id) => value);
    assert_eq!(error.id.to_string(), id);
    let content = error.error.as_ref().unwrap();
    assert_eq!((content.code, content.id.as_deref()), (Some(400), Some("self_service_flow_return_to_forbidden")));
}
