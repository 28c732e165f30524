//! Errors of administrative operations.

use http::StatusCode;
use serde_json::json;

use crate::testing::http::Reply;
use crate::testing::model::InvalidClient;

pub(super) fn error(status: StatusCode, error: &str, description: &str) -> Reply {
    let body = json!({"error": error, "error_description": description});
    Reply::text(status, "application/json", body.to_string())
}

pub(super) fn not_found() -> Reply {
    error(StatusCode::NOT_FOUND, "Unable to locate the resource", "")
}

pub(super) fn malformed(why: &str) -> Reply {
    error(StatusCode::BAD_REQUEST, "The request was malformed or contained invalid parameters", why)
}

impl From<InvalidClient> for Reply {
    fn from(invalid: InvalidClient) -> Self {
        match invalid {
            InvalidClient::WrongType { key, expected } => malformed(&format!("{key} must be {expected}")),
            InvalidClient::Lifespan(why) => malformed(&why),
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

fn invalid_metadata(why: &str) -> Reply {
    let text = format!(
        "The value of one of the Client Metadata fields is invalid and the server has rejected this request. Note that \
         an Authorization Server MAY choose to substitute a valid value for any requested parameter of a Client's \
         Metadata. {why}"
    );
    error(StatusCode::BAD_REQUEST, "invalid_client_metadata", &text)
}
