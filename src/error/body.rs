//! Reads the body of an error. Its shape decides, never its media type.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::flow::{Form, Outcome};
use crate::response::without_mark;
use crate::wire::json::{first_document, parse_beside};

/// What the body of an error says.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct ErrorBody {
    pub id: Option<String>,
    pub oauth_error: Option<String>,
    pub reason: Option<String>,
    pub message: Option<String>,
    pub request: Option<String>,
    /// Whether only Ory's servers send errors of this shape. Most errors are recognised without another look.
    pub is_ory: bool,
    /// The form, if the body is a flow.
    pub form: Option<Box<Form>>,
}

impl ErrorBody {
    /// Reads a body of any shape that Ory's servers, and proxies in front of them, send.
    pub(crate) fn read(body: &[u8]) -> Self {
        // Nearly every error has this shape. Any other is read as free JSON.
        if let Ok(Usual { error, ui: None }) = serde_json::from_slice(without_mark(body)) {
            return error.into();
        }
        let Some(document) = first_document(without_mark(body)) else { return Self::default() };
        // The messages of a flow say what is wrong.
        if let Some(form) = parse_beside::<Outcome>(&document).ok().and_then(Outcome::into_form) {
            let message = form.all_messages().map(|message| &message.text).find(|text| !text.is_empty()).cloned();
            return Self { message, is_ory: true, form: Some(Box::new(form)), ..Self::default() };
        }
        let Some(json) = parse_beside::<Value>(&document).ok() else { return Self::default() };
        match json.get("error") {
            Some(error @ Value::Object(_)) => Self { is_ory: true, ..Self::of_object(error) },
            Some(Value::String(code)) => {
                let reason = text(&json, "error_description");
                Self { oauth_error: Some(code.clone()), reason, is_ory: true, ..Self::default() }
            }
            _ => Self::of_object(&json),
        }
    }

    /// The first JSON document of a body. Some servers write two.
    pub(crate) fn json(body: &[u8]) -> Option<Value> {
        parse_beside(&first_document(without_mark(body))?).ok()
    }

    /// The value of a key, wherever servers put it: at the top, in the error, or in its details.
    pub(crate) fn find<'a>(json: &'a Value, key: &str) -> Option<&'a Value> {
        let error = json.get("error");
        let details = error.and_then(|error| error.get("details"));
        let places = [Some(json), error, details, json.get("details")];
        places.into_iter().flatten().find_map(|place| place.get(key).filter(|value| !value.is_null()))
    }

    fn of_object(object: &Value) -> Self {
        Self {
            id: text(object, "id"),
            oauth_error: None,
            reason: text(object, "reason"),
            message: text(object, "message"),
            request: text(object, "request"),
            is_ory: false,
            form: None,
        }
    }
}

/// The usual body of Ory's errors.
#[derive(Deserialize)]
struct Usual {
    error: UsualError,
    /// A body with a `ui` is a flow.
    ui: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct UsualError {
    id: Option<String>,
    reason: Option<String>,
    message: Option<String>,
    request: Option<String>,
}

impl From<UsualError> for ErrorBody {
    fn from(error: UsualError) -> Self {
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self {
            id: some(error.id),
            oauth_error: None,
            reason: some(error.reason),
            message: some(error.message),
            request: some(error.request),
            is_ory: true,
            form: None,
        }
    }
}

/// A text that is not empty.
fn text(object: &Value, key: &str) -> Option<String> {
    object.get(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> ErrorBody {
        ErrorBody::read(body.as_bytes())
    }

    #[test]
    fn keys_are_found_in_every_place() {
        for body in [r#"{"k":1}"#, r#"{"error":{"k":1}}"#, r#"{"error":{"details":{"k":1}}}"#, r#"{"details":{"k":1}}"#]
        {
            assert_eq!(ErrorBody::find(&serde_json::from_str(body).unwrap(), "k"), Some(&Value::from(1)), "{body}");
        }
    }

    #[test]
    fn shapes() {
        let kratos = read(
            r#"{"error":{"id":"session_aal2_required","reason":"r","message":"","request":"q"},"redirect_browser_to":"u"}"#,
        );
        assert_eq!(
            (kratos.id.as_deref(), kratos.reason.as_deref(), kratos.message),
            (Some("session_aal2_required"), Some("r"), None)
        );
        assert_eq!(kratos.request.as_deref(), Some("q"));
        let oauth = read(r#"{"error":"invalid_grant","error_description":"gone"}"#);
        assert_eq!((oauth.oauth_error.as_deref(), oauth.reason.as_deref()), (Some("invalid_grant"), Some("gone")));
        let bare = read(r#"{"message":"m","id":"quota_exceeded"}"#);
        assert_eq!((bare.id.as_deref(), bare.message.as_deref()), (Some("quota_exceeded"), Some("m")));
        let flow = read(r#"{"id":"x","ui":{"messages":[],"nodes":[{"messages":[{"text":"too short"}]}]}}"#);
        assert_eq!(flow.message.as_deref(), Some("too short"));
        assert_eq!(ErrorBody::json(b"404 page not found\n"), None);
        assert_eq!(ErrorBody::json(b" 404\n"), Some(Value::from(404)));
        for other in ["<html>", "", "{\"error\"", "{\"redirect_to\":\"u\"}"] {
            assert_eq!(read(other), ErrorBody::default(), "{other}");
        }
        assert_eq!(read("{\"error\":\"a\"}{\"error\":\"b\"}").oauth_error.as_deref(), Some("a"));
    }
}
