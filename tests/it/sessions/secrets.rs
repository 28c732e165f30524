//! Nothing of a credential or a person shows.

use std::time::Duration;

use ory_sdk::sessions::{Credential, Sessions};
use ory_sdk::testing::StandIn;

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
