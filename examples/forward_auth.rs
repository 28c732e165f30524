//! A service that answers a proxy whether a request may pass: the guide `behind_a_proxy` has configurations for nginx, Traefik
//! and Envoy.
//!
//! ```text
//! cargo run --example forward_auth            # asks itself, on a stand-in for Kratos
//! cargo run --example forward_auth -- serve   # serves on port 8081: set ORY_KRATOS_PUBLIC_URL and PUBLIC_URL
//! ```

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use ory_sdk::Client;
use ory_sdk::error::InvalidSetting;
use ory_sdk::sessions::Sessions;
use ory_sdk::testing::StandIn;
use ory_sdk::web::{ForwardAuth, SessionLayer};

fn app(ory: &Client, public_url: &str) -> Result<Router, InvalidSetting> {
    let sessions = Sessions::builder(ory).max_age(Duration::from_secs(5)).build()?;
    let layer = SessionLayer::builder(&sessions).public_url(public_url).build()?;
    let check = ForwardAuth::nginx(&layer).prefix("/check")?.header("X-User-Email", |person| {
        let traits: serde_json::Value = person.traits().ok()?;
        Some(traits["email"].as_str()?.to_owned())
    })?;
    Ok(Router::new().route_service("/check/", check.clone()).route_service("/check/{*path}", check))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    if std::env::args().any(|argument| argument == "serve") {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:8081").await?;
        return Ok(axum::serve(listener, app(&Client::from_env()?, &std::env::var("PUBLIC_URL")?)?).await?);
    }
    let ory = StandIn::start().await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/check/orders?page=2", listener.local_addr()?);
    let app = app(&ory.client_builder().build()?, "https://app.example.org")?;
    tokio::spawn(axum::serve(listener, app).into_future());

    let ada = ory.sign_in("ada@example.org");
    for (who, cookie, forged) in
        [("nobody", "", "admin@example.org"), ("Ada", ada.cookie().expose(), "admin@example.org")]
    {
        let question = reqwest::Client::new().get(&url).header("sec-fetch-mode", "navigate");
        let answer = question.header("cookie", cookie).header("x-user-email", forged).send().await?;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("-");
        println!(
            "{who}: {}, X-User-Email: {}, Location: {}",
            answer.status(),
            header("x-user-email"),
            header("location")
        );
        let expected = if who == "Ada" { (StatusCode::OK, "ada@example.org") } else { (StatusCode::UNAUTHORIZED, "-") };
        assert_eq!((answer.status(), header("x-user-email")), expected);
    }
    Ok(())
}
