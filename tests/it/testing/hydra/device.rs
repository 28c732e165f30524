//! The sign-in of devices, compared with Hydra 26.2.0.

use serde_json::{Value, json};

use crate::support::recording::Body;

use super::{App, Replay, Report, consent, sign_in, text};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn client(changes: Value) -> Value {
    let mut body = json!({
        "client_name": "Device",
        "grant_types": [GRANT, "refresh_token"],
        "response_types": ["code"],
        "scope": "openid offline profile",
        "audience": ["https://api.example.org"],
        "token_endpoint_auth_method": "none",
    });
    for (key, value) in changes.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

/// Starts the sign-in of a device, and returns its codes.
async fn start(replay: &Replay, app: &App, more: &str) -> Value {
    let form = format!("client_id={}&scope=openid+offline+profile{more}", app.id);
    let reply = replay.send("POST", "/oauth2/device/auth", &[("Authorization", &app.basic)], Some(&form)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

/// Enters the code of a device, and returns where the browser goes next.
async fn enter(replay: &Replay, codes: &Value) -> String {
    let page = replay.follow(&text(codes, "verification_uri_complete")).await;
    let challenge = super::parameter(&page, "device_challenge").unwrap();
    let path = format!("/admin/oauth2/auth/requests/device/accept?device_challenge={challenge}");
    let accepted = replay.json("PUT", &path, &[], &json!({"user_code": codes["user_code"]})).await;
    replay.follow(&text(&accepted, "redirect_to")).await
}

pub async fn device() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    let token = |case: &str| format!("performOAuth2TokenFlow.{case}");
    let app = App::new(&replay, &client(json!({}))).await;
    let codes = start(&replay, &app, "&audience=https%3A%2F%2Fapi.example.org").await;
    for name in ["device-pending", "device-pending-often"] {
        replay.learn_field(&token(name), "client_id", &app.id);
        replay.learn_field(&token(name), "device_code", &text(&codes, "device_code"));
        replay.same(&[&token(name)]).await;
    }
    let page = enter(&replay, &codes).await;
    replay.learn_parameter("adminAcceptOAuth2LoginRequest.way-login", "login_challenge", &page);
    let accepted = replay.same_but("adminAcceptOAuth2LoginRequest.way-login", &[]).await.json();
    let page = replay.follow(&text(&accepted, "redirect_to")).await;
    replay.learn_parameter("adminGetOAuth2ConsentRequest.device", "consent_challenge", &page);
    replay.same(&["adminGetOAuth2ConsentRequest.device"]).await;
    let accepted = replay.same_but("adminAcceptOAuth2ConsentRequest.device", &[]).await.json();
    let end = replay.follow(&text(&accepted, "redirect_to")).await;
    assert_eq!(end, format!("http://127.0.0.1:3000/device/success?client_id={}", app.id));
    let again = "performOAuth2DeviceVerificationFlow.consent-verifier-again";
    replay.learn_parameter(again, "consent_verifier", &text(&accepted, "redirect_to"));
    replay.same(&[again]).await;

    // A second use of the code leaves the tokens as they are.
    let form = format!("grant_type={GRANT}&client_id={}&device_code={}", app.id, text(&codes, "device_code"));
    let tokens = replay.send("POST", "/oauth2/token", &[], Some(&form)).await.json();
    let second = replay.send("POST", "/oauth2/token", &[], Some(&form)).await;
    assert_eq!((second.status, text(&second.json(), "error").as_str()), (400, "invalid_grant"));
    let introspect = "adminIntrospectOAuth2Token.device-after-reuse";
    replay.learn_field(introspect, "token", &text(&tokens, "access_token"));
    replay.same(&[introspect]).await;

    // A client with a secret, for a person who says yes once more.
    let app = App::new(&replay, &client(json!({"token_endpoint_auth_method": "client_secret_basic"}))).await;
    let codes = start(&replay, &app, "").await;
    let page = enter(&replay, &codes).await;
    let page = sign_in(&replay, &page, json!({"subject": "dave@example.org"})).await;
    consent(&replay, &page, json!({"grant_scope": ["openid", "offline"]})).await;
    let confidential = token("device-confidential");
    replay.learn_header(&confidential, "Authorization", &app.basic);
    replay.learn_field(&confidential, "device_code", &text(&codes, "device_code"));
    replay.same(&[&confidential, "adminIntrospectOAuth2Token.device"]).await;

    // A person who is remembered.
    let app = App::new(&replay, &client(json!({}))).await;
    let page = enter(&replay, &start(&replay, &app, "").await).await;
    let remembered = json!({"subject": "rita@example.org", "remember": true});
    let page = sign_in(&replay, &page, remembered).await;
    consent(&replay, &page, json!({"grant_scope": ["openid"]})).await;
    let codes = start(&replay, &app, "").await;
    let page = replay.follow(&text(&codes, "verification_uri")).await;
    let challenge = super::parameter(&page, "device_challenge").unwrap();
    let path = format!("/admin/oauth2/auth/requests/device/accept?device_challenge={challenge}");
    let accepted = replay.json("PUT", &path, &[], &json!({"user_code": codes["user_code"]})).await;
    let page = replay.follow(&text(&accepted, "redirect_to")).await;
    let request = "adminGetOAuth2LoginRequest.device-remembered";
    replay.learn_parameter(request, "login_challenge", &page);
    let Some(Body::Json(body)) = &replay.recorded(request).response.body else { panic!("{request} has no object") };
    let id = super::parameter(&text(body, "request_url"), "client_id").unwrap();
    replay.learn(&id, &app.id);
    replay.same(&[request]).await;
    replay.finish()
}

pub async fn refusals() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    let device = |case: &str| format!("oAuth2DeviceFlow.{case}");
    let verify = |case: &str| format!("performOAuth2DeviceVerificationFlow.{case}");
    let token = |case: &str| format!("performOAuth2TokenFlow.{case}");
    let accept = |case: &str| format!("acceptUserCodeRequest.{case}");
    let app = App::new(&replay, &client(json!({}))).await;
    replay.learn_field(&device("bad-audience"), "client_id", &app.id);
    let secret = client(json!({"token_endpoint_auth_method": "client_secret_basic"}));
    let confidential = App::new(&replay, &secret).await;
    replay.learn_header(&device("basic-only"), "Authorization", &confidential.basic);
    for case in
        ["bad-audience", "basic-only", "empty-client", "empty-form", "get", "no-client", "query", "unicode-client"]
    {
        replay.same(&[&device(case)]).await;
    }
    for case in ["json", "more", "user-code", "consent-verifier-only", "login-verifier-only"] {
        replay.same(&[&verify(case)]).await;
    }

    let codes = start(&replay, &app, "").await;
    replay.learn(&accepted_code(&replay, &accept("again")), &text(&codes, "user_code"));
    let page = replay.follow(&text(&codes, "verification_uri")).await;
    replay.learn_parameter(&accept("again"), "device_challenge", &page);
    for case in
        ["again", "broken", "empty-challenge", "empty-code", "list", "long-code", "no-body", "spaces", "unicode-code"]
    {
        replay.same(&[&accept(case)]).await;
    }
    let other = replay.follow(&text(&codes, "verification_uri")).await;
    replay.learn_parameter(&accept("other-browser"), "device_challenge", &other);
    let accepted = replay.same_but(&accept("other-browser"), &[]).await.json();
    replay.learn_parameter(&verify("verifier-again"), "device_verifier", &text(&accepted, "redirect_to"));
    replay.same(&[&verify("verifier-again")]).await;

    for name in ["adminRejectOAuth2LoginRequest.device", "adminRejectOAuth2ConsentRequest.device"] {
        let mut page = enter(&replay, &start(&replay, &app, "").await).await;
        let at_login = name.contains("Login");
        if !at_login {
            page = sign_in(&replay, &page, json!({"subject": "dora@example.org"})).await;
        }
        replay.learn_parameter(name, if at_login { "login_challenge" } else { "consent_challenge" }, &page);
        let rejected = replay.same_but(name, &["redirect_to"]).await.json();
        if !at_login {
            let name = verify("consent-rejected");
            replay.learn_parameter(&name, "consent_verifier", &text(&rejected, "redirect_to"));
            replay.same(&[&name]).await;
        }
    }

    for case in ["device-long", "device-not-a-code", "device-unicode"] {
        replay.learn_field(&token(case), "client_id", &app.id);
        replay.same(&[&token(case)]).await;
    }
    let without = App::new(&replay, &client(json!({"grant_types": ["refresh_token"]}))).await;
    let stranger = App::new(&replay, &client(json!({}))).await;
    let codes = start(&replay, &app, "").await;
    for (case, client) in [("device-no-grant", &without), ("device-other-client", &stranger)] {
        replay.learn_field(&token(case), "client_id", &client.id);
        replay.learn_field(&token(case), "device_code", &text(&codes, "device_code"));
        replay.same(&[&token(case)]).await;
    }
    let page = enter(&replay, &codes).await;
    let page = sign_in(&replay, &page, json!({"subject": "dora@example.org"})).await;
    consent(&replay, &page, json!({"grant_scope": ["openid"]})).await;
    replay.same(&[&token("device-other-client-accepted")]).await;

    // What ran out.
    replay.learn_field(&device("short-life"), "client_id", &app.id);
    let codes = replay.same_but(&device("short-life"), &[]).await.json();
    let page = replay.follow(&text(&codes, "verification_uri")).await;
    replay.stand_in.advance(std::time::Duration::from_secs(11 * 60));
    replay.learn_parameter(&accept("expired-code"), "device_challenge", &page);
    replay.same(&[&accept("expired-code"), &token("device-expired")]).await;
    replay.stand_in.advance(std::time::Duration::from_secs(20 * 60));
    replay.learn_parameter(&accept("expired-challenge"), "device_challenge", &page);
    replay.same(&[&accept("expired-challenge")]).await;
    replay.finish()
}

fn accepted_code(replay: &Replay, name: &str) -> String {
    let body = String::from_utf8(replay.recorded(name).request.body.as_ref().unwrap().bytes()).unwrap();
    text(&serde_json::from_str(&body).unwrap(), "user_code")
}
