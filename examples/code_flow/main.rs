//! An application whose people sign in with Hydra: the code flow, and a refresh token that is kept. The browser of a person,
//! the login and consent app, and the stand-in for Kratos and Hydra run here too.
//!
//! ```text
//! cargo run --example code_flow
//! ```

#[path = "../support/browser.rs"]
mod browser;
mod shop;

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Response, request::Parts};
use axum::{Router, routing::any};
use browser::Browser;
use ory_sdk::testing::StandIn;
use ory_sdk::tokens::{CodeFlow, RefreshTokens};
use ory_sdk::web::provider::Provider;
use ory_sdk::{Client, Secret};
use serde_json::json;
use shop::Shop;

/// The login and consent app: another guide is about it.
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
    let consent = Router::new().route("/{page}", any(pages)).with_state((client.clone(), provider));

    let mut shop = json!({"redirect_uris": [format!("{url}/callback")], "scope": "openid offline_access"});
    shop["grant_types"] = json!(["authorization_code", "refresh_token"]);
    let made = client.admin_create_oauth2_client().json_body(shop).await?.into_body();
    let (id, secret) = (made.client_id.ok_or("no id")?, made.client_secret.ok_or("no secret")?);
    let builder = CodeFlow::builder(&client).client_id(&id).client_secret(&secret).scope(["openid", "offline_access"]);
    let flow = builder.redirect_uri(format!("{url}/callback")).build()?;
    let kept = Arc::new(Mutex::new(None));
    let shop = Shop { flow, kept: Arc::clone(&kept) }.app();
    tokio::spawn(axum::serve(listener, shop.merge(consent)).into_future());

    println!("Ada signs in:");
    let ada = ory.sign_in("ada@example.org");
    let mut browser = Browser::new(ada.cookie().expose())?;
    let question = browser.open(&format!("{url}/sign-in")).await?;
    let answer = question.consent(&["openid", "offline_access"]).ok_or("no question")?;
    let welcome = browser.submit(&question, answer).await?;
    assert_eq!(welcome.text, "Welcome");
    println!("A browser that did not begin the sign-in:");
    assert!(Browser::new("")?.open(&welcome.url).await?.text.contains("a pending sign-in"));

    let tokens = kept.lock().map_err(|_| "the database is broken")?.clone().ok_or("no tokens")?;
    let person = client.with_oauth2_token(&tokens.access_token).get_oidc_user_info().await?;
    let subject = person.json().and_then(|person| person.sub.clone());
    println!("The Shop knows that it is {subject:?}");

    // Days later: the refresh token gives another access token, and the new refresh token is kept before it is used.
    let database = Arc::clone(&kept);
    let refresh: &Secret = tokens.refresh_token.as_ref().ok_or("no refresh token")?;
    let builder = RefreshTokens::builder(&client).client_id(&id).client_secret(&secret).refresh_token(refresh);
    let ada = builder.store(move |tokens| {
        let kept = database.lock().map(|mut kept| *kept = Some(tokens)).map_err(|_| "the database is broken");
        async move { kept }
    });
    let token = ada.build()?.token().await?;
    let stored = kept.lock().map_err(|_| "the database is broken")?.clone().ok_or("no tokens")?;
    assert!(stored.access_token == token && stored.refresh_token.as_ref() != Some(refresh));
    let again = client.with_oauth2_token(&token).get_oidc_user_info().await?;
    assert_eq!(again.json().and_then(|person| person.sub.clone()), subject);
    println!("and still does after a refresh.");
    Ok(())
}
