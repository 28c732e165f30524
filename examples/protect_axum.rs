//! A service on axum that knows who is signed in: pages for everybody, for those who are signed in, and for administrators.
//!
//! ```text
//! cargo run --example protect_axum            # visits itself, on a stand-in for Kratos
//! cargo run --example protect_axum -- serve   # serves on port 3000: set ORY_KRATOS_PUBLIC_URL
//! ```

use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::{get, post};
use ory_sdk::Client;
use ory_sdk::error::InvalidSetting;
use ory_sdk::sessions::Sessions;
use ory_sdk::testing::{Fault, StandIn};
use ory_sdk::web::axum::{Person, Recent, Traits};
use ory_sdk::web::{Guard, SessionLayer};
use serde_json::json;
use tower_http::csrf::CsrfLayer;

#[derive(serde::Deserialize)]
struct Profile {
    email: String,
}

async fn home(person: Option<Person>) -> String {
    person.map_or("Hello, whoever you are".to_owned(), |Person(person)| format!("Hello {}", person.identity().id))
}

async fn account(Person(person): Person, Traits(profile): Traits<Profile>) -> String {
    format!("{}, signed in at {:?}", profile.email, person.authenticated_at)
}

async fn delete_account(Recent(person): Recent<600>) -> String {
    format!("{} would be gone now", person.identity().id)
}

fn app(ory: &Client) -> Result<Router, InvalidSetting> {
    let sessions = Sessions::builder(ory).max_age(Duration::from_secs(5)).build()?;
    let layer = SessionLayer::builder(&sessions).public_url("http://127.0.0.1:3000").build()?;
    let admin = Router::new().route("/users", get(|| async { "all users" })).layer(Guard::signed_in().second_factor());
    Ok(Router::new()
        .route("/", get(home))
        .route("/account", get(account))
        .route("/account/delete", post(delete_account))
        .nest("/admin", admin)
        .layer(layer)
        // Forms that pages of other sites post.
        .layer(CsrfLayer::new()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    if std::env::args().any(|argument| argument == "serve") {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
        return Ok(axum::serve(listener, app(&Client::from_env()?)?).await?);
    }
    let ory = StandIn::start().await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(axum::serve(listener, app(&ory.client_builder().build()?)?).into_future());
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let visit = |path: &str, cookie: &str| {
        let request = browser.get(format!("{url}{path}")).header("cookie", cookie);
        request.header("sec-fetch-mode", "navigate").send()
    };

    ory.person("ada@example.org").traits(json!({"name": {"first": "Ada"}})).create();
    let ada = ory.sign_in("ada@example.org");
    let cookie = ada.cookie().expose();
    println!("/ without a session:        {}", visit("/", "").await?.text().await?);
    println!("/ with one:                 {}", visit("/", cookie).await?.text().await?);
    println!("/account:                   {}", visit("/account", cookie).await?.text().await?);
    for (path, cookie) in [("/account?tab=keys", ""), ("/admin/users", cookie)] {
        let response = visit(path, cookie).await?;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        println!("{path:27} → {}", response.headers()[header::LOCATION].to_str()?);
    }
    let delete = browser.post(format!("{url}/account/delete")).header("cookie", cookie);
    assert_eq!(delete.try_clone().ok_or("no body")?.send().await?.status(), StatusCode::OK);
    assert_eq!(delete.header("sec-fetch-site", "cross-site").send().await?.status(), StatusCode::FORBIDDEN);
    ory.fail("to_session", Fault::status(StatusCode::BAD_GATEWAY).html().always())?;
    let bob = ory.sign_in("bob@example.org");
    println!("/account in an outage:      {}", visit("/account", bob.cookie().expose()).await?.status());
    println!("calls of Kratos:            {}", ory.calls_of("to_session")?.len());
    Ok(())
}
