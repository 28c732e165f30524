//! Sessions of Kratos that were turned into tokens.

use ory_sdk::contract::Endpoint;
use ory_sdk::jwt::{InvalidToken, KeySet, Refusal, SessionTokens};
use serde_json::json;

use crate::live::person::Person;
use crate::live::scene::alone;

#[tokio::test]
#[ignore = "needs the servers of live::tokens"]
async fn tokenized_sessions() {
    alone(|scene| async move {
        let path = std::env::var("ORY_SDK_LIVE_SESSION_KEYS").unwrap_or_else(|_| {
            panic!("ORY_SDK_LIVE_SESSION_KEYS is not set: expected a file with the public keys of the template `app`")
        });
        let keys = KeySet::from_json(std::fs::read(path).unwrap()).unwrap();
        let issuer = scene.client.endpoint(&Endpoint::KratosPublic).unwrap().to_owned();
        let tokens = SessionTokens::builder(&keys).issuer(issuer).any_audience().build().unwrap();

        let person = Person::new(&scene.run, "tokenized").await;
        let (session, secret) = person.sign_in(&scene.run).await;
        let own = scene.client.with_session_token(secret);
        let session_with = own.to_session().tokenize_as("app").await.unwrap();
        let sent = session_with.tokenized.as_ref().unwrap();
        let token = tokens.check(sent.expose()).await.unwrap();
        assert_eq!((token.subject(), token.session_id()), (person.id.as_str(), session.id));
        assert_eq!((token.claim("email"), token.claim("aal")), (Some(&json!(person.email)), Some(&json!("aal1"))));
        let life = token.expires_at() - token.issued_at().unwrap();
        assert_eq!(life.num_seconds(), 60);

        // Hydra's keys are others, and the token is no access token.
        let hydra = SessionTokens::builder(&scene.keys()).issuer(&scene.issuer).any_audience().build().unwrap();
        assert!(matches!(hydra.check(sent.expose()).await, Err(Refusal::Invalid(InvalidToken::Issuer))));
        assert!(matches!(scene.access_tokens().check(sent.expose()).await, Err(Refusal::Invalid(_))));
    })
    .await;
}
