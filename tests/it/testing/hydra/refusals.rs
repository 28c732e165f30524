//! Refusals of flows, compared with Hydra 2.0.3: 26.2.0 has the same texts, unless a comment says otherwise.

use serde_json::json;

use super::{App, Replay, Report, basic, consent, grant, sign_in, text};

pub async fn authorization() -> Report {
    let mut replay = Replay::start("hydra-2.0.3").await;
    let name = |case: &str| format!("performOAuth2AuthorizationFlow.{case}");
    let changes = json!({"response_types": ["code", "token", "id_token", "code id_token"],
        "grant_types": ["authorization_code", "refresh_token", "implicit"], "scope": "openid offline"});
    let app = App::of_code(&mut replay, &name("bad-scope"), changes).await;
    for case in [
        "bad-audience",
        "bad-client",
        "bad-consent-verifier",
        "bad-login-verifier",
        "bad-redirect-uri",
        "bad-response-mode",
        "bad-response-type",
        "bad-scope",
        "bad-max-age",
        "bad-prompt",
        "bad-code-challenge-method",
        "no-client",
        "no-response-type",
        "no-state",
        "short-state",
        "nothing",
        "prompt-none-login-required",
        "request-object",
    ] {
        replay.same(&[&name(case)]).await;
    }
    // How the answer comes back, in each way, and to another browser.
    let granted = || json!({"grant_scope": ["openid", "offline"]});
    for (case, more) in [
        ("fragment", "response_type=code&response_mode=fragment"),
        ("implicit", "response_type=token"),
        ("implicit-id-token", "response_type=id_token"),
        ("hybrid", "response_type=code%20id_token"),
    ] {
        let more = format!("{more}&scope=openid%20offline&nonce=nonce-0123456789");
        let callback = grant(&replay, &app.start(&replay, &more), json!({"subject": "frank"}), granted()).await;
        let recorded = replay.recorded(&name(case)).response.header("location").unwrap().to_owned();
        assert!(replay.same_urls(&recorded, &callback), "{case}: {callback} instead of {recorded}");
    }
    let page = replay.follow(&app.start(&replay, "response_type=code&scope=openid&response_mode=form_post")).await;
    let page = sign_in(&replay, &page, json!({"subject": "frank"})).await;
    let form = consent(&replay, &page, granted()).await;
    assert!(form.status == 200 && form.body.contains("name=\"code\" value=\"ory_ac_"), "{}", form.body);
    let page = replay.follow(&app.start(&replay, "response_type=code&scope=openid&response_mode=fragment")).await;
    let page = sign_in(&replay, &page, json!({"subject": "frank"})).await;
    replay.forget_cookies();
    let reply = consent(&replay, &page, granted()).await;
    let recorded = replay.recorded(&name("fragment-no-cookie")).response.header("location").unwrap().to_owned();
    assert_eq!(reply.header("location").unwrap(), recorded);
    replay.finish()
}

pub async fn exchanges() -> Report {
    let mut replay = Replay::start("hydra-2.0.3").await;
    let name = |case: &str| format!("performOAuth2TokenFlow.{case}");
    let post = json!({"token_endpoint_auth_method": "client_secret_post"});
    let app = App::of_code(&mut replay, "performOAuth2AuthorizationFlow.to-login", post).await;
    let made = replay
        .json(
            "PUT",
            &format!("/admin/clients/{}", app.id),
            &[],
            &json!({
                "client_secret": "a-new-secret", "token_endpoint_auth_method": "client_secret_post",
                "redirect_uris": ["http://127.0.0.1:5555/callback"], "scope": "openid offline profile",
                "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
            }),
        )
        .await;
    for case in ["code-post", "refresh"] {
        replay.learn_field(&name(case), "client_id", &app.id);
        replay.learn_field(&name(case), "client_secret", &text(&made, "client_secret"));
    }
    let start = app.start(&replay, "response_type=code&scope=openid%20offline");
    let session = json!({"access_token": {"tenant": 1}, "id_token": {"name": "Bob"}});
    let granted = json!({"grant_scope": ["openid", "offline"], "session": session});
    let callback = grant(&replay, &start, json!({"subject": "bob@example.org"}), granted).await;
    replay.learn_field(&name("code-post"), "code", &super::parameter(&callback, "code").unwrap());
    let tokens = replay.same_but(&name("code-post"), &[]).await.json();
    replay.learn_header(
        "getOidcUserInfo.claims",
        "Authorization",
        &format!("Bearer {}", text(&tokens, "access_token")),
    );
    let introspect = |case: &str| format!("adminIntrospectOAuth2Token.{case}");
    for case in ["active", "active-scope", "missing-scope", "active-refresh", "hint"] {
        replay.same(&[&introspect(case)]).await;
    }
    replay.same(&["getOidcUserInfo.claims", "getOidcUserInfo.refresh-token"]).await;
    let refreshed = replay.same_but(&name("refresh"), &[]).await.json();
    replay.same(&[&introspect("refreshed-away"), &name("refresh-less")]).await;
    // 26.2.0 says that it is no grant, and revokes what it gave.
    let again = replay
        .send(
            "POST",
            "/oauth2/token",
            &[],
            Some(&format!(
                "grant_type=refresh_token&client_id={}&client_secret=a-new-secret&refresh_token={}",
                app.id,
                text(&refreshed, "refresh_token")
            )),
        )
        .await;
    assert_eq!((again.status, text(&again.json(), "error").as_str()), (400, "invalid_grant"));
    assert!(text(&again.json(), "error_description").ends_with("All related tokens have been revoked."));
    replay.same(&["getOidcUserInfo.bad-token", "getOidcUserInfo.no-token", "getOidcUserInfo.by-basic"]).await;

    // A public client, with PKCE.
    let public = json!({"token_endpoint_auth_method": "none"});
    let app = App::of_code(&mut replay, "performOAuth2AuthorizationFlow.to-login", public).await;
    let pkce = "code_challenge=BhhFN1fe6L1ZWLJPE-GqKJYi6c6PKwvDq8V1lyAjIzQ&code_challenge_method=S256";
    for case in ["code-public", "code-bad-verifier", "code-no-verifier", "code-secret-of-public"] {
        let start = app.start(&replay, &format!("response_type=code&scope=openid%20offline&{pkce}"));
        let granted = json!({"grant_scope": ["openid", "offline"]});
        let callback = grant(&replay, &start, json!({"subject": "dora"}), granted).await;
        replay.learn_field(&name(case), "client_id", &app.id);
        replay.learn_field(&name(case), "code", &super::parameter(&callback, "code").unwrap());
        replay.same(&[&name(case)]).await;
        if case == "code-public" {
            replay.same(&[&name("refresh-public")]).await;
        }
    }
    replay.finish()
}

/// Login, consent and logout requests that are not there, or badly answered.
pub async fn requests() -> Report {
    let mut replay = Replay::start("hydra-2.0.3").await;
    for kind in ["Login", "Consent"] {
        for verb in ["Get", "Accept", "Reject"] {
            for case in ["no-challenge", "not-found"] {
                replay.same(&[&format!("admin{verb}OAuth2{kind}Request.{case}")]).await;
            }
        }
    }
    for verb in ["Get", "Accept", "Reject"] {
        for case in ["no-challenge", "not-found"] {
            replay.same(&[&format!("admin{verb}OAuth2LogoutRequest.{case}")]).await;
        }
    }
    let app = App::of_code(&mut replay, "performOAuth2AuthorizationFlow.to-login", json!({})).await;
    let page = replay.follow(&app.start(&replay, "response_type=code&scope=openid")).await;
    for case in ["no-body", "no-subject", "wrong-type"] {
        let name = format!("adminAcceptOAuth2LoginRequest.{case}");
        replay.learn_parameter(&name, "login_challenge", &page);
        replay.same(&[&name]).await;
    }
    let page = sign_in(&replay, &page, json!({"subject": "gina"})).await;
    for case in ["no-body", "wrong-type"] {
        let name = format!("adminAcceptOAuth2ConsentRequest.{case}");
        replay.learn_parameter(&name, "consent_challenge", &page);
        replay.same(&[&name]).await;
    }
    let logout = |case: &str| format!("performOidcFrontOrBackChannelLogout.{case}");
    replay.forget_cookies();
    replay.same(&[&logout("nobody"), &logout("redirect-without-hint"), &logout("bad-verifier")]).await;
    replay
        .same(&[
            "adminDeleteOAuth2Token.no-client-id",
            "adminDeleteOAuth2Token.unknown-client",
            "adminRevokeOAuth2ConsentSessions.unknown",
            "adminRevokeOAuth2LoginSessions.unknown",
        ])
        .await;
    replay.finish()
}

/// Assertions of a trusted issuer.
pub async fn assertions() -> Report {
    let mut replay = Replay::start("hydra-2.0.3").await;
    let name = |case: &str| format!("performOAuth2TokenFlow.{case}");
    let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    let body = json!({"grant_types": [grant], "scope": "openid offline"});
    let made = replay.json("POST", "/admin/clients", &[], &body).await;
    replay.learn_header(
        &name("jwt-bearer"),
        "Authorization",
        &basic(&text(&made, "client_id"), &text(&made, "client_secret")),
    );
    let keys = replay
        .json("POST", "/admin/keys/issuer", &[], &json!({"alg": "RS256", "kid": "issuer-key", "use": "sig"}))
        .await;
    let key = keys["keys"][0].clone();
    let public = json!({"kty": "RSA", "kid": "issuer-key", "alg": "RS256", "use": "sig", "n": key["n"], "e": "AQAB"});
    let trusted = json!({"issuer": "https://issuer.example.org", "subject": "mike@example.org", "scope": ["openid"],
        "jwk": public, "expires_at": "2099-01-01T00:00:00Z"});
    replay.json("POST", "/admin/trust/grants/jwt-bearer/issuers", &[], &trusted).await;
    let endpoint = format!("{}/oauth2/token", replay.stand_in.url());
    for (case, claim, value) in [
        ("jwt-bearer", "iss", json!("https://issuer.example.org")),
        ("jwt-bearer-audience", "aud", json!("https://other.example.org")),
        ("jwt-bearer-expired", "exp", json!(1_700_000_000)),
        ("jwt-bearer-issuer", "iss", json!("https://evil.example.org")),
        ("jwt-bearer-subject", "sub", json!("other@example.org")),
    ] {
        let draft = replay.stand_in.access_token().subject("mike@example.org").audience([endpoint.clone()]);
        let draft = draft.claim("iss", "https://issuer.example.org").claim(claim, value).signed_with(&key).unwrap();
        let assertion = draft.sign();
        replay.learn_field(&name(case), "assertion", &assertion);
        if case == "jwt-bearer-issuer" || case == "jwt-bearer-subject" {
            // The text names the claims of the recorded assertion.
            replay.same_but(&name(case), &["error_description"]).await;
        } else {
            replay.same(&[&name(case)]).await;
        }
        if case == "jwt-bearer" {
            replay.same(&[&name("jwt-bearer-again")]).await;
        }
    }
    replay.same(&[&name("jwt-bearer-missing")]).await;
    replay.finish()
}
