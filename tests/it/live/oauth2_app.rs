//! An application that uses Hydra, the browser of a person in front of it, and the login and consent app behind it.

use ory_sdk::{Client, CookieJar, Location, OrRedirect, Response, Secret, types};

use super::run::Run;
use super::sweep::Made;

const CALLBACK: &str = "http://127.0.0.1:5555/callback";
pub const SIGNED_OUT: &str = "http://127.0.0.1:5555/signed-out";
const STATE: &str = "state-of-the-test-0123456789";

/// The pair of RFC 7636, appendix B: a verifier that is in print is no secret, but proves as much.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub struct App<'a> {
    pub run: &'a Run,
    pub id: String,
    /// The application itself: it carries its client id and secret.
    pub client: Client,
    /// A person's browser with its cookies.
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

    /// The application sends the browser to Hydra; gives the login challenge.
    pub async fn start(&self) -> Secret {
        let (run, browser) = (self.run, &self.browser);
        let answer = call!(
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
        redirect(&answer).query("login_challenge").unwrap().into()
    }

    /// The browser goes where the login or consent app sends it, which is Hydra again.
    pub async fn follow(&self, redirect_to: &Secret) -> Location {
        let (run, browser) = (self.run, &self.browser);
        let url = url::Url::parse(redirect_to.expose()).unwrap();
        assert!(url.path().ends_with("/oauth2/auth"), "sent to {}", url.path());
        let mut call = browser.perform_oauth2_authorization_flow();
        for (key, value) in url.query_pairs() {
            call = call.query(key, value);
        }
        let answer = run.passed("perform_oauth2_authorization_flow", call.send().await, crate::dispatch::or_redirect);
        redirect(&answer).clone()
    }

    /// The login app lets the person in; gives the consent challenge.
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

    /// The consent app grants all that was asked for; gives the code that the application is sent.
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

    /// The whole way to a code.
    pub async fn code(&self) -> Secret {
        let challenge = self.start().await;
        let challenge = self.sign_in(&challenge).await;
        self.consent(&challenge).await
    }

    /// The request that turns a code into tokens, with the verifier that only the application knows.
    pub fn exchange(&self, code: &Secret) -> types::PerformOAuth2TokenFlowBody {
        let body = types::PerformOAuth2TokenFlowBody::builder().grant_type("authorization_code").code(code);
        body.redirect_uri(CALLBACK).code_verifier(VERIFIER).build().unwrap()
    }

    /// The whole way to tokens.
    pub async fn tokens(&self) -> types::OAuth2TokenResponse {
        let code = self.code().await;
        let (run, client) = (self.run, &self.client);
        call!(run, client.perform_oauth2_token_flow().body(self.exchange(&code)) => value).into_body()
    }
}

/// Where a page of Hydra sends the browser.
#[track_caller]
pub fn redirect<T>(answer: &Response<OrRedirect<T>>) -> &Location {
    answer.redirect().expect("a redirect")
}

/// The browser came back to the application, which knows its own request by the state.
#[track_caller]
pub fn is_callback(location: &Location) {
    assert!(location.as_str().starts_with(CALLBACK), "sent to {location}");
    assert_eq!(location.query("state").as_deref(), Some(STATE));
}
