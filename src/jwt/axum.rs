//! Extractors of tokens for axum (features `jwt` and `axum`).
//!
//! ```
//! # #[cfg(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use axum::{Router, routing::get};
//! use ory_sdk::jwt::axum::Bearer;
//! use ory_sdk::jwt::{AccessTokens, Bearers, KeySet, Refusal};
//!
//! async fn orders(Bearer(token): Bearer) -> Result<String, Refusal> {
//!     token.require_scope("orders.read")?;
//!     Ok(format!("the orders of {}", token.subject()))
//! }
//!
//! # let ory = ory_sdk::testing::StandIn::start().await?;
//! # let client = ory.client_builder().build()?;
//! # let issuer = ory.url();
//! let keys = KeySet::of_hydra(&client)?;
//! let jwt = AccessTokens::builder(&keys).issuer(issuer).audience("https://api.example.org").build()?;
//! let app: Router = Router::new().route("/orders", get(orders)).with_state(Bearers::of(jwt));
//! # let _ = app;
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "testing", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
//! # fn main() {}
//! ```
//!
//! | the refusal | status | `WWW-Authenticate` |
//! | --- | --- | --- |
//! | [`Missing`](Refusal::Missing) | 401 | `Bearer` |
//! | [`Invalid`](Refusal::Invalid) | 401 | `Bearer error="invalid_token", error_description="..."` |
//! | [`InsufficientScope`](Refusal::InsufficientScope) | 403 | `Bearer error="insufficient_scope", scope="..."` |
//! | [`Unavailable`](Refusal::Unavailable) | 503 with `Retry-After` | none |
//!
//! The body is JSON in the form of OAuth2 errors. Source: RFC 6750, section 3.

use axum::extract::{FromRef, FromRequest, FromRequestParts, OptionalFromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::access_token::AccessToken;
use super::bearers::Bearers;
use super::invalid_token::InvalidToken;
use super::logout_token::{LogoutToken, LogoutTokens};
use super::refusal::Refusal;

/// Extracts the access token of a request, which [`Bearers`] of the router's state checked.
///
/// ```
/// use ory_sdk::jwt::Refusal;
/// use ory_sdk::jwt::axum::Bearer;
///
/// async fn orders(Bearer(token): Bearer) -> Result<String, Refusal> {
///     token.require_scope("orders.read")?;
///     Ok(format!("the orders of {}", token.subject()))
/// }
/// ```
///
/// `Option<Bearer>` is for routes that are open to all: `None` without a bearer token. A bad one is refused there too, and so is
/// a session token of Kratos. The guide [a resource server](crate::docs::resource_server#a-session-or-a-token) has a route that
/// takes either.
#[derive(Debug, Clone)]
pub struct Bearer(pub AccessToken);

impl<S> FromRequestParts<S> for Bearer
where
    S: Send + Sync,
    Bearers: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        Bearers::from_ref(state).check(&parts.headers).await.map(Self)
    }
}

impl<S> OptionalFromRequestParts<S> for Bearer
where
    S: Send + Sync,
    Bearers: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refusal> {
        match Bearers::from_ref(state).check(&parts.headers).await {
            Ok(token) => Ok(Some(Self(token))),
            Err(Refusal::Missing) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }
}

/// Extracts the logout token that Hydra posted, which [`LogoutTokens`] of the router's state checked.
///
/// ```
/// use axum::http::StatusCode;
/// use ory_sdk::jwt::axum::BackChannelLogout;
///
/// /// The client's `backchannel_logout_uri`.
/// async fn logout(BackChannelLogout(token): BackChannelLogout) -> StatusCode {
///     if let Some(session) = token.session_id() {
///         println!("end what belongs to the session {session}");
///     }
///     StatusCode::NO_CONTENT
/// }
/// ```
///
/// A bad token is a 400 (OpenID Connect Back-Channel Logout, section 2.8), and an outage of Hydra's keys a 503, after which
/// Hydra tries again.
#[derive(Debug, Clone)]
pub struct BackChannelLogout(pub LogoutToken);

impl<S> FromRequest<S> for BackChannelLogout
where
    S: Send + Sync,
    LogoutTokens: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let bad = |refusal: Refusal| {
            let answer = answer(&refusal, "invalid_request");
            let mut response = answer.into_response();
            if !refusal.is_unavailable() {
                *response.status_mut() = StatusCode::BAD_REQUEST;
                response.headers_mut().remove(header::WWW_AUTHENTICATE);
            }
            response
        };
        let body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        LogoutTokens::from_ref(state).check_form(&body).await.map(Self).map_err(bad)
    }
}

/// The answer of RFC 6750.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        answer(&self, "invalid_token").into_response()
    }
}

/// What a refusal looks like. `invalid` is the error code of a bad token.
fn answer(refusal: &Refusal, invalid: &str) -> http::Response<String> {
    let (status, code) = match refusal {
        Refusal::Missing => (StatusCode::UNAUTHORIZED, None),
        Refusal::Invalid(_) => (StatusCode::UNAUTHORIZED, Some(invalid)),
        Refusal::InsufficientScope { .. } => (StatusCode::FORBIDDEN, Some("insufficient_scope")),
        Refusal::Unavailable { .. } => (StatusCode::SERVICE_UNAVAILABLE, Some("temporarily_unavailable")),
    };
    let description = match refusal {
        // The error of a call may name inner servers.
        Refusal::Unavailable { .. } => "the token could not be checked: try again".to_owned(),
        other => other.to_string(),
    };
    let body = json!({"error": code.unwrap_or("unauthorized"), "error_description": description});
    let mut response = http::Response::new(body.to_string());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match refusal {
        Refusal::Unavailable { retry_after, .. } => {
            let seconds = retry_after.as_secs().saturating_add(u64::from(retry_after.subsec_nanos() > 0));
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        _ => {
            headers.insert(header::WWW_AUTHENTICATE, challenge(refusal, code, &description));
        }
    }
    response
}

/// The value of `WWW-Authenticate` (RFC 6750, section 3). Texts in it may have no quotes and no backslashes.
fn challenge(refusal: &Refusal, code: Option<&str>, description: &str) -> HeaderValue {
    let quoted = |text: &str| text.replace(['"', '\\'], "'");
    let mut text = "Bearer".to_owned();
    if let Some(code) = code {
        text += &format!(" error=\"{code}\", error_description=\"{}\"", quoted(description));
    }
    if let Refusal::InsufficientScope { scope } = refusal {
        text += &format!(", scope=\"{}\"", quoted(scope));
    }
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("Bearer"))
}

/// A bad token in a handler's own check.
impl IntoResponse for InvalidToken {
    fn into_response(self) -> Response {
        Refusal::Invalid(self).into_response()
    }
}
