//! The login and consent app of an OAuth2 provider, and everybody around it: the stand-in for Kratos and Hydra, an
//! application that is called Shop, and the browser of a person who signs in there and out again.
//!
//! ```text
//! cargo run --example login_and_consent
//! ```

#[path = "support/browser.rs"]
mod browser;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Response, request::Parts};
use axum::{Router, routing::any};
use browser::Browser;
use ory_sdk::Client;
use ory_sdk::response::Location;
use ory_sdk::testing::StandIn;
use ory_sdk::types::PerformOAuth2TokenFlowBody;
use ory_sdk::web::provider::Provider;
use serde_json::json;

/// The whole app.
async fn pages(State((ory, provider)): State<(Client, Provider)>, request: Parts, form: Bytes) -> Response<String> {
    let session = ory.forwarding(&request.headers).to_session().await;
    provider.respond(&request, &form, &session).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let ory = StandIn::builder().self_service_url(&url).oauth2_url(&url).start().await?;
    let client = ory.client_builder().build()?;
    let provider = Provider::builder(&client).login_url(format!("{url}/login")).build()?;
    let app = Router::new().route("/{page}", any(pages)).with_state((client.clone(), provider));
    tokio::spawn(axum::serve(listener, app).into_future());

    let (callback, bye) = ("https://shop.example/callback", "https://shop.example/bye");
    let mut shop = json!({"redirect_uris": [callback], "post_logout_redirect_uris": [bye], "scope": "openid"});
    shop["token_endpoint_auth_method"] = "none".into();
    let shop = client.admin_create_oauth2_client().json_body(shop).await?.into_body().client_id.ok_or("no id")?;
    let ada = ory.sign_in("ada@example.org");
    let mut browser = Browser::new(ada.cookie().expose())?;

    println!("Ada signs in at the Shop:");
    let start = format!("{}/oauth2/auth?response_type=code&client_id={shop}&scope=openid&state=0123456789", ory.url());
    let question = browser.open(&format!("{start}&redirect_uri={callback}")).await?;
    println!("She allows it:");
    let answer = question.consent(&["openid"]).ok_or("no question")?;
    let shop_again = browser.submit(&question, answer).await?;
    let code = Location::from(shop_again.url).query("code").ok_or("no code")?;
    let body = PerformOAuth2TokenFlowBody::builder().grant_type("authorization_code").client_id(&shop);
    let tokens = client.perform_oauth2_token_flow().body(body.code(code).redirect_uri(callback)).await?;
    println!("She signs out there:");
    let hint = tokens.id_token.as_ref().ok_or("no ID token")?.expose();
    let leave = format!("{}/oauth2/sessions/logout?id_token_hint={hint}&post_logout_redirect_uri={bye}", ory.url());
    assert_eq!(browser.open(&leave).await?.url, bye);
    let after = client.with_cookies(ada.cookie()).to_session().await;
    assert!(after.is_err_and(|error| error.is_unauthorized()), "the session is over");
    println!("And nobody is signed in any more.");
    Ok(())
}
