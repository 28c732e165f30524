//! The program under test: the pages of a login and consent app in axum, on the stand-in. And an application that uses it.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use http::request::Parts;
use http::{HeaderMap, Uri};
use ory_sdk::flow::FlowKind;
use ory_sdk::testing::StandIn;
use ory_sdk::web::provider::{
    Claims, ConsentAnswer, DeviceAnswer, LogoutAnswer, Provider, ProviderBuilder, ProviderError,
};
use ory_sdk::{Client, types};
use serde_json::{Value, json};

use super::browser::{Browser, Page};

pub const CALLBACK: &str = "https://shop.example/callback";
pub const SIGNED_OUT: &str = "https://shop.example/signed-out";
pub const PASSWORD: &str = "a-Long-passw0rd!";

pub struct Site {
    pub ory: StandIn,
    pub client: Client,
    /// The origin of the pages.
    pub url: String,
}

#[derive(Clone)]
struct App {
    ory: Client,
    provider: Provider,
}

type Answer = Result<Response, ProviderError>;

async fn login(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let session = app.ory.forwarding(&headers).to_session().await;
    Ok(app.provider.login(&uri, &session).await?.into_response().into_response())
}

async fn consent(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let session = app.ory.forwarding(&headers).to_session().await;
    Ok(app.provider.consent(&uri, &session).await?.into_response().into_response())
}

async fn answer_consent(State(app): State<App>, headers: HeaderMap, form: Bytes) -> Answer {
    let session = app.ory.forwarding(&headers).to_session().await;
    let answer = ConsentAnswer::from_form(&form)?;
    Ok(app.provider.answer_consent(&headers, answer, &session).await?.into_response().into_response())
}

async fn logout(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let session = app.ory.forwarding(&headers).to_session().await;
    Ok(app.provider.logout(&uri, &headers, &session).await?.into_response().into_response())
}

async fn answer_logout(State(app): State<App>, headers: HeaderMap, form: Bytes) -> Answer {
    let session = app.ory.forwarding(&headers).to_session().await;
    let answer = LogoutAnswer::from_form(&form)?;
    Ok(app.provider.answer_logout(&headers, answer, &session).await?.into_response().into_response())
}

async fn device(State(app): State<App>, uri: Uri) -> Answer {
    Ok(app.provider.device(&uri)?.into_response().into_response())
}

async fn answer_device(State(app): State<App>, headers: HeaderMap, form: Bytes) -> Answer {
    let answer = DeviceAnswer::from_form(&form)?;
    Ok(app.provider.answer_device(&headers, answer).await?.into_response().into_response())
}

async fn all(State(app): State<App>, request: Parts, form: Bytes) -> http::Response<String> {
    let session = app.ory.forwarding(&request.headers).to_session().await;
    app.provider.respond(&request, &form, &session).await
}

/// The page where people sign in. The browser of these tests needs what it would post, and no HTML.
async fn sign_in(State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap) -> String {
    let id = query.unwrap().split_once("flow=").unwrap().1.to_owned();
    let form = app.ory.forwarding(&headers).get_flow(FlowKind::Login, id).await.unwrap();
    json!({"action": form.action.as_str(), "fields": form.submit_body("password")}).to_string()
}

impl Site {
    pub async fn start() -> Self {
        Self::start_with(|builder| builder).await
    }

    /// With all pages in one handler.
    pub async fn start_in_one() -> Self {
        Self::start_at("one", |builder| builder).await
    }

    pub async fn start_with(set: impl FnOnce(ProviderBuilder) -> ProviderBuilder) -> Self {
        Self::start_at("oauth2", set).await
    }

    async fn start_at(folder: &str, set: impl FnOnce(ProviderBuilder) -> ProviderBuilder) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let pages = format!("{url}/{folder}");
        let ory = StandIn::builder().self_service_url(&url).oauth2_url(&pages).start().await.unwrap();
        let client = ory.client_builder().build().unwrap();
        let builder = Provider::builder(&client).login_url(format!("{pages}/login")).claims(|wanted| {
            let traits = wanted.session.identity.as_ref().and_then(|identity| identity.traits.as_ref()).unwrap();
            let claims = Claims::new().access_token("client", wanted.client_id);
            if wanted.has_scope("email") { claims.id_token("email", traits["email"].clone()) } else { claims }
        });
        let provider = set(builder).build().unwrap();
        let app = Router::new()
            .route("/login", get(sign_in))
            .route("/", get(|| async { "home" }))
            .route("/oauth2/login", get(login))
            .route("/oauth2/consent", get(consent).post(answer_consent))
            .route("/oauth2/logout", get(logout).post(answer_logout))
            .route("/oauth2/device/verify", get(device).post(answer_device))
            .route("/oauth2/device/success", get(|| async { "connected" }))
            .route("/oauth2/error", get(|uri: Uri| async move { uri.to_string() }))
            .route("/oauth2/logged-out", get(|| async { "logged out" }))
            .route("/one/{*page}", any(all))
            .with_state(App { ory: client.clone(), provider });
        tokio::spawn(axum::serve(listener, app).into_future());
        Self { ory, client, url }
    }

    /// An application that is called Shop.
    pub async fn shop(&self) -> Shop<'_> {
        self.shop_with(json!({})).await
    }

    /// The same, registered with these changes.
    pub async fn shop_with(&self, changes: Value) -> Shop<'_> {
        let mut body = json!({
            "client_name": "Shop <b>&",
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "scope": "openid email orders",
            "audience": ["https://api.example"],
            "redirect_uris": [CALLBACK],
            "post_logout_redirect_uris": [SIGNED_OUT],
            "token_endpoint_auth_method": "client_secret_basic",
        });
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let made = self.client.admin_create_oauth2_client().json_body(body).await.unwrap();
        let id = made.client_id.clone().unwrap();
        let secret = made.client_secret.clone();
        let client = secret.map(|secret| self.client.with_client_credentials(&id, secret));
        Shop { site: self, client: client.unwrap_or_else(|| self.client.clone()), id }
    }

    /// How often an operation was called.
    pub fn count(&self, operation: &str) -> usize {
        self.ory.calls_of(operation).unwrap().len()
    }

    /// The status of a session check with the cookie of a person.
    pub async fn whoami(&self, cookie: &ory_sdk::Secret) -> u16 {
        let result = self.client.with_cookies(cookie).to_session().await;
        result.map_or_else(|error| error.status().unwrap().as_u16(), |_| 200)
    }

    /// Fills in the form of the page where people sign in.
    pub async fn enter(&self, browser: &Browser, page: &Page, email: &str) -> Page {
        page.is(200, "/login");
        let form: Value = serde_json::from_str(&page.body).unwrap();
        let csrf = form["fields"]["csrf_token"].as_str().unwrap();
        let fields = [("method", "password"), ("identifier", email), ("password", PASSWORD), ("csrf_token", csrf)];
        browser.post(form["action"].as_str().unwrap(), &fields).await
    }
}

pub struct Shop<'a> {
    site: &'a Site,
    client: Client,
    pub id: String,
}

impl Shop<'_> {
    /// Where the application sends browsers that sign in.
    pub fn start(&self, more: &str) -> String {
        let scope = "scope=openid+email+orders&audience=https%3A%2F%2Fapi.example";
        let callback = "redirect_uri=https%3A%2F%2Fshop.example%2Fcallback&response_type=code";
        let (url, id) = (&self.site.ory.url(), &self.id);
        format!("{url}/oauth2/auth?client_id={id}&{callback}&{scope}&state=state-0123456789{more}")
    }

    /// Exchanges the code that a browser brought.
    #[track_caller]
    pub fn tokens(&self, page: &Page) -> impl Future<Output = types::OAuth2TokenResponse> {
        assert!(page.url.starts_with(CALLBACK), "at {} {:?} {}", page.url, page.hops, page.body);
        let code = page.parameter("code").unwrap_or_else(|| panic!("no code in {}", page.url));
        let call = self.client.perform_oauth2_token_flow();
        let body = types::PerformOAuth2TokenFlowBody::builder().grant_type("authorization_code").code(code);
        let call = call.body(body.redirect_uri(CALLBACK));
        async move { call.await.unwrap().into_body() }
    }

    /// The claims of the ID token.
    pub async fn claims(&self, page: &Page) -> Value {
        claims(self.tokens(page).await.id_token.unwrap().expose())
    }

    /// Where the application sends browsers that sign out.
    pub fn leave(&self, id_token: &str) -> String {
        let target = "post_logout_redirect_uri=https%3A%2F%2Fshop.example%2Fsigned-out";
        format!("{}/oauth2/sessions/logout?id_token_hint={id_token}&{target}", self.site.ory.url())
    }
}

/// The claims of a token. Nobody checks the signature here.
pub fn claims(token: &str) -> Value {
    let middle = token.split('.').nth(1).unwrap().replace('-', "+").replace('_', "/");
    serde_json::from_slice(&crate::support::recording::base64(&middle)).unwrap()
}

/// Answers the question of the consent page.
pub async fn allow(browser: &Browser, page: &Page, scopes: &[&str], remember: bool) -> Page {
    assert_eq!(page.status, Some(http::StatusCode::OK), "{} {}", page.url, page.body);
    let challenge = page.field("consent_challenge");
    let mut form = vec![("consent_challenge", challenge.as_str()), ("decision", "accept")];
    form.extend(scopes.iter().map(|scope| ("scope", *scope)));
    if remember {
        form.push(("remember", "true"));
    }
    browser.post(&page.url, &form).await
}

/// Everything that the application asks for.
pub const ALL: [&str; 3] = ["openid", "email", "orders"];
