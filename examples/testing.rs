//! A service that greets whoever is signed in, and its test: without Ory, with an outage on demand.
//!
//! ```text
//! cargo run --example testing
//! ```

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use ory_sdk::Client;
use ory_sdk::testing::{Fault, StandIn};
use serde_json::json;

async fn greet(State(ory): State<Client>, headers: HeaderMap) -> Result<String, StatusCode> {
    match ory.forwarding(&headers).to_session().await {
        Ok(session) => {
            let traits = session.identity.as_ref().and_then(|identity| identity.traits.as_ref());
            Ok(format!("Hello {}!", traits.and_then(|traits| traits["name"]["first"].as_str()).unwrap_or("you")))
        }
        Err(error) if error.is_unauthorized() => Err(StatusCode::UNAUTHORIZED),
        // An outage signs nobody out.
        Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ory = StandIn::start().await?;
    ory.person("ada@example.org").traits(json!({"name": {"first": "Ada"}})).create();
    let ada = ory.sign_in("ada@example.org");

    let app = Router::new().route("/", get(greet)).with_state(ory.client_builder().build()?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    tokio::spawn(axum::serve(listener, app).into_future());
    let browser = reqwest::Client::new();
    let visit = |cookie: &str| browser.get(&url).header("cookie", cookie).send();

    let page = visit(ada.cookie().expose()).await?;
    assert_eq!((page.status(), page.text().await?), (StatusCode::OK, "Hello Ada!".to_owned()));
    assert_eq!(visit("").await?.status(), StatusCode::UNAUTHORIZED);

    ory.fail("to_session", Fault::status(StatusCode::BAD_GATEWAY).html().always())?;
    assert_eq!(visit(ada.cookie().expose()).await?.status(), StatusCode::SERVICE_UNAVAILABLE);
    ory.clear_faults();

    ory.revoke_session(ada.session_id());
    assert_eq!(visit(ada.cookie().expose()).await?.status(), StatusCode::UNAUTHORIZED);

    let calls = ory.calls_of("to_session")?;
    assert!(
        calls.iter().any(|call| call.headers().get("cookie").is_some_and(|cookie| cookie == ada.cookie().expose()))
    );
    println!("passed, with {} calls of to_session", calls.len());
    Ok(())
}
