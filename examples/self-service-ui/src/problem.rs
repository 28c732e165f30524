//! Pages that say what is wrong.

use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use ory_sdk::sessions::Refusal;
use ory_sdk::web::provider::ProviderError;
use ory_sdk::web::{Refused, RequestKind};

use crate::layout::notice;

const OUTAGE: &str = "This does not work at the moment. You are still signed in: try again in a few seconds.";

/// What a handler fails with.
pub struct Problem(Response<String>);

impl Problem {
    fn new(status: StatusCode, text: &str) -> Self {
        let is_outage = status == StatusCode::SERVICE_UNAVAILABLE;
        let text = if is_outage { OUTAGE } else { text };
        let mut response = Response::new(notice(title(status), text, ("Go to the overview", "/")));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        if is_outage {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        Self(response)
    }
}

/// A status in the words of a person.
pub fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        403 => "You may not do this",
        404 => "Not found",
        410 => "Too late",
        503 => "Back in a moment",
        400..500 => "This does not work",
        _ => "Something is wrong here",
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> axum::response::Response {
        self.0.into_response()
    }
}

impl From<ory_sdk::Error> for Problem {
    fn from(error: ory_sdk::Error) -> Self {
        eprintln!("{error}");
        match error.status() {
            // An id in the URL that is none is a 400.
            Some(StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST) => {
                Self::new(StatusCode::NOT_FOUND, "It does not exist, or no longer.")
            }
            Some(StatusCode::UNAUTHORIZED) => Self::new(StatusCode::FORBIDDEN, "You are not signed in any more."),
            _ => Self::new(StatusCode::SERVICE_UNAVAILABLE, ""),
        }
    }
}

/// On the pages that Hydra calls.
impl From<ProviderError> for Problem {
    fn from(error: ProviderError) -> Self {
        eprintln!("{error}");
        let mut letters = error.text().chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        Self::new(error.status(), &format!("{first}{}.", letters.as_str()))
    }
}

/// What a browser sees that is not let in, where it is not sent to sign in.
pub fn refusal(refused: &Refused<'_>) -> Option<Response<String>> {
    match refused.refusal {
        _ if refused.kind != RequestKind::Browser => None,
        Refusal::Unavailable { .. } => Some(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "").0),
        Refusal::Forbidden { .. } => Some(Problem::new(StatusCode::FORBIDDEN, "This page is for administrators.").0),
        _ => None,
    }
}

/// Any other address.
pub async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is no page at this address.")
}
