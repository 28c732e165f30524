//! Tokens of real servers: each verifies as what it is, and as nothing else.

use std::fs;

use serde_json::Value;

use super::access_token::AccessTokens;
use super::claims::Claims;
use super::id_token::{IdTokenCheck, IdTokens};
use super::invalid_token::InvalidToken;
use super::jws::Jws;
use super::key_set::KeySet;
use super::logout_token::LogoutTokens;
use super::refusal::Refusal;
use super::session_token::SessionTokens;

struct Recorded {
    name: String,
    kind: String,
    token: String,
    access_token: Option<String>,
    keys: KeySet,
    claims: Claims,
}

fn recorded() -> Vec<Recorded> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/jose/recorded_tokens.json");
    let servers: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut found = Vec::new();
    for server in servers.as_array().unwrap() {
        let keys = KeySet::from_json(server["keys"].to_string()).unwrap();
        for token in server["tokens"].as_array().unwrap() {
            let own = text(&token["token"]);
            found.push(Recorded {
                name: format!("{} {} {}", text(&server["server"]), text(&token["case"]), text(&token["kind"])),
                kind: text(&token["kind"]),
                access_token: token["access_token"].as_str().map(str::to_owned),
                keys: keys.clone(),
                claims: Claims::of(Jws::parse(&own).unwrap().claims().unwrap()),
                token: own,
            });
        }
    }
    found
}

impl Recorded {
    fn issuer(&self) -> &str {
        self.claims.text("iss").unwrap().unwrap()
    }

    /// The first of whom it is for.
    fn client(&self) -> String {
        self.claims.texts("aud").unwrap().first().cloned().unwrap_or("somebody".to_owned())
    }

    /// What the verifier of this kind says, at a time at which the token is good.
    async fn check_as(&self, kind: &str, seconds: i64) -> Result<(), Refusal> {
        let now = self.claims.seconds("iat").unwrap().unwrap() + seconds;
        let (keys, issuer) = (&self.keys, self.issuer());
        match kind {
            "access" => {
                let tokens = AccessTokens::builder(keys).issuer(issuer).any_audience().build().unwrap();
                tokens.check_at(&self.token, now).await.map(drop)
            }
            "session" => {
                let tokens = SessionTokens::builder(keys).issuer(issuer).any_audience().build().unwrap();
                tokens.check_at(&self.token, now).await.map(drop)
            }
            "id" => {
                let tokens = IdTokens::builder(keys).issuer(issuer).client_id(self.client()).build().unwrap();
                tokens.check_at(&self.token, &self.id_token_check(), now).await.map(drop)
            }
            "logout" => {
                let tokens = LogoutTokens::builder(keys).issuer(issuer).client_id(self.client()).build().unwrap();
                tokens.check_at(&self.token, now).await.map(drop)
            }
            other => panic!("{other}"),
        }
    }

    fn id_token_check(&self) -> IdTokenCheck {
        let mut check = IdTokenCheck::new();
        if let Some(nonce) = self.claims.text("nonce").ok().flatten() {
            check = check.nonce(nonce);
        }
        if let (Some(token), Some(_)) = (&self.access_token, self.claims.get("at_hash")) {
            check = check.access_token(token.clone());
        }
        check
    }
}

const KINDS: [&str; 4] = ["access", "id", "session", "logout"];

#[tokio::test]
async fn each_is_good_as_what_it_is_and_refused_as_all_else() {
    let recorded = recorded();
    let mut pairs = std::collections::BTreeMap::new();
    for token in &recorded {
        for kind in KINDS {
            // Kratos 1.3 and 26.2 let tokens of a template without a lifetime expire at once.
            let seconds = i64::from(!token.name.contains("tokenize-default"));
            let found = token.check_as(kind, seconds).await;
            *pairs.entry((token.kind.clone(), kind)).or_insert(0) += 1;
            if kind == token.kind {
                assert!(found.is_ok(), "{} as {kind}: {found:?}", token.name);
            } else {
                let is_other_kind = matches!(found, Err(Refusal::Invalid(InvalidToken::Kind { .. })));
                assert!(is_other_kind, "{} as {kind}: {found:?}", token.name);
            }
        }
    }
    assert_eq!(pairs.len(), 16, "{pairs:?}");
    assert!(recorded.len() >= 60);
}

#[tokio::test]
async fn each_says_what_the_server_wrote() {
    let tokens = recorded();
    let find = |name: &str| tokens.iter().find(|token| token.name.contains(name)).unwrap();
    let both = find("hydra-26.2.0 performOAuth2TokenFlow jwt-both-refresh access");
    let now = both.claims.seconds("iat").unwrap().unwrap();
    let verifier =
        AccessTokens::builder(&both.keys).issuer("http://127.0.0.1:18444/").audience("https://b.example.org");
    let token = verifier.build().unwrap().check_at(&both.token, now).await.unwrap();
    assert_eq!((token.subject(), token.is_of_client()), ("jane@example.org", false));
    assert_eq!(
        (token.client_id(), token.scopes().join(" ")),
        ("e68cd9c2-c584-4f3e-b1db-2e7bdbe1abbb", "openid offline profile".into())
    );
    assert_eq!(token.audience(), ["https://api.example.org", "https://b.example.org"]);
    // What the consent app named like a claim of the server is in `ext` only.
    assert_eq!((&token.ext().unwrap()["sub"], &token.ext().unwrap()["tenant"]), (&"forged".into(), &7.into()));
    assert!(token.require_scope("profile").is_ok());
    // Which number the consent app set is not known: Hydra 2.2 writes this double for two integers.
    let large = find("hydra-2.2.0 performOAuth2TokenFlow jwt-both-refresh access");
    assert!(large.claims.get("ext").unwrap()["large"].is_f64());
    assert!(matches!(token.require_scope("prof"), Err(Refusal::InsufficientScope { scope }) if scope == "prof"));
    for secret in ["jane", "tenant", "forged"] {
        assert!(!format!("{token:?} {verifier:?}", verifier = both.keys).contains(secret));
    }
    let other = AccessTokens::builder(&both.keys).issuer("http://127.0.0.1:18444").audience("https://c.example.org");
    let refused = other.build().unwrap().check_at(&both.token, now).await;
    assert!(matches!(refused, Err(Refusal::Invalid(InvalidToken::Audience))));
    let other = AccessTokens::builder(&both.keys).issuer("http://127.0.0.1:4444").any_audience().build().unwrap();
    assert!(matches!(other.check_at(&both.token, now).await, Err(Refusal::Invalid(InvalidToken::Issuer))));
}

#[tokio::test]
async fn times_count_to_the_second() {
    let tokens = recorded();
    let token = tokens.iter().find(|token| token.kind == "access").unwrap();
    let life = token.claims.seconds("exp").unwrap().unwrap() - token.claims.seconds("iat").unwrap().unwrap();
    for (seconds, expected) in [
        (-31, Some(InvalidToken::NotYetValid)),
        (-30, None),
        (life + 29, None),
        (life + 30, Some(InvalidToken::Expired)),
    ] {
        match (token.check_as("access", seconds).await, expected) {
            (Ok(()), None) => {}
            (Err(Refusal::Invalid(found)), Some(expected)) => assert_eq!(found, expected, "{seconds}"),
            (found, expected) => panic!("{seconds}: {found:?}, not {expected:?}"),
        }
    }
    let logout = tokens.iter().find(|token| token.kind == "logout").unwrap();
    assert!(logout.check_as("logout", 329).await.is_ok());
    assert!(matches!(logout.check_as("logout", 330).await, Err(Refusal::Invalid(InvalidToken::Expired))));
}

/// One bit that is wrong anywhere makes every token a bad one.
#[tokio::test]
async fn no_character_of_a_token_may_change() {
    let mut tokens = recorded();
    let some =
        ["jwt-es256 access", "jwt-ps256 access", "jwt-top-code access", "tokenize-cookie session", "jwt-plain-code id"];
    tokens.retain(|token| some.iter().any(|name| token.name.contains(name)));
    let mut tried = 0;
    for token in &mut tokens {
        let good = token.token.clone();
        for at in (0..good.len()).step_by(5) {
            let mut bytes = good.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            token.token = String::from_utf8(bytes).unwrap();
            assert!(token.check_as(&token.kind.clone(), 1).await.is_err(), "{} at {at}", token.name);
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried}");
}
