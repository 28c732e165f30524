//! Decodes responses.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::alternatives::{JsonOrText, OrRedirect};
use super::raw::RawResponse;
use crate::flow::{Form, Submitted};
use crate::privacy::{Location, Secret};
use crate::wire::{header, mismatch};

/// Why a success cannot be decoded: the place in the JSON, and the reason.
#[derive(Debug)]
pub(crate) struct DecodeFailure {
    pub path: String,
    pub what: String,
}

impl DecodeFailure {
    fn new(what: impl Into<String>) -> Self {
        Self { path: String::new(), what: what.into() }
    }
}

type Decoded<T> = Result<T, DecodeFailure>;

/// The value of a JSON body.
pub(crate) fn json<T: DeserializeOwned>(response: &RawResponse) -> Decoded<T> {
    match parse(response.text()) {
        Ok(value) => Ok(value),
        Err(error) => {
            Err(nothing(response).or_else(|| foreign(response)).unwrap_or_else(|| failure::<T>(response, &error)))
        }
    }
}

/// Checks UTF-8 once for the whole body, which is cheaper than for each string.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    match std::str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        // `failure` needs this reader too. Another one would be compiled for every type, for hardly any body.
        Err(_) => {
            let mut deserializer = serde_json::Deserializer::from_slice(body);
            let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| error.into_inner())?;
            deserializer.end().map(|()| value)
        }
    }
}

/// A list. An empty body or `null` is an empty list, since servers send `null` past the end.
pub(crate) fn list<T: DeserializeOwned + Default>(response: &RawResponse) -> Decoded<T> {
    if nothing(response).is_some() { Ok(T::default()) } else { json(response) }
}

/// The value of a JSON body, or `None` if the body is empty.
pub(crate) fn optional_json<T: DeserializeOwned>(response: &RawResponse) -> Decoded<Option<T>> {
    if nothing(response).is_some() { Ok(None) } else { json(response).map(Some) }
}

/// JSON, or the text of any other media type (a signed response is a JWT).
pub(crate) fn json_or_text<T: DeserializeOwned>(response: &RawResponse) -> Decoded<JsonOrText<T>> {
    let essence = header::media_type(&response.headers);
    if essence.is_empty() || essence.ends_with("json") {
        return json(response).map(JsonOrText::Json);
    }
    match foreign(response) {
        Some(failure) => Err(failure),
        None => text(response).map(|text| JsonOrText::Text(text.into())),
    }
}

/// The body as text.
pub(crate) fn text(response: &RawResponse) -> Decoded<String> {
    match response.compressed() {
        Some(what) => Err(DecodeFailure::new(format!("expected text, found {what}"))),
        None => Ok(String::from_utf8_lossy(&response.body).into_owned()),
    }
}

/// The body as secret text, such as a page that contains a code.
pub(crate) fn secret_text(response: &RawResponse) -> Decoded<Secret> {
    text(response).map(Secret::from)
}

/// The body, not decoded.
pub(crate) fn bytes(response: &RawResponse) -> Decoded<Bytes> {
    Ok(response.body.clone())
}

/// Nothing. If there is a body, it stays available as the raw body.
pub(crate) fn empty(_: &RawResponse) -> Decoded<()> {
    Ok(())
}

/// A declared redirect, or the body of a 2xx.
pub(crate) fn or_redirect<T>(
    response: &RawResponse,
    decode: impl FnOnce(&RawResponse) -> Decoded<T>,
) -> Decoded<OrRedirect<T>> {
    if response.status.is_redirection() {
        return match header::text(&response.headers, http::header::LOCATION) {
            Some(location) => Ok(OrRedirect::Redirect(Location::from(location.into_owned()))),
            None => Err(DecodeFailure::new("a redirect without a Location")),
        };
    }
    decode(response).map(OrRedirect::Value)
}

/// A flow, as the form that is the same for every kind.
pub(crate) fn form(response: &RawResponse) -> Decoded<Form> {
    let flow: Value = json(response)?;
    if Form::is_flow(&flow) {
        Ok(Form::of(&flow))
    } else {
        Err(DecodeFailure::new("expected a flow, found other JSON"))
    }
}

/// What follows a flow that was submitted.
pub(crate) fn submitted(response: &RawResponse) -> Decoded<Submitted> {
    let body = match or_redirect(response, json::<Value>)? {
        OrRedirect::Redirect(location) => return Ok(Submitted::Redirect(location)),
        OrRedirect::Value(body) => body,
    };
    Submitted::of(&body).ok_or_else(|| DecodeFailure::new("expected a flow or a session, found other JSON"))
}

/// The reason to refuse an empty body or `null`.
fn nothing(response: &RawResponse) -> Option<DecodeFailure> {
    match response.text().trim_ascii() {
        b"" => Some(DecodeFailure::new("expected JSON, found an empty body")),
        b"null" => Some(DecodeFailure::new("expected a value, found null")),
        _ => None,
    }
}

/// The reason to refuse a body that does not come from Ory.
fn foreign(response: &RawResponse) -> Option<DecodeFailure> {
    response.foreign().map(|what| DecodeFailure::new(format!("expected JSON, found {what}")))
}

/// Decodes once more to find the path, at the cost of failed responses only. A body that is not JSON has no path: it could
/// contain keys of free JSON, and the line and column say enough.
fn failure<T: DeserializeOwned>(response: &RawResponse, error: &serde_json::Error) -> DecodeFailure {
    let mut deserializer = serde_json::Deserializer::from_slice(response.text());
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) if error.inner().is_data() => {
            DecodeFailure { path: error.path().to_string(), what: mismatch::describe(error.inner()) }
        }
        _ => DecodeFailure::new(mismatch::describe(error)),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};

    use super::*;

    fn response(body: &'static str) -> RawResponse {
        RawResponse { status: StatusCode::OK, headers: HeaderMap::new(), body: Bytes::from_static(body.as_bytes()) }
    }

    #[test]
    fn nothing_is_named_or_a_value() {
        assert_eq!(list::<Vec<u8>>(&response(" null\n")).unwrap(), Vec::<u8>::new());
        assert_eq!(optional_json::<u8>(&response("")).unwrap(), None);
        assert_eq!(json::<u8>(&response("")).unwrap_err().what, "expected JSON, found an empty body");
        assert_eq!(json::<u8>(&response("null")).unwrap_err().what, "expected a value, found null");
    }

    #[test]
    fn failure_names_the_path() {
        #[derive(Debug, serde::Deserialize)]
        struct Outer {
            #[serde(rename = "list")]
            _list: Vec<u8>,
        }
        let failure = json::<Outer>(&response("{\"list\": [1, \"x\"]}")).unwrap_err();
        assert_eq!(failure.path, "list[1]");
        assert_eq!(failure.what, "invalid type: string, expected u8 at line 1 column 16");
        let cut = json::<serde_json::Value>(&response("{\"hunter2\": [\"hun")).unwrap_err();
        assert_eq!((cut.path.as_str(), cut.what.as_str()), ("", "EOF while parsing a string at line 1 column 17"));
        let two = json::<u8>(&response("1 2")).unwrap_err();
        assert!(two.what.contains("trailing characters"), "{}", two.what);
    }
}
