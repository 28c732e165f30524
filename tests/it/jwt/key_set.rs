//! When keys are fetched, and what happens if they cannot be.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use http::StatusCode;
use ory_sdk::Client;
use ory_sdk::contract::Endpoint;
use ory_sdk::jwt::{AccessTokens, InvalidToken, KeySet, Refusal};
use ory_sdk::testing::{Fault, StandIn};
use serde_json::{Value, json};

use super::support::{API, Verifiers, fetches, invalid, keys};
use crate::sessions::support::StoppedClock;
use crate::support::server::{Reply, Server};

/// Waits until the server has this many fetches, on a clock that stands still.
async fn until_fetches(ory: &StandIn, expected: usize) {
    for _ in 0..10_000 {
        if fetches(ory) >= expected {
            return;
        }
        tokio::task::yield_now().await;
        std::thread::sleep(Duration::from_micros(100));
    }
    panic!("{} fetches, not {expected}", fetches(ory));
}

fn wait_of<T>(result: Result<T, Refusal>) -> Duration {
    match result {
        Err(Refusal::Unavailable { retry_after, .. }) => retry_after,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("the token is good"),
    }
}

#[tokio::test]
async fn ten_thousand_unknown_keys_make_one_fetch_in_a_pause() {
    let clock = StoppedClock::stop();
    let ory = StandIn::start().await.unwrap();
    let verifiers = Verifiers::of(&ory);
    let good = ory.access_token().audience([API]).sign();
    verifiers.access.check(&good).await.unwrap();
    assert_eq!(fetches(&ory), 1);
    let made_up: Vec<String> = {
        let token = ory.access_token().audience([API]).claim("iat", 1_700_000_000).unknown_key().sign();
        let (_, rest) = token.split_once('.').unwrap();
        let header = |kid: usize| {
            use base64::Engine;
            base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"RS256","kid":"{kid}"}}"#))
        };
        (0..10_000).map(|kid| format!("{}.{rest}", header(kid))).collect()
    };
    for round in 0..3 {
        let refused = Arc::new(AtomicUsize::new(0));
        let tasks = made_up.chunks(100).map(|chunk| {
            let (access, chunk, refused) = (verifiers.access.clone(), chunk.to_vec(), Arc::clone(&refused));
            tokio::spawn(async move {
                for token in chunk {
                    assert_eq!(invalid(access.check(&token).await), InvalidToken::UnknownKey);
                    refused.fetch_add(1, Ordering::SeqCst);
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert_eq!(refused.load(Ordering::SeqCst), 10_000);
        assert_eq!(fetches(&ory), 2 + round, "one in each pause");
        // Good tokens go on.
        verifiers.access.check(&good).await.unwrap();
        clock.advance(30.1).await;
    }
}

#[tokio::test]
async fn a_cold_storm_makes_few_fetches() {
    let ory = StandIn::start().await.unwrap();
    let verifiers = Verifiers::of(&ory);
    let good = ory.access_token().audience([API]).sign();
    let bad = ory.access_token().audience([API]).unknown_key().sign();
    let tasks: Vec<_> = (0..1_000)
        .map(|number| {
            let (access, token) = (verifiers.access.clone(), if number % 2 == 0 { good.clone() } else { bad.clone() });
            tokio::spawn(async move { (number, access.check(&token).await) })
        })
        .collect();
    for task in tasks {
        let (number, result) = task.await.unwrap();
        if number % 2 == 0 {
            result.unwrap();
        } else {
            assert!(result.is_err());
        }
    }
    assert!(fetches(&ory) <= 2, "{}", fetches(&ory));
}

/// Hydra signs with a new key as soon as there is one.
#[tokio::test]
async fn a_rotation_under_load_refuses_no_good_token() {
    let ory = Arc::new(StandIn::start().await.unwrap());
    let verifiers = Verifiers::of(&ory);
    let checked = Arc::new(AtomicU64::new(0));
    let stop = Arc::new(AtomicBool::new(false));
    let load: Vec<_> = (0..8)
        .map(|_| {
            let (ory, access) = (Arc::clone(&ory), verifiers.access.clone());
            let (checked, stop) = (Arc::clone(&checked), Arc::clone(&stop));
            tokio::spawn(async move {
                while !stop.load(Ordering::SeqCst) {
                    let token = ory.access_token().audience([API]).sign();
                    access.check(&token).await.unwrap();
                    checked.fetch_add(1, Ordering::SeqCst);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let reach = async |number: u64| {
        while checked.load(Ordering::SeqCst) < number {
            assert!(load.iter().all(|task| !task.is_finished()), "a good token was refused");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    reach(50).await;
    ory.rotate_keys();
    reach(150).await;
    stop.store(true, Ordering::SeqCst);
    for task in load {
        task.await.unwrap();
    }
    assert_eq!(fetches(&ory), 2);
}

/// Hydra looks up the id of its key first, and the key when it signs. In between, the key may change.
#[tokio::test]
async fn a_token_that_names_the_key_before_its_own() {
    use base64::Engine;
    let ory = StandIn::start().await.unwrap();
    let verifiers = Verifiers::of(&ory);
    let draft = || ory.access_token().audience([API]);
    let first = draft().sign();
    verifiers.access.check(&first).await.unwrap();
    let header = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(first.split('.').next().unwrap()).unwrap();
    let old = serde_json::from_slice::<Value>(&header).unwrap()["kid"].clone();

    ory.rotate_keys();
    let between = draft().header("kid", old.clone()).sign();
    // Nobody has seen the new key. A wrong signature makes no fetch, or whoever makes up tokens could make many.
    assert_eq!(invalid(verifiers.access.check(&between).await), InvalidToken::Signature);
    assert_eq!(fetches(&ory), 1);
    verifiers.access.check(&draft().sign()).await.unwrap();
    verifiers.access.check(&between).await.unwrap();
    assert_eq!(fetches(&ory), 2);

    // All else is checked as ever, and so is the signature.
    let expired = draft().header("kid", old.clone()).expired().sign();
    assert_eq!(invalid(verifiers.access.check(&expired).await), InvalidToken::Expired);
    let (signed, _) = between.rsplit_once('.').unwrap();
    let (_, signature) = first.rsplit_once('.').unwrap();
    assert_eq!(invalid(verifiers.access.check(&format!("{signed}.{signature}")).await), InvalidToken::Signature);
    ory.retire_keys();
    let stranger = draft().unknown_key().header("kid", old).sign();
    assert_eq!(invalid(verifiers.access.check(&stranger).await), InvalidToken::Signature);
}

#[tokio::test]
async fn a_second_rotation_within_the_pause_is_not_taken_for_a_bad_token() {
    let clock = StoppedClock::stop();
    let ory = StandIn::start().await.unwrap();
    let verifiers = Verifiers::of(&ory);
    let token = || ory.access_token().audience([API]).sign();
    verifiers.access.check(&token()).await.unwrap();
    ory.rotate_keys();
    verifiers.access.check(&token()).await.unwrap();
    ory.rotate_keys();
    clock.advance(10.0).await;
    // It may be good: try again in 20 seconds.
    let newest = token();
    assert_eq!(wait_of(verifiers.access.check(&newest).await), Duration::from_secs(20));
    // A token that is older than the last fetch cannot be signed with a newer key.
    let old = ory.access_token().audience([API]).claim("iat", 1_700_000_000).unknown_key().sign();
    assert_eq!(invalid(verifiers.access.check(&old).await), InvalidToken::UnknownKey);
    assert_eq!(fetches(&ory), 2);
    clock.advance(20.1).await;
    verifiers.access.check(&newest).await.unwrap();
    assert_eq!(fetches(&ory), 3);
}

#[tokio::test]
async fn a_fetch_that_hangs_leaves_known_keys_alone() {
    let clock = StoppedClock::stop();
    let ory = StandIn::start().await.unwrap();
    let server = Hanging::start(public_keys(&ory).await).await;
    let client = Client::builder().hydra_public_url(&server.url).build().unwrap();
    let tokens = AccessTokens::builder(&KeySet::of_hydra(&client).unwrap()).issuer(ory.url()).audience(API);
    let tokens = tokens.build().unwrap();
    let good = ory.access_token().audience([API]).sign();
    tokens.check(&good).await.unwrap();
    server.hangs.store(true, Ordering::SeqCst);
    // The keys are old, and the fetch in the background hangs.
    clock.advance(601.0).await;
    for _ in 0..100 {
        tokens.check(&good).await.unwrap();
    }
    while server.requests.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }
    // A token with an unknown key waits for that fetch, and the others do not.
    let unknown = ory.access_token().audience([API]).unknown_key().sign();
    let waiting = {
        let tokens = tokens.clone();
        tokio::spawn(async move { tokens.check(&unknown).await })
    };
    for _ in 0..100 {
        tokio::task::yield_now().await;
        tokens.check(&good).await.unwrap();
    }
    assert!(!waiting.is_finished());
    clock.advance(5.1).await;
    assert!(waiting.await.unwrap().unwrap_err().is_unavailable());
    tokens.check(&good).await.unwrap();
    assert_eq!(server.requests.load(Ordering::SeqCst), 2);
}

/// A server of keys that stops responding.
struct Hanging {
    url: String,
    hangs: Arc<AtomicBool>,
    requests: Arc<AtomicUsize>,
}

impl Hanging {
    async fn start(keys: Value) -> Self {
        let (hangs, requests) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (hung, counter) = (Arc::clone(&hangs), Arc::clone(&requests));
        let answer = move || {
            let (keys, hung, counter) = (keys.to_string(), Arc::clone(&hung), Arc::clone(&counter));
            async move {
                counter.fetch_add(1, Ordering::SeqCst);
                if hung.load(Ordering::SeqCst) {
                    std::future::pending::<()>().await;
                }
                keys
            }
        };
        let app = axum::Router::new().fallback(axum::routing::any(answer));
        Self { url: crate::web::service::serve(app).await, hangs, requests }
    }
}

/// What Hydra publishes.
async fn public_keys(ory: &StandIn) -> Value {
    let client = ory.client_builder().build().unwrap();
    serde_json::to_value(&*client.discover_json_web_keys().await.unwrap()).unwrap()
}

#[tokio::test]
async fn keys_are_fetched_again_in_the_background() {
    let clock = StoppedClock::stop();
    let ory = StandIn::start().await.unwrap();
    let verifiers = Verifiers::of(&ory);
    let good = ory.access_token().audience([API]).sign();
    verifiers.access.check(&good).await.unwrap();
    clock.advance(599.0).await;
    verifiers.access.check(&good).await.unwrap();
    assert_eq!(fetches(&ory), 1);
    clock.advance(1.0).await;
    for _ in 0..50 {
        verifiers.access.check(&good).await.unwrap();
    }
    until_fetches(&ory, 2).await;
    // A key that was withdrawn is no longer good.
    ory.rotate_keys();
    ory.retire_keys();
    clock.advance(600.0).await;
    verifiers.access.check(&good).await.unwrap();
    until_fetches(&ory, 3).await;
    while verifiers.access.check(&good).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn during_an_outage_keys_are_good_for_a_day_and_then_it_is_unknown() {
    let clock = StoppedClock::stop();
    let ory = StandIn::start().await.unwrap();
    let verifiers = Verifiers::of(&ory);
    let good = ory.access_token().audience([API]).expires_in(Duration::from_secs(7 * 24 * 3600)).sign();
    verifiers.access.check(&good).await.unwrap();
    let down = Fault::status(StatusCode::SERVICE_UNAVAILABLE).always();
    ory.fail("discover_json_web_keys", down).unwrap();
    clock.advance(23.0 * 3600.0).await;
    for _ in 0..20 {
        verifiers.access.check(&good).await.unwrap();
    }
    until_fetches(&ory, 2).await;
    // The failure is noted when its response was read.
    let unknown = ory.access_token().audience([API]).unknown_key().sign();
    assert!(verifiers.access.check(&unknown).await.unwrap_err().is_unavailable());
    let tried = fetches(&ory);
    // No more than one try in 30 seconds.
    for _ in 0..50 {
        verifiers.access.check(&good).await.unwrap();
        assert!(verifiers.access.check(&unknown).await.unwrap_err().is_unavailable());
    }
    assert_eq!(fetches(&ory), tried);
    clock.advance(3600.0).await;
    let refused = verifiers.access.check(&good).await;
    match refused {
        Err(Refusal::Unavailable { error: Some(error), .. }) => assert_eq!(error.status().unwrap(), 503),
        other => panic!("{other:?}"),
    }
    // Without keys, the pause is short.
    ory.clear_faults();
    assert!(wait_of(verifiers.access.check(&good).await) <= Duration::from_secs(1));
    clock.advance(1.1).await;
    verifiers.access.check(&good).await.unwrap();
}

#[tokio::test]
async fn without_keys_it_is_unknown_who_comes() {
    let clock = StoppedClock::stop();
    let ory = StandIn::start().await.unwrap();
    let good = ory.access_token().audience([API]).sign();
    for fault in [
        Fault::status(StatusCode::BAD_GATEWAY).html(),
        Fault::closed(),
        Fault::cut(),
        Fault::status(StatusCode::OK).body("application/json", "{}"),
        Fault::status(StatusCode::OK).body("application/json", r#"{"keys":[],"keys":[]}"#),
        Fault::status(StatusCode::NOT_FOUND),
        Fault::status(StatusCode::UNAUTHORIZED),
        Fault::status(StatusCode::FOUND).header("location", "/elsewhere"),
        Fault::status(StatusCode::OK)
            .body("application/json", format!(r#"{{"keys":[],"x":"{}"}}"#, "x".repeat(300_000))),
    ] {
        let verifiers = Verifiers::of(&ory);
        ory.fail("discover_json_web_keys", fault.always()).unwrap();
        let before = fetches(&ory);
        let refused = verifiers.access.check(&good).await;
        assert!(matches!(&refused, Err(Refusal::Unavailable { error: Some(_), .. })), "{refused:?}");
        assert!(verifiers.keys.refresh().await.unwrap_err().is_unavailable());
        // There are no retries, and no call more within the pause.
        assert_eq!(fetches(&ory), before + 2);
        for _ in 0..10 {
            assert!(verifiers.access.check(&good).await.unwrap_err().is_unavailable());
        }
        assert_eq!(fetches(&ory), before + 2);
        ory.clear_faults();
        clock.advance(1.1).await;
        verifiers.access.check(&good).await.unwrap();
    }
}

#[tokio::test]
async fn a_file_of_another_server() {
    let ory = StandIn::start().await.unwrap();
    let text = public_keys(&ory).await;
    let server = Server::always(Reply::json(200, &text)).await;
    let client = Client::builder().named_endpoint("files", server.url()).build().unwrap();
    let keys = KeySet::at(&client, Endpoint::Named("files".into()), "/keys/sessions.json").unwrap();
    assert_eq!(format!("{keys:?}"), r#"KeySet(Named("files"))"#);
    keys.refresh().await.unwrap();
    let request = server.take();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/keys/sessions.json"));
    assert_eq!(request.header("authorization"), None);
    let tokens = AccessTokens::builder(&keys).issuer(ory.url()).audience(API).build().unwrap();
    tokens.check(&ory.access_token().audience([API]).sign()).await.unwrap();
    let wrong = KeySet::at(&client, Endpoint::Named("other".into()), "/x").unwrap_err().to_string();
    assert!(wrong.contains("named_endpoint(\"other\", url)"), "{wrong}");
    assert!(KeySet::at(&client, Endpoint::Named("files".into()), "x").unwrap_err().to_string().contains("slash"));
}

/// Two issuers with a key of the same id are two sets, and neither signs for the other.
#[tokio::test]
async fn sets_of_different_servers_stay_apart() {
    let (one, other) = (StandIn::start().await.unwrap(), StandIn::start().await.unwrap());
    let (at_one, at_other) = (Verifiers::of(&one), Verifiers::of(&other));
    let foreign = other.access_token().audience([API]).claim("iss", one.url()).sign();
    at_other.keys.refresh().await.unwrap();
    assert_eq!(invalid(at_one.access.check(&foreign).await), InvalidToken::UnknownKey);
    // One id for two different keys: neither is used.
    let mut public = public_keys(&one).await;
    let double = public["keys"].as_array().unwrap().clone();
    public["keys"] = double
        .iter()
        .map(|key| {
            let mut key = key.clone();
            key["kid"] = json!("same");
            key
        })
        .collect();
    let set = KeySet::from_json(public.to_string()).unwrap();
    let tokens = AccessTokens::builder(&set).issuer(one.url()).audience(API).build().unwrap();
    let token = one.access_token().audience([API]).header("kid", "same").sign();
    assert_eq!(invalid(tokens.check(&token).await), InvalidToken::UnknownKey);
    // The same key twice is one key.
    let first = double.iter().cloned().chain(double.clone()).collect::<Vec<_>>();
    let set = KeySet::from_json(json!({"keys": first}).to_string()).unwrap();
    let tokens = AccessTokens::builder(&set).issuer(one.url()).audience(API).build().unwrap();
    tokens.check(&one.access_token().audience([API]).sign()).await.unwrap();
}

#[tokio::test]
async fn the_keys_need_a_runtime() {
    let ory = StandIn::start().await.unwrap();
    let (keys, token) = (keys(&ory), ory.access_token().audience([API]).sign());
    let tokens = AccessTokens::builder(&keys).issuer(ory.url()).audience(API).build().unwrap();
    let outside = std::thread::spawn(move || {
        let mut check = Box::pin(async move { tokens.check(&token).await });
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match check.as_mut().poll(&mut context) {
            std::task::Poll::Ready(result) => result.unwrap_err().is_unavailable(),
            std::task::Poll::Pending => false,
        }
    });
    assert!(outside.join().unwrap());
}
