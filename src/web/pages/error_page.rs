//! The page that says what is wrong.

use http::{Response, StatusCode, header};

use crate::error::{Error, ErrorKind};
use crate::privacy::Location;
use crate::web::{html, respond};

/// What an error page shows: for [`PagesBuilder::error_page`](super::PagesBuilder::error_page).
///
/// ```
/// use ory_sdk::web::pages::ErrorPage;
///
/// fn html(page: &ErrorPage<'_>) -> String {
///     if let Some(error) = page.error {
///         eprintln!("{}: {error}", page.status);
///     }
///     format!("<h1>{}</h1><p>{}</p>", page.title(), page.text)
/// }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ErrorPage<'a> {
    /// The status of the response.
    pub status: StatusCode,
    /// What happened and what to do, for the user. It contains nothing of the request or of a response.
    pub text: &'static str,
    /// Where the user starts again. It may contain what the browser asked for, so it must be escaped.
    pub start_again: Location,
    /// The error of the call, if there was one, to log. Its `Display` shows no secret.
    pub error: Option<&'a Error>,
}

impl<'a> ErrorPage<'a> {
    /// A page for this status.
    pub(super) fn new(status: StatusCode, start_again: Location, error: Option<&'a Error>) -> Self {
        let text = match status {
            StatusCode::FORBIDDEN => "You may not do this. If you think you may, sign out and sign in again.",
            StatusCode::PAYLOAD_TOO_LARGE => "The form is too long.",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "This page takes a form or JSON, and nothing else.",
            StatusCode::INTERNAL_SERVER_ERROR => "This service is not set up correctly. It is not your fault.",
            StatusCode::SERVICE_UNAVAILABLE => "This does not work at the moment. Try again in a few seconds.",
            _ => "The server did not understand the request. Start again.",
        };
        Self { status, text, start_again, error }
    }

    /// A page for what a call failed with, where nothing better is known.
    pub(super) fn of(error: &'a Error, start_again: Location) -> Self {
        let status = match error.kind() {
            // What a limit, an outage or a gateway says is not about the user.
            _ if error.is_unavailable() || error.is_from_gateway() => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Argument | ErrorKind::Configuration => StatusCode::INTERNAL_SERVER_ERROR,
            ErrorKind::Api => match error.status() {
                Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => StatusCode::FORBIDDEN,
                Some(StatusCode::NOT_FOUND) => StatusCode::INTERNAL_SERVER_ERROR,
                Some(status) if status.is_client_error() => StatusCode::BAD_REQUEST,
                _ => StatusCode::SERVICE_UNAVAILABLE,
            },
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, start_again, Some(error))
    }

    /// A page for a new flow that is refused again.
    pub(super) fn of_loop(error: &'a Error, start_again: Location) -> Self {
        let text = "Your browser does not send the cookies that this page needs. Allow cookies for this site, or delete \
                    those that it has, then start again.";
        match error.is_forbidden() {
            true => Self { text, ..Self::new(StatusCode::FORBIDDEN, start_again, Some(error)) },
            // Such as a replica that has not seen the flow yet.
            false => Self::new(StatusCode::SERVICE_UNAVAILABLE, start_again, Some(error)),
        }
    }

    /// A title for the page: the name of its status.
    ///
    /// ```
    /// # fn example(page: &ory_sdk::web::pages::ErrorPage<'_>) {
    /// println!("<title>{}</title>", page.title());
    /// # }
    /// ```
    pub fn title(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Error")
    }

    /// The response with this HTML.
    pub(super) fn respond(&self, html: String) -> Response<String> {
        let mut response = respond::page(self.status, html);
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            let wait = self.error.and_then(Error::wait).unwrap_or(respond::DEFAULT_WAIT);
            response.headers_mut().insert(header::RETRY_AFTER, respond::retry_after(wait));
        }
        response
    }

    /// The page, unless the service draws one of its own.
    pub(super) fn html(&self) -> String {
        html::message(self.title(), self.text, Some(("Start again", &self.start_again)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_escaped() {
        let url = Location::from("/login?a=1&b=\"><script>'");
        let html = ErrorPage::new(StatusCode::FORBIDDEN, url, None).html();
        assert!(html.contains("href=\"/login?a=1&amp;b=&quot;&gt;&lt;script&gt;&#39;\""), "{html}");
    }
}
