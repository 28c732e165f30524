//! Pages of the OAuth2 provider, tokens, and the requests that login, consent and logout pages accept or reject.

mod challenges;
mod device;
mod pages;
mod sessions;
mod tokens;

use chrono::{DateTime, Utc};

use crate::requests::{Seen, Wire};

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    let client = wire.loaded();
    pages::discovery(&mut wire, &client).await;
    pages::authorization_page(&mut wire, &client).await;
    pages::logout_page(&mut wire, &client).await;
    tokens::tokens(&mut wire, &client).await;
    tokens::userinfo(&mut wire, &client).await;
    device::devices(&mut wire, &client).await;
    device::credentials(&mut wire, &client).await;
    challenges::login_requests(&mut wire, &client).await;
    challenges::consent_requests(&mut wire, &client).await;
    challenges::logout_requests(&mut wire, &client).await;
    sessions::sessions(&mut wire, &client).await;
    sessions::issuers(&mut wire, &client).await;
    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

/// In a query it is encoded as `c%2B%2F%3D`.
pub const CHALLENGE: &str = "c+/=";

pub fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}
