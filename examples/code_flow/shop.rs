//! The Shop: an application whose people sign in with Hydra.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect};
use axum::routing::get;
use ory_sdk::tokens::{CodeFlow, PendingSignIn, Tokens};

#[derive(Clone)]
pub struct Shop {
    pub flow: CodeFlow,
    /// What a shop keeps in its database.
    pub kept: Arc<Mutex<Option<Tokens>>>,
}

impl Shop {
    pub fn app(self) -> Router {
        Router::new().route("/sign-in", get(sign_in)).route("/callback", get(callback)).with_state(self)
    }
}

type Answer = Result<axum::response::Response, (StatusCode, String)>;

/// Sends the browser to Hydra. What is pending waits in a cookie that only the callback gets.
async fn sign_in(State(shop): State<Shop>) -> Answer {
    let begun =
        shop.flow.authorization_url().map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    let pending = begun.pending.to_text();
    // Over https, add `Secure`.
    let cookie = format!("pending={}; HttpOnly; SameSite=Lax; Path=/callback; Max-Age=600", pending.expose());
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(begun.url.as_str())).into_response())
}

/// The browser is back.
async fn callback(State(shop): State<Shop>, RawQuery(query): RawQuery, headers: HeaderMap) -> Answer {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let pending = cookies.split("; ").find_map(|cookie| cookie.strip_prefix("pending=")).unwrap_or_default();
    let bad = |why: String| (StatusCode::BAD_REQUEST, why);
    let pending = PendingSignIn::parse(pending).map_err(|why| bad(why.to_string()))?;
    let tokens = shop.flow.finish(&pending, &query.unwrap_or_default()).await.map_err(|why| bad(why.to_string()))?;
    *shop.kept.lock().map_err(|_| bad("the database is broken".to_owned()))? = Some(tokens);
    let used = "pending=; HttpOnly; SameSite=Lax; Path=/callback; Max-Age=0";
    Ok((AppendHeaders([(header::SET_COOKIE, used)]), "Welcome").into_response())
}
