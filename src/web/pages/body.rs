//! The body that a browser posted.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::client::SubmitFlow;
use crate::wire::header::media_type;

/// The longest body, in bytes. No form of a flow comes near it.
pub(super) const LONGEST: usize = 1 << 20;

/// What a browser posted.
pub(super) enum Posted {
    /// As an HTML form sends it.
    Form(Bytes),
    /// As a script sends it.
    Json(Value),
}

impl Posted {
    /// Reads a body by its media type. The error is the status to respond with.
    pub(super) fn read(headers: &HeaderMap, body: Bytes) -> Result<Self, StatusCode> {
        if body.len() > LONGEST {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        match media_type(headers).to_ascii_lowercase().as_str() {
            "application/x-www-form-urlencoded" => Ok(Self::Form(body)),
            "application/json" => serde_json::from_slice(&body).map(Self::Json).map_err(|_| StatusCode::BAD_REQUEST),
            _ => Err(StatusCode::UNSUPPORTED_MEDIA_TYPE),
        }
    }

    /// Hands the body on, just as it came.
    pub(super) fn submit(self, flow: SubmitFlow) -> SubmitFlow {
        match self {
            Self::Form(form) => flow.form_body(form),
            Self::Json(json) => flow.json_body(json),
        }
    }
}
