//! When another token is asked for, by a clock that the test moves.

use serde_json::{Value, json};

use super::support::{Hydra, expose, refusal, token};
use crate::sessions::support::StoppedClock;
use crate::support::server::Reply;
use ory_sdk::tokens::TokenErrorKind;

#[tokio::test]
async fn a_token_is_kept_until_its_window() {
    let clock = StoppedClock::stop();
    let hydra = Hydra::of_life(3600).await;
    let tokens = hydra.credentials();
    assert_eq!(expose(tokens.token().await).unwrap(), "at-1");
    // The window is the last tenth, and begins at most a tenth of itself earlier.
    clock.advance(3600.0 - 360.0 - 36.0 - 1.0).await;
    assert_eq!(expose(tokens.token().await).unwrap(), "at-1");
    assert_eq!(hydra.calls(), 1);
    clock.advance(36.0 + 2.0).await;
    for _ in 0..100 {
        // The old one at once, and one request in the background.
        assert_eq!(expose(tokens.token().await).unwrap(), "at-1");
    }
    hydra.wait_for(2).await;
    while expose(tokens.token().await).unwrap() == "at-1" {
        tokio::task::yield_now().await;
    }
    assert_eq!(expose(tokens.token().await).unwrap(), "at-2");
    assert_eq!(hydra.calls(), 2);
}

#[tokio::test]
async fn a_token_that_is_over_is_waited_for() {
    let clock = StoppedClock::stop();
    let hydra = Hydra::of_life(600).await;
    let tokens = hydra.credentials();
    tokens.token().await.unwrap();
    clock.advance(594.0).await;
    assert_eq!(expose(tokens.token().await).unwrap(), "at-1");
    hydra.wait_for(2).await;
    clock.advance(700.0).await;
    let token = expose(tokens.token().await).unwrap();
    assert!(token == "at-2" || token == "at-3", "{token}");
    clock.advance(601.0).await;
    let before = hydra.calls();
    assert_eq!(expose(tokens.token().await).unwrap(), format!("at-{}", before + 1));
}

#[tokio::test]
async fn a_life_that_is_missing_over_or_tiny() {
    let clock = StoppedClock::stop();
    for (life, kept) in [(Value::Null, 29.0), (json!(1), 0.4), (json!("3600"), 3000.0), (json!(10.0), 4.0)] {
        let hydra = Hydra::of_life(life.clone()).await;
        let tokens = hydra.credentials();
        tokens.token().await.unwrap();
        clock.advance(kept / 1.2).await;
        assert_eq!(expose(tokens.token().await).unwrap(), "at-1", "{life}");
        assert_eq!(hydra.calls(), 1, "{life}");
        clock.advance(4000.0).await;
        assert_eq!(expose(tokens.token().await).unwrap(), "at-2", "{life}");
        assert_eq!(hydra.calls(), 2, "{life}");
    }
    for life in [json!(0), json!(-1)] {
        // It is handed to those who waited, and each later call asks once.
        let hydra = Hydra::of_life(life.clone()).await;
        let tokens = hydra.credentials();
        for number in 1..=3 {
            assert_eq!(expose(tokens.token().await).unwrap(), format!("at-{number}"), "{life}");
        }
        assert_eq!(hydra.calls(), 3, "{life}");
    }
}

#[tokio::test]
async fn failures_are_not_kept_and_hammer_nobody() {
    let clock = StoppedClock::stop();
    let hydra = Hydra::start(|_, _| Reply::new(503, &[], "")).await;
    let tokens = hydra.credentials();
    for _ in 0..100 {
        assert_eq!(expose(tokens.token().await), Err(TokenErrorKind::Unavailable));
    }
    assert_eq!(hydra.calls(), 1);
    clock.advance(0.99).await;
    assert!(tokens.token().await.is_err());
    assert_eq!(hydra.calls(), 1);
    clock.advance(0.01).await;
    hydra.says(|_, _| refusal(401, "invalid_client"));
    assert_eq!(expose(tokens.token().await), Err(TokenErrorKind::Refused));
    assert_eq!(hydra.calls(), 2);
    clock.advance(1.0).await;
    hydra.says(|number, _| token(number, &json!(3600)));
    assert_eq!(expose(tokens.token().await).unwrap(), "at-3");
    // A server that asks for more time gets it, up to a minute.
    clock.advance(3600.0).await;
    hydra.says(|_, _| Reply::new(429, &[("Retry-After", "30")], ""));
    let error = tokens.token().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(30)));
    clock.advance(29.0).await;
    assert!(tokens.token().await.is_err());
    assert_eq!(hydra.calls(), 4);
    clock.advance(1.0).await;
    hydra.says(|_, _| Reply::new(429, &[("Retry-After", "86400")], ""));
    assert!(tokens.token().await.is_err());
    clock.advance(60.0).await;
    hydra.says(|number, _| token(number, &json!(3600)));
    assert_eq!(expose(tokens.token().await).unwrap(), "at-6");
}

#[tokio::test]
async fn an_outage_costs_nothing_while_the_token_lives() {
    let clock = StoppedClock::stop();
    let hydra = Hydra::of_life(3600).await;
    let tokens = hydra.credentials();
    tokens.token().await.unwrap();
    hydra.says(|_, _| Reply::new(502, &[], ""));
    clock.advance(3300.0).await;
    for failed in 2..=4 {
        assert_eq!(expose(tokens.token().await).unwrap(), "at-1");
        hydra.wait_for(failed).await;
        // The failure arrives, and is left alone for a second.
        for _ in 0..50 {
            tokio::task::yield_now().await;
            assert_eq!(expose(tokens.token().await).unwrap(), "at-1");
        }
        assert_eq!(hydra.calls(), failed);
        tokio::task::spawn_blocking(|| std::thread::sleep(std::time::Duration::from_millis(30))).await.unwrap();
        clock.advance(1.01).await;
    }
    hydra.says(|number, _| token(number, &json!(3600)));
    while expose(tokens.token().await).unwrap() == "at-1" {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_refusal_leads_to_one_request_a_second() {
    let clock = StoppedClock::stop();
    let hydra = Hydra::of_life(3600).await;
    let tokens = hydra.credentials();
    let first = tokens.token().await.unwrap();
    let second = tokens.token_after(&first).await.unwrap();
    assert_eq!(second.expose(), "at-2");
    // Somebody else was refused with the first one.
    assert_eq!(expose(tokens.token_after(&first).await).unwrap(), "at-2");
    for _ in 0..100 {
        assert_eq!(expose(tokens.token_after(&second).await).unwrap(), "at-2");
    }
    assert_eq!(hydra.calls(), 2);
    clock.advance(1.0).await;
    assert_eq!(expose(tokens.token_after(&second).await).unwrap(), "at-3");
    // If no other can be had, whoever was refused gets the error. The others get the token, which may be good for them.
    clock.advance(1.0).await;
    hydra.says(|_, _| Reply::new(503, &[], ""));
    let third = tokens.token().await.unwrap();
    assert_eq!(expose(tokens.token_after(&third).await), Err(TokenErrorKind::Unavailable));
    assert_eq!(expose(tokens.token().await).unwrap(), "at-3");
    assert_eq!(hydra.calls(), 4);
}
