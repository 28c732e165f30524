//! Connections that outlive their request.

use std::time::Duration;

use ory_sdk::sessions::{Credential, Refusal};

use super::support::{Kratos, StoppedClock, error, session};
use crate::support::server::Reply;

async fn after(clock: &StoppedClock, watch: &mut ory_sdk::sessions::Watch, seconds: f64) -> Option<Refusal> {
    let ended = watch.ended();
    tokio::pin!(ended);
    // It is polled once before the clock moves, so that it waits.
    if let Some(refusal) = futures_now(ended.as_mut()).await {
        return Some(refusal);
    }
    clock.advance(seconds).await;
    tokio::select! {
        refusal = ended => Some(refusal),
        () = real_time(Duration::from_millis(300)) => None,
    }
}

async fn futures_now<F: Future + Unpin>(mut future: F) -> Option<F::Output> {
    std::future::poll_fn(|context| match std::pin::Pin::new(&mut future).poll(context) {
        std::task::Poll::Ready(output) => std::task::Poll::Ready(Some(output)),
        std::task::Poll::Pending => std::task::Poll::Ready(None),
    })
    .await
}

/// The clock of tokio stands still.
async fn real_time(time: Duration) {
    tokio::task::spawn_blocking(move || std::thread::sleep(time)).await.unwrap();
}

#[tokio::test]
async fn a_revoked_session_ends_the_connection() {
    let clock = StoppedClock::stop();
    let kratos = Kratos::start(Reply::json(200, &session())).await;
    let sessions = kratos.builder().max_age(Duration::from_secs(5)).build().unwrap();
    let person = sessions.check(&Credential::session_token("t")).await.unwrap();
    let mut watch = person.watch(&sessions, Duration::from_secs(30));
    assert!(after(&clock, &mut watch, 34.0).await.is_none());
    assert_eq!(kratos.calls(), 2);
    kratos.says(error(401, "session_inactive"));
    assert!(matches!(after(&clock, &mut watch, 34.0).await, Some(Refusal::Nobody)));
}

#[tokio::test]
async fn an_outage_is_tolerated_for_a_while() {
    let clock = StoppedClock::stop();
    let kratos = Kratos::start(Reply::json(200, &session())).await;
    let sessions = kratos.builder().build().unwrap();
    let person = sessions.check(&Credential::session_token("t")).await.unwrap();
    let mut watch = person.watch(&sessions, Duration::from_secs(30)).tolerate_outage(Duration::from_secs(60));
    kratos.says(Reply::new(503, &[], ""));
    assert!(after(&clock, &mut watch, 34.0).await.is_none());
    assert!(after(&clock, &mut watch, 34.0).await.is_none());
    kratos.says(Reply::json(200, &session()));
    assert!(after(&clock, &mut watch, 34.0).await.is_none());
    kratos.says(Reply::new(503, &[], ""));
    assert!(after(&clock, &mut watch, 34.0).await.is_none());
    assert!(after(&clock, &mut watch, 34.0).await.is_none());
    let ended = after(&clock, &mut watch, 34.0).await;
    assert!(matches!(ended, Some(Refusal::Unavailable { .. })), "{ended:?}");
}

#[tokio::test]
async fn a_session_that_ends_by_itself_ends_the_connection() {
    let clock = StoppedClock::stop();
    let mut short = session();
    short["expires_at"] = (chrono::Utc::now() + chrono::Duration::seconds(5)).to_rfc3339().into();
    let kratos = Kratos::start(Reply::json(200, &short)).await;
    let sessions = kratos.builder().build().unwrap();
    let person = sessions.check(&Credential::session_token("t")).await.unwrap();
    let mut watch = person.watch(&sessions, Duration::from_secs(3600));
    kratos.says(error(401, "session_inactive"));
    assert!(matches!(after(&clock, &mut watch, 6.0).await, Some(Refusal::Nobody)));
}
