//! The timeouts of a client and of a single call, and what each of them covers.

use std::time::{Duration, Instant};

use ory_sdk::ErrorKind;
use ory_sdk::contract::Repeat;
use ory_sdk::retry::Retry;

use super::fault::{builder, send};
use super::peer::Step::{self, Drip, Read, Respond, Wait};
use super::peer::{Peer, write};

const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(20);

/// A peer that waits before each response.
async fn slow(pause: Duration) -> Peer {
    Peer::start(move |_| vec![Read, Wait(pause), Respond, Step::Again]).await
}

#[tokio::test]
async fn the_limit_of_silence_is_the_clients_or_the_calls() {
    let peer = Peer::start(|_| vec![Read]).await;
    let client = builder(peer.url()).retry(Retry::off()).build().unwrap();
    let error = client.admin_list_identities().stall_timeout(SHORT).send().await.unwrap_err();
    assert_eq!(error.to_string(), "adminListIdentities: timed out: the server was silent for 300ms");
    let client = builder(peer.url()).retry(Retry::off()).stall_timeout(SHORT).build().unwrap();
    let error = send(&client, Repeat::Safe).await.unwrap_err();
    assert_eq!(error.to_string(), "adminListIdentities: timed out: the server was silent for 300ms");
    peer.all_closed().await;
    // A call may have a longer timeout than its client.
    let peer = slow(SHORT * 3).await;
    let client = builder(peer.url()).retry(Retry::off()).stall_timeout(SHORT).build().unwrap();
    client.admin_list_identities().stall_timeout(LONG).send().await.unwrap();
}

#[tokio::test]
async fn the_limit_of_a_call_is_the_clients_or_its_own() {
    let peer = Peer::start(|_| vec![Read, write("HTTP/1.1 200 OK\r\n\r\n"), Drip(vec![b' '], SHORT / 10)]).await;
    let client = builder(peer.url()).build().unwrap();
    let error = client.admin_list_identities().timeout(SHORT).send().await.unwrap_err();
    assert_eq!(error.to_string(), "adminListIdentities: 200 OK: timed out before the whole response arrived");
    assert_eq!((error.is_timeout(), error.tries()), (true, 1));
    let client = builder(peer.url()).timeout(SHORT).build().unwrap();
    let error = send(&client, Repeat::Once).await.unwrap_err();
    assert_eq!((error.is_timeout(), error.tries(), error.outcome_unknown()), (true, 1, true));
    peer.all_closed().await;
    let peer = slow(SHORT * 3).await;
    let client = builder(peer.url()).timeout(SHORT).build().unwrap();
    client.admin_list_identities().timeout(LONG).send().await.unwrap();
}

#[tokio::test]
async fn a_timeout_of_the_http_client_is_the_limit_of_a_try() {
    let peer = Peer::start(|_| vec![Read]).await;
    let client = builder(peer.url()).customize(|http| http.timeout(SHORT)).build().unwrap();
    let error = send(&client, Repeat::Safe).await.unwrap_err();
    let text = "adminListIdentities: timed out before the whole response arrived (after 3 tries)";
    assert_eq!((error.to_string().as_str(), error.is_timeout()), (text, true));
    assert_eq!((error.tries(), peer.accepted()), (3, 3));
    peer.all_closed().await;
}

#[tokio::test]
async fn the_limit_of_a_call_covers_its_tries() {
    // Each try ends after 300 ms of silence. The third would end after 900 ms.
    let peer = Peer::start(|_| vec![Read]).await;
    let client = builder(peer.url()).stall_timeout(SHORT).timeout(SHORT * 2 + SHORT / 2).build().unwrap();
    let start = Instant::now();
    let error = send(&client, Repeat::Safe).await.unwrap_err();
    assert!(error.is_timeout() && error.tries() == peer.accepted() as u32 && error.tries() <= 3, "{error:?}");
    assert!(start.elapsed() < Duration::from_secs(10));
    peer.all_closed().await;
}

#[tokio::test]
async fn the_limit_of_a_call_covers_its_waits() {
    let busy = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
    let peer = Peer::start(move |_| vec![Read, write(busy), Step::Again]).await;
    let client = builder(peer.url()).timeout(Duration::from_millis(1500)).build().unwrap();
    let start = Instant::now();
    let error = send(&client, Repeat::Safe).await.unwrap_err();
    // A second wait would exceed the timeout, so the call returns the response at once.
    assert_eq!((error.kind(), error.tries(), peer.requests()), (ErrorKind::Api, 2, 2), "{error:?}");
    assert!(!error.is_timeout() && start.elapsed() < Duration::from_secs(10), "{error:?}");
}

#[tokio::test]
async fn no_limit_at_all_is_one_that_is_long() {
    let peer = slow(Duration::ZERO).await;
    let client = builder(peer.url()).timeout(Duration::MAX).stall_timeout(Duration::MAX).build().unwrap();
    send(&client, Repeat::Safe).await.unwrap();
}
