//! The exact bytes of each request.

use ory_sdk::Client;
use ory_sdk::tokens::{ClientAuth, ClientCredentials, CodeFlow, DeviceFlow, RefreshTokens};
use serde_json::{Value, json};

use super::support::{Hydra, token};
use crate::support::recording::base64;
use crate::support::server::{Reply, Request};

fn client(hydra: &Hydra) -> Client {
    // Nobody's credential of this client goes with the requests.
    let builder = Client::builder().hydra_public_url(hydra.server.url()).access_token("ory_pat_admin");
    builder.build().unwrap().with_oauth2_token("ory_at_person").with_client_credentials("other", "other-secret")
}

/// The request as text, and its decoded Basic credential.
#[track_caller]
fn seen(request: &Request, path: &str) -> (String, Option<String>) {
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", path));
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert!(request.header("cookie").is_none() && request.header("x-session-token").is_none());
    let basic = request
        .header("authorization")
        .map(|value| String::from_utf8(base64(value.strip_prefix("Basic ").unwrap())).unwrap());
    (request.text().to_owned(), basic)
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[tokio::test]
async fn client_credentials() {
    let hydra = Hydra::of_life(3600).await;
    let client = client(&hydra);
    let builder = || ClientCredentials::builder(&client).client_id("a:b").client_secret("c d/é");
    builder().build().unwrap().token().await.unwrap();
    let basic = some("a%3Ab:c+d%2F%C3%A9");
    assert_eq!(
        seen(&hydra.server.take(), "/oauth2/token"),
        ("grant_type=client_credentials".to_owned(), basic.clone())
    );

    let scoped = builder().scope(["read", "write"]).audience(["https://api.example", "b"]).build().unwrap();
    scoped.token().await.unwrap();
    let form = "grant_type=client_credentials&scope=read+write&audience=https%3A%2F%2Fapi.example+b";
    assert_eq!(seen(&hydra.server.take(), "/oauth2/token"), (form.to_owned(), basic));

    builder().client_auth(ClientAuth::Post).build().unwrap().token().await.unwrap();
    let form = "grant_type=client_credentials&client_id=a%3Ab&client_secret=c+d%2F%C3%A9";
    assert_eq!(seen(&hydra.server.take(), "/oauth2/token"), (form.to_owned(), None));
}

#[tokio::test]
async fn refresh_tokens() {
    let hydra = Hydra::of_life(3600).await;
    let client = client(&hydra);
    let builder = || {
        let builder = RefreshTokens::builder(&client).client_id("app").refresh_token("ory_rt_&1");
        builder.store(|_| async { Ok::<_, std::io::Error>(()) })
    };
    builder().client_secret("hunter2").build().unwrap().token().await.unwrap();
    let form = "grant_type=refresh_token&refresh_token=ory_rt_%261";
    assert_eq!(seen(&hydra.server.take(), "/oauth2/token"), (form.to_owned(), some("app:hunter2")));
    builder().build().unwrap().token().await.unwrap();
    assert_eq!(seen(&hydra.server.take(), "/oauth2/token"), (format!("{form}&client_id=app"), None));
}

#[tokio::test]
async fn a_code() {
    let hydra = Hydra::of_life(3600).await;
    let client = client(&hydra);
    let flow = CodeFlow::builder(&client).client_id("shop").redirect_uri("https://shop.example/callback?x=1");
    let flow = flow.scope(["openid", "orders"]).build().unwrap();
    let begun = flow.authorization_url().unwrap();
    let state = begun.url.query("state").unwrap();
    flow.finish(&begun.pending, &format!("code=a%26b&scope=openid&state={state}")).await.unwrap();
    let text = begun.pending.to_text();
    let verifier = text.expose().split('.').nth(2).unwrap();
    let form = format!(
        "grant_type=authorization_code&code=a%26b&redirect_uri=https%3A%2F%2Fshop.example%2Fcallback%3Fx%3D1\
         &code_verifier={verifier}&client_id=shop"
    );
    assert_eq!(seen(&hydra.server.take(), "/oauth2/token"), (form, None));
}

#[tokio::test]
async fn a_device() {
    let codes = |interval: i64| {
        json!({"Header": null, "device_code": "ory_dc_&1", "user_code": "HjQT9PkY", "verification_uri": "https://x/verify",
            "verification_uri_complete": "https://x/verify?user_code=HjQT9PkY", "expires_in": 599, "interval": interval})
    };
    let hydra = Hydra::start(move |number, request| match &*request.target {
        "/oauth2/device/auth" => Reply::json(200, &codes(1)),
        _ => token(number, &Value::Null),
    })
    .await;
    let client = client(&hydra);
    let flow =
        DeviceFlow::builder(&client).client_id("tv").client_secret("hunter2").scope(["openid"]).audience(["a", "b"]);
    let sign_in = flow.build().unwrap().start().await.unwrap();
    // Hydra wants the id in the form too.
    let form = "scope=openid&audience=a+b&client_id=tv".to_owned();
    assert_eq!(seen(&hydra.server.seen()[0], "/oauth2/device/auth"), (form, some("tv:hunter2")));
    assert_eq!(sign_in.user_code().expose(), "HjQT9PkY");
    assert_eq!(sign_in.verification_uri(), &"https://x/verify");
    assert_eq!(sign_in.verification_uri_complete().unwrap().query("user_code").as_deref(), Some("HjQT9PkY"));
    assert!(sign_in.time_left() > std::time::Duration::from_secs(590));

    sign_in.poll().await.unwrap();
    let form = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=ory_dc_%261".to_owned();
    assert_eq!(seen(&hydra.server.seen()[1], "/oauth2/token"), (form, some("tv:hunter2")));
}

#[tokio::test]
async fn the_url_of_a_sign_in() {
    let hydra = Hydra::of_life(3600).await;
    let inside =
        Client::builder().hydra_public_url(hydra.server.url()).hydra_browser_url("https://auth.example.org/hydra");
    let inside = inside.build().unwrap();
    let flow =
        CodeFlow::builder(&inside).client_id("shop").client_secret("hunter2").redirect_uri("https://shop.example/cb");
    let flow = flow.scope(["openid", "offline_access"]).audience(["https://api.example"]);
    let flow =
        flow.options(|options| options.prompt(["login", "consent"]).parameter("tenant", "blue")).build().unwrap();
    let begun = flow
        .authorization_url_with(|options| {
            let options = options.max_age(std::time::Duration::from_secs(300)).login_hint("ada@example.org");
            options.ui_locales(["de", "en"])
        })
        .unwrap();
    let query = |name: &str| begun.url.query(name).unwrap();
    let (state, nonce, challenge) = (query("state"), query("nonce"), query("code_challenge"));
    assert!([&state, &nonce, &challenge].iter().all(|random| random.len() == 43));
    assert_eq!(begun.pending.nonce().unwrap().expose(), nonce);
    let expected = format!(
        "https://auth.example.org/hydra/oauth2/auth?response_type=code&client_id=shop&redirect_uri=https%3A%2F%2Fshop.example%2Fcb\
         &scope=openid+offline_access&audience=https%3A%2F%2Fapi.example&state={state}&nonce={nonce}\
         &code_challenge={challenge}&code_challenge_method=S256&prompt=login+consent&max_age=300\
         &login_hint=ada%40example.org&ui_locales=de+en&tenant=blue"
    );
    assert_eq!(begun.url.as_str(), expected);
    // Each is new, and what one asks for stays with it.
    let other = flow.authorization_url().unwrap();
    assert!(other.pending != begun.pending && other.url.query("login_hint").is_none());
    // Without `openid` there is no ID token, and so no nonce.
    let plain = CodeFlow::builder(&inside).client_id("shop").redirect_uri("https://shop.example/cb").build().unwrap();
    let plain = plain.authorization_url().unwrap();
    assert!(
        plain.url.query("nonce").is_none() && plain.url.query("scope").is_none() && plain.pending.nonce().is_none()
    );
    assert_eq!(hydra.calls(), 0);
}
