//! Nothing of a credential or a person shows.

use std::time::Duration;

use ory_sdk::sessions::{Check, Credential, Sessions};
use ory_sdk::testing::StandIn;

use super::support::{Kratos, StoppedClock, session};
use crate::support::server::Reply;

#[tokio::test]
async fn debug_shows_no_credential_and_no_person() {
    let ory = StandIn::start().await.unwrap();
    let ada = ory.sign_in("ada@example.org");
    let client = ory.client_builder().build().unwrap();
    let builder = Sessions::builder(&client).max_age(Duration::from_secs(60));
    let mut shown = format!("{builder:?}");
    let sessions = builder.build().unwrap();
    let mut headers = http::HeaderMap::new();
    headers.insert("cookie", ada.cookie().expose().parse().unwrap());
    for who in [Credential::session_token(ada.token()), sessions.credential(&headers).unwrap()] {
        let person = sessions.check(&who).await.unwrap();
        let watch = person.watch(&sessions, Duration::from_secs(1));
        shown += &format!("{who:?} {person:?} {:?} {watch:?} {sessions:?}", person.credential());
        assert!(person.identity().traits.is_some());
    }
    let refusal = sessions.check(&Credential::session_token("made-up-token")).await.unwrap_err();
    shown += &format!("{refusal:?} {refusal}");
    assert!(shown.contains(&ada.session_id().to_string()), "the id is no secret");
    let (_, cookie) =
        ada.cookie().expose().split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    for secret in [ada.token().expose(), &cookie, "ada@example.org", "made-up-token"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

/// How each check ended is traced, and nothing of a credential or a person.
#[tokio::test]
async fn traces_say_how_a_check_ended_and_no_secret() {
    let captured = crate::transport::traces::Captured::install();
    let clock = StoppedClock::stop();
    let kratos = Kratos::start(Reply::json(200, &session())).await;
    let sessions = kratos.builder().max_age(Duration::from_secs(10)).stale_if_error(Duration::from_secs(60));
    let sessions = sessions.max_in_flight(1).build().unwrap();
    let who = Credential::session_token("hunter2");
    let (first, second) = tokio::join!(sessions.check(&who), sessions.check(&who));
    assert!(first.is_ok() && second.is_ok());
    assert!(sessions.check(&who).await.is_ok());
    clock.advance(11.0).await;
    kratos.says(Reply::new(503, &[], ""));
    assert!(sessions.check_with(&who, Check::new().allow_stale()).await.is_ok());
    let other = Credential::session_token("hunter2-too");
    let (first, second) = tokio::join!(sessions.check(&who), sessions.check(&other));
    assert!(first.is_err() && second.is_err());
    assert_eq!(captured.get("ory.session_check"), ["joined", "hit", "stale", "shed"]);
    assert!(captured.get("ory.operation").iter().all(|id| id == "toSession"));
    for (name, value) in captured.all() {
        assert!(!value.contains("hunter2") && !value.contains("example.org"), "{name}: {value}");
    }
}
