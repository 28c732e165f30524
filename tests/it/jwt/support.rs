//! Verifiers for the tokens of a stand-in.

use ory_sdk::jwt::{AccessTokens, IdTokens, InvalidToken, KeySet, LogoutTokens, Refusal, SessionTokens};
use ory_sdk::testing::StandIn;

pub const API: &str = "https://api.example.org";
pub const APP: &str = "my-app";

/// A verifier of each kind, all with the same keys, issuer and audience.
pub struct Verifiers {
    pub keys: KeySet,
    pub access: AccessTokens,
    pub id: IdTokens,
    pub logout: LogoutTokens,
    pub session: SessionTokens,
}

impl Verifiers {
    pub fn of(ory: &StandIn) -> Self {
        let keys = keys(ory);
        Self {
            access: AccessTokens::builder(&keys).issuer(ory.url()).audience(API).build().unwrap(),
            id: IdTokens::builder(&keys).issuer(ory.url()).client_id(APP).build().unwrap(),
            logout: LogoutTokens::builder(&keys).issuer(ory.url()).client_id(APP).build().unwrap(),
            session: SessionTokens::builder(&keys).issuer(ory.url()).any_audience().build().unwrap(),
            keys,
        }
    }
}

pub fn keys(ory: &StandIn) -> KeySet {
    KeySet::of_hydra(&ory.client_builder().build().unwrap()).unwrap()
}

/// How often the keys were fetched.
pub fn fetches(ory: &StandIn) -> usize {
    ory.calls_of("discover_json_web_keys").unwrap().len()
}

/// What is wrong with a token that is refused for good.
pub fn invalid<T>(result: Result<T, Refusal>) -> InvalidToken {
    match result {
        Err(Refusal::Invalid(why)) => why,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("the token is good"),
    }
}
