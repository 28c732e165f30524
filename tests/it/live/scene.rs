//! What the tests of tokens and actions share: the servers, the service that they call, and applications.

use std::sync::Arc;

use axum::Router;
use ory_sdk::credentials::CookieJar;
use ory_sdk::jwt::{AccessTokens, IdTokens, KeySet};
use ory_sdk::response::Location;
use ory_sdk::tokens::{ClientCredentials, CodeFlow};
use ory_sdk::{Client, Secret};
use serde_json::{Value, json};

use super::ALONE;
use super::hooks::Hooks;
use super::run::Run;
use super::sweep::{self, Made};

pub const API: &str = "https://api.live.example.org";
pub const CALLBACK: &str = "http://127.0.0.1:5555/callback";

/// The servers, and the service that they call.
pub struct Scene {
    pub run: Run,
    pub hooks: Hooks,
    pub client: Client,
    pub issuer: String,
}

/// Runs a test alone, and deletes what it made, even if it fails.
pub async fn alone<F>(test: impl FnOnce(Arc<Scene>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    alone_with(Router::new(), test).await;
}

/// The same, with routes of the test at the service.
pub async fn alone_with<F>(routes: Router, test: impl FnOnce(Arc<Scene>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let _alone = ALONE.lock().await;
    let run = Run::from_env();
    let hooks = Hooks::start(routes).await;
    let client = run.client.clone();
    let discovered = client.discover_oidc_configuration().await.unwrap();
    let scene = Arc::new(Scene { run, hooks, client, issuer: discovered.issuer.clone() });
    let result = tokio::spawn(test(Arc::clone(&scene))).await;
    let left = sweep::all(&scene.run).await;
    if let Err(failed) = result {
        std::panic::resume_unwind(failed.into_panic());
    }
    assert!(left.is_empty(), "left behind: {}", left.join(", "));
}

impl Scene {
    /// Registers an OAuth2 client, and returns its id and secret.
    pub async fn register(&self, what: &str, body: Value) -> (String, Secret) {
        let mut all = json!({"client_name": self.run.name(what)});
        all.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        let made = self.client.admin_create_oauth2_client().json_body(all).await.unwrap().into_body();
        let id = made.client_id.unwrap();
        self.run.made(Made::Client(id.clone()));
        (id, made.client_secret.unwrap_or_default())
    }

    /// A service that gets tokens for itself. The changes are to its registration.
    pub async fn service(&self, what: &str, changes: Value) -> Service {
        let mut body = json!({
            "grant_types": ["client_credentials"], "scope": "orders.read orders.write", "audience": [API],
        });
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let (id, secret) = self.register(what, body).await;
        Service { client: self.client.clone(), id, secret }
    }

    /// An application with a code flow.
    pub async fn app(&self, what: &str, changes: Value) -> App {
        let mut body = json!({
            "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"], "audience": [API],
            "scope": "openid offline orders.read", "redirect_uris": [CALLBACK],
        });
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let (id, secret) = self.register(what, body).await;
        let flow = CodeFlow::builder(&self.client).client_id(&id).client_secret(secret.clone()).redirect_uri(CALLBACK);
        let flow = flow.scope(["openid", "offline", "orders.read"]).audience([API]);
        let flow = flow.issuer(&self.issuer).build().unwrap();
        App { flow, subject: self.run.name(&format!("{what}-subject")), id, secret }
    }

    pub fn keys(&self) -> KeySet {
        KeySet::of_hydra(&self.client).unwrap()
    }

    /// Checks of access tokens, with keys of their own.
    pub fn access_tokens(&self) -> AccessTokens {
        AccessTokens::builder(&self.keys()).issuer(&self.issuer).audience(API).build().unwrap()
    }

    /// Checks of ID tokens, with keys of their own.
    pub fn id_tokens(&self, client_id: &str) -> IdTokens {
        IdTokens::builder(&self.keys()).issuer(&self.issuer).client_id(client_id).build().unwrap()
    }

    pub fn browser(&self) -> Browser {
        Browser { hydra: self.client.with_cookie_jar(CookieJar::default()), admin: self.client.clone() }
    }
}

/// A service with an id and a secret.
pub struct Service {
    client: Client,
    pub id: String,
    pub secret: Secret,
}

impl Service {
    /// Its tokens, with all its scopes and the audience.
    pub fn tokens(&self) -> ClientCredentials {
        self.tokens_with(&["orders.read", "orders.write"], &[API])
    }

    pub fn tokens_with(&self, scope: &[&str], audience: &[&str]) -> ClientCredentials {
        let builder = ClientCredentials::builder(&self.client).client_id(&self.id).client_secret(self.secret.clone());
        builder.scope(scope.iter().copied()).audience(audience.iter().copied()).build().unwrap()
    }

    /// A new token of its own.
    pub async fn token(&self) -> Secret {
        self.tokens().token().await.unwrap()
    }
}

/// An application with a code flow, and who signs in there.
pub struct App {
    pub flow: CodeFlow,
    pub id: String,
    pub secret: Secret,
    pub subject: String,
}

impl App {
    /// Signs the person in, with these claims from the consent.
    pub async fn sign_in(&self, browser: &Browser, session: Value) -> ory_sdk::tokens::Tokens {
        let begun = self.flow.authorization_url().unwrap();
        let callback = browser.allow(&begun.url, &self.subject, session).await;
        self.flow.finish(&begun.pending, query(&callback).as_str()).await.unwrap()
    }
}

/// The query of a callback.
pub fn query(callback: &Location) -> String {
    assert!(callback.as_str().starts_with(CALLBACK), "sent to {callback}");
    callback.parse().unwrap().query().unwrap().to_owned()
}

/// A person's browser. It also plays the pages of login and consent.
pub struct Browser {
    pub hydra: Client,
    admin: Client,
}

impl Browser {
    /// Opens a URL of Hydra, and returns where it leads.
    pub async fn open(&self, url: &Location) -> Location {
        let url = url.parse().unwrap();
        let pairs = url.query_pairs();
        if url.path().ends_with("/oauth2/device/verify") {
            let call = self.hydra.perform_oauth2_device_verification_flow();
            let response = pairs.fold(call, |call, (key, value)| call.query(key, value)).await.unwrap();
            return response.redirect().expect("a redirect").clone();
        }
        assert!(url.path().ends_with("/oauth2/auth"), "sent to {}", url.path());
        let call = self.hydra.perform_oauth2_authorization_flow();
        let response = pairs.fold(call, |call, (key, value)| call.query(key, value)).await.unwrap();
        response.redirect().expect("a redirect").clone()
    }

    /// Signs in and allows everything, and returns where that leads.
    pub async fn allow(&self, url: &Location, subject: &str, session: Value) -> Location {
        let mut at = self.open(url).await;
        if let Some(challenge) = at.query("login_challenge") {
            let accepted = self.admin.admin_accept_oauth2_login_request().login_challenge(challenge);
            let accepted = accepted.body_map(|body| body.subject(subject).remember(true).remember_for(60));
            at = self.open(&accepted.await.unwrap().redirect_to).await;
        }
        let challenge = at.query("consent_challenge").unwrap_or_else(|| panic!("sent to {at}"));
        let asked = self.admin.admin_get_oauth2_consent_request().consent_challenge(&challenge).await.unwrap();
        let accepted = self.admin.admin_accept_oauth2_consent_request().consent_challenge(&challenge);
        let accepted = accepted.body_map(|body| {
            body.grant_scope(asked.requested_scope.clone())
                .grant_access_token_audience(asked.requested_access_token_audience.clone())
                .session(session)
        });
        self.open(&accepted.await.unwrap().redirect_to).await
    }
}
