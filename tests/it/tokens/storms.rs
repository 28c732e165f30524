//! Thousands of callers at once, callers that go away, and runtimes that end.

use std::sync::Arc;
use std::time::Duration;

use ory_sdk::retry::Retry;
use ory_sdk::testing::{Fault, StandIn};
use ory_sdk::tokens::{ClientCredentials, TokenErrorKind};
use tokio::task::JoinSet;

use super::support::{Hydra, expose, service};

const TOKEN: &str = "perform_oauth2_token_flow";

async fn ten_thousand(tokens: &ClientCredentials) -> Vec<Result<String, TokenErrorKind>> {
    let mut callers = JoinSet::new();
    for _ in 0..10_000 {
        let tokens = tokens.clone();
        callers.spawn(async move { expose(tokens.token().await) });
    }
    callers.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_callers_make_one_request() {
    let ory = StandIn::start().await.unwrap();
    let tokens = service(&ory).await;
    ory.fail(TOKEN, Fault::slow(Duration::from_millis(300))).unwrap();
    let results = ten_thousand(&tokens).await;
    assert!(results[0].is_ok() && results.iter().all(|result| *result == results[0]));
    assert_eq!(ory.calls_of(TOKEN).unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_an_outage_they_make_one_request_too() {
    let ory = StandIn::start().await.unwrap();
    let tokens = service(&ory).await;
    let down = Fault::status(http::StatusCode::SERVICE_UNAVAILABLE).after(Duration::from_millis(300));
    ory.fail(TOKEN, down.always()).unwrap();
    let results = ten_thousand(&tokens).await;
    assert!(results.iter().all(|result| *result == Err(TokenErrorKind::Unavailable)));
    // Ten thousand tasks may take longer than the second for which the error is shared.
    assert!(ory.calls_of(TOKEN).unwrap().len() <= 2);
}

/// A Hydra that takes half a second.
async fn slow() -> Hydra {
    Hydra::start(|number, _| {
        std::thread::sleep(Duration::from_millis(500));
        super::support::token(number, &3600.into())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_began_it_may_go_away() {
    let hydra = slow().await;
    let tokens = hydra.credentials();
    let first = tokio::spawn({
        let tokens = tokens.clone();
        async move { tokens.token().await }
    });
    hydra.wait_for(1).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    assert_eq!(expose(tokens.token().await).unwrap(), "at-1");
    assert_eq!(hydra.calls(), 1);
}

/// The runtime of whoever began the request ends under those who wait in another one.
#[test]
fn a_runtime_may_end() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (servers, first, other) = (runtime(), runtime(), runtime());
    let hydra = servers.block_on(slow());
    let tokens = hydra.credentials();
    first.spawn({
        let tokens = tokens.clone();
        async move { tokens.token().await }
    });
    servers.block_on(hydra.wait_for(1));
    let waiter = other.spawn({
        let tokens = tokens.clone();
        async move { expose(tokens.token().await) }
    });
    std::thread::sleep(Duration::from_millis(50));
    first.shutdown_background();
    assert_eq!(other.block_on(waiter).unwrap().unwrap(), "at-2");
    assert_eq!(hydra.calls(), 2);
}

#[test]
fn without_a_runtime_there_is_an_error() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let hydra = Arc::new(runtime.block_on(Hydra::of_life(3600)));
    let tokens = hydra.credentials();
    let mut call = tokio_test::task::spawn(async move { tokens.token().await });
    let std::task::Poll::Ready(Err(error)) = call.poll() else { panic!("it waits for nothing") };
    assert_eq!(error.kind(), TokenErrorKind::Configuration);
    assert!(error.to_string().contains("expected a tokio runtime"), "{error}");
}

/// Another token does no harm, so a request whose response was lost is sent again.
#[tokio::test]
async fn a_lost_response_is_asked_for_again() {
    let ory = StandIn::start().await.unwrap();
    let client = ory.client_builder().retry(Retry::new().first_wait(Duration::from_millis(1))).build().unwrap();
    let (id, secret) = super::support::register(&client, serde_json::json!({})).await;
    let tokens = ClientCredentials::builder(&client).client_id(id).client_secret(secret.unwrap()).build().unwrap();
    ory.fail(TOKEN, Fault::lost()).unwrap();
    tokens.token().await.unwrap();
    assert_eq!(ory.calls_of(TOKEN).unwrap().len(), 2);
}
