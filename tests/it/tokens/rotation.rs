//! Tokens of a person at the stand-in, which revokes everything when a refresh token comes twice.

use std::io;
use std::time::Duration;

use ory_sdk::retry::Retry;
use ory_sdk::testing::Fault;
use ory_sdk::tokens::{CodeFlow, RefreshTokens, RefreshTokensBuilder, TokenErrorKind, Tokens};
use ory_sdk::{Client, Secret};
use serde_json::json;
use tokio::task::JoinSet;

use super::support::expose;
use crate::web::provider::browser::Browser;
use crate::web::provider::site::{CALLBACK, Site, allow};

const TOKEN: &str = "perform_oauth2_token_flow";

/// Somebody who signed in at the Shop.
async fn signed_in(site: &Site) -> (impl Fn() -> RefreshTokensBuilder, Tokens, Client) {
    let changes = json!({"token_endpoint_auth_method": "none", "scope": "openid offline"});
    let id = site.shop_with(changes).await.id;
    let client = site.ory.client_builder().retry(Retry::new().first_wait(Duration::from_millis(1))).build().unwrap();
    let flow = CodeFlow::builder(&client).client_id(&id).redirect_uri(CALLBACK).scope(["openid", "offline"]);
    let flow = flow.build().unwrap();
    let begun = flow.authorization_url().unwrap();
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let question = browser.open(begun.url.as_str()).await;
    let back = allow(&browser, &question, &["openid", "offline"], false).await;
    let tokens = flow.finish(&begun.pending, url::Url::parse(&back.url).unwrap().query().unwrap()).await.unwrap();
    let own = client.clone();
    let builder = move || {
        let builder = RefreshTokens::builder(&own).client_id(&id);
        builder.store(|_| async { Ok::<_, io::Error>(()) })
    };
    (builder, tokens, client)
}

async fn is_active(client: &Client, token: &Secret) -> bool {
    client.admin_introspect_oauth2_token().body_map(|body| body.token(token)).await.unwrap().active
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_callers_make_one_refresh() {
    let site = Site::start().await;
    let (builder, tokens, client) = signed_in(&site).await;
    let ada = builder().refresh_token(tokens.refresh_token.as_ref().unwrap()).build().unwrap();
    site.ory.fail(TOKEN, Fault::slow(Duration::from_millis(200))).unwrap();
    let before = site.count(TOKEN);
    let mut callers = JoinSet::new();
    for _ in 0..1000 {
        let ada = ada.clone();
        callers.spawn(async move { expose(ada.token().await) });
    }
    let results = callers.join_all().await;
    assert!(results[0].is_ok() && results.iter().all(|result| *result == results[0]));
    assert_eq!(site.count(TOKEN), before + 1);
    let token = ada.token().await.unwrap();
    assert!(is_active(&client, &token).await && !is_active(&client, &tokens.access_token).await);
    // Many rotations in a row, each with the newest token.
    let mut token = token;
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_millis(1010)).await;
        token = ada.token_after(&token).await.unwrap();
    }
    assert!(is_active(&client, &token).await);
}

/// Hydra rotates, and its response is lost. A repeat would revoke the new tokens.
#[tokio::test]
async fn a_lost_response_is_not_asked_for_again() {
    for fault in [Fault::lost(), Fault::cut()] {
        let site = Site::start().await;
        let (builder, tokens, _) = signed_in(&site).await;
        let ada = builder().tokens(&tokens).build().unwrap();
        assert_eq!(expose(ada.token().await).unwrap(), tokens.access_token.expose());
        let before = site.count(TOKEN);
        site.ory.fail(TOKEN, fault).unwrap();
        for _ in 0..3 {
            assert_eq!(expose(ada.token_after(&tokens.access_token).await), Err(TokenErrorKind::OutcomeUnknown));
        }
        assert_eq!(site.count(TOKEN), before + 1);
    }
}

#[tokio::test]
async fn a_client_calls_as_a_person() {
    let site = Site::start().await;
    let (builder, tokens, _) = signed_in(&site).await;
    let ada = builder().tokens(&tokens).build().unwrap();
    let client = site.ory.client_builder().access_token_provider(ada.clone()).build().unwrap();
    site.ory.fail("admin_list_identities", Fault::status(http::StatusCode::UNAUTHORIZED)).unwrap();
    let before = site.count(TOKEN);
    client.admin_list_identities().await.unwrap();
    assert_eq!(site.count(TOKEN), before + 1);
    assert!(ada.token().await.unwrap() != tokens.access_token);
}

#[tokio::test]
async fn a_token_that_somebody_else_used_ends_it() {
    let site = Site::start().await;
    let (builder, tokens, client) = signed_in(&site).await;
    let of_ada = || builder().refresh_token(tokens.refresh_token.as_ref().unwrap()).build().unwrap();
    let (ada, thief) = (of_ada(), of_ada());
    let stolen = thief.token().await.unwrap();
    assert!(is_active(&client, &stolen).await);
    // Hydra sees the token a second time, and revokes what the thief got.
    let error = ada.token().await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::SignInAgain);
    assert!(error.to_string().contains("invalid_grant"), "{error}");
    assert!(!is_active(&client, &stolen).await);
    assert_eq!(expose(thief.token_after(&stolen).await), Err(TokenErrorKind::SignInAgain));
    let before = site.count(TOKEN);
    assert_eq!(expose(thief.token().await), Err(TokenErrorKind::SignInAgain));
    assert_eq!(expose(ada.token().await), Err(TokenErrorKind::SignInAgain));
    assert_eq!(site.count(TOKEN), before);
}
