//! The device flow: when a device asks, when it stops, and what it may lose.

use std::time::Duration;

use ory_sdk::error::OAuth2ErrorCode;
use ory_sdk::testing::Fault;
use ory_sdk::tokens::{DeviceFlow, DeviceSignIn, TokenErrorKind};
use serde_json::{Value, json};

use super::support::{Hydra, refusal, token};
use crate::sessions::support::StoppedClock;
use crate::support::server::{Reply, Request};
use crate::web::provider::browser::Browser;
use crate::web::provider::site::{Site, allow};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A Hydra that gives codes, and answers the questions of the device as the test says.
async fn hydra(codes: Value, mut answer: impl FnMut(usize) -> Reply + Send + 'static) -> Hydra {
    Hydra::start(move |number, request: &Request| match &*request.target {
        "/oauth2/device/auth" => {
            let mut body =
                json!({"device_code": "ory_dc_hunter2", "user_code": "HjQT9PkY", "verification_uri": "https://x/v"});
            body.as_object_mut().unwrap().extend(codes.as_object().unwrap().clone());
            Reply::json(200, &body)
        }
        // The first question is 1.
        _ => answer(number - 1),
    })
    .await
}

async fn start(hydra: &Hydra) -> DeviceSignIn {
    DeviceFlow::builder(&hydra.client()).client_id("tv").build().unwrap().start().await.unwrap()
}

/// Lets a poll run for so many seconds of the stopped clock. Returns its result, if it ended.
async fn run(
    clock: &StoppedClock,
    sign_in: &DeviceSignIn,
    hydra: &Hydra,
    seconds: f64,
) -> Option<Result<(), TokenErrorKind>> {
    let poll = tokio::spawn({
        let sign_in = sign_in.clone();
        async move { sign_in.poll().await.map(drop).map_err(|error| error.kind()) }
    });
    settle(hydra).await;
    let mut left = seconds;
    while left > 0.0 && !poll.is_finished() {
        let step = left.min(0.5);
        clock.advance(step).await;
        settle(hydra).await;
        left -= step;
    }
    if poll.is_finished() {
        return Some(poll.await.unwrap());
    }
    poll.abort();
    None
}

/// Lets sockets do what is left to do.
async fn settle(_: &Hydra) {
    for _ in 0..5 {
        tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_millis(2))).await.unwrap();
        tokio::task::yield_now().await;
    }
}

/// How often the device asked.
fn asked(hydra: &Hydra) -> usize {
    hydra.calls() - 1
}

#[tokio::test]
async fn it_asks_as_often_as_the_server_says() {
    let clock = StoppedClock::stop();
    let answers = |number| match number {
        1 | 2 => refusal(400, "authorization_pending"),
        3 => refusal(400, "slow_down"),
        4 => refusal(400, "slow_down"),
        5 => refusal(400, "authorization_pending"),
        _ => token(1, &json!(3600)),
    };
    let hydra = hydra(json!({"expires_in": 600, "interval": 5}), answers).await;
    let sign_in = start(&hydra).await;
    // Nobody has entered the code yet, so the first question comes after the first interval.
    // Responses take up to half a second of this clock.
    let waits = [(4.0, 0), (2.5, 1), (2.5, 1), (3.0, 2), (2.5, 2), (3.0, 3), (6.5, 3), (4.0, 4), (11.0, 4), (5.0, 5)];
    for (seconds, questions) in waits {
        assert_eq!(run(&clock, &sign_in, &hydra, seconds).await, None);
        assert_eq!(asked(&hydra), questions, "after {seconds}");
    }
    assert_eq!(run(&clock, &sign_in, &hydra, 20.0).await, Some(Ok(())));
    // The tokens stay.
    assert_eq!(sign_in.poll().await.unwrap().access_token.expose(), "at-1");
    assert_eq!(asked(&hydra), 6);
}

#[tokio::test]
async fn it_stops_when_the_codes_run_out() {
    let clock = StoppedClock::stop();
    let hydra = hydra(json!({"expires_in": 12, "interval": 5}), |_| refusal(400, "authorization_pending")).await;
    let sign_in = start(&hydra).await;
    assert_eq!(run(&clock, &sign_in, &hydra, 20.0).await, Some(Err(TokenErrorKind::Expired)));
    assert_eq!((asked(&hydra), sign_in.time_left()), (2, Duration::ZERO));
    assert_eq!(sign_in.poll().await.unwrap_err().kind(), TokenErrorKind::Expired);
    assert_eq!(asked(&hydra), 2);
}

#[tokio::test]
async fn numbers_that_are_missing_or_odd() {
    let clock = StoppedClock::stop();
    for (codes, seconds, questions) in [
        // 5 seconds and 10 minutes.
        (json!({}), 11.5, 2),
        (json!({"expires_in": null, "interval": null}), 11.5, 2),
        // No loop.
        (json!({"interval": 0}), 3.0, 3),
        (json!({"interval": -5}), 3.0, 3),
        (json!({"expires_in": "600", "interval": "2"}), 5.0, 2),
        (json!({"expires_in": 1e300, "interval": 1e300}), 10.0, 0),
    ] {
        let hydra = hydra(codes.clone(), |_| refusal(400, "authorization_pending")).await;
        let sign_in = start(&hydra).await;
        assert_eq!(run(&clock, &sign_in, &hydra, seconds).await, None, "{codes}");
        assert!(asked(&hydra).abs_diff(questions) <= usize::from(questions > 2), "{codes}: {}", asked(&hydra));
    }
    for over in [json!({"expires_in": 0}), json!({"expires_in": -1})] {
        let hydra = hydra(over, |_| refusal(400, "authorization_pending")).await;
        assert_eq!(start(&hydra).await.poll().await.unwrap_err().kind(), TokenErrorKind::Expired);
        assert_eq!(asked(&hydra), 0);
    }
    let hydra = hydra(json!({"expires_in": "soon"}), |_| refusal(400, "authorization_pending")).await;
    let flow = DeviceFlow::builder(&hydra.client()).client_id("tv").build().unwrap();
    let error = flow.start().await.unwrap_err();
    assert!(error.kind() == TokenErrorKind::Unexpected && error.to_string().contains("expires_in"), "{error}");
}

#[tokio::test]
async fn failures_are_answered_with_patience() {
    let clock = StoppedClock::stop();
    let answers = |number| match number {
        1 | 2 => Reply::new(503, &[], ""),
        3 => Reply::new(502, &[], ""),
        4 => refusal(400, "authorization_pending"),
        _ => token(1, &json!(3600)),
    };
    let hydra = hydra(json!({"expires_in": 600, "interval": 5}), answers).await;
    let sign_in = start(&hydra).await;
    // 5, then twice, four and eight times as long, then 5 again.
    for (seconds, questions) in [(5.5, 1), (9.0, 1), (1.5, 2), (19.0, 2), (1.5, 3), (39.0, 3), (1.5, 4)] {
        assert_eq!(run(&clock, &sign_in, &hydra, seconds).await, None);
        assert_eq!(asked(&hydra), questions, "after {seconds}");
    }
    assert_eq!(run(&clock, &sign_in, &hydra, 6.0).await, Some(Ok(())));
}

#[tokio::test]
async fn refusals_end_it() {
    let clock = StoppedClock::stop();
    for (status, code, kind) in [
        (400, "access_denied", TokenErrorKind::Refused),
        (400, "expired_token", TokenErrorKind::Expired),
        (400, "invalid_grant", TokenErrorKind::SignInAgain),
        (401, "invalid_client", TokenErrorKind::Refused),
    ] {
        let hydra = hydra(json!({"expires_in": 600, "interval": 1}), move |_| refusal(status, code)).await;
        let sign_in = start(&hydra).await;
        assert_eq!(run(&clock, &sign_in, &hydra, 2.0).await, Some(Err(kind)), "{code}");
        let error = sign_in.poll().await.unwrap_err();
        assert_eq!(error.oauth2_error().unwrap().as_str(), code);
        assert_eq!(asked(&hydra), 1);
    }
    // The tokens were in a response that was lost.
    let answers = |number| if number == 1 { Reply::new(504, &[], "") } else { refusal(400, "invalid_grant") };
    let hydra = hydra(json!({"expires_in": 600, "interval": 1}), answers).await;
    let sign_in = start(&hydra).await;
    assert_eq!(run(&clock, &sign_in, &hydra, 5.0).await, Some(Err(TokenErrorKind::OutcomeUnknown)));
}

/// Whoever waits may go away while the tokens are on their way.
#[tokio::test]
async fn a_poll_may_be_dropped() {
    let answers = |_| {
        std::thread::sleep(Duration::from_millis(500));
        token(1, &json!(3600))
    };
    let hydra = hydra(json!({"expires_in": 600, "interval": 1}), answers).await;
    let sign_in = start(&hydra).await;
    let waiting = tokio::spawn({
        let sign_in = sign_in.clone();
        async move { sign_in.poll().await }
    });
    hydra.wait_for(2).await;
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    assert_eq!(sign_in.poll().await.unwrap().access_token.expose(), "at-1");
    assert_eq!(asked(&hydra), 1);
}

#[tokio::test]
async fn a_person_connects_a_device() {
    let site = Site::start().await;
    let changes = json!({"grant_types": [GRANT, "refresh_token"], "token_endpoint_auth_method": "none",
        "scope": "openid offline"});
    let id = site.shop_with(changes).await.id;
    let flow = DeviceFlow::builder(&site.client).client_id(&id).scope(["openid", "offline"]).build().unwrap();
    let sign_in = flow.start().await.unwrap();
    let polling = tokio::spawn({
        let sign_in = sign_in.clone();
        async move { sign_in.poll().await }
    });
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let page = browser.open(sign_in.verification_uri_complete().unwrap().as_str()).await;
    let challenge = page.field("device_challenge");
    let form = [("device_challenge", challenge.as_str()), ("user_code", sign_in.user_code().expose())];
    let question = browser.post(&page.url, &form).await;
    allow(&browser, &question, &["openid", "offline"], false).await.is(200, "/oauth2/device/success");
    let tokens = polling.await.unwrap().unwrap();
    assert_eq!(tokens.scope.as_deref(), Some("openid offline"));
    assert!(tokens.id_token.is_some() && tokens.refresh_token.is_some() && tokens.nonce.is_none());

    let wrong = DeviceFlow::builder(&site.client).client_id("nobody").build().unwrap().start().await.unwrap_err();
    assert_eq!((wrong.kind(), wrong.oauth2_error()), (TokenErrorKind::Refused, Some(OAuth2ErrorCode::InvalidClient)));
    site.ory.fail("oauth2_device_flow", Fault::status(http::StatusCode::SERVICE_UNAVAILABLE).always()).unwrap();
    assert_eq!(flow.start().await.unwrap_err().kind(), TokenErrorKind::Unavailable);
}
