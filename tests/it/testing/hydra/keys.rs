//! JSON Web Keys, trusted issuers and credentials, compared with Hydra 26.2.0.

use serde_json::{Value, json};

use super::{App, Replay, Report, text};

pub async fn sets() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    replay.same(&["adminCreateJsonWebKeySet.rs256"]).await;
    for kid in ["key-ES256", "key-two"] {
        let body = json!({"alg": "ES256", "use": "sig", "kid": kid});
        replay.json("POST", "/admin/keys/set-ES256", &[], &body).await;
    }
    replay
        .same(&[
            "adminGetJsonWebKeySet.ok",
            "adminGetJsonWebKey.ok",
            "adminUpdateJsonWebKey.ok",
            "adminUpdateJsonWebKeySet.ok",
            "adminDeleteJsonWebKey.ok",
            "adminDeleteJsonWebKeySet.ok",
        ])
        .await;
    let mut report = replay.finish();
    let mut replay = Replay::start("hydra-2.0.3").await;
    for case in [
        "es256",
        "second-key",
        "conflict",
        "eddsa",
        "es512",
        "hs256",
        "hs512",
        "no-kid",
        "bad-alg",
        "bad-use",
        "empty",
        "use-enc",
    ] {
        replay.same(&[&format!("adminCreateJsonWebKeySet.{case}")]).await;
    }
    replay
        .same(&[
            "adminGetJsonWebKey.not-found",
            "adminGetJsonWebKey.no-set",
            "adminGetJsonWebKeySet.not-found",
            "adminUpdateJsonWebKey.new",
            "adminUpdateJsonWebKey.extras",
            "adminUpdateJsonWebKey.other-kid",
            "adminUpdateJsonWebKey.public-only",
            "adminUpdateJsonWebKeySet.new",
            "adminUpdateJsonWebKeySet.empty",
            "adminGetJsonWebKeySet.after-empty",
            "adminUpdateJsonWebKeySet.empty-object",
            "adminDeleteJsonWebKey.again",
            "adminDeleteJsonWebKeySet.again",
        ])
        .await;
    report.add(replay.finish());
    report
}

/// Each new key signs at once, and the old ones stay published.
pub async fn signing_keys() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    let new = async |replay: &Replay, algorithm: &str, kid: &str| {
        let body = json!({"alg": algorithm, "use": "sig", "kid": kid});
        replay.json("POST", "/admin/keys/hydra.jwt.access-token", &[], &body).await;
    };
    replay.same(&["discoverJsonWebKeys.jwt-plain", "adminCreateJsonWebKeySet.access-token-es256"]).await;
    replay.same(&["discoverJsonWebKeys.jwt-es256"]).await;
    new(&replay, "ES512", "access-es512").await;
    replay.same(&["discoverJsonWebKeys.jwt-es512"]).await;
    new(&replay, "EdDSA", "access-eddsa").await;
    replay.same(&["discoverJsonWebKeys.jwt-eddsa", "adminCreateJsonWebKeySet.access-token-ps256"]).await;
    replay.same(&["discoverJsonWebKeys.jwt-ps256", "adminCreateJsonWebKeySet.access-token-hs256"]).await;
    replay.same(&["discoverJsonWebKeys.jwt-hs256"]).await;
    replay.finish()
}

pub async fn issuers() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    let list = |case: &str| format!("adminListTrustedOAuth2JwtGrantIssuers.{case}");
    let free = &["issuer", "subject", "set", "kid"];
    replay.same(&[&list("none"), &list("none-size-3"), &list("issuer-none")]).await;
    let key = replay.json("POST", "/admin/keys/own", &[], &json!({"alg": "ES256"})).await["keys"][0].clone();
    for number in 1..=7 {
        let issuer = if number % 2 == 0 { "https://even.example.org" } else { "https://odd.example.org" };
        let mut jwk = key.clone();
        jwk["kid"] = format!("paging-{number}").into();
        let body = json!({"issuer": issuer, "subject": format!("subject-{number}@example.org"), "scope": ["openid"],
            "jwk": jwk, "expires_at": "2099-11-23T13:33:58Z"});
        replay.json("POST", "/admin/trust/grants/jwt-bearer/issuers", &[], &body).await;
        if number == 1 {
            replay.same(&[&list("one")]).await;
        }
    }
    for case in ["seven", "limit-offset", "max-default-items", "size-0", "size-negative", "size-250", "size-1001"] {
        replay.same_but(&list(case), free).await;
    }
    for (size, pages) in [(1, 7), (3, 3)] {
        for page in 1..=pages {
            replay.same_but(&list(&format!("size-{size}-page-{page}")), free).await;
        }
    }
    for page in 1..=2 {
        replay.same_but(&list(&format!("issuer-page-{page}")), free).await;
    }
    replay
        .same(&[
            "adminTrustOAuth2JwtGrantIssuer.created",
            "adminGetTrustedOAuth2JwtGrantIssuer.ok",
            "adminDeleteTrustedOAuth2JwtGrantIssuer.ok",
        ])
        .await;
    let mut report = replay.finish();
    let mut replay = Replay::start("hydra-2.0.3").await;
    for case in [
        "created",
        "conflict",
        "any-subject",
        "both-subjects",
        "empty",
        "no-expiry",
        "no-issuer",
        "no-jwk",
        "no-kid",
        "no-scope",
        "no-subject",
        "past",
    ] {
        replay.same(&[&format!("adminTrustOAuth2JwtGrantIssuer.{case}")]).await;
    }
    replay.same(&["adminGetTrustedOAuth2JwtGrantIssuer.not-found", "adminDeleteTrustedOAuth2JwtGrantIssuer.ok"]).await;
    replay.same(&["adminDeleteTrustedOAuth2JwtGrantIssuer.again"]).await;
    report.add(replay.finish());
    report
}

pub async fn credentials() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    let name = |case: &str| format!("createVerifiableCredential.{case}");
    let app = App::new(&replay, &json!({"grant_types": ["client_credentials"], "scope": "openid"})).await;
    let form = "grant_type=client_credentials&scope=openid";
    let tokens = replay.send("POST", "/oauth2/token", &[("Authorization", &app.basic)], Some(form)).await.json();
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    for case in ["priming-again", "machine-priming", "no-scope"] {
        replay.learn_header(&name(case), "Authorization", &bearer);
    }
    replay.learn_parameter(&name("token-in-query"), "access_token", &format!("?access_token={}", &bearer[7..]));
    let primed = replay.same_but(&name("priming-again"), &[]).await.json();
    let nonce = text(&primed, "c_nonce");
    let key =
        replay.json("POST", "/admin/keys/own", &[], &json!({"alg": "ES256", "kid": "own"})).await["keys"][0].clone();
    let public = json!({"kty": "EC", "crv": "P-256", "x": key["x"], "y": key["y"]});
    let good = |nonce: &str| {
        let draft = replay.stand_in.access_token().signed_with(&key).unwrap();
        draft.header("jwk", public.clone()).header("kid", Value::Null).claim("nonce", nonce).sign()
    };
    let unsigned = || replay.stand_in.access_token().signed_with(&key).unwrap().header("jwk", public.clone());
    let mut proofs: Vec<(&str, String)> =
        ["ok", "again", "more-keys", "no-types", "other-types"].map(|case| (case, good(&nonce))).into();
    proofs.push(("cut-nonce", good(&nonce[..60])));
    proofs.push(("no-nonce", unsigned().sign()));
    proofs.push(("proof-expired", unsigned().claim("nonce", nonce.as_str()).expired().sign()));
    proofs.push(("proof-no-jwk", unsigned().claim("nonce", nonce.as_str()).header("jwk", Value::Null).sign()));
    for (case, proof) in proofs {
        let body = String::from_utf8(replay.recorded(&name(case)).request.body.as_ref().unwrap().bytes()).unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        replay.learn(&text(&body["proof"], "jwt"), &proof);
        replay.same(&[&name(case)]).await;
    }
    for case in [
        "basic",
        "empty",
        "list",
        "machine-priming",
        "no-format",
        "no-scope",
        "proof-empty",
        "proof-garbage",
        "proof-no-jwt",
        "proof-null",
        "token-in-query",
    ] {
        replay.same(&[&name(case)]).await;
    }
    replay.finish()
}
