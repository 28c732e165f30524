//! A body as a value: JSON, or a form.

use http::HeaderMap;
use serde::de::DeserializeOwned;

use super::refused::ActionRefused;
use crate::wire::form::read_form;
use crate::wire::header::media_type;
use crate::wire::json::{Failure, parse_own};
use crate::wire::mismatch::describe;

/// The largest body that is read.
pub(super) const LARGEST: usize = 1 << 20;

/// Reads a body as its media type says. A body without one is JSON, as nearly all are.
pub(super) fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, ActionRefused> {
    if body.len() > LARGEST {
        return Err(ActionRefused::too_large(LARGEST));
    }
    match media_type(headers).to_ascii_lowercase().as_str() {
        "" | "application/json" => parse_own(body).map_err(|failure| refusal(&failure)),
        "application/x-www-form-urlencoded" => {
            let form = read_form(body)
                .map_err(|key| ActionRefused::unreadable(format!("the form has the key {key:?} more than once")))?;
            // As the text that a template for JSON would have made, so that both are read in one way.
            let text = serde_json::Value::Object(form).to_string();
            parse_own(text.as_bytes()).map_err(|failure| refusal(&failure))
        }
        _ => Err(ActionRefused::media_type()),
    }
}

fn refusal(failure: &Failure) -> ActionRefused {
    let what = describe(&failure.error);
    if failure.error.is_syntax() || failure.error.is_eof() {
        return ActionRefused::unreadable(format!("the body is not JSON: {what}"));
    }
    let place = if failure.path.is_empty() { String::new() } else { format!(" at `{}`", failure.path) };
    ActionRefused::unreadable(format!("the body has another form{place}: {what}"))
}
