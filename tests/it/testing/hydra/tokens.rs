//! Tokens that clients get for themselves, and the documents about the issuer.

use serde_json::json;

use super::{App, Replay, Report, consent, grant, parameter, sign_in, text};

pub fn basic(id: &str, secret: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in format!("{id}:{secret}").as_bytes().chunks(3) {
        let word = chunk.iter().fold(0, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(word >> (18 - 6 * at) & 63) as usize]));
        }
        text.push_str(&"="[..usize::from(chunk.len() < 3)]);
        text.push_str(&"="[..usize::from(chunk.len() < 2)]);
    }
    format!("Basic {text}")
}

/// Tokens by client credentials. Hydra 26.2.0 is recorded only with tokens by code, so where the versions differ this
/// follows 2.0.3.
pub async fn tokens() -> Report {
    let mut replay = Replay::start("hydra-2.0.3").await;
    let token = |case: &str| format!("performOAuth2TokenFlow.{case}");
    let own = json!({
        "grant_types": ["client_credentials"],
        "scope": "openid offline api",
        "audience": ["https://api.example.org"],
    });
    let made = replay.json("POST", "/admin/clients", &[], &own).await;
    let (id, secret) = (text(&made, "client_id"), text(&made, "client_secret"));
    replay.learn_header(&token("client-credentials"), "Authorization", &basic(&id, &secret));
    replay.learn_header(&token("bad-secret"), "Authorization", &basic(&id, "wrong"));
    replay
        .same(&[
            &token("client-credentials"),
            &token("client-credentials-scope"),
            &token("bad-scope"),
            &token("bad-audience"),
            &token("grant-not-allowed"),
            &token("bad-client"),
            &token("empty"),
            "adminIntrospectOAuth2Token.client-credentials",
            "adminIntrospectOAuth2Token.garbage",
            "adminIntrospectOAuth2Token.no-token",
            "adminIntrospectOAuth2Token.empty",
        ])
        .await;
    // The description holds the message of the server's password library.
    replay.same_but(&token("bad-secret"), &["error_description"]).await;

    let post = json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "client_secret_post"});
    let other = replay.json("POST", "/admin/clients", &[], &post).await;
    for key in ["client_id", "client_secret"] {
        replay.learn_field("revokeOAuth2Token.unknown", key, &text(&other, key));
    }
    let grant = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        text(&other, "client_id"),
        text(&other, "client_secret")
    );
    let granted = replay.send("POST", "/oauth2/token", &[], Some(&grant)).await.json();
    replay.learn_field("revokeOAuth2Token.ok", "token", &text(&granted, "access_token"));
    // A revocation by another client does nothing.
    replay.learn_header("revokeOAuth2Token.other-client", "Authorization", &basic(&id, &secret));
    replay.same(&["revokeOAuth2Token.other-client", "revokeOAuth2Token.no-client", "revokeOAuth2Token.no-token"]).await;
    let introspected = format!("token={}", text(&granted, "access_token"));
    let response = replay.send("POST", "/admin/oauth2/introspect", &[], Some(&introspected)).await.json();
    assert_eq!(response["active"], true);
    replay.same(&["revokeOAuth2Token.ok", "revokeOAuth2Token.again", "revokeOAuth2Token.unknown"]).await;
    let response = replay.send("POST", "/admin/oauth2/introspect", &[], Some(&introspected)).await.json();
    assert_eq!(response, json!({"active": false}));
    replay.learn_header("revokeOAuth2Token.bad-client", "Authorization", &basic(&id, "wrong"));
    replay.same_but("revokeOAuth2Token.bad-client", &["error_description"]).await;
    replay.finish()
}

pub async fn documents() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    replay.same(&["discoverOidcConfiguration.ok", "discoverJsonWebKeys.ok"]).await;

    // The only recorded introspection of 26.2.0 is of a user's token, which has its own subject and custom claims.
    replay.without("adminIntrospectOAuth2Token.active", "ext");
    let body = json!({"grant_types": ["client_credentials"], "scope": "openid offline"});
    let made = replay.json("POST", "/admin/clients", &[], &body).await;
    let header = basic(&text(&made, "client_id"), &text(&made, "client_secret"));
    let response = replay
        .send("POST", "/oauth2/token", &[("Authorization", &header)], Some("grant_type=client_credentials"))
        .await;
    replay.learn_field("adminIntrospectOAuth2Token.active", "token", &text(&response.json(), "access_token"));
    replay.same_but("adminIntrospectOAuth2Token.active", &["sub"]).await;

    let post = json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "client_secret_post"});
    let made = replay.json("POST", "/admin/clients", &[], &post).await;
    for key in ["client_id", "client_secret"] {
        replay.learn_field("revokeOAuth2Token.ok", key, &text(&made, key));
    }
    replay.same(&["revokeOAuth2Token.ok"]).await;
    replay.finish()
}

/// Access tokens that are JWTs.
pub async fn signed() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    replay.stand_in.use_jwt_access_tokens();
    let token = |case: &str| format!("performOAuth2TokenFlow.{case}");
    let machine = json!({"grant_types": ["client_credentials"], "scope": "read write",
        "audience": ["https://api.example.org"]});
    let app = App::new(&replay, &machine).await;
    for kind in ["plain", "string", "both", "top"] {
        for case in ["machine", "machine-bare"] {
            let name = token(&format!("jwt-{kind}-{case}"));
            if replay.has(&name) {
                replay.learn_header(&name, "Authorization", &app.basic);
                replay.same(&[&name]).await;
            }
        }
    }
    let opaque = json!({"grant_types": ["client_credentials"], "scope": "openid offline profile",
        "access_token_strategy": "opaque"});
    let app = App::new(&replay, &opaque).await;
    replay.learn_header(&token("jwt-opaque-client"), "Authorization", &app.basic);
    replay.same(&[&token("jwt-opaque-client")]).await;

    let audience = ["https://api.example.org", "https://b.example.org"];
    for kind in ["top", "both", "string"] {
        let app = App::of_code(&mut replay, &token("jwt-opaque-client"), json!({"audience": audience})).await;
        let scope = "response_type=code&scope=openid%20offline%20profile&nonce=nonce-0123456789";
        let start = app.start(&replay, &format!("{scope}&audience={}+{}", audience[0], audience[1]));
        let login = json!({"subject": "jane@example.org", "acr": "urn:acr:2", "amr": ["pwd", "otp"]});
        let claims = json!({"name": "Jane", "email": "jane@example.org", "address": {"country": "NL"}, "sub": "x"});
        let granted = json!({"grant_scope": ["openid", "offline", "profile"], "grant_access_token_audience": audience,
            "session": {"id_token": claims, "access_token": {"tenant": 7}}});
        let callback = grant(&replay, &start, login, granted).await;
        let code = token(&format!("jwt-{kind}-code"));
        let tokens = if replay.has(&code) {
            replay.learn_header(&code, "Authorization", &app.basic);
            replay.learn_field(&code, "code", &parameter(&callback, "code").unwrap());
            replay.same_but(&code, &[]).await.json()
        } else {
            app.tokens(&replay, &callback).await
        };
        let bearer = format!("Bearer {}", text(&tokens, "access_token"));
        let refresh = token(&format!("jwt-{kind}-refresh"));
        replay.learn_header(&refresh, "Authorization", &app.basic);
        replay.learn_field(&refresh, "refresh_token", &text(&tokens, "refresh_token"));
        if kind == "both" {
            for name in ["getOidcUserInfo.jwt-both", "getOidcUserInfo.jwt-plain"] {
                replay.learn_header(name, "Authorization", &bearer);
                // It names the client, which differs from recording to recording.
                replay.same_but(name, &["0", "aud"]).await;
            }
        }
        replay.same(&[&refresh]).await;
    }
    // Tokens that the browser itself brings.
    let types = json!(["id_token token", "code id_token token"]);
    let changes =
        json!({"response_types": types, "grant_types": ["implicit", "authorization_code"], "scope": "openid"});
    for (case, types) in [("jwt-implicit", "id_token+token"), ("jwt-hybrid", "code+id_token+token")] {
        let name = format!("performOAuth2AuthorizationFlow.{case}");
        let app = App::of_code(&mut replay, &name, changes.clone()).await;
        let start = app.start(&replay, &format!("response_type={types}&scope=openid&nonce=nonce-0123456789"));
        let page = replay.follow(&start).await;
        let page = sign_in(&replay, &page, json!({"subject": "ida@example.org"})).await;
        let reply = consent(&replay, &page, json!({"grant_scope": ["openid"]})).await;
        let recording = replay.recorded(&name).clone();
        replay.compare(&name, &recording, &reply, &[]);
    }
    replay.same(&["adminIntrospectOAuth2Token.jwt-forged"]).await;
    let wrong = "revokeOAuth2Token.jwt";
    let app = App::new(&replay, &machine).await;
    replay.learn_header(wrong, "Authorization", &basic(&app.id, "x"));
    replay.same(&[wrong]).await;
    replay.finish()
}
