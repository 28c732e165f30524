//! Each kind of token is offered as each other kind, signed with the same key, by the same issuer, for the same audience.

use ory_sdk::jwt::{IdTokenCheck, InvalidToken, KeySet, SessionTokens};
use ory_sdk::testing::StandIn;

use super::support::{API, APP, Verifiers, invalid};

#[tokio::test]
async fn each_kind_is_refused_as_every_other_one() {
    let ory = StandIn::start().await.unwrap();
    let verifiers = Verifiers::of(&ory);
    let audience = [API, APP];
    let sid = "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6";
    let access = || ory.access_token().client_id(APP).audience(audience).claim("sid", sid);
    let id = || ory.id_token().audience(audience).claim("azp", APP).claim("sid", sid);
    let logout =
        || ory.logout_token().audience(audience).claim("sid", sid).expires_in(std::time::Duration::from_secs(60));
    // A tokenized session, as its mapper could make it.
    let session = || {
        let bare = ory.id_token().subject("ada").audience(audience).claim("sid", sid).claim("azp", APP);
        ["at_hash", "nonce", "rat", "auth_time", "acr", "amr"]
            .iter()
            .fold(bare, |draft, name| draft.without_claim(name))
    };
    let tokens: [(&str, Vec<String>); 4] = [
        (
            "access",
            vec![
                access().sign(),
                access().header("typ", "at+jwt").sign(),
                access().claim("scope", "read").without_claim("scp").sign(),
            ],
        ),
        ("id", vec![id().sign(), id().claim("nonce", "n").sign(), id().without_claim("at_hash").sign()]),
        ("logout", vec![logout().sign(), logout().header("typ", "logout+jwt").sign()]),
        ("session", vec![session().sign()]),
    ];
    let mut pairs = 0;
    for (kind, drafts) in &tokens {
        for token in drafts {
            let check = if token.is_empty() { IdTokenCheck::new() } else { nonce_of(token) };
            let found = [
                ("access", verifiers.access.check(token).await.map(drop)),
                ("id", verifiers.id.check(token, &check).await.map(drop)),
                ("logout", verifiers.logout.check(token).await.map(drop)),
                ("session", verifiers.session.check(token).await.map(drop)),
            ];
            for (other, result) in found {
                pairs += 1;
                if other == *kind {
                    assert!(result.is_ok(), "{kind}: {result:?}");
                } else {
                    assert!(matches!(invalid(result), InvalidToken::Kind { .. }), "{kind} as {other}");
                }
            }
        }
    }
    assert_eq!(pairs, 9 * 4);
}

/// Expects the nonce that a token has.
fn nonce_of(token: &str) -> IdTokenCheck {
    use base64::Engine;
    let claims = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    claims["nonce"].as_str().map_or(IdTokenCheck::new(), |nonce| IdTokenCheck::new().nonce(nonce))
}

#[tokio::test]
async fn a_tokenized_session_of_the_stand_in_is_good() {
    let ory = StandIn::start().await.unwrap();
    ory.tokenizer("app", std::time::Duration::from_secs(60));
    let ada = ory.sign_in("ada@example.org");
    let client = ory.client_builder().build().unwrap();
    let session = client.with_session_token(ada.token().to_owned()).to_session().tokenize_as("app").await.unwrap();
    let keys = KeySet::from_json(ory.tokenizer_keys().to_string()).unwrap();
    let tokens = SessionTokens::builder(&keys).issuer(ory.url()).any_audience().build().unwrap();
    let token = tokens.check(session.tokenized.as_ref().unwrap().expose()).await.unwrap();
    assert_eq!(token.session_id(), session.id);
    assert_eq!(token.subject(), session.identity.as_ref().unwrap().id.to_string());
    // With Hydra's keys, it is a token of somebody else.
    let verifiers = Verifiers::of(&ory);
    let refused = verifiers.session.check(session.tokenized.as_ref().unwrap().expose()).await;
    assert_eq!(invalid(refused), InvalidToken::UnknownKey);
}
