//! Errors of calls as responses.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::contract::Area;
use crate::error::{Error, ErrorKind, NextStep};
use crate::web::answers::error_body;
use crate::web::respond;

/// What a handler responds if a call fails and it has nothing better to say: JSON in the shape of Kratos' errors, with the
/// `Set-Cookie` headers that came with the error.
///
/// | the error | status |
/// | --- | --- |
/// | Ory's server refused the input or the user: 400, 401, 403, 404, 409, 410, 422 | the same, with id, reason and the URL to go to |
/// | a flow has to be shown again | the same, and the body is the flow |
/// | an argument or setting is wrong | 500 |
/// | a limit, an outage, a gateway, a response that cannot be read | 503 with `Retry-After`, and no details |
///
/// A 401 or 403 of an administrative call or of OAuth2 says something about your service, not about the user, so it is a 500.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = plan(&self);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        self.relay_to(headers);
        response.map(axum::body::Body::from).into_response()
    }
}

fn plan(error: &Error) -> http::Response<Vec<u8>> {
    let own = |status, why| respond::json(status, &error_body(status, None, why)).map(String::into_bytes);
    let is_about_the_service = matches!(error.kind(), ErrorKind::Argument | ErrorKind::Configuration);
    if is_about_the_service && !error.is_unavailable() {
        return own(StatusCode::INTERNAL_SERVER_ERROR, "This service is not set up correctly.");
    }
    let is_of_the_user = error.kind() == ErrorKind::Api && !error.is_from_gateway() && !error.is_unavailable();
    let status = error.status().filter(|status| is_of_the_user && status.is_client_error());
    let Some(status) = status else {
        let mut response = own(StatusCode::SERVICE_UNAVAILABLE, "This does not work at the moment. Try again.");
        let wait = respond::retry_after(error.wait().unwrap_or(Duration::from_secs(1)));
        response.headers_mut().insert(header::RETRY_AFTER, wait);
        return response;
    };
    let is_refused = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    if is_refused && *error.area() != Area::Frontend {
        return own(StatusCode::INTERNAL_SERVER_ERROR, "This service may not do that.");
    }
    if let Some(NextStep::ShowFlow(_)) = error.next_step() {
        let mut flow = http::Response::new(error.body().to_vec());
        *flow.status_mut() = status;
        return flow;
    }
    let reason = error.reason().or(error.message()).unwrap_or("The server refused the request.");
    let mut body = error_body(status, error.id().map(|id| id.to_string()), reason);
    if let Some(url) = error.redirect_browser_to() {
        body["redirect_browser_to"] = url.as_str().into();
    }
    respond::json(status, &body).map(String::into_bytes)
}
