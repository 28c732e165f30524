//! Why a call was not read.

use std::fmt;

use http::{Response, StatusCode};
use serde_json::json;

use super::respond;

/// Why a call was not read: it was not authenticated, or its body is not what the handler expects.
///
/// ```
/// use ory_sdk::actions::{Action, ActionAuth, PasswordMigration};
/// use ory_sdk::bytes::Bytes;
///
/// let auth = ActionAuth::header("x-api-key", "secret")?;
/// let mut headers = ory_sdk::http::HeaderMap::new();
/// headers.insert("x-api-key", "secret".parse()?);
/// let body = Bytes::from(r#"{"identifier": "ada@example.org", "password": 7}"#);
/// let refused = Action::<PasswordMigration>::read(&auth, &headers, body).unwrap_err();
/// assert_eq!(refused.status(), 400);
/// assert_eq!(refused.to_string(), "the body has another form at `password`: invalid type: integer, expected a string at line 1 column 47");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// | status | why |
/// | --- | --- |
/// | 400 | the body is not the JSON or the form that the handler expects; the text names the place in it, and no value |
/// | 401 | the credential is missing or wrong; the body was not read, and the response says nothing more |
/// | 413 | the body is larger than 1 MiB |
/// | 415 | the body is neither JSON nor a form |
///
/// None of them has `messages`, so Kratos takes them for a failure of the hook: the person gets an error, nothing is stored
/// before a hook that is parsed, and Kratos does not try again, since it would fail again. Hydra issues no token. It is never
/// a 403: to Kratos that would be a wrong password, to Hydra a refusal of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionRefused {
    status: StatusCode,
    why: String,
}

impl ActionRefused {
    pub(super) fn unauthorized() -> Self {
        Self { status: StatusCode::UNAUTHORIZED, why: "the credential is missing or wrong".to_owned() }
    }

    pub(super) fn too_large(limit: usize) -> Self {
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, why: format!("the body is larger than {limit} bytes") }
    }

    pub(super) fn media_type() -> Self {
        let why = "the media type of the body is neither `application/json` nor `application/x-www-form-urlencoded`";
        Self { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, why: why.to_owned() }
    }

    pub(super) fn unreadable(why: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, why: why.into() }
    }

    /// The status of the response.
    ///
    /// ```
    /// # fn example(refused: &ory_sdk::actions::ActionRefused) {
    /// if refused.status() == 401 {
    ///     println!("somebody without the key called");
    /// }
    /// # }
    /// ```
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The response: JSON that says why, or an empty 401.
    ///
    /// ```
    /// # fn example(refused: ory_sdk::actions::ActionRefused) -> ory_sdk::http::Response<String> {
    /// refused.into_response()
    /// # }
    /// ```
    pub fn into_response(self) -> Response<String> {
        if self.status == StatusCode::UNAUTHORIZED {
            return respond::empty(self.status);
        }
        let error =
            json!({"code": self.status.as_u16(), "status": self.status.canonical_reason(), "message": self.why});
        respond::json(self.status, &json!({"error": error}))
    }
}

impl fmt::Display for ActionRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for ActionRefused {}

impl From<ActionRefused> for Response<String> {
    fn from(refused: ActionRefused) -> Self {
        refused.into_response()
    }
}
