//! Token providers: when they are called, and with what.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ory_sdk::credentials::{TokenFuture, TokenProvider};
use ory_sdk::{Client, Secret};
use serde_json::json;

use crate::support::server::{Reply, Server};

struct Vault;

impl TokenProvider for Vault {
    fn token(&self, refused: Option<&Secret>) -> TokenFuture<'_> {
        let token = if refused.is_some() { "fresh" } else { "stale" };
        Box::pin(async move { Ok(token.into()) })
    }
}

#[tokio::test]
async fn a_provider_is_asked_once_more_after_a_401() {
    let server = Server::start(|request| match request.header("authorization") {
        Some("Bearer fresh") => Reply::json(200, &json!([])),
        _ => Reply::json(401, &json!({"error": {"code": 401}})),
    })
    .await;
    let builder = || Client::builder().kratos_admin_url(server.url());
    let client = builder().access_token_provider(Vault).build().unwrap();
    assert!(client.admin_list_identities().send().await.unwrap().is_empty());
    let seen = server.seen();
    let tokens: Vec<_> = seen.iter().map(|request| request.header("authorization").unwrap()).collect();
    assert_eq!(tokens, ["Bearer stale", "Bearer fresh"]);
    // There is no other token to try in place of a fixed one, so a 401 stays a 401.
    let fixed = builder().access_token("stale").build().unwrap();
    assert!(fixed.admin_list_identities().send().await.unwrap_err().is_unauthorized());
    assert_eq!(server.seen().len(), 3);
}

/// Counts its calls, for the caller to check afterwards.
#[derive(Default)]
struct Counting(AtomicUsize);

impl TokenProvider for Counting {
    fn token(&self, refused: Option<&Secret>) -> TokenFuture<'_> {
        assert!(refused.is_none());
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Box::pin(async move { Ok(format!("token-{number}").into()) })
    }
}

#[tokio::test]
async fn a_provider_may_be_shared() {
    let server = Server::always(Reply::json(200, &json!([]))).await;
    let shared = Arc::new(Counting::default());
    let builder = || Client::builder().kratos_admin_url(server.url());
    let client = builder().access_token_provider(Arc::clone(&shared)).build().unwrap();
    client.admin_list_identities().await.unwrap();
    assert_eq!(shared.0.load(Ordering::SeqCst), 1);
    assert_eq!(server.take().header("authorization"), Some("Bearer token-1"));
    // A trait object works too.
    let dynamic: Arc<dyn TokenProvider> = Arc::clone(&shared) as _;
    let client = builder().access_token_provider(dynamic).build().unwrap();
    client.admin_list_identities().await.unwrap();
    assert_eq!(shared.0.load(Ordering::SeqCst), 2);
    assert_eq!(server.take().header("authorization"), Some("Bearer token-2"));
}
