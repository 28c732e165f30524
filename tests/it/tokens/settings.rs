//! Settings that are refused, and those of contracts without the endpoints.

use std::io;

use ory_sdk::Client;
use ory_sdk::tokens::{ClientCredentials, CodeFlow, DeviceFlow, PendingSignIn, RefreshTokens};

fn client() -> Client {
    Client::builder().hydra_public_url("http://127.0.0.1:9").build().unwrap()
}

#[track_caller]
fn refused<T: std::fmt::Debug>(built: Result<T, impl std::fmt::Display>, text: &str) {
    let why = built.unwrap_err().to_string();
    assert!(why.contains(text), "{why:?} lacks {text:?}");
    assert!(!why.contains("hunter2"), "{why}");
}

#[test]
fn client_credentials() {
    let client = client();
    let builder = || ClientCredentials::builder(&client).client_id("reports").client_secret("hunter2");
    assert!(builder().build().is_ok());
    refused(ClientCredentials::builder(&client).client_id("reports").build(), "`client_secret` is missing");
    refused(builder().client_secret("").build(), "`client_secret` is empty");
    refused(builder().client_id(" ").build(), "`client_id` is empty");
    for scope in ["", "read write", "a\"b", "a\\b", "é", "a\nb"] {
        refused(builder().scope([scope]).build(), "`scope`: expected words");
        refused(builder().audience([scope]).build(), "`audience`: expected words");
    }
    let kratos = Client::builder().kratos_public_url("http://127.0.0.1:9").build().unwrap();
    refused(ClientCredentials::builder(&kratos).client_id("x").client_secret("y").build(), "set `hydra_public_url`");
}

#[test]
fn refresh_tokens() {
    let client = client();
    let builder = || RefreshTokens::builder(&client).client_id("app").refresh_token("hunter2");
    let stored = || builder().store(|_| async { Ok::<_, io::Error>(()) });
    assert!(stored().build().is_ok());
    refused(builder().build(), "`store` is missing");
    refused(stored().refresh_token("").build(), "`refresh_token` is missing");
    refused(stored().client_id("").build(), "`client_id` is empty");
    refused(RefreshTokens::builder(&client).client_id("app").build(), "`refresh_token` is missing");
}

#[test]
fn code_flows() {
    let client = client();
    let builder = || CodeFlow::builder(&client).client_id("shop").redirect_uri("https://shop.example/callback");
    let flow = builder().build().unwrap();
    refused(CodeFlow::builder(&client).client_id("shop").build(), "`redirect_uri` is missing");
    refused(builder().redirect_uri("/callback").build(), "`redirect_uri`: expected an absolute URL");
    refused(builder().redirect_uri("https://x/#y").build(), "`redirect_uri`: expected a URL without a fragment");
    refused(builder().issuer("auth.example.org").build(), "`issuer`: expected an absolute URL");
    refused(builder().scope(["openid email"]).build(), "`scope`");
    refused(builder().client_secret("").build(), "`client_secret` is empty");
    for own in ["state", "nonce", "redirect_uri", "code_challenge", "client_secret", "scope"] {
        refused(builder().options(|it| it.parameter(own, "hunter2")).build(), "belongs to the flow");
        refused(flow.authorization_url_with(|it| it.parameter(own, "hunter2")), "belongs to the flow");
    }
    refused(builder().options(|it| it.parameter("", "x")).build(), "has an empty name");
    refused(flow.authorization_url_with(|it| it.prompt(["login consent"])), "`prompt`: expected words");
    refused(PendingSignIn::parse("hunter2"), "expected the text of `PendingSignIn::to_text`, not one of 7 bytes");
    // Apps have schemes of their own.
    assert!(builder().redirect_uri("com.example.app:/callback").build().is_ok());
}

#[test]
fn device_flows() {
    let client = client();
    assert!(DeviceFlow::builder(&client).client_id("tv").build().is_ok());
    refused(DeviceFlow::builder(&client).build(), "`client_id` is empty");
    refused(DeviceFlow::builder(&client).client_id("tv").scope([" "]).build(), "`scope`");
}
