//! Decodes responses.

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::alternatives::{JsonOrText, OrRedirect};
use super::raw::RawResponse;
use super::rows;
use super::unreadable::UnreadableRow;
use crate::flow::{Form, Outcome, Submitted};
use crate::privacy::{Location, Secret};
use crate::wire::budget::Over;
use crate::wire::json::{Failure, parse_body, parse_own};
use crate::wire::read::Read;
use crate::wire::{header, mismatch};

/// Why a success cannot be decoded: the place in the JSON, and the reason.
#[derive(Debug)]
pub(crate) struct DecodeFailure {
    pub path: String,
    pub what: String,
    /// The limit that the decode reached.
    pub over: Option<Over>,
}

impl DecodeFailure {
    fn new(what: impl Into<String>) -> Self {
        Self { path: String::new(), what: what.into(), over: None }
    }
}

/// A body that is not JSON has no path: it could contain keys of free JSON, and the line and column say enough.
impl From<Failure> for DecodeFailure {
    fn from(failure: Failure) -> Self {
        let Failure { path, error, over } = failure;
        let path = if error.is_data() { path } else { String::new() };
        Self { path, what: mismatch::describe(&error), over }
    }
}

pub(crate) type Decoded<T> = Result<T, DecodeFailure>;

/// The rows of a list that could not be read.
pub(crate) type Unreadable = Vec<UnreadableRow>;

/// A function that decodes a response, and collects the rows that it cannot read.
pub(crate) type Decode<T> = fn(&RawResponse, &mut Unreadable) -> Decoded<T>;

/// The value of a JSON body.
pub(crate) fn json<T: for<'a> Read<'a>>(response: &RawResponse, _: &mut Unreadable) -> Decoded<T> {
    parse_body(response.text()).map_err(|failure| not_json(response).unwrap_or_else(|| failure.into()))
}

/// The value of a JSON body, of a type that is the caller's.
pub(crate) fn own_json<T: DeserializeOwned>(response: &RawResponse, _: &mut Unreadable) -> Decoded<T> {
    parse_own(response.text()).map_err(|failure| not_json(response).unwrap_or_else(|| failure.into()))
}

/// A list. An empty body or `null` is an empty list, since servers send `null` past the end. A row that cannot be read costs
/// only itself.
pub(crate) fn list<T: for<'a> Read<'a>>(response: &RawResponse, unreadable: &mut Unreadable) -> Decoded<Vec<T>> {
    if nothing(response).is_some() {
        return Ok(Vec::new());
    }
    json(response, unreadable).or_else(|failure| rows::readable(response, None, failure, unreadable))
}

/// The list in this member of a JSON object.
#[allow(dead_code, reason = "only some contracts have such lists")]
pub(crate) fn list_in<P: for<'a> Read<'a>, T: for<'a> Read<'a>>(
    response: &RawResponse,
    unreadable: &mut Unreadable,
    member: &str,
    rows_of: fn(P) -> Vec<T>,
) -> Decoded<Vec<T>> {
    json(response, unreadable)
        .map(rows_of)
        .or_else(|failure| rows::readable(response, Some(member), failure, unreadable))
}

/// The value of a JSON body, or `None` if the body is empty.
pub(crate) fn optional_json<T: for<'a> Read<'a>>(
    response: &RawResponse,
    unreadable: &mut Unreadable,
) -> Decoded<Option<T>> {
    if nothing(response).is_some() { Ok(None) } else { json(response, unreadable).map(Some) }
}

/// JSON, or the text of any other media type (a signed response is a JWT).
pub(crate) fn json_or_text<T: for<'a> Read<'a>>(
    response: &RawResponse,
    unreadable: &mut Unreadable,
) -> Decoded<JsonOrText<T>> {
    let essence = header::media_type(&response.headers);
    if essence.is_empty() || essence.ends_with("json") {
        return json(response, unreadable).map(JsonOrText::Json);
    }
    match foreign(response) {
        Some(failure) => Err(failure),
        None => text(response, unreadable).map(|text| JsonOrText::Text(text.into())),
    }
}

/// The body as text.
pub(crate) fn text(response: &RawResponse, _: &mut Unreadable) -> Decoded<String> {
    match response.compressed() {
        Some(what) => Err(DecodeFailure::new(format!("expected text, found {what}"))),
        None => Ok(String::from_utf8_lossy(&response.body).into_owned()),
    }
}

/// The body as secret text, such as a page that contains a code.
pub(crate) fn secret_text(response: &RawResponse, unreadable: &mut Unreadable) -> Decoded<Secret> {
    text(response, unreadable).map(Secret::from)
}

/// The body, not decoded.
pub(crate) fn bytes(response: &RawResponse, _: &mut Unreadable) -> Decoded<Bytes> {
    Ok(response.body.clone())
}

/// Nothing. If there is a body, it stays available as the raw body.
pub(crate) fn empty(_: &RawResponse, _: &mut Unreadable) -> Decoded<()> {
    Ok(())
}

/// A declared redirect, or the body of a 2xx.
pub(crate) fn or_redirect<T>(
    response: &RawResponse,
    unreadable: &mut Unreadable,
    decode: Decode<T>,
) -> Decoded<OrRedirect<T>> {
    if response.status.is_redirection() {
        return match header::text(&response.headers, http::header::LOCATION) {
            Some(location) => Ok(OrRedirect::Redirect(Location::from(location.into_owned()))),
            None => Err(DecodeFailure::new("a redirect without a Location")),
        };
    }
    decode(response, unreadable).map(OrRedirect::Value)
}

/// A flow, as the form that is the same for every kind.
pub(crate) fn form(response: &RawResponse, unreadable: &mut Unreadable) -> Decoded<Form> {
    let outcome: Outcome = json(response, unreadable)?;
    outcome.into_form().ok_or_else(|| DecodeFailure::new("expected a flow, found other JSON"))
}

/// What follows a flow that was submitted.
pub(crate) fn submitted(response: &RawResponse, unreadable: &mut Unreadable) -> Decoded<Submitted> {
    let outcome = match or_redirect(response, unreadable, json::<Outcome>)? {
        OrRedirect::Redirect(location) => return Ok(Submitted::Redirect(location)),
        OrRedirect::Value(outcome) => outcome,
    };
    Submitted::of(outcome).ok_or_else(|| DecodeFailure::new("expected a flow or a session, found other JSON"))
}

/// The reason why a body is not even JSON of Ory's.
fn not_json(response: &RawResponse) -> Option<DecodeFailure> {
    nothing(response).or_else(|| foreign(response))
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

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};
    use serde_json::Value;

    use super::*;

    fn response(body: &'static str) -> RawResponse {
        RawResponse { status: StatusCode::OK, headers: HeaderMap::new(), body: Bytes::from_static(body.as_bytes()) }
    }

    fn list_of(body: &'static str) -> Decoded<Vec<String>> {
        list(&response(body), &mut Vec::new())
    }

    fn one<T: for<'a> Read<'a>>(body: &'static str) -> Decoded<T> {
        json(&response(body), &mut Vec::new())
    }

    #[test]
    fn nothing_is_named_or_a_value() {
        assert_eq!(list_of(" null\n").unwrap(), Vec::<String>::new());
        assert_eq!(optional_json::<u32>(&response(""), &mut Vec::new()).unwrap(), None);
        assert_eq!(one::<u32>("").unwrap_err().what, "expected JSON, found an empty body");
        assert_eq!(one::<u32>("null").unwrap_err().what, "expected a value, found null");
    }

    #[test]
    fn a_failure_names_the_path() {
        #[derive(Debug, serde::Deserialize)]
        struct Outer {
            #[serde(rename = "list")]
            _list: Vec<u8>,
        }
        let own = |body| own_json::<Outer>(&response(body), &mut Vec::new()).unwrap_err();
        let failure = own("{\"list\": [1, \"x\"]}");
        assert_eq!(failure.path, "list[1]");
        assert_eq!(failure.what, "invalid type: string, expected u8 at line 1 column 16");
        let failure = one::<Vec<Vec<u32>>>("[[1], [2, \"x\"]]").unwrap_err();
        assert_eq!(failure.path, "[1][1]");
        assert_eq!(failure.what, "invalid type: string, expected u32 at line 1 column 13");
        for cut in [own("{\"hunter2\": [\"hun"), one::<Value>("{\"hunter2\": [\"hun").unwrap_err()] {
            assert_eq!((cut.path.as_str(), cut.what.as_str()), ("", "EOF while parsing a string at line 1 column 17"));
        }
        let two = one::<u32>("1 2").unwrap_err();
        assert!(two.what.contains("trailing characters"), "{}", two.what);
    }

    #[test]
    fn one_bad_value_costs_only_itself() {
        let body = "{\"a\": \"cut \\ud83d\", \"b\": [1e999, 2]}";
        assert_eq!(one::<Value>(body).unwrap(), serde_json::json!({"a": "cut \u{fffd}", "b": [null, 2]}));
        let own = own_json::<std::collections::HashMap<String, Value>>(&response(body), &mut Vec::new());
        assert_eq!(own.unwrap()["a"], "cut \u{fffd}");
    }
}
