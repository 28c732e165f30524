//! The answer to a refusal: one table for pages, scripts, programs and gRPC.

use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header};

use super::request_kind::RequestKind;
use super::settings::{Refused, Settings};
use super::{grpc, json};
use crate::privacy::Location;
use crate::sessions::Refusal;
use crate::web::{html, respond};

/// What an answer depends on, beside the refusal.
pub(crate) struct Facts<'a> {
    pub(crate) kind: RequestKind,
    pub(crate) method: &'a Method,
    /// As the request arrived.
    pub(crate) uri: &'a Uri,
}

impl Settings {
    /// The answer to a refusal.
    pub(crate) fn answer(&self, refusal: &Refusal, facts: &Facts<'_>) -> Response<String> {
        let Facts { kind, method, uri } = *facts;
        let go_to = self.go_to(refusal, method, uri);
        let refused = Refused { refusal, kind, method, uri, go_to: go_to.as_ref() };
        let own = self.on_refusal.as_ref().and_then(|answer| answer(&refused));
        complete(refusal, own.unwrap_or_else(|| usual(&refused)))
    }
}

/// The answer where the request is not known: that to a program.
#[cfg(feature = "axum")]
pub(crate) fn without_request(refusal: &Refusal) -> Response<String> {
    complete(refusal, json::api(refusal, None))
}

/// Adds what every answer has, unless it has its own.
fn complete(refusal: &Refusal, mut response: Response<String>) -> Response<String> {
    let headers = response.headers_mut();
    if let Refusal::Unavailable { retry_after, .. } = refusal {
        headers.entry(header::RETRY_AFTER).or_insert(respond::retry_after(*retry_after));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn usual(refused: &Refused<'_>) -> Response<String> {
    let status = json::status(refused.refusal);
    let is_page_to_go_to = !matches!(refused.refusal, Refusal::Unverified { .. });
    match (refused.kind, refused.go_to) {
        (RequestKind::Grpc, _) => grpc::refusal(status, &json::reason(refused.refusal)),
        (RequestKind::Browser, Some(to)) if is_page_to_go_to => {
            respond::see_other(to).unwrap_or_else(|| page(status, refused.refusal, None))
        }
        (RequestKind::Browser, to) => page(status, refused.refusal, to),
        (RequestKind::Htmx, to) => {
            let mut response = page(status, refused.refusal, None);
            // htmx follows it, whatever the status is.
            if let Some(to) = to.and_then(|to| to.to_header_value().ok()) {
                response.headers_mut().insert("hx-redirect", to);
            }
            response
        }
        (RequestKind::Api, to) => json::api(refused.refusal, to),
    }
}

fn page(status: StatusCode, refusal: &Refusal, link: Option<&Location>) -> Response<String> {
    let title = status.canonical_reason().unwrap_or("Error");
    respond::page(status, html::message(title, &json::reason(refusal), link.map(|to| ("Continue", to))))
}

/// What a guard or an extractor responds where nobody can be checked: nobody is let in.
pub(crate) fn missing_layer(headers: &HeaderMap) -> Response<String> {
    const WHY: &str = "`SessionLayer` is missing: add it around the routes that check who is signed in";
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    if RequestKind::of(headers) == RequestKind::Grpc {
        return grpc::refusal(status, WHY);
    }
    respond::json(status, &json::error_body(status, None, WHY))
}
