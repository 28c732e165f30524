//! Token providers that hang or are slow.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use ory_sdk::contract::Repeat;
use ory_sdk::credentials::{TokenFuture, TokenProvider};
use ory_sdk::{ClientBuilder, ErrorKind, Secret};
use tokio::sync::Mutex;

use super::fault::{CALLS, builder, send};
use super::peer::Step::{self, Read};
use super::peer::{Peer, well, write};

/// Keeps its token behind a lock, as a cache does, and waits before it returns the first or a fresh one: forever if the
/// time is `None`.
#[derive(Default)]
pub struct Vault {
    asked: AtomicUsize,
    lock: Mutex<()>,
    first: Option<Duration>,
    fresh: Option<Duration>,
}

impl Vault {
    pub fn new(first: Option<Duration>, fresh: Option<Duration>) -> Arc<Self> {
        Arc::new(Self { first, fresh, ..Self::default() })
    }

    pub fn asked(&self) -> usize {
        self.asked.load(SeqCst)
    }
}

/// The provider that a client owns.
pub struct Shared(pub Arc<Vault>);

impl TokenProvider for Shared {
    fn token(&self, refused: Option<&Secret>) -> TokenFuture<'_> {
        let vault = &self.0;
        let time = if refused.is_some() { vault.fresh } else { vault.first };
        Box::pin(async move {
            vault.asked.fetch_add(1, SeqCst);
            let _held = vault.lock.lock().await;
            match time {
                Some(time) => tokio::time::sleep(time).await,
                None => std::future::pending().await,
            }
            Ok(Secret::from("token"))
        })
    }
}

fn with(vault: &Arc<Vault>, peer: &Peer) -> ClientBuilder {
    builder(peer.url()).access_token_provider(Shared(Arc::clone(vault)))
}

#[tokio::test]
async fn a_provider_that_hangs_ends_with_the_call() {
    let vault = Vault::new(None, None);
    let peer = Peer::start(|_| well()).await;
    let client = with(&vault, &peer).timeout(Duration::from_millis(200)).build().unwrap();
    for call in CALLS {
        let error = send(&client, call).await.unwrap_err();
        let says = format!("{}: timed out: the token provider took too long", error.operation().unwrap());
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::Configuration, says));
        assert_eq!((error.is_timeout(), error.is_connect(), error.tries()), (true, false, 0));
        assert!(error.is_unavailable() && !error.outcome_unknown());
    }
    assert_eq!((vault.asked(), peer.accepted()), (3, 0));
    // The call's own timeout, on a client with the default one.
    let client = with(&vault, &peer).build().unwrap();
    let error = client.admin_list_identities().timeout(Duration::from_millis(100)).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn a_provider_that_hangs_after_a_refusal() {
    let vault = Vault::new(Some(Duration::ZERO), None);
    let refuse = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}";
    let peer = Peer::start(move |_| vec![Read, write(refuse), Step::Again]).await;
    let client = with(&vault, &peer).timeout(Duration::from_millis(400)).build().unwrap();
    for call in CALLS {
        let error = send(&client, call).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{}: timed out: the token provider took too long", error.operation().unwrap())
        );
        assert_eq!((error.is_timeout(), error.tries(), error.outcome_unknown()), (true, 1, false));
    }
    assert_eq!((vault.asked(), peer.requests()), (6, 3));
}

#[tokio::test]
async fn a_slow_provider_takes_of_the_calls_time() {
    let vault = Vault::new(Some(Duration::from_millis(400)), None);
    let peer = Peer::start(|_| vec![Read]).await;
    let client = with(&vault, &peer).timeout(Duration::from_millis(800)).build().unwrap();
    let start = Instant::now();
    let error = send(&client, Repeat::Safe).await.unwrap_err();
    assert_eq!((error.kind(), error.is_timeout(), error.tries()), (ErrorKind::Transport, true, 1));
    assert!(start.elapsed() < Duration::from_secs(10));
    peer.all_closed().await;
}
