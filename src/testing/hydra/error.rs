//! Errors of administrative operations.

use http::StatusCode;
use serde_json::{Value, json};

use crate::testing::http::Reply;
use crate::testing::model::InvalidClient;

pub(super) fn error(status: StatusCode, error: &str, description: &str) -> Reply {
    let body = json!({"error": error, "error_description": description});
    Reply::text(status, "application/json", body.to_string())
}

pub(super) fn not_found() -> Reply {
    error(StatusCode::NOT_FOUND, "Unable to locate the resource", "")
}

/// A challenge or set of keys that is not there.
pub(super) fn unknown() -> Reply {
    error(StatusCode::NOT_FOUND, "Not Found", "Unable to locate the requested resource")
}

/// A body that cannot be read, for this reason.
pub(super) fn undecodable(why: &str) -> Reply {
    malformed(&format!("Unable to decode the request body: {why}"))
}

/// The type of a JSON value, in the words of Go.
pub(super) fn go_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

pub(super) fn malformed(why: &str) -> Reply {
    error(StatusCode::BAD_REQUEST, "The request was malformed or contained invalid parameters", why)
}

impl From<InvalidClient> for Reply {
    fn from(invalid: InvalidClient) -> Self {
        match invalid {
            InvalidClient::WrongType { key, expected } => malformed(&format!("{key} must be {expected}")),
            InvalidClient::Lifespan(why) => undecodable(&why),
            InvalidClient::LifespanType { key, found } => undecodable(&format!(
                "json: cannot unmarshal {} into Go struct field Lifespans.{key} of type string",
                go_kind(&found)
            )),
            InvalidClient::PairwiseSubject => {
                invalid_metadata("Subject type pairwise is not supported by server, only [public] are allowed.")
            }
            InvalidClient::ShortSecret => {
                invalid_metadata("Field client_secret must contain a secret that is at least 6 characters long.")
            }
            InvalidClient::RedirectUriWithFragment => {
                let text =
                    "The value of one or more redirect_uris is invalid. Redirect URIs must not contain fragments (#).";
                error(StatusCode::BAD_REQUEST, "invalid_redirect_uri", text)
            }
        }
    }
}

pub(super) fn invalid_metadata(why: &str) -> Reply {
    let text = format!(
        "The value of one of the Client Metadata fields is invalid and the server has rejected this request. Note that \
         an Authorization Server MAY choose to substitute a valid value for any requested parameter of a Client's \
         Metadata. {why}"
    );
    error(StatusCode::BAD_REQUEST, "invalid_client_metadata", &text)
}
