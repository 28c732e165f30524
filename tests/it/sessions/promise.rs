//! The promise: a session that is revoked at the time t is refused by every check that starts after t + max_age.

use std::time::Duration;

use ory_sdk::sessions::{Check, Checked, Credential, Refusal};

use super::support::{IDENTITY, Kratos, SESSION, StoppedClock, error, session};
use crate::support::server::Reply;

fn seconds(number: f64) -> Duration {
    Duration::from_secs_f64(number)
}

fn with_header(word: &str) -> Reply {
    let mut reply = Reply::json(200, &session());
    reply.headers.push(("Ory-Session-Cache-For".to_owned(), word.to_owned()));
    reply
}

#[tokio::test]
async fn a_session_is_used_until_its_time_is_over() {
    let clock = StoppedClock::stop();
    let kratos = Kratos::start(Reply::json(200, &session())).await;
    let sessions = kratos.builder().max_age(seconds(10.0)).build().unwrap();
    let who = Credential::session_token("t");
    let checked = async || sessions.check(&who).await.map(|person| person.checked());
    assert_eq!(checked().await.unwrap(), Checked::Fresh);
    clock.advance(9.0).await;
    assert_eq!(checked().await.unwrap(), Checked::Cached(seconds(9.0)));
    kratos.says(error(401, "session_inactive"));
    clock.advance(0.9).await;
    assert!(checked().await.is_ok());
    clock.advance(0.2).await;
    assert!(matches!(checked().await, Err(Refusal::Nobody)));
    assert!(matches!(checked().await, Err(Refusal::Nobody)));
    assert_eq!(kratos.calls(), 3, "a refusal is not kept");
    let young = sessions.check_with(&who, Check::new().max_age(Duration::ZERO)).await;
    assert!(matches!(young, Err(Refusal::Nobody)));
}

#[tokio::test]
async fn the_server_can_shorten_it() {
    let clock = StoppedClock::stop();
    let kratos = Kratos::start(with_header("3")).await;
    let who = Credential::session_token("t");
    for (word, only_if_allowed, kept) in [
        (Some("3"), false, 3.0),
        (Some("86400"), false, 10.0),
        (Some("0"), false, 0.0),
        (Some("-1"), false, 0.0),
        (Some("x"), false, 0.0),
        (None, false, 10.0),
        (None, true, 0.0),
        (Some("3"), true, 3.0),
    ] {
        kratos.says(word.map_or_else(|| Reply::json(200, &session()), with_header));
        let builder = kratos.builder().max_age(seconds(10.0));
        let sessions = if only_if_allowed { builder.only_if_server_allows() } else { builder }.build().unwrap();
        let checked = async || sessions.check(&who).await.unwrap().checked();
        assert_eq!(checked().await, Checked::Fresh);
        if kept > 0.0 {
            clock.advance(kept - 0.1).await;
            assert_eq!(checked().await, Checked::Cached(seconds(kept - 0.1)), "{word:?}");
            clock.advance(0.2).await;
        }
        assert_eq!(checked().await, Checked::Fresh, "{word:?}");
    }
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let clock = StoppedClock::stop();
    let mut short = session();
    short["expires_at"] = (chrono::Utc::now() + chrono::Duration::seconds(5)).to_rfc3339().into();
    let kratos = Kratos::start(Reply::json(200, &short)).await;
    let sessions = kratos.builder().max_age(seconds(60.0)).stale_if_error(seconds(60.0)).build().unwrap();
    let who = Credential::session_token("t");
    assert!(sessions.check(&who).await.is_ok());
    kratos.says(Reply::new(503, &[], ""));
    clock.advance(4.0).await;
    assert!(matches!(sessions.check(&who).await.unwrap().checked(), Checked::Cached(_)));
    clock.advance(1.1).await;
    let stale = sessions.check_with(&who, Check::new().allow_stale()).await;
    assert!(matches!(stale, Err(Refusal::Unavailable { .. })), "it has ended");
}

#[tokio::test]
async fn what_the_service_revokes_is_asked_for_again() {
    let _clock = StoppedClock::stop();
    let kratos = Kratos::start(Reply::json(200, &session())).await;
    let sessions = kratos.builder().max_age(seconds(60.0)).build().unwrap();
    // Two credentials of one session.
    let both = ["a", "b"].map(Credential::session_token);
    let calls = async || {
        let before = kratos.calls();
        for who in &both {
            sessions.check(who).await.unwrap();
        }
        kratos.calls() - before
    };
    assert_eq!((calls().await, calls().await), (2, 0));
    sessions.revoke_session(SESSION.parse().unwrap());
    assert_eq!((calls().await, calls().await), (2, 0));
    sessions.revoke_identity(IDENTITY.parse().unwrap());
    assert_eq!((calls().await, calls().await), (2, 0));
    sessions.forget(&both[0]);
    assert_eq!((calls().await, calls().await), (1, 0));
    sessions.clear();
    assert_eq!(sessions.stats().entries, 0);
    assert_eq!((calls().await, calls().await), (2, 0));
    sessions.revoke_session(IDENTITY.parse().unwrap());
    assert_eq!(calls().await, 0, "another id");
    // More than are remembered: everything older is asked for again.
    for number in 0..10_002_u128 {
        sessions.revoke_session(uuid::Uuid::from_u128(number));
    }
    assert_eq!((calls().await, calls().await), (2, 0));
}

/// A second factor leaves the token as it is, so a cached session is not enough to ask for one.
#[tokio::test]
async fn a_step_up_passes_at_the_first_request() {
    let _clock = StoppedClock::stop();
    let kratos = Kratos::start(Reply::json(200, &session())).await;
    let sessions = kratos.builder().max_age(seconds(60.0)).build().unwrap();
    let who = Credential::session_token("t");
    let strict = Check::new().second_factor();
    assert!(sessions.check(&who).await.is_ok());
    let refusal = sessions.check_with(&who, strict).await.unwrap_err();
    let Refusal::SecondFactor { url: Some(url) } = refusal else { panic!("{refusal:?}") };
    assert!(url.as_str().contains("/self-service/login/browser?aal=aal2"), "{url:?}");
    assert_eq!(kratos.calls(), 2);
    let mut stronger = session();
    stronger["authenticator_assurance_level"] = "aal2".into();
    kratos.says(Reply::json(200, &stronger));
    assert!(sessions.check_with(&who, strict).await.is_ok());
    assert!(sessions.check_with(&who, strict).await.is_ok());
    assert_eq!(kratos.calls(), 3);
}

#[tokio::test]
async fn other_requirements_are_checked_afresh_too() {
    let _clock = StoppedClock::stop();
    let mut old = session();
    old["authenticated_at"] = (chrono::Utc::now() - chrono::Duration::seconds(3600)).to_rfc3339().into();
    let kratos = Kratos::start(Reply::json(200, &old)).await;
    let sessions = kratos.builder().max_age(seconds(60.0)).build().unwrap();
    let who = Credential::session_token("t");
    let recent = Check::new().signed_in_within(seconds(600.0));
    let verified = Check::new().verified_address();
    let refusal = sessions.check_with(&who, recent).await.unwrap_err();
    let Refusal::SignInAgain { url: Some(url) } = refusal else { panic!("{refusal:?}") };
    assert!(url.as_str().ends_with("/self-service/login/browser?refresh=true"), "{}", url.as_str());
    assert_eq!(kratos.calls(), 1, "it was fresh already");
    assert!(matches!(sessions.check_with(&who, verified).await, Err(Refusal::Unverified { .. })));
    assert_eq!(kratos.calls(), 2);
    let mut new = session();
    new["identity"]["verifiable_addresses"] =
        serde_json::json!([{"value": "ada@example.org", "verified": true, "via": "email", "status": "completed"}]);
    kratos.says(Reply::json(200, &new));
    assert!(sessions.check_with(&who, recent).await.is_ok());
    assert!(sessions.check_with(&who, verified).await.is_ok());
    assert_eq!(kratos.calls(), 3);
}

#[tokio::test]
async fn a_stale_session_only_while_kratos_cannot_be_reached() {
    let clock = StoppedClock::stop();
    let kratos = Kratos::start(Reply::json(200, &session())).await;
    let sessions = kratos.builder().max_age(seconds(10.0)).stale_if_error(seconds(30.0)).build().unwrap();
    let who = Credential::session_token("t");
    let lenient = Check::new().allow_stale();
    assert!(sessions.check(&who).await.is_ok());
    for outage in [
        Reply::new(503, &[], ""),
        Reply::new(429, &[], ""),
        Reply::new(200, &[], "<html>"),
        Reply::new(302, &[("Location", "/x")], ""),
    ] {
        kratos.says(outage);
        clock.advance(7.0).await;
        let person = sessions.check_with(&who, lenient).await.unwrap();
        assert!(matches!(person.checked(), Checked::Cached(_) | Checked::Stale(_)));
    }
    // 28 seconds old by now.
    for strict in [Check::new(), lenient.fresh(), lenient.second_factor(), lenient.signed_in_within(seconds(1e6))] {
        let refusal = sessions.check_with(&who, strict).await.unwrap_err();
        assert!(refusal.is_unavailable(), "{strict:?}");
    }
    assert_eq!(sessions.check_with(&who, lenient).await.unwrap().checked(), Checked::Stale(seconds(28.0)));
    assert_eq!(sessions.stats().stale, 4);
    kratos.says(error(401, "session_inactive"));
    assert!(matches!(sessions.check_with(&who, lenient).await, Err(Refusal::Nobody)), "Kratos is back");
    kratos.says(Reply::new(503, &[], ""));
    assert!(sessions.check_with(&who, lenient).await.unwrap_err().is_unavailable(), "the refusal removed it");

    kratos.says(Reply::json(200, &session()));
    assert!(sessions.check(&who).await.is_ok());
    kratos.says(Reply::new(503, &[], ""));
    sessions.revoke_session(SESSION.parse().unwrap());
    assert!(sessions.check_with(&who, lenient).await.unwrap_err().is_unavailable(), "it was revoked here");
    kratos.says(Reply::json(200, &session()));
    assert!(sessions.check(&who).await.is_ok());
    kratos.says(Reply::new(503, &[], ""));
    clock.advance(39.9).await;
    assert!(sessions.check_with(&who, lenient).await.is_ok());
    clock.advance(0.2).await;
    assert!(sessions.check_with(&who, lenient).await.unwrap_err().is_unavailable(), "too old");
}

/// Random histories: whatever comes, nobody who was revoked is let in after the time that is promised, and nobody who is
/// signed in is turned away.
#[tokio::test]
async fn the_promise_holds_in_random_histories() {
    const MAX_AGE: f64 = 10.0;
    let clock = StoppedClock::stop();
    let kratos = Kratos::start(Reply::json(200, &session())).await;
    for seed in 0..60 {
        let mut random = fastrand::Rng::with_seed(seed);
        let sessions = kratos.builder().max_age(seconds(MAX_AGE)).build().unwrap();
        let credentials = ["a", "b", "c"].map(Credential::session_token);
        let (mut is_signed_in, mut has_second_factor, mut header) = (true, false, None);
        // Since when Kratos knows it, and since when this service does.
        let (mut revoked_at, mut forgotten) = (0.0, false);
        let mut now = 0.0;
        for _ in 0..60 {
            let reply = if is_signed_in {
                let mut session = session();
                session["authenticator_assurance_level"] = if has_second_factor { "aal2" } else { "aal1" }.into();
                let mut reply = Reply::json(200, &session);
                reply.headers.extend(header.map(|word: &str| ("Ory-Session-Cache-For".to_owned(), word.to_owned())));
                reply
            } else {
                error(401, "session_inactive")
            };
            kratos.says(reply);
            match random.u8(..10) {
                0 => {
                    is_signed_in = false;
                    (revoked_at, forgotten) = (now, false);
                }
                1 => {
                    sessions.revoke_session(SESSION.parse().unwrap());
                    forgotten = !is_signed_in;
                }
                2 => is_signed_in = true,
                3 => has_second_factor |= is_signed_in,
                4 => header = [None, Some("0"), Some("86400"), Some("-1"), Some("x"), Some("3")][random.usize(..6)],
                5 | 6 => {
                    let time = random.f64() * 6.0;
                    clock.advance(time).await;
                    now += time;
                }
                step => {
                    let who = &credentials[random.usize(..3)];
                    let how = if step == 7 { Check::new().second_factor() } else { Check::new() };
                    let checked = sessions.check_with(who, how).await;
                    let must_be_refused = !is_signed_in && (forgotten || now - revoked_at > MAX_AGE);
                    assert!(!must_be_refused || checked.is_err(), "seed {seed}: let in after {}", now - revoked_at);
                    let must_be_let_in = is_signed_in && (has_second_factor || step != 7);
                    assert!(!must_be_let_in || checked.is_ok(), "seed {seed}: turned away: {:?}", checked.err());
                    if step == 7 && !has_second_factor {
                        assert!(checked.is_err(), "seed {seed}: let in without a second factor");
                    }
                }
            }
        }
    }
}
