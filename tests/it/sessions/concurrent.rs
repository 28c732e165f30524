//! One call for a person at a time.

use std::time::Duration;

use ory_sdk::sessions::{Check, Checked, Credential, Refusal, Sessions};
use ory_sdk::testing::{Fault, StandIn};
use tokio::task::JoinSet;

use super::support::{error, session};
use crate::support::server::{Reply, Server};

/// A stand-in whose session check takes a while, so that checks meet.
async fn slow_stand_in(fault: Fault) -> (StandIn, Sessions, Credential) {
    let ory = StandIn::start().await.unwrap();
    let who = Credential::session_token(ory.sign_in("ada@example.org").token());
    ory.fail("to_session", fault.always()).unwrap();
    let sessions = Sessions::builder(&ory.client_builder().retry(ory_sdk::retry::Retry::off()).build().unwrap());
    (ory, sessions.max_age(Duration::from_secs(60)).timeout(Duration::from_secs(20)).build().unwrap(), who)
}

async fn a_thousand(sessions: &Sessions, who: &Credential) -> Vec<Result<Checked, Refusal>> {
    let mut checks = JoinSet::new();
    for _ in 0..1000 {
        let (sessions, who) = (sessions.clone(), who.clone());
        checks.spawn(async move { sessions.check(&who).await.map(|person| person.checked()) });
    }
    checks.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_checks_of_one_person_make_one_call() {
    let (ory, sessions, who) = slow_stand_in(Fault::slow(Duration::from_millis(300))).await;
    let checked = a_thousand(&sessions, &who).await;
    assert!(checked.iter().all(Result::is_ok));
    assert_eq!(ory.calls_of("to_session").unwrap().len(), 1);
    let stats = sessions.stats();
    assert_eq!((stats.checks, stats.calls, stats.joined + stats.hits), (1000, 1, 999));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_an_outage_they_make_one_call_too() {
    let (ory, sessions, who) =
        slow_stand_in(Fault::status(http::StatusCode::SERVICE_UNAVAILABLE).after(Duration::from_millis(1500))).await;
    let checked = a_thousand(&sessions, &who).await;
    assert!(checked.iter().all(|checked| matches!(checked, Err(Refusal::Unavailable { .. }))));
    assert_eq!(ory.calls_of("to_session").unwrap().len(), 1);
    assert_eq!((sessions.stats().failed, sessions.stats().entries), (1, 0));
}

#[tokio::test]
async fn whoever_began_the_call_may_go_away() {
    let (ory, sessions, who) = slow_stand_in(Fault::slow(Duration::from_millis(300))).await;
    let first = tokio::spawn({
        let (sessions, who) = (sessions.clone(), who.clone());
        async move { sessions.check(&who).await }
    });
    while ory.calls_of("to_session").unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let second = tokio::spawn({
        let (sessions, who) = (sessions.clone(), who.clone());
        async move { sessions.check(&who).await }
    });
    tokio::task::yield_now().await;
    first.abort();
    assert!(second.await.unwrap().is_ok());
    assert!(sessions.check(&who).await.is_ok());
    assert_eq!(ory.calls_of("to_session").unwrap().len(), 1);
}

#[tokio::test]
async fn a_call_whose_runtime_ended_is_an_outage() {
    let (_ory, sessions, who) = slow_stand_in(Fault::slow(Duration::from_secs(2))).await;
    let other = std::thread::spawn({
        let (sessions, who) = (sessions.clone(), who.clone());
        move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let check = async { tokio::time::timeout(Duration::from_millis(100), sessions.check(&who)).await };
            assert!(runtime.block_on(check).is_err(), "the call takes longer");
            runtime
        }
    });
    let runtime = tokio::task::spawn_blocking(move || other.join().unwrap()).await.unwrap();
    let waiting = tokio::spawn({
        let (sessions, who) = (sessions.clone(), who.clone());
        async move { sessions.check(&who).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    runtime.shutdown_background();
    let refusal = waiting.await.unwrap().unwrap_err();
    assert!(refusal.to_string().contains("runtime"), "{refusal}");
}

/// A fresh check does not wait for a call that began before it.
#[tokio::test]
async fn a_fresh_check_joins_nobody() {
    let (ory, sessions, who) = slow_stand_in(Fault::slow(Duration::from_millis(200))).await;
    let fresh =
        |sessions: Sessions, who: Credential| async move { sessions.check_with(&who, Check::new().fresh()).await };
    let checks = [0; 3].map(|_| tokio::spawn(fresh(sessions.clone(), who.clone())));
    for check in checks {
        assert_eq!(check.await.unwrap().unwrap().checked(), Checked::Fresh);
    }
    assert_eq!(ory.calls_of("to_session").unwrap().len(), 3);
}

#[tokio::test]
async fn too_many_calls_are_refused_at_once() {
    let ory = StandIn::start().await.unwrap();
    ory.fail("to_session", Fault::slow(Duration::from_millis(400)).always()).unwrap();
    let client = ory.client_builder().build().unwrap();
    for max_age in [0, 60] {
        let sessions =
            Sessions::builder(&client).max_age(Duration::from_secs(max_age)).max_in_flight(2).build().unwrap();
        let mut checks = JoinSet::new();
        for number in 0..10 {
            let who = Credential::session_token(ory.sign_in(&format!("p{number}@example.org")).token());
            let sessions = sessions.clone();
            checks.spawn(async move { sessions.check(&who).await.map(drop) });
        }
        let checked = checks.join_all().await;
        let shed =
            checked.iter().filter(|checked| matches!(checked, Err(Refusal::Unavailable { error: None, .. }))).count();
        assert_eq!((shed, checked.iter().filter(|checked| checked.is_ok()).count()), (8, 2));
        assert_eq!(sessions.stats().shed, 8);
    }
}

/// A call that began before the person presented a second factor is not the last word for a check that joined it.
#[tokio::test]
async fn a_joined_call_does_not_hide_a_second_factor() {
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let first = std::sync::atomic::AtomicBool::new(true);
    let server = Server::start(move |_| {
        let mut found = session();
        if first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            tokio::task::block_in_place(|| wait.lock().unwrap().recv().unwrap());
        } else {
            found["authenticator_assurance_level"] = "aal2".into();
        }
        Reply::json(200, &found)
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(3).enable_all().build().unwrap();
    let server = runtime.spawn(server).await.unwrap();
    let client = ory_sdk::Client::builder().kratos_public_url(server.url()).build().unwrap();
    let sessions = Sessions::builder(&client).max_age(Duration::from_secs(60)).build().unwrap();
    let who = Credential::session_token("t");
    let check = |how: Check| {
        let (sessions, who) = (sessions.clone(), who.clone());
        tokio::spawn(async move { sessions.check_with(&who, how).await })
    };
    let older = check(Check::new());
    while server.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let strict = check(Check::new().second_factor());
    while sessions.stats().joined == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    release.send(()).unwrap();
    assert!(!older.await.unwrap().unwrap().has_second_factor());
    assert!(strict.await.unwrap().is_ok());
    runtime.shutdown_background();
}

/// A fresh check that found nobody wins over an older call that found somebody, although that comes back later.
#[tokio::test]
async fn an_older_call_does_not_bring_a_session_back() {
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let first = std::sync::atomic::AtomicBool::new(true);
    let server = Server::start(move |_| {
        if first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            tokio::task::block_in_place(|| wait.lock().unwrap().recv().unwrap());
            return Reply::json(200, &session());
        }
        error(401, "session_inactive")
    });
    // On threads of its own, since the first response blocks one of them.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(3).enable_all().build().unwrap();
    let server = runtime.spawn(server).await.unwrap();
    let client = ory_sdk::Client::builder().kratos_public_url(server.url()).build().unwrap();
    let sessions = Sessions::builder(&client).max_age(Duration::from_secs(60)).build().unwrap();
    let who = Credential::session_token("t");
    let older = tokio::spawn({
        let (sessions, who) = (sessions.clone(), who.clone());
        async move { sessions.check(&who).await }
    });
    while server.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let fresh = sessions.check_with(&who, Check::new().fresh()).await;
    assert!(matches!(fresh, Err(Refusal::Nobody)));
    release.send(()).unwrap();
    assert!(older.await.unwrap().is_ok(), "it began before");
    assert_eq!(sessions.stats().entries, 0);
    assert!(matches!(sessions.check(&who).await, Err(Refusal::Nobody)));
    runtime.shutdown_background();
}
