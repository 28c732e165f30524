//! An application that uses Hydra, its user's browser, and the login and consent app.

use ory_sdk::credentials::CookieJar;
use ory_sdk::response::{Location, OrRedirect};
use ory_sdk::{Client, Response, Secret, types};

use super::run::Run;
use super::sweep::Made;

const CALLBACK: &str = "http://127.0.0.1:5555/callback";
pub const SIGNED_OUT: &str = "http://127.0.0.1:5555/signed-out";
const STATE: &str = "state-of-the-test-0123456789";

/// The pair from RFC 7636, appendix B. The verifier is published, so it is not a secret, but works like one.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub struct App<'a> {
    pub run: &'a Run,
    pub id: String,
    /// The application's client, with its client id and secret.
    pub client: Client,
    /// The user's browser, with its cookies.
    pub browser: Client,
    pub subject: String,
}

impl<'a> App<'a> {
    pub async fn new(run: &'a Run, what: &str) -> Self {
        let client = &run.client;
        let made = call!(run, client.admin_create_oauth2_client().body_map(|body| {
            body.client_name(run.name(what))
                .grant_types(["authorization_code", "refresh_token", "client_credentials"])
                .response_types(["code"])
                .scope("openid offline")
                .redirect_uris([CALLBACK])
                .post_logout_redirect_uris([SIGNED_OUT])
                .token_endpoint_auth_method("client_secret_basic")
        }) => value);
        let id = made.client_id.clone().unwrap();
        run.made(Made::Client(id.clone()));
        Self {
            run,
            client: client.with_client_credentials(&id, made.client_secret.as_ref().unwrap()),
            id,
            browser: client.with_cookie_jar(CookieJar::default()),
            subject: run.name(&format!("{what}-subject")),
        }
    }

    /// Sends the browser from the application to Hydra, and returns the login challenge.
    pub async fn start(&self) -> Secret {
        let (run, browser) = (self.run, &self.browser);
        let response = call!(
            run,
            browser
                .perform_oauth2_authorization_flow()
                .client_id(&self.id)
                .response_type("code")
                .scope("openid offline")
                .redirect_uri(CALLBACK)
                .state(STATE)
                .nonce("nonce-of-the-test-0123456789")
                .code_challenge(CHALLENGE)
                .code_challenge_method("S256") => or_redirect
        );
        redirect(&response).query("login_challenge").unwrap().into()
    }

    /// Follows a redirect from the login or consent app to Hydra, and returns where Hydra sends the browser next.
    pub async fn follow(&self, redirect_to: &Location) -> Location {
        let (run, browser) = (self.run, &self.browser);
        let url = redirect_to.parse().unwrap();
        assert!(url.path().ends_with("/oauth2/auth"), "sent to {}", url.path());
        let mut call = browser.perform_oauth2_authorization_flow();
        for (key, value) in url.query_pairs() {
            call = call.query(key, value);
        }
        let response =
            run.passed("perform_oauth2_authorization_flow", call.send().await, crate::support::dispatch::or_redirect);
        redirect(&response).clone()
    }

    /// Accepts the login as the login app, and returns the consent challenge.
    pub async fn sign_in(&self, challenge: &Secret) -> Secret {
        let (run, client) = (self.run, &self.run.client);
        let accepted = call!(
            run,
            client.admin_accept_oauth2_login_request().login_challenge(challenge).body_map(|body| {
                body.subject(&self.subject).remember(true).remember_for(60)
            }) => value
        );
        self.follow(&accepted.redirect_to).await.query("consent_challenge").unwrap().into()
    }

    /// Grants all requested scopes as the consent app, and returns the code that the application receives.
    pub async fn consent(&self, challenge: &Secret) -> Secret {
        let (run, client) = (self.run, &self.run.client);
        let accepted = call!(
            run,
            client.admin_accept_oauth2_consent_request().consent_challenge(challenge).body_map(|body| {
                body.grant_scope(["openid", "offline"])
                    .remember(false)
                    .session(serde_json::json!({"id_token": {"plan": "free"}, "access_token": {"tenant": 9}}))
            }) => value
        );
        let callback = self.follow(&accepted.redirect_to).await;
        is_callback(&callback);
        callback.query("code").unwrap().into()
    }

    /// Runs the whole flow up to the code.
    pub async fn code(&self) -> Secret {
        let challenge = self.start().await;
        let challenge = self.sign_in(&challenge).await;
        self.consent(&challenge).await
    }

    /// The request that exchanges a code for tokens, with the verifier that only the application knows.
    pub fn exchange(&self, code: &Secret) -> types::PerformOAuth2TokenFlowBody {
        let body = types::PerformOAuth2TokenFlowBody::builder().grant_type("authorization_code").code(code);
        body.redirect_uri(CALLBACK).code_verifier(VERIFIER).build().unwrap()
    }

    /// Runs the whole flow up to the tokens.
    pub async fn tokens(&self) -> types::OAuth2TokenResponse {
        let code = self.code().await;
        let (run, client) = (self.run, &self.client);
        call!(run, client.perform_oauth2_token_flow().body(self.exchange(&code)) => value).into_body()
    }
}

/// Where Hydra redirects the browser.
#[track_caller]
pub fn redirect<T>(response: &Response<OrRedirect<T>>) -> &Location {
    response.redirect().expect("a redirect")
}

/// Checks that the browser is back at the application, with the state of its request.
#[track_caller]
pub fn is_callback(location: &Location) {
    assert!(location.as_str().starts_with(CALLBACK), "sent to {location}");
    assert_eq!(location.query("state").as_deref(), Some(STATE));
}
