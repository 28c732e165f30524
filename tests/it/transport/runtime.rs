//! Calls without a tokio runtime, or in one without timers or I/O. Each runs on a thread of its own, because a test may be
//! in a runtime already.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use ory_sdk::contract::Endpoint;
use ory_sdk::credentials::{TokenFuture, TokenProvider};
use ory_sdk::testing::StandIn;
use ory_sdk::{Client, Error, ErrorKind, Secret};
use tokio::runtime::Builder;

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future without any runtime.
fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let (mut future, mut context) = (pin!(future), Context::from_waker(&waker));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// Runs a future on a new thread: in the runtime that `build` makes, or in none.
fn elsewhere<T: Send + 'static>(
    build: Option<fn(&mut Builder) -> &mut Builder>,
    future: impl Future<Output = T> + Send + 'static,
) -> thread::Result<T> {
    let run = move || match build {
        None => block_on(future),
        Some(build) => build(&mut Builder::new_current_thread()).build().unwrap().block_on(future),
    };
    thread::spawn(run).join()
}

type Setup = (Option<fn(&mut Builder) -> &mut Builder>, &'static str);

/// Every runtime that lacks something, with what the error says.
const LACKING: [Setup; 4] = [
    (None, "there is none"),
    (Some(|builder| builder), "its timers are disabled"),
    (Some(|builder| builder.enable_io()), "its timers are disabled"),
    (Some(|builder| builder.enable_time()), "its I/O is disabled"),
];

async fn one_call(client: Client) -> Result<(), Error> {
    client.admin_list_identities().await.map(drop)
}

async fn any_request(client: Client) -> Result<(), Error> {
    client.request(http::Method::GET, Endpoint::KratosAdmin, "/admin/identities").await.map(drop)
}

async fn a_walk(client: Client) -> Result<(), Error> {
    client.admin_list_identities().by_item().next().await.transpose().map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_part_of_the_runtime_is_an_error() {
    let stand_in = StandIn::start().await.unwrap();
    let client = stand_in.client_builder().access_token("t").build().unwrap();
    for (build, what) in LACKING {
        let calls = [
            elsewhere(build, one_call(client.clone())),
            elsewhere(build, any_request(client.clone())),
            elsewhere(build, a_walk(client.clone())),
        ];
        for result in calls {
            let error = result.expect("it does not panic").unwrap_err();
            let why = format!("expected a tokio runtime with timers and I/O, but {what}: build it with `enable_all`");
            assert!(error.to_string().ends_with(&why), "{error}");
            assert_eq!((error.kind(), error.tries()), (ErrorKind::Configuration, 0));
            assert!(error.operation().is_some() && !error.outcome_unknown());
        }
    }
    elsewhere(Some(|builder| builder.enable_all()), one_call(client)).unwrap().unwrap();
}

#[tokio::test]
async fn what_needs_no_runtime_works_without_one() {
    let stand_in = StandIn::start().await.unwrap();
    let client = stand_in.client_builder().build().unwrap();
    let missing = elsewhere(None, async move { client.admin_get_identity().await.map(drop) }).unwrap().unwrap_err();
    assert_eq!(
        (missing.kind(), missing.to_string().as_str()),
        (ErrorKind::Argument, "adminGetIdentity: `id` is missing")
    );
}

struct Broken;

impl TokenProvider for Broken {
    fn token(&self, _: Option<&Secret>) -> TokenFuture<'_> {
        Box::pin(async { panic!("the provider's own") })
    }
}

/// A panic in code of the caller is a fault of that code. It must not become an error.
#[tokio::test]
async fn other_panics_go_on() {
    let stand_in = StandIn::start().await.unwrap();
    let client = stand_in.client_builder().access_token_provider(Broken).build().unwrap();
    let panic = tokio::spawn(one_call(client)).await.unwrap_err().into_panic();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"the provider's own"));
}

#[test]
fn a_stand_in_without_a_runtime_is_an_error() {
    let start = || async { StandIn::start().await.map(drop) };
    for (build, what) in [LACKING[0], (LACKING[3].0, LACKING[3].1)] {
        let error = elsewhere(build, start()).expect("it does not panic").unwrap_err();
        assert!(error.to_string().contains(what), "{error}");
    }
}
