//! A service on axum, called by a stand-in for Kratos and Hydra.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::routing::{any, post};
use http::StatusCode;
use ory_sdk::actions::{
    Action, ActionAuth, ActionError, ActionMessage, CourierMessage, Decision, FlowContext, IdentityChange, Interrupt,
    PasswordDecision, PasswordMigration, RefreshTokenHook, TokenDecision, TokenHook,
};
use ory_sdk::testing::{ActionCall, StandIn};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::web::service::serve;

const KEY: &str = "hook-secret";

#[derive(Clone)]
struct App {
    auth: ActionAuth,
    calls: Arc<AtomicUsize>,
}

impl FromRef<App> for ActionAuth {
    fn from_ref(app: &App) -> Self {
        app.auth.clone()
    }
}

impl FromRef<App> for Arc<AtomicUsize> {
    fn from_ref(app: &App) -> Self {
        app.calls.clone()
    }
}

async fn registered(call: Action<FlowContext>) -> Result<Decision, ActionError> {
    let identity = call.identity.as_ref().ok_or("no identity")?;
    let email = identity.traits["email"].as_str().ok_or("no email")?;
    if email.starts_with("throwaway") {
        return Ok(Interrupt::at("/traits/email", ActionMessage::error(9_000_001, "Not this one."))?.into());
    }
    Ok(IdentityChange::new().external_id(identity.id.ok_or("not stored")?.to_string()).into())
}

async fn password(call: Action<PasswordMigration>) -> PasswordDecision {
    if call.password.expose() == "right" { PasswordDecision::Match } else { PasswordDecision::NoMatch }
}

async fn mail(call: Action<CourierMessage>) -> Result<(), ActionError> {
    call.code().ok_or("a message without a code")?;
    Ok(())
}

async fn token(call: Action<TokenHook>) -> TokenDecision {
    match call.request.client_id.as_str() {
        "old-app" => TokenDecision::Refuse,
        "app" => call.claims().set_access("tenant", 42).into(),
        _ => TokenDecision::Keep,
    }
}

async fn refresh(call: Action<RefreshTokenHook>) -> TokenDecision {
    if call.subject == "ada" { TokenDecision::Keep } else { TokenDecision::Refuse }
}

async fn failing(
    axum::extract::State(calls): axum::extract::State<Arc<AtomicUsize>>,
    _: Action<Value>,
) -> Result<Decision, ActionError> {
    calls.fetch_add(1, Ordering::SeqCst);
    // A refusal of Kratos, which would be a response of its own.
    let error = ory_sdk::Client::builder().build().unwrap_err();
    Err(error.into())
}

struct Service {
    ory: StandIn,
    url: String,
    calls: Arc<AtomicUsize>,
}

impl Service {
    async fn start() -> Self {
        let auth = ActionAuth::header("x-api-key", KEY).unwrap().or(ActionAuth::basic("kratos", KEY).unwrap());
        let app = App { auth, calls: Arc::default() };
        let calls = app.calls.clone();
        let router = Router::new()
            .route("/registered", post(registered))
            .route("/password", post(password))
            .route("/mail", post(mail))
            .route("/token", post(token))
            .route("/refresh", post(refresh))
            .route("/failing", post(failing))
            .route("/length", any(|call: Action<String>| async move { call.len().to_string() }))
            .route(
                "/short",
                post(|call: Action<String>| async move { call.len().to_string() }).layer(DefaultBodyLimit::max(9)),
            )
            .with_state(app);
        Self { ory: StandIn::start().await.unwrap(), url: serve(router).await, calls }
    }

    /// The status, the body as JSON, and how often the service was called.
    async fn call(&self, path: &str, call: ActionCall) -> (u16, Value, u32) {
        let call = call.header("x-api-key", KEY);
        let response = self.ory.call_action(&format!("{}{path}", self.url), &call).await.unwrap();
        (response.status().as_u16(), response.json().unwrap_or_default(), response.tries())
    }
}

#[tokio::test]
async fn every_call_gets_its_decision() {
    let service = Service::start().await;
    let ada = service.ory.person("ada@example.org").create();
    service.ory.sign_in("ada@example.org");
    service.ory.person("throwaway@example.org").create();
    let after = |email: &str| ActionCall::after_registration(email);
    let (status, body, _) = service.call("/registered", after("ada@example.org")).await;
    assert_eq!((status, body), (200, json!({"identity": {"external_id": ada.id().to_string()}})));
    let (status, body, tries) = service.call("/registered", after("throwaway@example.org")).await;
    assert_eq!((status, &body["messages"][0]["instance_ptr"], tries), (400, &json!("#/traits/email"), 1));
    for call in [
        ActionCall::after_login("ada@example.org"),
        ActionCall::after_settings("ada@example.org"),
        ActionCall::after_recovery("ada@example.org"),
        ActionCall::after_verification("ada@example.org"),
    ] {
        assert_eq!(service.call("/registered", call).await.0, 200);
    }

    let password = |text: &str| ActionCall::password_migration("ada@example.org", text);
    let matched = service.call("/password", password("right")).await;
    assert_eq!(matched, (200, json!({"status": "password_match"}), 1));
    assert_eq!(service.call("/password", password("wrong")).await, (403, Value::Null, 1));

    let hook = |client: &str| ActionCall::token_hook(client, "ada").claims(json!({"plan": 1}), json!({"name": "Ada"}));
    let (status, body, _) = service.call("/token", hook("app")).await;
    let session = json!({"access_token": {"plan": 1, "tenant": 42}, "id_token": {"name": "Ada"}});
    assert_eq!((status, &body["session"]), (200, &session));
    assert_eq!(service.call("/token", hook("old-app")).await, (403, Value::Null, 1));
    assert_eq!(service.call("/token", ActionCall::token_hook("machine", "")).await, (204, Value::Null, 1));
    assert_eq!(service.call("/refresh", ActionCall::refresh_token_hook("app", "ada")).await.0, 204);
    assert_eq!(service.call("/refresh", ActionCall::refresh_token_hook("app", "bob")).await.0, 403);

    let client = service.ory.client_builder().build().unwrap();
    let flow = client.initialize_self_service_recovery_flow_without_browser().send().await.unwrap();
    let answer = json!({"method": "code", "email": "ada@example.org"});
    client.submit_self_service_recovery_flow().flow(flow.id).json_body(answer).send().await.unwrap();
    let mail = service.ory.messages().pop().unwrap();
    assert_eq!(service.call("/mail", ActionCall::mail(mail)).await, (200, Value::Null, 1));
    // The wrong kind of call is a mistake of the configuration: said once, not tried again, and no decision.
    let (status, body, tries) = service.call("/token", after("ada@example.org")).await;
    assert_eq!((status, tries), (400, 1));
    assert!(body["error"]["message"].as_str().unwrap().starts_with("the body has another form"), "{body}");
}

#[tokio::test]
async fn a_handler_that_fails_is_tried_again_and_tells_nothing() {
    let service = Service::start().await;
    service.ory.sign_in("ada@example.org");
    let call = ActionCall::after_login("ada@example.org");
    assert_eq!(service.call("/failing", call).await, (500, Value::Null, 3));
    assert_eq!(service.calls.load(Ordering::SeqCst), 3);
    let without_code = ActionCall::after_login("x").body(json!({"recipient": "a", "template_type": "stub"}));
    assert_eq!(service.call("/mail", without_code).await, (500, Value::Null, 3));
}

/// The text of an error is for a layer of the service.
#[tokio::test]
async fn a_layer_finds_the_error_of_a_handler() {
    async fn away(_: Action<Value>) -> Result<Decision, ActionError> {
        Err("the database is away".into())
    }
    let log: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = log.clone();
    let layer = axum::middleware::map_response(move |response: axum::response::Response| {
        let seen = seen.clone();
        async move {
            let error = response.extensions().get::<ActionError>();
            seen.lock().unwrap().push(error.map_or("none".to_owned(), |error| error.source().to_string()));
            response
        }
    });
    let auth = ActionAuth::cookie("hook", KEY).unwrap();
    let url = serve(Router::new().route("/", post(away)).with_state(auth).layer(layer)).await;
    let ory = StandIn::start().await.unwrap();
    let call = ActionCall::after_login("x").body(json!({}));
    assert_eq!(ory.call_action(&url, &call).await.unwrap().status(), 401);
    let call = call.header("cookie", format!("a=b; hook={KEY}"));
    let response = ory.call_action(&url, &call).await.unwrap();
    assert_eq!((response.status().as_u16(), response.body().len()), (500, 0));
    let text = "the database is away";
    assert_eq!(*log.lock().unwrap(), ["none", text, text, text]);
}

#[tokio::test]
async fn nobody_without_the_key_is_heard() {
    let service = Service::start().await;
    service.ory.sign_in("ada@example.org");
    let url = format!("{}/failing", service.url);
    let call = || ActionCall::after_login("ada@example.org");
    for call in [
        call(),
        call().header("x-api-key", "other"),
        call().header("x-api-key", "hook-secre"),
        call().header("authorization", "Basic a3JhdG9zOg=="),
        call().header("cookie", "x-api-key=hook-secret"),
    ] {
        let response = service.ory.call_action(&url, &call).await.unwrap();
        let (status, tries) = (response.status(), response.tries());
        assert_eq!((status, tries, response.body().len()), (StatusCode::UNAUTHORIZED, 1, 0));
    }
    assert_eq!(service.calls.load(Ordering::SeqCst), 0);
    // kratos:hook-secret
    let basic = call().header("authorization", "Basic a3JhdG9zOmhvb2stc2VjcmV0");
    assert_eq!(service.ory.call_action(&url, &basic).await.unwrap().status(), 500);
    assert_eq!(service.calls.load(Ordering::SeqCst), 3);
}

/// The response comes before the body was sent.
#[tokio::test]
async fn a_body_without_the_key_is_not_read() {
    let service = Service::start().await;
    let address = service.url.strip_prefix("http://").unwrap();
    let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = "POST /length HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n";
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut response = vec![0; 12];
    let read = tokio::time::timeout(Duration::from_secs(30), socket.read_exact(&mut response));
    read.await.expect("it waits for the body").unwrap();
    assert_eq!(response, b"HTTP/1.1 401");
}

#[tokio::test]
async fn a_mebibyte_passes_and_one_more_byte_does_not() {
    let service = Service::start().await;
    let client = reqwest::Client::new();
    let send = async |path: &str, body: reqwest::Body, method: reqwest::Method| {
        let request = client.request(method, format!("{}{path}", service.url)).header("x-api-key", KEY);
        let response = request.header("content-type", "application/json").body(body).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let body = |bytes: usize| reqwest::Body::from(format!("\"{}\"", "x".repeat(bytes - 2)));
    let post = reqwest::Method::POST;
    assert_eq!(send("/length", body(1 << 20), post.clone()).await, (200, ((1 << 20) - 2).to_string()));
    let (status, text) = send("/length", body((1 << 20) + 1), post.clone()).await;
    assert!(status == 413 && text.contains("the body is larger than 1048576 bytes"), "{status} {text}");
    // Kratos sends a body with any method.
    assert_eq!(send("/length", body(10), reqwest::Method::GET).await, (200, "8".to_owned()));
    // A lower limit of the router holds.
    assert_eq!(send("/short", body(9), post.clone()).await, (200, "7".to_owned()));
    assert_eq!(send("/short", body(10), post).await.0, 413);
}

/// In chunks nobody says beforehand how many will come. Some connections break before they end.
#[tokio::test]
async fn chunks_are_counted_and_broken_bodies_refused() {
    let service = Service::start().await;
    let address = service.url.strip_prefix("http://").unwrap();
    let head = format!(
        "POST /length HTTP/1.1\r\nhost: x\r\nx-api-key: {KEY}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    for (chunks, last, status) in [(16, "0\r\n\r\n", "400"), (17, "0\r\n\r\n", "413"), (3, "zz\r\n", "400")] {
        let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
        socket.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..chunks {
            let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
            // The service may close early.
            let _ = socket.write_all(chunk.as_bytes()).await;
        }
        let _ = socket.write_all(last.as_bytes()).await;
        let mut response = vec![0; 12];
        socket.read_exact(&mut response).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&response), format!("HTTP/1.1 {status}"), "{chunks}");
    }
}
