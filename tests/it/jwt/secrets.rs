//! No text of a token, and nothing about a person, is in any rendering.

use ory_sdk::jwt::{Bearers, IdTokenCheck, Introspection, Refusal};
use ory_sdk::testing::StandIn;

use super::support::{API, APP, Verifiers};

const PERSON: &str = "ada-lovelace@example.org";
const SECRET: &str = "tenant-of-secrets";

fn shows_nothing(what: &str, rendering: &str, token: &str) {
    let signature = token.rsplit('.').next().unwrap();
    for secret in [PERSON, SECRET, signature] {
        assert!(!rendering.contains(secret), "{what}: {rendering}");
    }
}

#[tokio::test]
async fn tokens_and_their_claims() {
    let ory = StandIn::start().await.unwrap();
    let verifiers = Verifiers::of(&ory);
    let access = ory.access_token().subject(PERSON).audience([API]).claim("tenant", SECRET).sign();
    let id = ory.id_token().subject(PERSON).client_id(APP).claim("tenant", SECRET).without_claim("nonce").sign();
    let logout = ory.logout_token().client_id(APP).claim("sid", SECRET).sign();
    shows_nothing("access", &format!("{:?}", verifiers.access.check(&access).await.unwrap()), &access);
    shows_nothing("id", &format!("{:?}", verifiers.id.check(&id, &IdTokenCheck::new()).await.unwrap()), &id);
    shows_nothing("logout", &format!("{:?}", verifiers.logout.check(&logout).await.unwrap()), &logout);
    let bearers = Bearers::of(verifiers.access.clone());
    shows_nothing(
        "bearer",
        &format!("{:?}", ory_sdk::jwt::axum::Bearer(bearers.check_token(&access).await.unwrap())),
        &access,
    );

    // Refusals, of tokens that are wrong in every place.
    let drafts = [
        ory.access_token().subject(PERSON).audience([SECRET]).sign(),
        ory.access_token().subject(PERSON).audience([API]).claim("iss", SECRET).sign(),
        ory.access_token().subject(PERSON).audience([API]).claim("exp", SECRET).sign(),
        ory.access_token().subject(PERSON).audience([API]).claim("client_id", serde_json::json!({SECRET: 1})).sign(),
        ory.access_token().subject(PERSON).audience([API]).header("alg", SECRET).sign(),
        ory.access_token().subject(PERSON).audience([API]).header("typ", SECRET).sign(),
        ory.access_token().subject(PERSON).audience([API]).header("kid", SECRET).sign(),
        format!("{SECRET}.{SECRET}.{PERSON}"),
        SECRET.to_owned(),
    ];
    for token in drafts {
        let refusal = verifiers.access.check(&token).await.unwrap_err();
        shows_nothing("refusal", &format!("{refusal} {refusal:?}"), &token);
    }
    let check = IdTokenCheck::new().nonce(SECRET).access_token(PERSON);
    shows_nothing("check", &format!("{check:?}"), &id);
    let wrong = verifiers.id.check(&id, &check).await.unwrap_err();
    shows_nothing("id token", &format!("{wrong} {wrong:?}"), &id);
}

#[tokio::test]
async fn introspection() {
    let ory = StandIn::start().await.unwrap();
    let client = ory.client_builder().access_token(SECRET).build().unwrap();
    let tokens = Introspection::builder(&client).any_audience();
    shows_nothing("builder", &format!("{tokens:?}"), "x.y.zz");
    let tokens = tokens.build().unwrap();
    shows_nothing("introspection", &format!("{tokens:?} {:?}", Bearers::of(tokens.clone())), "x.y.zz");
    drop(ory);
    let token = "ory_at_very-secret.part";
    let refusal = tokens.check(token).await.unwrap_err();
    assert!(matches!(refusal, Refusal::Unavailable { error: Some(_), .. }));
    let rendering = format!("{refusal} {refusal:?}");
    assert!(!rendering.contains("very-secret") && !rendering.contains(SECRET), "{rendering}");
}
