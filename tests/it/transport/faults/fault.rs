//! A fault as a row of a table, and the checks for each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use ory_sdk::contract::Repeat;
use ory_sdk::retry::Retry;
use ory_sdk::{Client, ClientBuilder, Error, ErrorKind};
use serde_json::json;
use tokio::runtime::Handle;

use super::peer::{Peer, Step, until, well};

/// What a peer does, and the error that the caller gets.
#[derive(Clone)]
pub struct Fault {
    pub name: &'static str,
    pub script: fn() -> Vec<Step>,
    pub kind: ErrorKind,
    pub status: Option<u16>,
    /// How the error's text continues after the operation's name.
    pub says: &'static str,
    pub timeout: bool,
    /// Whether no call is retried, since it would end the same way or the response is final.
    pub last: bool,
    /// Whether the response is complete, so that its connection is kept for the next call.
    pub whole: bool,
    pub settings: fn(ClientBuilder) -> ClientBuilder,
}

impl Fault {
    /// A fault without a complete response. Calls that may be retried are retried.
    pub fn new(name: &'static str, script: fn() -> Vec<Step>, says: &'static str) -> Self {
        Self {
            name,
            script,
            kind: ErrorKind::Transport,
            status: None,
            says,
            timeout: false,
            last: false,
            whole: false,
            settings: |builder| builder,
        }
    }

    /// The status of the incomplete response.
    pub fn status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    /// A response that arrived but is unusable. The call is not retried.
    pub fn response(self, kind: ErrorKind, status: u16) -> Self {
        Self { kind, status: Some(status), last: true, ..self }
    }

    pub fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    /// A timeout in these settings ends the call.
    pub fn timeout(self, settings: fn(ClientBuilder) -> ClientBuilder) -> Self {
        Self { timeout: true, settings, ..self }
    }

    pub fn with(self, settings: fn(ClientBuilder) -> ClientBuilder) -> Self {
        Self { settings, ..self }
    }

    pub fn last(self) -> Self {
        Self { last: true, ..self }
    }

    fn is_tried_again(&self, call: Repeat) -> bool {
        !self.last && call != Repeat::Once
    }
}

pub const CALLS: [Repeat; 3] = [Repeat::Safe, Repeat::Repeatable, Repeat::Once];

fn operation(call: Repeat) -> &'static str {
    match call {
        Repeat::Safe => "adminListIdentities",
        Repeat::Repeatable => "adminUpdateIdentity",
        _ => "adminCreateIdentity",
    }
}

/// Sends a call of this kind.
pub async fn send(client: &Client, call: Repeat) -> Result<(), Error> {
    let sent = async {
        match call {
            Repeat::Safe => client.admin_list_identities().send().await.map(drop),
            Repeat::Repeatable => client.admin_update_identity().id("x").json_body(json!({})).send().await.map(drop),
            _ => client.admin_create_identity().json_body(json!({})).send().await.map(drop),
        }
    };
    tokio::time::timeout(Duration::from_secs(60), sent).await.expect("the call has an end")
}

/// A client with the default retry policy, but without its long waits.
pub fn builder(url: impl Into<String>) -> ClientBuilder {
    let retry = Retry::new().first_wait(Duration::from_millis(1));
    Client::builder().kratos_admin_url(url).retry(retry)
}

#[test]
fn the_calls_are_of_their_kind() {
    for call in CALLS {
        let known = ory_sdk::contract::operations().iter().find(|known| known.id == operation(call)).unwrap();
        assert_eq!(known.repeat, call, "{}", known.id);
    }
}

/// Checks each fault with each kind of call, and that no connection or task is left behind.
pub async fn check(faults: &[Fault]) {
    for fault in faults {
        let tasks = Handle::current().metrics().num_alive_tasks();
        if fault.whole {
            whole(fault).await
        } else {
            broken(fault).await
        }
        until(fault.name, || Handle::current().metrics().num_alive_tasks() <= tasks).await;
    }
}

/// Checks a fault that ends the connection.
async fn broken(fault: &Fault) {
    let Fault { name, script, settings, .. } = fault.clone();
    let left = Arc::new(AtomicUsize::new(0));
    let faulty = Arc::clone(&left);
    let peer = Peer::start(move |_| {
        let one_less = faulty.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1));
        if one_less.is_ok() { script() } else { vec![Step::Read, Step::RespondAndClose] }
    })
    .await;
    let client = settings(builder(peer.url())).build().unwrap();

    // Every try meets the fault. The calls run concurrently, since some wait for a timeout.
    let all = if fault.last { 3 } else { 3 + 3 + 1 };
    left.store(all, SeqCst);
    tokio::join!(
        fails(fault, &client, Repeat::Safe),
        fails(fault, &client, Repeat::Repeatable),
        fails(fault, &client, Repeat::Once)
    );
    assert_eq!(peer.accepted(), all, "{name}");
    peer.all_closed().await;

    // The client still works.
    for call in CALLS {
        send(&client, call).await.expect(name);
    }
    assert_eq!(peer.accepted(), all + 3, "{name}");

    // Only the first try meets the fault, and the second succeeds.
    for (count, call) in CALLS.into_iter().filter(|call| fault.is_tried_again(*call)).enumerate() {
        left.store(1, SeqCst);
        send(&client, call).await.expect(name);
        assert_eq!(peer.accepted(), all + 3 + 2 * (count + 1), "{name}: {call:?}");
    }
    drop(client);
    peer.all_closed().await;
}

/// Checks a response that is unusable but complete, so that its connection is reused.
async fn whole(fault: &Fault) {
    let Fault { name, script, settings, .. } = fault.clone();
    let peer = Peer::start(move |_| [script(), script(), script(), well()].concat()).await;
    let client = settings(builder(peer.url())).build().unwrap();
    // It takes a moment until the client knows that a connection is free.
    let moment = Duration::from_millis(50);
    for call in CALLS {
        fails(fault, &client, call).await;
        tokio::time::sleep(moment).await;
    }
    send(&client, Repeat::Safe).await.expect(name);
    assert_eq!(peer.accepted(), 1, "{name}");
    drop(client);
    peer.all_closed().await;
}

/// Checks the error of a call that meets the fault at every try.
async fn fails(fault: &Fault, client: &Client, call: Repeat) {
    let name = fault.name;
    let tries = if fault.is_tried_again(call) { 3 } else { 1 };
    let error = send(client, call).await.expect_err(name);
    let operation = operation(call);
    let text = error.to_string();
    assert!(text.starts_with(&format!("{operation}: {}", fault.says)), "{name}: {text}");
    assert_eq!(text.ends_with(" (after 3 tries)"), tries == 3, "{name}: {text}");
    assert!(text.len() < 1000 && !text.contains('\n'), "{name}: {text}");
    assert_eq!((error.operation(), error.kind()), (Some(operation), fault.kind), "{name}: {error:?}");
    assert_eq!(error.status().map(|status| status.as_u16()), fault.status, "{name}: {error:?}");
    assert_eq!((error.is_timeout(), error.is_connect()), (fault.timeout, false), "{name}: {error:?}");
    assert_eq!(error.is_unavailable(), fault.kind == ErrorKind::Transport, "{name}: {error:?}");
    assert_eq!(error.tries(), tries, "{name}: {error:?}");
    let unknown = call != Repeat::Safe && fault.kind == ErrorKind::Transport;
    assert_eq!(error.outcome_unknown(), unknown, "{name}: {call:?}");
}
