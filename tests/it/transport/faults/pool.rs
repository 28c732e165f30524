//! Connections that a server closes while the client keeps them for the next call.

use std::time::Duration;

use ory_sdk::contract::Repeat;
use ory_sdk::retry::Retry;
use ory_sdk::{Client, ErrorKind};

use super::fault::{CALLS, send};
use super::peer::Peer;
use super::peer::Step::{Again, Close, Read, Reset, Respond, Wait};

/// Raises the budget and the number of tries: they are for broken servers, and not under test here.
fn client(peer: &Peer) -> Client {
    let retry = Retry::new().first_wait(Duration::from_millis(1)).tries(10).budget(10_000);
    Client::builder().kratos_admin_url(peer.url()).retry(retry).build().unwrap()
}

/// Makes calls and returns how many succeeded. Only calls that may do harm twice may fail, with an unknown outcome.
async fn succeed(client: &Client, call: Repeat, calls: u64, pause: impl Fn(u64) -> Duration) -> usize {
    let mut done = 0;
    for number in 0..calls {
        match send(client, call).await {
            Ok(()) => done += 1,
            Err(error) => {
                assert_eq!((error.kind(), error.is_timeout()), (ErrorKind::Transport, false), "{error:?}");
                assert_eq!((call, error.tries(), error.outcome_unknown()), (Repeat::Once, 1, true), "{error:?}");
            }
        }
        tokio::time::sleep(pause(number)).await;
    }
    done
}

/// A call that may do harm twice arrives at most once.
fn assert_counts(call: Repeat, calls: usize, done: usize, peer: &Peer) {
    assert!(done <= peer.requests(), "{call:?}");
    if call == Repeat::Once {
        assert!(peer.requests() <= calls, "{} requests for {calls} calls", peer.requests());
    } else {
        assert_eq!(done, calls, "{call:?}");
    }
}

#[tokio::test]
async fn closed_after_each_response() {
    for end in [Close, Reset] {
        for call in CALLS {
            let script = vec![Read, Respond, end.clone()];
            let peer = Peer::start(move |_| script.clone()).await;
            let client = client(&peer);
            let done = succeed(&client, call, 200, |_| Duration::ZERO).await;
            assert_counts(call, 200, done, &peer);
            drop(client);
            peer.all_closed().await;
        }
    }
}

#[tokio::test]
async fn closed_when_idle() {
    for call in CALLS {
        let peer = Peer::start(|_| vec![Read, Respond, Wait(Duration::from_millis(10)), Close]).await;
        let client = client(&peer);
        let done = succeed(&client, call, 100, |number| Duration::from_micros(9_000 + number * 20)).await;
        assert_counts(call, 100, done, &peer);
        drop(client);
        peer.all_closed().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once() {
    for call in CALLS {
        let peer = Peer::start(|_| vec![Read, Respond, Read, Respond, Close]).await;
        let client = client(&peer);
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move { succeed(&client, call, 50, |_| Duration::ZERO).await })
            })
            .collect();
        let mut done = 0;
        for task in tasks {
            done += task.await.unwrap();
        }
        assert_counts(call, 400, done, &peer);
        drop(client);
        peer.all_closed().await;
    }
}

/// A healthy connection is reused.
#[tokio::test]
async fn kept_for_the_next() {
    let peer = Peer::start(|_| vec![Read, Respond, Again]).await;
    let client = client(&peer);
    for call in CALLS {
        send(&client, call).await.unwrap();
    }
    assert_eq!((peer.accepted(), peer.requests(), peer.open()), (1, 3, 1));
    drop(client);
    peer.all_closed().await;
}
