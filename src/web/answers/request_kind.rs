//! Who sends a request: a browser that shows the response as a page, or a program.

use http::{HeaderMap, header};

use crate::wire::header::text;

/// Who sends a request, which decides how a refusal looks.
///
/// ```
/// use ory_sdk::http::HeaderMap;
/// use ory_sdk::web::RequestKind;
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(RequestKind::of(&headers), RequestKind::Api);
/// headers.insert("sec-fetch-mode", "navigate".parse()?);
/// assert_eq!(RequestKind::of(&headers), RequestKind::Browser);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: [Fetch Metadata](https://www.w3.org/TR/fetch-metadata/). Only browsers from before 2023 do not send
/// `Sec-Fetch-Mode`; of them, a request whose `Accept` names `text/html` asks for a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestKind {
    /// A browser that shows the response as a page.
    Browser,
    /// A script of [htmx](https://htmx.org), which puts the response into a page.
    Htmx,
    /// Any other program, and scripts.
    Api,
    /// A gRPC client.
    Grpc,
}

impl RequestKind {
    /// Finds out by the headers of the request.
    pub fn of(headers: &HeaderMap) -> Self {
        let is = |name: &str, value: &str| text(headers, name).is_some_and(|known| known.eq_ignore_ascii_case(value));
        let names =
            |name, part: &str| text(headers, name).is_some_and(|known| known.to_ascii_lowercase().contains(part));
        if text(headers, header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/grpc")) {
            return Self::Grpc;
        }
        if is("hx-request", "true") {
            return Self::Htmx;
        }
        let is_page = match headers.contains_key("sec-fetch-mode") {
            true => is("sec-fetch-mode", "navigate"),
            false => names(header::ACCEPT, "text/html"),
        };
        if is_page { Self::Browser } else { Self::Api }
    }
}
