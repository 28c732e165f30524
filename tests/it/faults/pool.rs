//! Connections that a server closes while the client keeps them for the next call.

use std::time::Duration;

use ory_sdk::contract::Repeat;
use ory_sdk::{Client, ErrorKind, Retry};

use super::fault::{CALLS, send};
use super::peer::Peer;
use super::peer::Step::{Again, Answer, Close, Read, Reset, Wait};

/// The budget and the number of tries are meant for servers that are broken, and are not what is tested here.
fn client(peer: &Peer) -> Client {
    let mut retry = Retry::default();
    retry.first_wait = Duration::from_millis(1);
    (retry.tries, retry.budget) = (10, 10_000);
    Client::builder().kratos_admin_url(peer.url()).retry(retry).build().unwrap()
}

/// Makes calls and gives how many ended well: all, but for those that may hurt twice, of which nobody knows what was
/// done.
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

/// Whatever may hurt twice arrives once at most.
fn assert_counts(call: Repeat, calls: usize, done: usize, peer: &Peer) {
    assert!(done <= peer.requests(), "{call:?}");
    if call == Repeat::Once {
        assert!(peer.requests() <= calls, "{} requests for {calls} calls", peer.requests());
    } else {
        assert_eq!(done, calls, "{call:?}");
    }
}

#[tokio::test]
async fn closed_behind_each_answer() {
    for end in [Close, Reset] {
        for call in CALLS {
            let script = vec![Read, Answer, end.clone()];
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
        let peer = Peer::start(|_| vec![Read, Answer, Wait(Duration::from_millis(10)), Close]).await;
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
        let peer = Peer::start(|_| vec![Read, Answer, Read, Answer, Close]).await;
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

/// One that is well is used again.
#[tokio::test]
async fn kept_for_the_next() {
    let peer = Peer::start(|_| vec![Read, Answer, Again]).await;
    let client = client(&peer);
    for call in CALLS {
        send(&client, call).await.unwrap();
    }
    assert_eq!((peer.accepted(), peer.requests(), peer.open()), (1, 3, 1));
    drop(client);
    peer.all_closed().await;
}
