//! Errors as Kratos and Keto write them.

use http::{HeaderName, StatusCode};
use serde_json::{Map, Value, json};

use crate::testing::http::Reply;

/// An error, which `?` turns into a reply.
pub(crate) struct Error {
    status: StatusCode,
    id: &'static str,
    body: Map<String, Value>,
    beside: Map<String, Value>,
}

impl Error {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        let mut body = Map::new();
        body.insert("code".to_owned(), status.as_u16().into());
        body.insert("status".to_owned(), status.canonical_reason().into());
        body.insert("message".to_owned(), message.into().into());
        Self { status, id: "", body, beside: Map::new() }
    }

    /// A 400 whose body says 500, as Kratos refuses some parameters and bodies.
    pub(crate) fn unexpected(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, message) }
    }

    /// A 400 with the usual message.
    pub(crate) fn bad_request(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "The request was malformed or contained invalid parameters").reason(reason)
    }

    /// A 401 with the usual message.
    pub(crate) fn unauthorized(reason: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "The request could not be authorized").reason(reason)
    }

    /// A 403 with the usual message.
    pub(crate) fn forbidden(reason: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "The requested action was forbidden").reason(reason)
    }

    /// A 404 with the message for a missing row of the database.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Unable to locate the resource")
    }

    pub(crate) fn id(mut self, id: &'static str) -> Self {
        self.id = id;
        self.body.insert("id".to_owned(), id.into());
        self
    }

    pub(crate) fn reason(mut self, reason: impl Into<String>) -> Self {
        self.body.insert("reason".to_owned(), reason.into().into());
        self
    }

    pub(crate) fn details(mut self, details: Value) -> Self {
        self.body.insert("details".to_owned(), details);
        self
    }

    /// A key beside `error`.
    pub(crate) fn beside(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.beside.insert(key.to_owned(), value.into());
        self
    }
}

impl Error {
    pub(crate) fn has_id(&self, id: &str) -> bool {
        self.id == id
    }

    /// What a page of the application is told.
    pub(crate) fn body(&self) -> Value {
        json!(self.body)
    }
}

impl From<Error> for Reply {
    fn from(error: Error) -> Self {
        let mut body = error.beside;
        body.insert("error".to_owned(), json!(error.body));
        Self::text(error.status, "application/json", Value::Object(body).to_string())
            .header(HeaderName::from_static("ory-error-id"), error.id)
    }
}
