//! Two services: Reports asks Stock what is there, with a token of its own that Hydra issues. Stock asks Hydra whose token it
//! is. Both run here, beside the stand-in for Hydra.
//!
//! ```text
//! cargo run --example service_tokens
//! ```

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Router, routing::get};
use ory_sdk::testing::{Fault, StandIn};
use ory_sdk::tokens::{ClientCredentials, TokenErrorKind};
use ory_sdk::{Client, Secret};
use serde_json::json;

/// What Stock answers whoever has a token with the scope `stock.read`.
async fn items(State(ory): State<Client>, headers: HeaderMap) -> Result<&'static str, StatusCode> {
    let value = headers.get("authorization").and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| value.strip_prefix("Bearer ")).ok_or(StatusCode::UNAUTHORIZED)?;
    let token = ory.admin_introspect_oauth2_token().body_map(|body| body.token(token)).await;
    let token = token.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    if !token.active {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let mut scope = token.scope.as_deref().unwrap_or_default().split(' ');
    if scope.any(|scope| scope == "stock.read") { Ok("3 lamps, 5 chairs") } else { Err(StatusCode::FORBIDDEN) }
}

/// Reports asks Stock. If Stock refuses the token, it tries another one.
async fn report(tokens: &ClientCredentials, stock: &str) -> Result<String, Box<dyn std::error::Error>> {
    let http = reqwest::Client::new();
    let token = tokens.token().await?;
    let response = http.get(stock).header("authorization", bearer(&token)?).send().await?;
    if response.status() != StatusCode::UNAUTHORIZED {
        return Ok(response.error_for_status()?.text().await?);
    }
    let other = tokens.token_after(&token).await?;
    let response = http.get(stock).header("authorization", bearer(&other)?).send().await?;
    Ok(response.error_for_status()?.text().await?)
}

/// A header value that no log shows.
fn bearer(token: &Secret) -> Result<http::HeaderValue, http::header::InvalidHeaderValue> {
    let mut value = http::HeaderValue::try_from(format!("Bearer {}", token.expose()))?;
    value.set_sensitive(true);
    Ok(value)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ory = StandIn::start().await?;
    let admin = ory.client_builder().build()?;
    let registration = json!({"client_name": "Reports", "grant_types": ["client_credentials"], "scope": "stock.read"});
    let made = admin.admin_create_oauth2_client().json_body(registration).await?.into_body();
    let (id, secret) = (made.client_id.ok_or("no id")?, made.client_secret.ok_or("no secret")?);

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let stock = format!("http://{}/items", listener.local_addr()?);
    let service = Router::new().route("/items", get(items)).with_state(admin.clone());
    tokio::spawn(axum::serve(listener, service).into_future());

    let builder = ClientCredentials::builder(&admin).client_id(&id).client_secret(secret);
    let tokens = builder.scope(["stock.read"]).build()?;
    println!("Stock has {}", report(&tokens, &stock).await?);
    println!("Stock has {}", report(&tokens, &stock).await?);
    assert_eq!(ory.calls_of("perform_oauth2_token_flow")?.len(), 1, "the token is kept");

    // Somebody revokes the token. Reports gets another one, once.
    let old = tokens.token().await?;
    admin.admin_delete_oauth2_token().client_id(&id).await?;
    println!("Stock has {}, after the token was revoked", report(&tokens, &stock).await?);
    assert!(tokens.token().await? != old);
    assert_eq!(ory.calls_of("perform_oauth2_token_flow")?.len(), 2);

    // The same tokens in calls of this crate's client. The example `grpc_tokens` has them in those of tonic.
    let client = ory.client_builder().access_token_provider(tokens.clone()).build()?;
    println!("{} identities", client.admin_list_identities().await?.len());
    let token = tokens.token().await?;

    // While Hydra is away, the token that is there is good until it ends.
    ory.fail_all(Fault::status(StatusCode::SERVICE_UNAVAILABLE).always());
    assert!(tokens.token().await? == token);
    // A refusal leads to a request at most once a second.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let error = tokens.token_after(&token).await.err().ok_or("Hydra is away")?;
    assert_eq!(error.kind(), TokenErrorKind::Unavailable);
    println!("While Hydra is away: {error}");
    Ok(())
}
