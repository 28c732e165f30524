//! Pages that say what is wrong.

use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use ory_sdk::sessions::Refusal;
use ory_sdk::web::provider::ProviderError;
use ory_sdk::web::{Refused, RequestKind};

use crate::layout::{notice, respond};

const HOME: (&str, &str) = ("Go to the overview", "/");
const OUTAGE: &str = "This does not work at the moment. You are still signed in: try again in a few seconds.";

/// What a handler fails with.
pub struct Problem(Response<String>);

impl Problem {
    pub fn new(status: StatusCode, text: &str, link: (&str, &str)) -> Self {
        let mut response = respond(status, notice(title(status), text, link));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("5"));
        }
        Self(response)
    }

    pub fn bad_request(text: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text, HOME)
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
            _ if error.is_not_found() => Self::new(StatusCode::NOT_FOUND, "It does not exist, or no longer.", HOME),
            _ if error.is_unauthorized() => {
                Self::new(StatusCode::FORBIDDEN, "You are not signed in any more.", ("Sign in", "/login"))
            }
            Some(StatusCode::BAD_REQUEST) => Self::bad_request("The link or form does not work."),
            _ => Self::new(StatusCode::SERVICE_UNAVAILABLE, OUTAGE, HOME),
        }
    }
}

/// On the pages that Hydra calls.
impl From<ProviderError> for Problem {
    fn from(error: ProviderError) -> Self {
        eprintln!("{error}");
        if error.status() == StatusCode::SERVICE_UNAVAILABLE {
            return Self::new(error.status(), OUTAGE, HOME);
        }
        let (first, rest) = error.text().split_at(1);
        Self::new(error.status(), &format!("{}{rest}.", first.to_uppercase()), HOME)
    }
}

/// What a browser sees that is not let in, where it is not sent to sign in.
pub fn refusal(refused: &Refused<'_>) -> Option<Response<String>> {
    let problem = match refused.refusal {
        _ if refused.kind != RequestKind::Browser => return None,
        Refusal::Unavailable { .. } => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, OUTAGE, ("Try again", refused.uri.path()))
        }
        Refusal::Forbidden { .. } => Problem::new(StatusCode::FORBIDDEN, "This page is for administrators.", HOME),
        _ => return None,
    };
    Some(problem.0)
}

/// Any other address.
pub async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is no page at this address.", HOME)
}
