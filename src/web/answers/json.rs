//! Refusals for programs, in the shape of Kratos' own errors.

use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::privacy::Location;
use crate::sessions::Refusal;
use crate::web::respond;

/// The status of a refusal.
pub(super) fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Nobody => StatusCode::UNAUTHORIZED,
        Refusal::Malformed { .. } => StatusCode::BAD_REQUEST,
        Refusal::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::FORBIDDEN,
    }
}

/// What is told to the caller. The error of a call is not: it is for the log of the service.
pub(super) fn reason(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Unavailable { .. } => "It could not be checked who is signed in. Try again.".to_owned(),
        other => respond::sentence(&other.to_string()),
    }
}

/// Kratos' id of the error.
fn id(refusal: &Refusal) -> Option<String> {
    Some(match refusal {
        Refusal::Nobody => "session_inactive".to_owned(),
        Refusal::SecondFactor { .. } => "session_aal2_required".to_owned(),
        Refusal::SignInAgain { .. } => "session_refresh_required".to_owned(),
        Refusal::Unverified { .. } => "session_verified_address_required".to_owned(),
        Refusal::Forbidden { id } => id.as_ref()?.to_string(),
        _ => return None,
    })
}

/// The body of an error, as Kratos writes it.
pub(crate) fn error_body(status: StatusCode, id: Option<String>, reason: &str) -> Value {
    let mut error = json!({"code": status.as_u16(), "status": status.canonical_reason(), "message": reason});
    if let Some(id) = id {
        error["id"] = id.into();
    }
    json!({"error": error})
}

/// The response to a program.
pub(crate) fn api(refusal: &Refusal, go_to: Option<&Location>) -> Response<String> {
    let status = status(refusal);
    let mut body = error_body(status, id(refusal), &reason(refusal));
    // Somebody who is signed in can do something about it.
    if let Some(url) = go_to.filter(|_| status == StatusCode::FORBIDDEN) {
        body["redirect_browser_to"] = url.as_str().into();
    }
    let mut response = respond::json(status, &body);
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
