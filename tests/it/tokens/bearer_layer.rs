//! The layer around a client of tonic and other services of tower, and a header for reqwest.

use std::convert::Infallible;
use std::sync::Arc;

use http::{Request, Response, StatusCode};
use ory_sdk::credentials::{TokenFuture, TokenProvider};
use ory_sdk::tokens::BearerLayer;
use tokio_test::{assert_pending, assert_ready_ok};
use tonic::transport::{Channel, Server};
use tonic::{Code, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tower::{Layer, ServiceExt};

use super::support::Hydra;
use crate::support::server::{self, Reply};

/// A gRPC service that takes every token but the first.
#[tokio::test]
async fn a_client_of_tonic() {
    let hydra = Hydra::of_life(3600).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let check = tonic::service::InterceptorLayer::new(|request: tonic::Request<()>| {
        match request.metadata().get("authorization").map(|value| value.to_str().unwrap()) {
            None | Some("Bearer at-1") => Err(Status::unauthenticated("another one, please")),
            Some(_) => Ok(request),
        }
    });
    let (_, health) = tonic_health::server::health_reporter();
    let server = Server::builder().layer(check).add_service(health);
    tokio::spawn(server.serve_with_incoming(tonic::transport::server::TcpIncoming::from(listener)));

    let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
    let mut client = HealthClient::new(BearerLayer::new(hydra.credentials()).layer(channel));
    let mut call = async || client.check(HealthCheckRequest::default()).await.map(drop);
    assert_eq!(call().await.unwrap_err().code(), Code::Unauthenticated);
    call().await.unwrap();
    call().await.unwrap();
    assert_eq!(hydra.calls(), 2);

    // Without a token nothing is sent, and the error says why.
    hydra.says(|_, _| Reply::new(503, &[], ""));
    let channel = Channel::from_static("http://127.0.0.1:9").connect_lazy();
    let mut client = HealthClient::new(BearerLayer::new(hydra.credentials()).layer(channel));
    let status = client.check(HealthCheckRequest::default()).await.unwrap_err();
    assert!(format!("{status:?}").contains("there is no token"), "{status:?}");
}

/// A service that answers what the test wants, and tells which token came.
fn service(
    answer: impl Fn(&str) -> StatusCode + Clone + Send + 'static,
) -> impl tower_service::Service<Request<()>, Response = Response<String>, Error = Infallible, Future: Send>
+ Clone
+ Send
+ 'static {
    tower::service_fn(move |request: Request<()>| {
        let token = request.headers().get_all("authorization").iter();
        let token = token.map(|value| value.to_str().unwrap()).collect::<Vec<_>>().join(", ");
        let response = Response::builder().status(answer(&token)).body(token).unwrap();
        async move { Ok::<_, Infallible>(response) }
    })
}

#[tokio::test]
async fn a_401_leads_to_another_token_with_the_next_request() {
    let hydra = Hydra::of_life(3600).await;
    let layer = BearerLayer::new(hydra.credentials());
    let service = layer.layer(service(|token| match token {
        "Bearer at-1" => StatusCode::UNAUTHORIZED,
        _ => StatusCode::OK,
    }));
    let call = async |request: Request<()>| {
        let response = service.clone().oneshot(request).await.unwrap();
        (response.status().as_u16(), response.into_body())
    };
    // The refusal itself is passed on.
    assert_eq!(call(Request::default()).await, (401, "Bearer at-1".to_owned()));
    assert_eq!(call(Request::default()).await, (200, "Bearer at-2".to_owned()));
    assert_eq!(call(Request::default()).await, (200, "Bearer at-2".to_owned()));
    assert_eq!(hydra.calls(), 2);
    // A request that brings its own credential keeps it.
    let own = Request::builder().header("authorization", "Basic own").body(()).unwrap();
    assert_eq!(call(own).await, (200, "Basic own".to_owned()));
    assert_eq!(hydra.calls(), 2);
}

#[tokio::test]
async fn a_refusal_is_not_forgotten_while_no_other_token_can_be_had() {
    let clock = crate::sessions::support::StoppedClock::stop();
    let hydra = Hydra::of_life(3600).await;
    let layer = BearerLayer::new(hydra.credentials());
    let service = layer.layer(service(|token| match token {
        "Bearer at-1" => StatusCode::UNAUTHORIZED,
        _ => StatusCode::OK,
    }));
    let call = async || service.clone().oneshot(Request::default()).await.map(Response::into_body);
    call().await.unwrap();
    hydra.says(|_, _| Reply::new(503, &[], ""));
    let error = call().await.unwrap_err();
    assert!(error.downcast_ref::<ory_sdk::tokens::TokenError>().is_some(), "{error}");
    clock.advance(1.0).await;
    hydra.says(|number, _| super::support::token(number, &3600.into()));
    assert_eq!(call().await.unwrap(), "Bearer at-3");
}

type Mock = tower_test::mock::Mock<Request<()>, Response<()>>;

/// A service may be called once it says that it is ready, and readiness belongs to the one that said so.
#[tokio::test]
async fn the_contract_of_tower() {
    let hydra = Hydra::of_life(3600).await;
    let layer = BearerLayer::new(hydra.credentials());
    let (mut spawned, mut handle) = tower_test::mock::spawn_with(|inner: Mock| layer.layer(inner));
    // Not ready as long as the inner service is not.
    handle.allow(0);
    assert_pending!(spawned.poll_ready());
    handle.allow(1);
    assert_ready_ok!(spawned.poll_ready());
    // The mock panics if a clone is called that never said that it is ready.
    let call = tokio::spawn(spawned.call(Request::default()));
    let (request, answer) = handle.next_request().await.unwrap();
    assert_eq!(request.headers()["authorization"], "Bearer at-1");
    answer.send_response(Response::new(()));
    call.await.unwrap().unwrap();
    assert_pending!(spawned.poll_ready());
    // Its error is passed on.
    handle.allow(1);
    assert_ready_ok!(spawned.poll_ready());
    let call = tokio::spawn(spawned.call(Request::default()));
    let (_, answer) = handle.next_request().await.unwrap();
    answer.send_error("the service is down");
    assert_eq!(call.await.unwrap().unwrap_err().to_string(), "the service is down");
}

/// A provider of another kind, which says how often it was told of a refusal.
struct Numbered;

impl TokenProvider for Numbered {
    fn token(&self, refused: Option<&ory_sdk::Secret>) -> TokenFuture<'_> {
        let token = refused.map_or_else(|| "first".to_owned(), |refused| format!("after {}", refused.expose()));
        Box::pin(async move { Ok(token.into()) })
    }
}

#[tokio::test]
async fn any_provider_will_do() {
    let provider: Arc<dyn TokenProvider> = Arc::new(Numbered);
    let service = BearerLayer::new(provider).layer(service(|token| match token {
        "Bearer first" => StatusCode::UNAUTHORIZED,
        _ => StatusCode::OK,
    }));
    let call = async || service.clone().oneshot(Request::default()).await.unwrap().into_body();
    assert_eq!((call().await.as_str(), call().await.as_str()), ("Bearer first", "Bearer after first"));
    // It is told once.
    assert_eq!(call().await, "Bearer first");
}

#[tokio::test]
async fn a_client_of_reqwest() {
    let hydra = Hydra::of_life(3600).await;
    let tokens = hydra.credentials();
    let shop = server::Server::always(Reply::new(200, &[], "")).await;
    let request = reqwest::Client::new().get(shop.url()).header("authorization", tokens.authorization().await.unwrap());
    assert!(!format!("{request:?}").contains("at-1"));
    request.send().await.unwrap();
    assert_eq!(shop.take().header("authorization"), Some("Bearer at-1"));
}
