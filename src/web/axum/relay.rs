//! A response of Ory's servers, passed on.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::Serialize;

use crate::response::Response as OryResponse;

/// Passes a response on to the browser: its status, its body as JSON, and every `Set-Cookie` header.
///
/// ```
/// use axum::extract::State;
/// use axum::http::HeaderMap;
/// use axum::response::IntoResponse;
/// use ory_sdk::web::axum::Relay;
/// use ory_sdk::{Client, Error};
///
/// /// For a script that draws the login form itself.
/// async fn login(State(ory): State<Client>, headers: HeaderMap) -> Result<impl IntoResponse, Error> {
///     let flow = ory.forwarding(&headers).initialize_self_service_login_flow_for_browsers().await?;
///     Ok(Relay(flow))
/// }
/// ```
///
/// An [`Error`](crate::Error) is a response too, so `?` works in handlers.
#[derive(Debug)]
pub struct Relay<T>(pub OryResponse<T>);

impl<T: Serialize> IntoResponse for Relay<T> {
    fn into_response(self) -> Response {
        let Self(response) = self;
        let body = match serde_json::to_vec(&*response) {
            Ok(body) => body,
            // What the server sent says the same.
            Err(_) => response.raw_body().to_vec(),
        };
        let mut relayed = (response.status(), body).into_response();
        let headers = relayed.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        response.relay_to(headers);
        relayed
    }
}
