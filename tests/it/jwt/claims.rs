//! What is wrong with a token, one thing at a time.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ory_sdk::jwt::{AccessTokens, Algorithm, IdTokenCheck, IdTokens, InvalidToken, KeySet, LogoutTokens};
use ory_sdk::testing::{StandIn, TokenDraft};
use serde_json::{Value, json};

use super::support::{API, APP, Verifiers, invalid};

/// The text of what is wrong.
async fn access(verifiers: &Verifiers, draft: TokenDraft<'_>) -> String {
    invalid(verifiers.access.check(&draft.sign()).await).to_string()
}

#[tokio::test]
async fn access_tokens() {
    let ory = StandIn::start().await.unwrap();
    let verifiers = Verifiers::of(&ory);
    let good = || ory.access_token().audience([API]);
    let token = verifiers.access.check(&good().subject("ada").client_id("app").scope(["a", "b"]).sign()).await.unwrap();
    assert_eq!((token.subject(), token.client_id(), token.scopes().join(" ")), ("ada", "app", "a b".to_owned()));
    let now = chrono::Utc::now().timestamp();
    let wrong: Vec<(TokenDraft<'_>, &str)> = vec![
        (good().expired(), "the token has expired"),
        (good().claim("exp", now - 31), "the token has expired"),
        (good().without_claim("exp"), "the claim `exp` is missing"),
        (good().claim("exp", "soon"), "the claim `exp` is not a time in seconds"),
        (good().claim("exp", (now + 60).to_string()), "the claim `exp` is not a time in seconds"),
        (good().claim("exp", Value::Null), "the claim `exp` is not a time in seconds"),
        (good().claim("exp", json!([now + 60])), "the claim `exp` is not a time in seconds"),
        (good().claim("exp", 1e300), "the claim `exp` is not a time in seconds"),
        (good().claim("exp", u64::MAX), "the claim `exp` is not a time in seconds"),
        (good().claim("nbf", now + 60), "the token is not valid yet"),
        (good().claim("nbf", true), "the claim `nbf` is not a time in seconds"),
        (good().claim("iat", now + 60), "the token is not valid yet"),
        (good().claim("iat", json!({})), "the claim `iat` is not a time in seconds"),
        (good().claim("iss", "https://evil.example.org"), "the token is of another issuer"),
        (good().claim("iss", format!("{}//", ory.url())), "the token is of another issuer"),
        (good().claim("iss", json!([ory.url()])), "the claim `iss` is not a text"),
        (good().without_claim("iss"), "the claim `iss` is missing"),
        (good().audience(["https://other.example.org"]), "the token is for another audience"),
        (good().audience(Vec::<String>::new()), "the token is for another audience"),
        (good().claim("aud", format!("{API}/")), "the token is for another audience"),
        (good().claim("aud", json!({"0": API})), "the claim `aud` is neither a text nor a list of texts"),
        (good().claim("aud", json!([API, 1])), "the claim `aud` is not a list of texts"),
        (good().without_claim("aud"), "the token is for another audience"),
        (good().claim("scp", "read"), "the claim `scp` is not a list of texts"),
        (good().claim("scp", json!(["read", 1])), "the claim `scp` is not a list of texts"),
        (good().scope(["read"]).claim("scope", "write"), "the claim `scp` says something else than `scope`"),
        (good().claim("scope", 7), "the claim `scope` is not a text"),
        (good().claim("client_id", 7), "the claim `client_id` is not a text"),
        (good().claim("sub", 7), "the claim `sub` is not a text"),
        (good().without_claim("client_id"), "expected an access token, but it has no `client_id`"),
        (good().without_claim("scp"), "expected an access token, but it has neither `scp` nor `scope`"),
        (good().claim("nonce", "n"), "expected an access token, but it has claims of another kind"),
        (good().header("typ", "id_token+jwt"), "expected an access token, but its header names another type (`typ`)"),
        (good().header("typ", 7), "`alg`, `kid` or `typ` in the header of the token is not a text"),
        (good().header("kid", 7), "`alg`, `kid` or `typ` in the header of the token is not a text"),
        (good().header("alg", json!(["RS256"])), "`alg`, `kid` or `typ` in the header of the token is not a text"),
        (good().header("alg", Value::Null), "the header of the token lacks `alg`"),
        (good().header("alg", "RS512"), "the algorithm of the token is not that of its key"),
        (good().header("alg", "ES256"), "the algorithm of the token is not that of its key"),
        (good().header("alg", "rs256"), "the algorithm of the token is not known"),
        (
            good().header("crit", json!(["exp"])),
            "the header of the token has critical extensions, which are not supported",
        ),
        (good().header("b64", true), "the header of the token has critical extensions, which are not supported"),
        (good().unsigned(), "the token is not signed (`none`)"),
        (good().unknown_key(), "the key set has no such key"),
    ];
    for (draft, expected) in wrong {
        assert_eq!(access(&verifiers, draft).await, expected);
    }
    // Claims that are there, but say nothing else, do no harm.
    for draft in [
        good().claim("aud", API),
        good().claim("iss", format!("{}/", ory.url())),
        good().claim("exp", 0.5 + f64::from(u32::try_from(now + 60).unwrap())),
        good().claim("exp", now - 10),
        good().without_claim("nbf").without_claim("iat"),
        good().scope(["a", "b"]).claim("scope", "a b"),
        good().without_claim("scp").claim("scope", " a  b "),
        good().header("typ", "application/AT+JWT"),
        good().header("typ", Value::Null),
        good().header("jku", "https://evil.example.org/keys").header("jwk", json!({"kty": "oct", "k": "AA"})),
    ] {
        let shown = format!("{draft:?}");
        let found = verifiers.access.check(&draft.sign()).await;
        assert!(found.is_ok(), "{shown}: {found:?}");
    }
}

#[tokio::test]
async fn forged_signatures() {
    let ory = StandIn::start().await.unwrap();
    let verifiers = Verifiers::of(&ory);
    let good = ory.access_token().audience([API]).sign();
    let header: Value = serde_json::from_slice(&BASE64.decode(good.split('.').next().unwrap()).unwrap()).unwrap();
    let kid = header["kid"].as_str().unwrap();
    let forged = ory.access_token().audience([API]).unknown_key().header("kid", kid).sign();
    assert_eq!(invalid(verifiers.access.check(&forged).await), InvalidToken::Signature);
    // The public key as the secret of HMAC.
    let public = ory.client_builder().build().unwrap().discover_json_web_keys().await.unwrap();
    let secret =
        json!({"kty": "oct", "alg": "HS256", "k": BASE64.encode(serde_json::to_string(&public.keys).unwrap())});
    let confused = ory.access_token().audience([API]).signed_with(&secret).unwrap().header("kid", kid).sign();
    assert!(invalid(verifiers.access.check(&confused).await).to_string().contains("symmetric"));
    // Every algorithm of the server's keys is good, if it is allowed.
    for algorithm in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"] {
        let token = ory.access_token().audience([API]).algorithm(algorithm).unwrap().sign();
        // Each is a new key, which needs a fetch, and only one is allowed in 30 seconds.
        let verifiers = Verifiers::of(&ory);
        verifiers.access.check(&token).await.unwrap();
        let only_one = AccessTokens::builder(&verifiers.keys).issuer(ory.url()).audience(API);
        let only_one = only_one.algorithms([Algorithm::Rs384]).build().unwrap();
        let found = only_one.check(&token).await;
        assert_eq!(found.is_ok(), algorithm == "RS384");
        if algorithm != "RS384" {
            assert!(invalid(found).to_string().contains("not among the allowed ones"));
        }
    }
    let es512 = ory.access_token().audience([API]).algorithm("ES512").unwrap().sign();
    assert!(invalid(verifiers.access.check(&es512).await).to_string().contains("ES512"));
}

#[tokio::test]
async fn texts_that_are_no_tokens() {
    let ory = StandIn::start().await.unwrap();
    let verifiers = Verifiers::of(&ory);
    let good = ory.access_token().audience([API]).sign();
    let parts: Vec<&str> = good.split('.').collect();
    let long = format!("{}.{}.{}", parts[0], "A".repeat(17_000), parts[2]);
    let encode = |text: &str| BASE64.encode(text);
    let twice = encode(r#"{"alg":"RS256","alg":"RS256"}"#);
    for (token, expected) in [
        (String::new(), "three parts"),
        ("ory_at_secret".to_owned(), "three parts"),
        (parts[..2].join("."), "three parts"),
        (format!("{good}.x"), "three parts"),
        (format!("{}..{}", parts[0], parts[2]), "JSON object"),
        (format!("{good}="), "base64url"),
        (format!("{good} "), "base64url"),
        (format!(" {good}"), "base64url"),
        (good.replace('.', "=."), "base64url"),
        (format!("{}.{}.{}", parts[0], parts[1], "é"), "base64url"),
        (format!("{twice}.{}.{}", parts[1], parts[2]), "key twice"),
        (format!("{}.{}.{}", parts[0], encode(r#"{"sub":"a","sub":"b"}"#), parts[2]), "key twice"),
        (format!("{}.{}.{}", encode("[]"), parts[1], parts[2]), "JSON object"),
        (format!("{}.{}.{}", parts[0], encode("7"), parts[2]), "JSON object"),
        (format!("{}.{}.{}", encode("{"), parts[1], parts[2]), "JSON object"),
        (long, "longer than 16 KiB"),
    ] {
        let why = invalid(verifiers.access.check(&token).await).to_string();
        assert!(why.contains(expected), "{expected}: {why}");
    }
    // None of that made a call.
    assert_eq!(super::support::fetches(&ory), 0);
}

#[tokio::test]
async fn id_tokens() {
    let ory = StandIn::start().await.unwrap();
    let verifiers = Verifiers::of(&ory);
    let good = || ory.id_token().subject("ada").client_id(APP);
    let none = IdTokenCheck::new();
    let check = |draft: TokenDraft<'_>, check: &IdTokenCheck| {
        let (token, id, check) = (draft.sign(), verifiers.id.clone(), check.clone());
        async move { id.check(&token, &check).await.map(|token| token.subject().to_owned()).map_err(|why| why.to_string()) }
    };
    assert_eq!(check(good().without_claim("nonce"), &none).await.as_deref(), Ok("ada"));
    let nonce = IdTokenCheck::new().nonce("n-1");
    assert!(check(good().claim("nonce", "n-1"), &nonce).await.is_ok());
    let any = IdTokenCheck::new().any_nonce();
    assert!(check(good().claim("nonce", "n-1"), &any).await.is_ok());
    assert!(check(good().without_claim("nonce"), &any).await.is_ok());
    for (draft, expects, expected) in [
        (good().claim("nonce", 7), &any, "the claim `nonce` is not a text"),
        (good().claim("nonce", "n-2"), &nonce, "the claim `nonce` is not the expected one"),
        (good().claim("nonce", "n-"), &nonce, "the claim `nonce` is not the expected one"),
        (good().without_claim("nonce"), &nonce, "the claim `nonce` is missing"),
        (good().claim("nonce", 1), &nonce, "the claim `nonce` is not a text"),
        (good().claim("nonce", "n-1"), &none, "the claim `nonce` is there, but none is expected"),
        (good().without_claim("nonce").client_id("other"), &none, "the token is for another audience"),
        (
            good().without_claim("nonce").audience([APP, "other"]),
            &none,
            "the claim `azp` is missing, with several audiences",
        ),
        (good().without_claim("nonce").claim("azp", "other"), &none, "the token is for another audience"),
        (good().without_claim("nonce").expired(), &none, "the token has expired"),
        (good().without_claim("nonce").without_claim("sub"), &none, "the claim `sub` is missing"),
    ] {
        assert_eq!(check(draft, expects).await, Err(expected.to_owned()));
    }
    assert!(check(good().without_claim("nonce").audience(["other", APP]).claim("azp", APP), &none).await.is_ok());
    // The access token that came with it: half of its SHA-256 (OpenID Connect Core, section 3.1.3.6).
    let access = IdTokenCheck::new().access_token("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
    assert!(check(good().without_claim("nonce").claim("at_hash", "77QmUPtjPfzWtF2AnpK9RQ"), &access).await.is_ok());
    let other = check(good().without_claim("nonce").claim("at_hash", "77QmUPtjPfzWtF2AnpK9RA"), &access).await;
    assert_eq!(other, Err("the claim `at_hash` does not fit the access token".to_owned()));
    let missing = check(good().without_claim("nonce").without_claim("at_hash"), &access).await;
    assert_eq!(missing, Err("the claim `at_hash` is missing".to_owned()));
    // When the person signed in.
    let now = chrono::Utc::now().timestamp();
    let recent = IdTokenCheck::new().max_age(Duration::from_secs(60));
    assert!(check(good().without_claim("nonce").claim("auth_time", now - 65), &recent).await.is_ok());
    let old = check(good().without_claim("nonce").claim("auth_time", now - 95), &recent).await;
    assert_eq!(old, Err("the token has expired".to_owned()));
    let never = check(good().without_claim("nonce").without_claim("auth_time"), &recent).await;
    assert_eq!(never, Err("the claim `auth_time` is missing".to_owned()));
}

#[tokio::test]
async fn logout_tokens() {
    let ory = StandIn::start().await.unwrap();
    let verifiers = Verifiers::of(&ory);
    let good = || ory.logout_token().client_id(APP).claim("sid", "a-session");
    let token = good().sign();
    let logout = verifiers.logout.check(&token).await.unwrap();
    assert_eq!((logout.session_id(), logout.subject()), (Some("a-session"), None));
    assert_eq!(invalid(verifiers.logout.check(&token).await), InvalidToken::Replayed);
    // A clone knows it too, and a new verifier does not.
    assert_eq!(invalid(verifiers.logout.clone().check(&token).await), InvalidToken::Replayed);
    let other = LogoutTokens::builder(&verifiers.keys).issuer(ory.url()).client_id(APP).build().unwrap();
    other.check(&token).await.unwrap();
    let event = "http://schemas.openid.net/event/backchannel-logout";
    let now = chrono::Utc::now().timestamp();
    for (draft, expected) in [
        (good().claim("events", json!({})), "the claim `events` does not say that it is a logout"),
        (good().claim("events", json!({event: true})), "the claim `events` does not say that it is a logout"),
        (good().claim("events", json!([event])), "the claim `events` does not say that it is a logout"),
        (good().without_claim("events"), "expected a logout token, but it has no `events`"),
        (good().claim("nonce", "n"), "expected a logout token, but it has claims of another kind"),
        (
            good().without_claim("sid").without_claim("sub"),
            "expected a logout token, but it has neither `sub` nor `sid`",
        ),
        (good().without_claim("jti"), "the claim `jti` is missing"),
        (good().without_claim("iat"), "the claim `iat` is missing"),
        (good().claim("iat", now - 331), "the token has expired"),
        (good().claim("exp", now - 31), "the token has expired"),
        (good().client_id("other"), "the token is for another audience"),
    ] {
        assert_eq!(invalid(verifiers.logout.check(&draft.sign()).await).to_string(), expected);
    }
    verifiers.logout.check(&good().claim("iat", now - 290).sign()).await.unwrap();
    // The form.
    let form = |text: String| {
        let logout = verifiers.logout.clone();
        async move { logout.check_form(text.as_bytes()).await }
    };
    form(format!("logout_token={}", good().sign())).await.unwrap();
    form(format!("a=b&logout_token={}&c", good().sign())).await.unwrap();
    let two = format!("logout_token={}&logout_token={}", good().sign(), good().sign());
    for (text, expected) in [
        (String::new(), "one field `logout_token`"),
        ("token=x".to_owned(), "one field `logout_token`"),
        (two, "one field `logout_token`"),
        ("logout_token=%ff".to_owned(), "three parts"),
        ("logout_token=".to_owned() + &"a".repeat(21_000), "larger than 20 KiB"),
    ] {
        let why = invalid(form(text).await).to_string();
        assert!(why.contains(expected), "{why}");
    }
}

#[test]
fn settings_are_checked() {
    let keys = KeySet::from_json(
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})
            .to_string(),
    );
    let keys = keys.unwrap();
    let access = || AccessTokens::builder(&keys).issuer("https://auth.example.org").audience(API);
    access().build().unwrap();
    for (builder, expected) in [
        (AccessTokens::builder(&keys).audience(API), "`issuer` is missing"),
        (AccessTokens::builder(&keys).issuer("").audience(API), "`issuer` is missing"),
        (AccessTokens::builder(&keys).issuer("x"), "`audience` is missing"),
        (access().audience(""), "`audience` is empty"),
        (access().any_audience(), "`audience` and `any_audience` are both set"),
        (access().algorithms([]), "`algorithms` is empty"),
        (access().clock_skew(Duration::from_secs(301)), "`clock_skew`: expected at most 5 minutes"),
    ] {
        let why = builder.build().unwrap_err().to_string();
        assert!(why.contains(expected), "{why}");
    }
    let why = IdTokens::builder(&keys).issuer("x").build().unwrap_err().to_string();
    assert!(why.contains("`client_id` is missing"), "{why}");
    let weak = json!({"kty": "RSA", "n": BASE64.encode([0xff; 128]), "e": "AQAB"});
    for (set, expected) in [
        (json!([]).to_string(), "is not a JSON object"),
        ("{".to_owned(), "is not JSON"),
        (json!({"keys": {}}).to_string(), "has no list `keys`"),
        (json!({"keys": []}).to_string(), "has no key that verifies signatures"),
        (json!({"keys": [weak, {"kty": "oct", "k": "AA"}]}).to_string(), "has no key that verifies signatures"),
        (r#"{"keys": [], "keys": []}"#.to_owned(), "has a key twice"),
        (json!({"keys": vec![json!({}); 101]}).to_string(), "has more than 100 keys"),
    ] {
        let why = KeySet::from_json(set).unwrap_err().to_string();
        assert!(why.contains(expected), "{why}");
    }
    let client = ory_sdk::Client::builder().kratos_public_url("https://id.example.org").build().unwrap();
    let why = KeySet::of_hydra(&client).unwrap_err().to_string();
    assert!(why.contains("hydra_public_url"), "{why}");
}
