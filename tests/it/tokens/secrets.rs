//! No token, code or secret shows in `Debug`, `Display`, errors or traces.

use std::fmt::Write;
use std::io;

use ory_sdk::tokens::{
    AuthorizationOptions, BearerLayer, ClientAuth, ClientCredentials, CodeFlow, DeviceFlow, RefreshTokens,
};
use serde_json::json;
use tower::Layer;

use super::support::{Hydra, refusal};
use crate::support::server::Reply;

/// What must not show.
const SECRETS: [&str; 4] = ["hunter2", "ory_at_", "ory_rt_", "ory_ac_"];

#[track_caller]
fn is_clean(shown: &str, more: &[&str]) {
    for secret in SECRETS.iter().chain(more) {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

fn show(shown: &mut String, error: &(impl std::error::Error + 'static)) {
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        writeln!(shown, "{error} {error:?}").unwrap();
        next = error.source();
    }
}

fn secret_tokens() -> Reply {
    let body =
        json!({"access_token": "ory_at_1", "refresh_token": "ory_rt_1", "id_token": "a.hunter2.c", "expires_in": 60});
    Reply::json(200, &body)
}

#[tokio::test]
async fn nothing_shows() {
    let captured = crate::transport::traces::Captured::install();
    let hydra = Hydra::start(|_, request| match &*request.target {
        "/oauth2/device/auth" => Reply::json(
            200,
            &json!({"device_code": "ory_dc_hunter2", "user_code": "hunter2-user", "verification_uri": "https://x/v",
                "verification_uri_complete": "https://x/v?user_code=hunter2-user", "expires_in": 600, "interval": 1}),
        ),
        _ => secret_tokens(),
    })
    .await;
    let client = hydra.client();
    let mut shown = String::new();
    for auth in [ClientAuth::Basic, ClientAuth::Post] {
        let builder = ClientCredentials::builder(&client).client_id("app").client_secret("hunter2").client_auth(auth);
        write!(shown, "{builder:?}").unwrap();
        let tokens = builder.build().unwrap();
        tokens.token().await.unwrap();
        let layer = BearerLayer::new(tokens.clone());
        write!(shown, "{tokens:?} {:?} {layer:?} {:?}", tokens.authorization().await.unwrap(), layer.layer(()))
            .unwrap();
    }
    let builder = RefreshTokens::builder(&client).client_id("app").client_secret("hunter2").refresh_token("ory_rt_0");
    let builder = builder.store(|_| async { Ok::<_, io::Error>(()) });
    write!(shown, "{builder:?}").unwrap();
    let ada = builder.build().unwrap();
    write!(shown, "{ada:?}").unwrap();
    ada.token().await.unwrap();
    write!(shown, "{ada:?}").unwrap();

    let builder = CodeFlow::builder(&client).client_id("app").client_secret("hunter2").scope(["openid"]);
    let builder = builder.redirect_uri("https://shop.example/cb?key=hunter2");
    let builder = builder.options(|it| it.login_hint("hunter2").parameter("key", "hunter2"));
    write!(shown, "{builder:?} {:?}", AuthorizationOptions::default().parameter("a", "hunter2")).unwrap();
    let flow = builder.build().unwrap();
    let begun = flow.authorization_url().unwrap();
    let random: Vec<String> = ["state", "nonce", "code_challenge"].map(|name| begun.url.query(name).unwrap()).into();
    let verifier = begun.pending.to_text().expose().split('.').nth(2).unwrap().to_owned();
    let tokens = flow.finish(&begun.pending, &format!("code=ory_ac_1&state={}", random[0])).await.unwrap();
    write!(shown, "{flow:?} {begun:?} {:?} {} {tokens:?}", begun.pending, begun.url).unwrap();

    let builder = DeviceFlow::builder(&client).client_id("app").client_secret("hunter2");
    write!(shown, "{builder:?}").unwrap();
    let flow = builder.build().unwrap();
    let sign_in = flow.start().await.unwrap();
    sign_in.poll().await.unwrap();
    write!(shown, "{flow:?} {sign_in:?} {}", sign_in.verification_uri_complete().unwrap()).unwrap();

    let random: Vec<&str> = random.iter().map(String::as_str).chain([verifier.as_str()]).collect();
    is_clean(&shown, &random);
    let traced = captured.all().into_iter().map(|(name, value)| format!("{name}: {value}\n")).collect::<String>();
    assert!(traced.contains("performOAuth2TokenFlow"), "{traced}");
    is_clean(&traced, &random);
}

#[tokio::test]
async fn errors_show_nothing_either() {
    let mut shown = String::new();
    let replies = [
        refusal(400, "invalid_grant"),
        refusal(401, "invalid_client"),
        Reply::new(500, &[], "ory_at_1 hunter2"),
        Reply::new(200, &[], "ory_at_1 hunter2"),
        Reply::json(200, &json!({"access_token": ["ory_at_1"]})),
        Reply::json(200, &json!({"access_token": "ory_at_1", "token_type": "hunter2"})),
        Reply::json(200, &json!({"access_token": "ory_at_1", "expires_in": "hunter2"})),
        Reply::json(200, &json!({"access_token": "ory_at_1\n"})),
        Reply::json(200, &json!({"access_token": "ory_at_1", "refresh_token": {"a": "hunter2"}})),
        Reply::new(302, &[("Location", "https://x/?code=ory_ac_1")], ""),
    ];
    for reply in replies {
        let hydra = Hydra::start(move |_, _| reply.clone()).await;
        show(&mut shown, &hydra.credentials().token().await.unwrap_err());
        let builder = RefreshTokens::builder(&hydra.client()).client_id("app").refresh_token("ory_rt_0");
        let ada = builder.store(|_| async { Ok::<_, io::Error>(()) }).build().unwrap();
        show(&mut shown, &ada.token().await.unwrap_err());
        let flow = CodeFlow::builder(&hydra.client()).client_id("app").redirect_uri("https://x/cb").build().unwrap();
        let begun = flow.authorization_url().unwrap();
        let state = begun.url.query("state").unwrap();
        let error = flow.finish(&begun.pending, &format!("code=ory_ac_hunter2&state={state}")).await.unwrap_err();
        show(&mut shown, &error);
        is_clean(&shown, &[&state]);
        let error = flow.finish(&begun.pending, "code=ory_ac_hunter2&state=hunter2").await.unwrap_err();
        show(&mut shown, &error);
        let device = DeviceFlow::builder(&hydra.client()).client_id("app").client_secret("hunter2").build().unwrap();
        show(&mut shown, &device.start().await.unwrap_err());
    }
    // Over plain http to another machine nothing is sent.
    let open = ory_sdk::Client::builder().hydra_public_url("http://auth.example.org").build().unwrap();
    let tokens = ClientCredentials::builder(&open).client_id("app").client_secret("hunter2").build().unwrap();
    let error = tokens.token().await.unwrap_err();
    assert!(error.to_string().contains("plain http"), "{error}");
    show(&mut shown, &error);
    is_clean(&shown, &[]);
}
