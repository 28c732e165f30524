//! Refusals as responses.

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::sessions::Refusal;
use crate::web::answers::without_request;

/// Why an extractor let nobody in: the whole response, which suits a browser, a program or gRPC.
///
/// ```
/// use axum::response::{IntoResponse, Response};
/// use ory_sdk::web::axum::{Person, Refused};
///
/// /// Shows everybody who is not let in the same page.
/// async fn account(person: Result<Person, Refused>) -> Response {
///     match person {
///         Ok(Person(person)) => person.identity().id.to_string().into_response(),
///         Err(refused) if refused.status() == 403 => "Ask your boss".into_response(),
///         Err(refused) => refused.into_response(),
///     }
/// }
/// ```
pub struct Refused {
    pub(super) response: Box<http::Response<String>>,
}

impl Refused {
    pub(super) fn new(response: http::Response<String>) -> Self {
        Self { response: Box::new(response) }
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        self.response.into_response()
    }
}

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Refused").field(&self.response.status()).finish()
    }
}

/// The answer to a program: JSON, since the request is not known here. For a browser, use the extractors.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        without_request(&self).into_response()
    }
}
