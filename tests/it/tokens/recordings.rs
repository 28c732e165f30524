//! What real servers responded.

use std::time::Duration;

use ory_sdk::error::OAuth2ErrorCode;
use ory_sdk::tokens::{CodeFlow, DeviceFlow, RefreshTokens, TokenErrorKind};
use serde_json::Value;

use super::support::Hydra;
use crate::support::recording::{Body, Recording, own};

fn of(operation: &str) -> Vec<Recording> {
    let all = own().into_iter().map(|found| found.recording.unwrap());
    let found: Vec<_> = all.filter(|recording| recording.operation == operation && !recording.is_hook()).collect();
    assert!(found.len() > 5, "{operation}");
    found
}

fn json(recording: &Recording) -> Option<&Value> {
    match &recording.response.body {
        Some(Body::Json(body)) => Some(body),
        _ => None,
    }
}

/// Every response of the token endpoint, as the response to a refresh token: what is in it arrives, and what is not known
/// to be unused is not used again.
#[tokio::test]
async fn responses_of_the_token_endpoint() {
    let mut seen = std::collections::BTreeSet::new();
    for recording in of("performOAuth2TokenFlow") {
        let place = &recording.case;
        let reply = recording.response.reply();
        let hydra = Hydra::start(move |_, _| reply.clone()).await;
        let builder =
            CodeFlow::builder(&hydra.client()).client_id("shop").redirect_uri("https://shop.example/callback");
        let flow = builder.build().unwrap();
        let begun = flow.authorization_url().unwrap();
        let state = begun.url.query("state").unwrap();
        let result = flow.finish(&begun.pending, &format!("code=c&state={state}")).await;

        let builder = RefreshTokens::builder(&hydra.client()).client_id("shop").refresh_token("old");
        let person = builder.store(|_| async { Ok::<_, std::io::Error>(()) }).build().unwrap();
        let token = person.token().await;
        let calls = hydra.calls();
        match (recording.response.status, result) {
            (200, Ok(tokens)) => {
                let body = json(&recording).unwrap();
                let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
                assert_eq!(Some(tokens.access_token.expose()), text("access_token"), "{place}");
                assert_eq!(tokens.refresh_token.as_ref().map(|token| token.expose()), text("refresh_token"), "{place}");
                assert_eq!(tokens.id_token.as_ref().map(|token| token.expose()), text("id_token"), "{place}");
                assert_eq!(tokens.scope.as_deref(), text("scope"), "{place}");
                let seconds = body["expires_in"].as_i64().unwrap().max(0) as u64;
                assert_eq!(tokens.expires_in, Some(Duration::from_secs(seconds)), "{place}");
                assert_eq!(token.unwrap(), tokens.access_token, "{place}");
                seen.insert("200".to_owned());
            }
            (status, Err(error)) if status != 200 => {
                let code = json(&recording).and_then(|body| body["error"].as_str());
                assert_eq!(error.oauth2_error().as_ref().map(OAuth2ErrorCode::as_str), code, "{place}");
                let kind = match (status, code) {
                    (_, Some("invalid_grant" | "token_inactive")) => TokenErrorKind::SignInAgain,
                    (500, Some("server_error")) => TokenErrorKind::Unavailable,
                    (400..500, Some(_)) => TokenErrorKind::Refused,
                    (400..500, None) => TokenErrorKind::Unexpected,
                    other => panic!("{place}: {other:?}"),
                };
                assert_eq!(error.kind(), kind, "{place}");
                assert_eq!(token.unwrap_err().kind(), kind, "{place}");
                seen.insert(format!("{status} {}", code.unwrap_or_default()));
                // What is over is not asked again.
                assert_eq!(person.token().await.unwrap_err().kind(), kind);
                assert_eq!(hydra.calls(), calls, "{place}");
            }
            (status, result) => panic!("{place}: {status} became {result:?}"),
        }
    }
    for known in ["200", "400 invalid_grant", "401 invalid_client", "401 token_inactive", "500 server_error"] {
        assert!(seen.contains(known), "no {known} in {seen:?}");
    }
}

#[tokio::test]
async fn responses_of_the_device_endpoint() {
    let mut good = 0;
    for recording in of("oAuth2DeviceFlow") {
        let place = &recording.case;
        let reply = recording.response.reply();
        let hydra = Hydra::start(move |_, _| reply.clone()).await;
        let result = DeviceFlow::builder(&hydra.client()).client_id("tv").build().unwrap().start().await;
        match (recording.response.status, result) {
            (200, Ok(sign_in)) => {
                let body = json(&recording).unwrap();
                assert_eq!(sign_in.user_code().expose(), body["user_code"], "{place}");
                assert_eq!(sign_in.verification_uri().as_str(), body["verification_uri"], "{place}");
                let complete = sign_in.verification_uri_complete().unwrap();
                assert_eq!(complete.as_str(), body["verification_uri_complete"], "{place}");
                assert!(sign_in.time_left() <= Duration::from_secs(body["expires_in"].as_u64().unwrap()), "{place}");
                good += 1;
            }
            (status, Err(error)) if status != 200 => {
                let code = json(&recording).and_then(|body| body["error"].as_str());
                assert_eq!(error.oauth2_error().as_ref().map(OAuth2ErrorCode::as_str), code, "{place}");
                assert_ne!(error.kind(), TokenErrorKind::OutcomeUnknown, "{place}");
            }
            (status, result) => panic!("{place}: {status} became {result:?}"),
        }
    }
    assert!(good > 0);
}
