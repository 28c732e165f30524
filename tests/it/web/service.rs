//! A service on axum whose routes are protected in every way, and a browser that follows nothing by itself.

use std::time::Duration;

use axum::Router;
use axum::routing::{any, get};
use http::{HeaderMap, Method, StatusCode, header};
use ory_sdk::sessions::{Refusal, Sessions, SignedIn};
use ory_sdk::testing::StandIn;
use ory_sdk::web::axum::{Person, Recent, SecondFactor, Traits};
use ory_sdk::web::{Guard, SessionLayer, SessionLayerBuilder};

pub const PUBLIC: &str = "https://app.example.org";

pub struct Service {
    pub ory: StandIn,
    pub sessions: Sessions,
    pub url: String,
}

impl Service {
    pub async fn start() -> Self {
        Self::with(|layer| layer).await
    }

    /// A service whose layer has more settings.
    pub async fn with(more: impl FnOnce(SessionLayerBuilder) -> SessionLayerBuilder) -> Self {
        let ory = StandIn::start().await.unwrap();
        let retry = ory_sdk::retry::Retry::off();
        let client = ory.client_builder().retry(retry).build().unwrap();
        let sessions =
            Sessions::builder(&client).max_age(Duration::from_secs(10)).stale_if_error(Duration::from_secs(60));
        let sessions = sessions.build().unwrap();
        let layer = more(SessionLayer::builder(&sessions).public_url(PUBLIC)).build().unwrap();
        let url = serve(routes().layer(layer)).await;
        Self { ory, sessions, url }
    }

    /// Sends a request, and follows nothing.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        send(&format!("{}{path}", self.url), method, headers).await
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, path, headers).await
    }
}

pub fn routes() -> Router {
    async fn traits(Traits(traits): Traits<serde_json::Value>) -> String {
        traits["email"].as_str().unwrap_or_default().to_owned()
    }
    async fn home(person: Option<Person>) -> String {
        person.map_or("nobody".to_owned(), |Person(person)| person.identity().id.to_string())
    }
    async fn both(Person(person): Person, SecondFactor(_): SecondFactor) -> String {
        person.id.to_string()
    }
    async fn by_guard(axum::Extension(person): axum::Extension<SignedIn>) -> String {
        person.id.to_string()
    }
    let nobody = |_| async { Err(Refusal::forbidden()) };
    let cached = |person: SignedIn| async move {
        let is_fresh = person.checked() == ory_sdk::sessions::Checked::Fresh;
        if is_fresh { Ok(()) } else { Err(Refusal::forbidden()) }
    };
    Router::new()
        .route("/public", any(|| async { "public" }))
        .route("/home", get(home))
        .route("/person", any(|Person(person): Person| async move { person.id.to_string() }))
        .route("/second-factor", any(|SecondFactor(person): SecondFactor| async move { person.id.to_string() }))
        .route("/recent", any(|Recent(person): Recent<600>| async move { person.id.to_string() }))
        .route("/both", any(both))
        .route("/traits", any(traits))
        .route("/wrong-traits", any(|Traits(_): Traits<u32>| async {}))
        .route(
            "/own-cache-control",
            get(|Person(_): Person| async { ([(header::CACHE_CONTROL, "private, max-age=5")], "") }),
        )
        .route("/login", any(by_guard).layer(Guard::signed_in()))
        .route("/guarded", any(by_guard).layer(Guard::signed_in()))
        .route("/guarded/second-factor", any(by_guard).layer(Guard::signed_in().second_factor()))
        .route("/guarded/recent", any(by_guard).layer(Guard::signed_in().within(Duration::from_secs(600))))
        .route("/guarded/verified", any(by_guard).layer(Guard::signed_in().verified()))
        .route("/guarded/fresh", any(by_guard).layer(Guard::signed_in().fresh()))
        .route("/guarded/nobody", any(by_guard).layer(Guard::signed_in().check(nobody)))
        .route("/guarded/own-check", any(by_guard).layer(Guard::signed_in().check(cached)))
        .route("/guarded/grpc", any(by_guard).layer(Guard::signed_in().grpc()))
        .nest("/nested", Router::new().route("/person", any(|Person(_): Person| async { "nested" })))
}

/// Serves on a free port for as long as the test runs.
pub async fn serve(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, app).into_future());
    url
}

pub async fn send(url: &str, method: Method, headers: &[(&str, &str)]) -> Answer {
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut request = browser.request(method, url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    Answer { status, headers, body: response.text().await.unwrap() }
}

/// A response.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The parts of the URL that the browser is sent to: without query, and the query.
    pub fn location(&self) -> Option<(String, Vec<(String, String)>)> {
        let url = url::Url::parse(self.header("location").or(self.header("hx-redirect"))?).unwrap();
        let query = url.query_pairs().into_owned().collect();
        Some((url.as_str().split('?').next().unwrap().to_owned(), query))
    }
}

pub const BROWSER: [(&str, &str); 2] = [("sec-fetch-mode", "navigate"), ("accept", "text/html,*/*")];
