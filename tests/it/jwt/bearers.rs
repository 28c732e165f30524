//! A resource server on axum, and an application that Hydra tells about logouts.

use axum::extract::FromRef;
use axum::routing::{get, post};
use axum::{Router, response::IntoResponse};
use http::{HeaderMap, Method, StatusCode};
use ory_sdk::jwt::axum::{BackChannelLogout, Bearer};
use ory_sdk::jwt::{Bearers, Introspection, InvalidToken, LogoutTokens, Refusal};
use ory_sdk::testing::{ActionCall, Fault, StandIn};

use super::support::{API, APP, Verifiers, fetches, invalid};
use crate::web::service::{Answer, send, serve};

#[derive(Clone)]
struct Shared {
    bearers: Bearers,
    logout: LogoutTokens,
}

impl FromRef<Shared> for Bearers {
    fn from_ref(shared: &Shared) -> Self {
        shared.bearers.clone()
    }
}

impl FromRef<Shared> for LogoutTokens {
    fn from_ref(shared: &Shared) -> Self {
        shared.logout.clone()
    }
}

async fn service(ory: &StandIn) -> String {
    async fn orders(Bearer(token): Bearer) -> Result<String, Refusal> {
        token.require_scope("orders.read")?;
        Ok(format!("{} by {}", token.subject(), token.client_id()))
    }
    async fn open(token: Option<Bearer>) -> String {
        token.map_or("anybody".to_owned(), |Bearer(token)| token.subject().to_owned())
    }
    async fn logout(BackChannelLogout(token): BackChannelLogout) -> StatusCode {
        assert_eq!(token.session_id(), Some("a-session"));
        StatusCode::NO_CONTENT
    }
    let client = ory.client_builder().retry(ory_sdk::retry::Retry::off()).build().unwrap();
    let verifiers = Verifiers::of(ory);
    let opaque = Introspection::builder(&client).audience(API).build().unwrap();
    let shared = Shared { bearers: Bearers::of(verifiers.access).and(opaque), logout: verifiers.logout };
    let app = Router::new().route("/orders", get(orders)).route("/open", get(open)).route("/logout", post(logout));
    serve(app.with_state(shared)).await
}

async fn ask(url: &str, token: &str) -> Answer {
    send(url, Method::GET, &[("authorization", &format!("Bearer {token}"))]).await
}

fn challenge(answer: &Answer) -> &str {
    answer.header("www-authenticate").unwrap_or_default()
}

#[tokio::test]
async fn a_resource_server() {
    let ory = StandIn::start().await.unwrap();
    let url = service(&ory).await;
    let orders = format!("{url}/orders");
    let good = || ory.access_token().subject("ada").client_id("shop").audience([API]).scope(["orders.read"]);

    let answer = ask(&orders, &good().sign()).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "ada by shop"));
    // An opaque token, as a client gets it.
    let client = ory.client_builder().build().unwrap();
    let app = client.admin_create_oauth2_client().body_map(|body| {
        body.grant_types(["client_credentials"]).scope("orders.read").audience([API]).client_secret("a-Long-secret!")
    });
    let app = app.await.unwrap();
    let handle = client.with_client_credentials(app.client_id.as_deref().unwrap(), "a-Long-secret!");
    let form = [("grant_type", "client_credentials"), ("scope", "orders.read"), ("audience", API)];
    let issued = handle.perform_oauth2_token_flow().form(form).await.unwrap();
    let opaque = issued.access_token.as_ref().unwrap().expose();
    assert!(opaque.starts_with("ory_at_"));
    let id = app.client_id.as_deref().unwrap();
    assert_eq!(ask(&orders, opaque).await.body, format!("{id} by {id}"));

    for (answer, status, expected) in [
        (send(&orders, Method::GET, &[]).await, 401, "Bearer"),
        (send(&orders, Method::GET, &[("authorization", "Basic YTpi")]).await, 401, "Bearer"),
        (send(&orders, Method::GET, &[("authorization", "Bearer")]).await, 401, "Bearer"),
        (send(&format!("{orders}?access_token={}", good().sign()), Method::GET, &[]).await, 401, "Bearer"),
        (
            ask(&orders, &good().expired().sign()).await,
            401,
            r#"Bearer error="invalid_token", error_description="the token has expired""#,
        ),
        (
            ask(&orders, "ory_at_unknown").await,
            401,
            r#"Bearer error="invalid_token", error_description="the token is not active""#,
        ),
        (
            ask(&orders, "ory_st_session").await,
            401,
            r#"Bearer error="invalid_token", error_description="expected a token of three parts, separated by dots""#,
        ),
        (
            ask(&orders, &good().scope(["orders"]).sign()).await,
            403,
            r#"Bearer error="insufficient_scope", error_description="the token lacks the scope 'orders.read'", scope="orders.read""#,
        ),
    ] {
        assert_eq!((answer.status.as_u16(), challenge(&answer)), (status, expected));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert!(body["error"].is_string() && body["error_description"].is_string());
    }
    let lower = send(&orders, Method::GET, &[("Authorization", &format!("bearer {}", good().sign()))]).await;
    assert_eq!(lower.status, 200);

    assert_eq!(send(&format!("{url}/open"), Method::GET, &[]).await.body, "anybody");
    assert_eq!(ask(&format!("{url}/open"), &good().sign()).await.body, "ada");
    assert_eq!(ask(&format!("{url}/open"), &good().expired().sign()).await.status, 401);
}

#[tokio::test]
async fn an_outage_is_a_503() {
    let ory = StandIn::start().await.unwrap();
    let orders = format!("{}/orders", service(&ory).await);
    ory.fail_all(Fault::status(StatusCode::BAD_GATEWAY).always());
    for token in [ory.access_token().audience([API]).sign(), "ory_at_x".to_owned()] {
        let answer = ask(&orders, &token).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("1")));
        assert_eq!(challenge(&answer), "");
        // Nothing about inner servers.
        assert!(
            !answer.body.contains("127.0.0.1") && answer.body.contains("temporarily_unavailable"),
            "{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn headers_with_several_tokens() {
    let ory = StandIn::start().await.unwrap();
    let bearers = Bearers::of(Verifiers::of(&ory).access);
    let mut headers = HeaderMap::new();
    assert!(matches!(bearers.check(&headers).await, Err(Refusal::Missing)));
    let good = ory.access_token().audience([API]).sign();
    headers.append("authorization", format!("Bearer {good}").parse().unwrap());
    bearers.check(&headers).await.unwrap();
    headers.append("authorization", format!("Bearer {good}").parse().unwrap());
    assert!(invalid(bearers.check(&headers).await).to_string().contains("several `Authorization` headers"));
    // Without introspection, an opaque token causes no call.
    assert!(invalid(bearers.check_token("ory_at_x").await).to_string().contains("opaque tokens are not accepted"));
    let client = ory.client_builder().build().unwrap();
    let opaque = Bearers::of(Introspection::builder(&client).any_audience().build().unwrap());
    assert!(invalid(opaque.check_token(&good).await).to_string().contains("`ory_at_`"));
    assert_eq!(fetches(&ory), 1);
    assert_eq!(ory.calls_of("admin_introspect_oauth2_token").unwrap().len(), 0);
    let refused = Refusal::Invalid(InvalidToken::Expired).into_response();
    assert_eq!(refused.status(), 401);
}

#[tokio::test]
async fn back_channel_logout() {
    let ory = StandIn::start().await.unwrap();
    let url = format!("{}/logout", service(&ory).await);
    let token = || ory.logout_token().client_id(APP).claim("sid", "a-session");
    let post = |call: ActionCall| {
        let (ory, url) = (&ory, url.clone());
        async move { ory.call_action(&url, &call).await.unwrap() }
    };
    let call = ActionCall::back_channel_logout(token().sign());
    assert_eq!(post(call.clone()).await.status(), 204);
    // Hydra does not call twice; somebody else might.
    let replayed = post(call).await;
    assert_eq!((replayed.status().as_u16(), replayed.tries()), (400, 1));
    assert_eq!(replayed.json().unwrap()["error"], "invalid_request");
    assert_eq!(replayed.headers()["cache-control"], "no-store");
    for bad in [ory.id_token().client_id(APP).sign(), token().client_id("other").sign(), "x".repeat(30_000)] {
        assert_eq!(post(ActionCall::back_channel_logout(bad)).await.status(), 400);
    }
    // Without keys nobody knows whether it is genuine, so Hydra shall try again.
    let fresh = format!("{}/logout", service(&ory).await);
    ory.fail("discover_json_web_keys", Fault::status(StatusCode::BAD_GATEWAY).always()).unwrap();
    let answer = ory.call_action(&fresh, &ActionCall::back_channel_logout(token().sign())).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.tries()), (503, 3));
}
