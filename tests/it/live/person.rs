//! A user with a password, and ways to sign in.

use ory_sdk::credentials::CookieJar;
use ory_sdk::flow::Flow;
use ory_sdk::types::SubmitSelfServiceLoginFlowWithPasswordMethodBody as Password;
use ory_sdk::{Secret, types};
use serde_json::json;

use super::run::Run;
use super::sweep::Made;

pub const PASSWORD: &str = "a-Long-passw0rd-of-the-test!";

pub struct Person {
    pub id: String,
    pub email: String,
}

impl Person {
    /// Creates a user with a password, as an administrator.
    pub async fn new(run: &Run, what: &str) -> Self {
        let email = format!("{}@example.org", run.name(what));
        let client = &run.client;
        let identity = call!(run, client.admin_create_identity().body_map(|body| {
            body.schema_id("default")
                .traits(json!({"email": email}))
                .credentials(json!({"password": {"config": {"password": PASSWORD}}}))
        }) => value);
        let id = identity.id.to_string();
        run.made(Made::Identity(id.clone()));
        Self { id, email }
    }

    /// Signs in like a native app, and returns the session and its token.
    pub async fn sign_in(&self, run: &Run) -> (types::Session, Secret) {
        let client = &run.client;
        let flow = call!(run, client.initialize_self_service_login_flow_without_browser() => value);
        let body = Password::builder().identifier(&self.email).password(PASSWORD).build().unwrap();
        let response =
            call!(run, client.submit_self_service_login_flow().flow(flow.id.to_string()).body(body) => value);
        let login = response.into_body();
        (login.session.unwrap(), login.session_token.unwrap())
    }

    /// Signs in like a browser, and returns its cookies.
    pub async fn sign_in_by_browser(&self, run: &Run) -> CookieJar {
        let jar = CookieJar::default();
        let browser = run.client.with_cookie_jar(jar.clone());
        let flow = call!(run, browser.initialize_self_service_login_flow_for_browsers() => value);
        let form = flow.into_body().form();
        let mut body = form.submit_body("password");
        body.insert("identifier".to_owned(), self.email.clone().into());
        body.insert("password".to_owned(), PASSWORD.into());
        let response = call!(
            run,
            browser.submit_self_service_login_flow().flow(&form.id).json_body(body.into()) => value
        );
        let login = response.into_body();
        assert_eq!(login.session_token, None, "a browser has its session in a cookie");
        jar
    }
}
