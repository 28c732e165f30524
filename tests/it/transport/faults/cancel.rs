//! Calls dropped wherever they wait: the client stays usable, and no connection or task is left behind.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::Poll;
use std::time::Duration;

use ory_sdk::contract::Repeat;
use ory_sdk::credentials::{TokenFuture, TokenProvider};
use ory_sdk::{Client, Secret};
use tokio::runtime::Handle;

use super::fault::{builder, send};
use super::peer::Step::{self, Again, OnGet, Read, Respond, Wait};
use super::peer::{Peer, until, well, write};

/// Polls a future at most `times` times, then drops it. Also drops it after 30 ms, in case nothing wakes it.
async fn dropped_after<T>(times: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = times;
    let polls = poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    });
    tokio::time::timeout(Duration::from_millis(30), polls).await.unwrap_or(None)
}

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n";
const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n";

/// Points at which a GET gets stuck, while all other requests get a response.
fn stages() -> [(&'static str, Vec<Step>); 5] {
    let stage = |steps: Vec<Step>| vec![Read, OnGet(steps), Respond, Again];
    [
        ("before the response", stage(vec![])),
        ("in the headers", stage(vec![write("HTTP/1.1 200 OK\r\nConte")])),
        ("before the body", stage(vec![write(format!("{HEAD}\r\n"))])),
        ("in the body", stage(vec![write(format!("{HEAD}\r\n[{{\"id\":"))])),
        // The connection is kept while the call waits for its next try.
        ("between two tries", stage(vec![write(BUSY), Again])),
    ]
}

#[tokio::test]
async fn at_every_place() {
    for (stage, script) in stages() {
        let peer = Peer::start(move |_| script.clone()).await;
        let tasks = Handle::current().metrics().num_alive_tasks();
        let client = builder(peer.url()).build().unwrap();
        for polls in 0..10 {
            let call = dropped_after(polls, send(&client, Repeat::Safe)).await;
            assert!(call.is_none(), "{stage}: {call:?}");
            send(&client, Repeat::Once).await.expect(stage);
            // The connection of the successful call is kept for the next one.
            until(stage, || peer.open() <= 1).await;
        }
        drop(client);
        peer.all_closed().await;
        until(stage, || Handle::current().metrics().num_alive_tasks() <= tasks).await;
    }
}

/// A call can be stored and moved to a task. It starts when it is awaited.
#[tokio::test]
async fn before_it_is_awaited() {
    let peer = Peer::start(|_| well()).await;
    let client = builder(peer.url()).build().unwrap();
    let [kept, dropped] = [(); 2].map(|()| client.admin_list_identities().send());
    drop((client, dropped));
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!((peer.accepted(), peer.requests()), (0, 0));
    tokio::spawn(kept).await.unwrap().unwrap();
    assert_eq!((peer.accepted(), peer.requests()), (1, 1));
    peer.all_closed().await;
}

#[tokio::test]
async fn while_it_connects() {
    // One endpoint of the client is https and never responds to the handshake. The other is plain HTTP.
    let silent = Peer::start(|_| Vec::new()).await;
    let peer = Peer::start(|_| well()).await;
    let tasks = Handle::current().metrics().num_alive_tasks();
    let client = builder(peer.url()).kratos_public_url(format!("https://{}", silent.address)).build().unwrap();
    for polls in 0..10 {
        assert!(dropped_after(polls, client.to_session().send()).await.is_none());
        send(&client, Repeat::Once).await.unwrap();
        silent.all_closed().await;
    }
    assert!(silent.accepted() > 0);
    drop(client);
    peer.all_closed().await;
    until("a task is left", || Handle::current().metrics().num_alive_tasks() <= tasks).await;
}

/// Hangs while holding its lock, but only if `hangs` is set.
#[derive(Default)]
struct Vault {
    asked: AtomicUsize,
    hangs: AtomicUsize,
    lock: tokio::sync::Mutex<()>,
}

struct Shared(Arc<Vault>);

impl TokenProvider for Shared {
    fn token(&self, _: Option<&Secret>) -> TokenFuture<'_> {
        Box::pin(async {
            self.0.asked.fetch_add(1, SeqCst);
            let _held = self.0.lock.lock().await;
            tokio::task::yield_now().await;
            if self.0.hangs.load(SeqCst) > 0 {
                std::future::pending::<()>().await;
            }
            Ok(Secret::from("token"))
        })
    }
}

#[tokio::test]
async fn while_the_token_provider_is_asked() {
    let vault = Arc::new(Vault::default());
    let peer = Peer::start(|_| well()).await;
    let client = builder(peer.url()).access_token_provider(Shared(Arc::clone(&vault))).build().unwrap();
    for polls in 1..5 {
        vault.hangs.store(1, SeqCst);
        let before = vault.asked.load(SeqCst);
        assert!(dropped_after(polls, send(&client, Repeat::Safe)).await.is_none());
        vault.hangs.store(0, SeqCst);
        send(&client, Repeat::Once).await.unwrap();
        assert_eq!(vault.asked.load(SeqCst), before + 2, "it is asked afresh");
    }
    assert_eq!(peer.requests(), 4);
}

/// Drops many concurrent calls at various times, on several threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once() {
    let peer = Peer::start(|_| vec![Read, Wait(Duration::from_millis(2)), Respond, Again]).await;
    let client = builder(peer.url()).build().unwrap();
    let calls = |client: Client| async move { send(&client, Repeat::Safe).await };
    for round in 0..20 {
        let tasks: Vec<_> = (0..20).map(|_| tokio::spawn(calls(client.clone()))).collect();
        tokio::time::sleep(Duration::from_micros(round * 400)).await;
        for task in tasks {
            task.abort();
            match task.await {
                Ok(done) => done.unwrap(),
                Err(error) => assert!(error.is_cancelled(), "{error}"),
            }
        }
        send(&client, Repeat::Once).await.unwrap();
    }
    drop(client);
    peer.all_closed().await;
}
