//! OAuth2 clients: their administration, their lifespans and secrets, and those that register themselves.

use serde_json::{Value, json};

use super::{Replay, Report, text};

/// Creates a client, and learns its id for the one at the end of a recorded path.
pub async fn client(replay: &mut Replay, name: &str, body: &Value) -> String {
    let made = replay.json("POST", "/admin/clients", &[], body).await;
    replay.learn_segment(name, 3, &text(&made, "client_id"));
    text(&made, "client_id")
}

fn to_be_changed() -> Value {
    json!({
        "client_name": "To be changed",
        "redirect_uris": ["http://127.0.0.1:5555/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": "openid offline profile",
        "contacts": ["one@example.org"],
        "metadata": {"a": 1},
    })
}

pub async fn clients() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    replay.same(&["adminCreateOAuth2Client.full"]).await;
    client(&mut replay, "adminGetOAuth2Client.ok", &to_be_changed()).await;
    replay
        .same(&[
            "adminGetOAuth2Client.ok",
            "adminPatchOAuth2Client.ok",
            "adminUpdateOAuth2Client.ok",
            "adminDeleteOAuth2Client.ok",
        ])
        .await;
    replay.finish()
}

/// Refusals that are recorded only from Hydra 2.0.3.
pub async fn client_refusals() -> Report {
    let mut replay = Replay::start("hydra-2.0.3").await;
    for name in [
        "adminCreateOAuth2Client.bad-redirect-uri",
        "adminCreateOAuth2Client.bad-secret",
        "adminGetOAuth2Client.not-found",
        "adminDeleteOAuth2Client.not-found",
        "adminUpdateOAuth2Client.not-found",
        "adminPatchOAuth2Client.not-found",
    ] {
        replay.same(&[name]).await;
    }
    client(&mut replay, "adminPatchOAuth2Client.ok", &to_be_changed()).await;
    for case in ["bad-op", "not-a-list", "id"] {
        replay.same(&[&format!("adminPatchOAuth2Client.{case}")]).await;
    }
    // Unlike 2.0.3, 26.2.0 responds with 400 instead of 500 to a body that it cannot read, accepts a client id chosen
    // by the caller, and has routes for any id.
    let response = replay.send("POST", "/admin/clients", &[], Some(r#"{"redirect_uris": "x"}"#)).await;
    assert_eq!(response.status, 400, "{}", response.body);
    for expected in [201, 409] {
        let response = replay.send("POST", "/admin/clients", &[], Some(r#"{"client_id": "own-id"}"#)).await;
        assert_eq!(response.status, expected, "{}", response.body);
    }
    let recording = replay.recorded("adminGetOAuth2Client.not-found-word").clone();
    let mut response = replay.send("GET", "/oauth2/no/such/route", &[], None).await;
    // The middleware of the recorded server did not reach unknown routes.
    response.headers.retain(|(name, _)| name != "cache-control");
    replay.compare("an unknown route", &recording, &response, &[]);
    replay.finish()
}

pub async fn client_pages() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    // Lists are sorted by id, which is random, so any client may come first.
    let free = &["client_name", "owner", "contacts"];
    let list = |case: &str| format!("adminListOAuth2Clients.{case}");
    replay.same(&[&list("none"), &list("none-size-3"), &list("name-none")]).await;
    for number in 1..=7 {
        let body = json!({
            "client_name": if number % 2 == 0 { "even" } else { "odd" },
            "owner": if number < 6 { "owner-a" } else { "owner-b" },
            "contacts": [format!("client-{number}@example.org")],
            "grant_types": ["client_credentials"],
        });
        replay.json("POST", "/admin/clients", &[], &body).await;
        if number == 1 {
            replay.same(&[&list("one"), &list("one-size-1")]).await;
        } else if number == 3 {
            let sizes = ["size-0", "size-250", "size-500", "size-501", "size-1001", "size-empty", "size-negative"];
            for case in sizes.into_iter().chain(["limit-offset", "page-per-page", "token-empty"]) {
                replay.same_but(&list(case), free).await;
            }
        }
    }
    for case in ["seven", "size-7-page-1", "size-3-page-1", "size-3-page-2", "size-3-page-3"] {
        replay.same_but(&list(case), free).await;
    }
    for page in 1..=7 {
        replay.same_but(&list(&format!("size-1-page-{page}")), free).await;
    }
    for case in
        ["owner-page-1", "owner-page-2", "owner-page-3", "name-page-1", "name-page-2", "name-part", "both-filters"]
    {
        replay.same_but(&list(case), free).await;
    }
    replay.finish()
}

pub async fn lifespans() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    let set = |case: &str| format!("setOAuth2ClientLifespans.{case}");
    let body = json!({
        "client_name": "Lifespans",
        "redirect_uris": ["http://127.0.0.1:5555/callback"],
        "grant_types": ["client_credentials"],
        "response_types": ["code"],
        "scope": "openid offline profile",
        "contacts": ["a@example.org"],
        "metadata": {"kept": true},
    });
    let made = replay.json("POST", "/admin/clients", &[], &body).await;
    let id = text(&made, "client_id");
    replay.learn_segment(&set("ok"), 3, &id);
    for case in ["lifespan", "lifespan-tiny"] {
        let basic = super::basic(&id, &text(&made, "client_secret"));
        replay.learn_header(&format!("performOAuth2TokenFlow.{case}"), "Authorization", &basic);
    }
    replay.same(&[&set("ok"), "performOAuth2TokenFlow.lifespan"]).await;
    replay.same(&[&set("tiny"), "performOAuth2TokenFlow.lifespan-tiny"]).await;
    for case in [
        "form",
        "id-empty",
        "id-long",
        "id-space",
        "id-unicode",
        "null",
        "patch",
        "unknown-key",
        "value-bare",
        "value-capital",
        "value-list",
        "value-micro",
        "value-milliseconds",
        "value-mixed",
        "value-nanoseconds",
        "value-number",
        "value-object",
        "value-plus",
        "value-seconds",
        "value-spaces",
        "value-true",
    ] {
        replay.same(&[&set(case)]).await;
    }
    let public = json!({
        "client_id": "lifespans-by-name",
        "client_name": "Named",
        "redirect_uris": ["http://127.0.0.1:5555/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": "openid offline profile",
        "token_endpoint_auth_method": "none",
    });
    replay.json("POST", "/admin/clients", &[], &public).await;
    replay.same(&[&set("public-client")]).await;
    // Where access tokens are JWTs, no client has subjects of its own.
    replay.stand_in.use_jwt_access_tokens();
    replay.same(&["adminCreateOAuth2Client.pairwise-jwt"]).await;
    replay.finish()
}

/// What only servers after 26.2 have.
pub async fn rotated_secrets() -> Report {
    let mut replay = Replay::start("hydra-2026-07").await;
    let body = json!({
        "client_name": "Rotated",
        "redirect_uris": ["http://127.0.0.1:5555/callback"],
        "grant_types": ["client_credentials"],
        "response_types": ["code"],
        "scope": "openid offline profile",
        "metadata": {"kept": true},
    });
    let id = client(&mut replay, "adminGetOAuth2Client.rotated", &body).await;
    let (rotate, delete) = ("rotateOAuth2ClientSecret", "deleteRotatedOAuth2ClientSecrets");
    let mut secrets = Vec::new();
    for _ in 0..8 {
        let rotated = replay.same_but(&format!("{rotate}.often"), &[]).await.json();
        secrets.push(super::basic(&id, &text(&rotated, "client_secret")));
    }
    let token = |case: &str| format!("performOAuth2TokenFlow.{case}");
    for (case, secret) in [("rotated-away", &secrets[1]), ("rotated-new", &secrets[7])] {
        replay.learn_header(&token(case), "Authorization", secret);
        replay.same(&[&token(case)]).await;
    }
    replay.same(&["adminGetOAuth2Client.rotated", &format!("{delete}.ok")]).await;
    replay.learn_header(&token("rotated-deleted"), "Authorization", &secrets[6]);
    replay.same(&[&token("rotated-deleted"), &format!("{rotate}.body")]).await;
    let public = replay.json("POST", "/admin/clients", &[], &json!({"token_endpoint_auth_method": "none"})).await;
    replay.learn_segment(&format!("{rotate}.no-secret"), 3, &text(&public, "client_id"));
    for name in [rotate, delete] {
        replay.same(&[&format!("{name}.no-secret")]).await;
    }
    for case in ["get", "id-slash", "id-unicode"] {
        replay.same(&[&format!("{delete}.{case}")]).await;
    }
    replay.same(&[&format!("{rotate}.id-long")]).await;
    replay.finish()
}

pub async fn registration() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    let name = |verb: &str, case: &str| format!("dynamicClientRegistration{verb}OAuth2Client.{case}");
    let made = replay.same_but(&name("Create", "created"), &[]).await.json();
    assert!(text(&made, "registration_client_uri").ends_with(&text(&made, "client_id")));
    replay.same(&[&name("Get", "ok"), &name("Update", "ok")]).await;
    let other = replay.json("POST", "/oauth2/register", &[], &json!({})).await;
    replay.learn_segment(&name("Delete", "ok"), 3, &text(&other, "client_id"));
    let bearer = format!("Bearer {}", text(&other, "registration_access_token"));
    replay.learn_header(&name("Delete", "ok"), "Authorization", &bearer);
    replay.same(&[&name("Delete", "ok")]).await;
    let mut report = replay.finish();
    let mut replay = Replay::start("hydra-2.0.3").await;
    for case in ["invalid", "own-secret"] {
        replay.same(&[&name("Create", case)]).await;
    }
    for (verb, case) in [("Get", "no-token"), ("Get", "bad-token"), ("Update", "bad-token"), ("Delete", "bad-token")] {
        replay.same(&[&name(verb, case)]).await;
    }
    report.add(replay.finish());
    report
}
