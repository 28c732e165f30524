//! An answer as it came, and the ways to make a value of it.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::Secret;
use crate::misfit;
use crate::response::{JsonOrText, Location, OrRedirect};

/// Status, headers and whole body of an answer.
#[derive(Clone)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// The body without the byte order mark that some gateways put before it.
    pub(crate) fn text(&self) -> &[u8] {
        self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body)
    }

    /// What the body is if a server or gateway compressed it, in words. It is not expanded.
    fn compressed(&self) -> Option<&'static str> {
        let encoding = self.headers.get(http::header::CONTENT_ENCODING).map(http::HeaderValue::as_bytes);
        encoding
            .is_some_and(|encoding| !encoding.is_empty() && !encoding.eq_ignore_ascii_case(b"identity"))
            .then_some("a compressed body, which was not asked for")
    }

    /// What the body is if it is plainly not from Ory, in words.
    pub(crate) fn foreign(&self) -> Option<&'static str> {
        if let Some(what) = self.compressed() {
            return Some(what);
        }
        let is_markup = self.text().trim_ascii_start().starts_with(b"<");
        is_markup.then_some("HTML, as from a proxy or a wrong port")
    }
}

/// The id under which a gateway knows the request, for its support.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let names = ["x-request-id", "ory-request-id", "x-amzn-requestid", "cf-ray"];
    names.iter().find_map(|name| headers.get(*name)?.to_str().ok().filter(|id| !id.is_empty()))
}

/// Why a success could not be decoded: where in the JSON, and what was wrong there.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub path: String,
    pub what: String,
}

impl Trouble {
    fn new(what: impl Into<String>) -> Self {
        Self { path: String::new(), what: what.into() }
    }
}

type Decoded<T> = Result<T, Trouble>;

/// The value of a JSON body.
pub(crate) fn json<T: DeserializeOwned>(answer: &Answer) -> Decoded<T> {
    match parse(answer.text()) {
        Ok(value) => Ok(value),
        Err(error) => Err(nothing(answer).or_else(|| foreign(answer)).unwrap_or_else(|| trouble::<T>(answer, &error))),
    }
}

/// Text is checked to be text once as a whole, which is cheaper than string by string.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    match std::str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        // By the reader that `trouble` has anyway: another one for every type would be compiled for hardly any body.
        Err(_) => {
            let mut deserializer = serde_json::Deserializer::from_slice(body);
            let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| error.into_inner())?;
            deserializer.end().map(|()| value)
        }
    }
}

/// A list; nothing at all is an empty one, since servers send `null` past the end.
pub(crate) fn list<T: DeserializeOwned + Default>(answer: &Answer) -> Decoded<T> {
    if nothing(answer).is_some() { Ok(T::default()) } else { json(answer) }
}

/// The value of a JSON body, or none where the server answers without one.
pub(crate) fn optional_json<T: DeserializeOwned>(answer: &Answer) -> Decoded<Option<T>> {
    if nothing(answer).is_some() { Ok(None) } else { json(answer).map(Some) }
}

/// JSON, or the text of any other media type (a signed answer is a JWT).
pub(crate) fn json_or_text<T: DeserializeOwned>(answer: &Answer) -> Decoded<JsonOrText<T>> {
    let content_type = answer.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if essence.is_empty() || essence.ends_with("json") {
        return json(answer).map(JsonOrText::Json);
    }
    match foreign(answer) {
        Some(trouble) => Err(trouble),
        None => text(answer).map(|text| JsonOrText::Text(text.into())),
    }
}

/// The body as text.
pub(crate) fn text(answer: &Answer) -> Decoded<String> {
    match answer.compressed() {
        Some(what) => Err(Trouble::new(format!("expected text, found {what}"))),
        None => Ok(String::from_utf8_lossy(&answer.body).into_owned()),
    }
}

/// The body as text that nobody may see, such as a page with a code in it.
pub(crate) fn secret_text(answer: &Answer) -> Decoded<Secret> {
    text(answer).map(Secret::from)
}

/// The body as it came.
pub(crate) fn bytes(answer: &Answer) -> Decoded<Bytes> {
    Ok(answer.body.clone())
}

/// Nothing: a body that comes all the same stays reachable as the raw one.
pub(crate) fn empty(_: &Answer) -> Decoded<()> {
    Ok(())
}

/// A declared redirect, or what a 2xx holds.
pub(crate) fn or_redirect<T>(answer: &Answer, decode: impl FnOnce(&Answer) -> Decoded<T>) -> Decoded<OrRedirect<T>> {
    if answer.status.is_redirection() {
        let location =
            answer.headers.get(http::header::LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()));
        return match location {
            Some(location) => Ok(OrRedirect::Redirect(Location::new(location.into_owned()))),
            None => Err(Trouble::new("a redirect without a Location")),
        };
    }
    decode(answer).map(OrRedirect::Value)
}

/// A body that says nothing, named.
fn nothing(answer: &Answer) -> Option<Trouble> {
    match answer.text().trim_ascii() {
        b"" => Some(Trouble::new("expected JSON, found an empty body")),
        b"null" => Some(Trouble::new("expected a value, found null")),
        _ => None,
    }
}

/// A body that somebody else made, named.
fn foreign(answer: &Answer) -> Option<Trouble> {
    answer.foreign().map(|what| Trouble::new(format!("expected JSON, found {what}")))
}

/// Decodes once more to learn the path: only a failed answer pays for it. What is no JSON at all has no path: it
/// could lead through the keys of free JSON, and the place in the text says enough.
fn trouble<T: DeserializeOwned>(answer: &Answer, error: &serde_json::Error) -> Trouble {
    let mut deserializer = serde_json::Deserializer::from_slice(answer.text());
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) if error.inner().is_data() => {
            Trouble { path: error.path().to_string(), what: misfit::describe(error.inner()) }
        }
        _ => Trouble::new(misfit::describe(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &'static str) -> Answer {
        Answer { status: StatusCode::OK, headers: HeaderMap::new(), body: Bytes::from_static(body.as_bytes()) }
    }

    #[test]
    fn nothing_is_named_or_a_value() {
        assert_eq!(list::<Vec<u8>>(&answer(" null\n")).unwrap(), Vec::<u8>::new());
        assert_eq!(optional_json::<u8>(&answer("")).unwrap(), None);
        assert_eq!(json::<u8>(&answer("")).unwrap_err().what, "expected JSON, found an empty body");
        assert_eq!(json::<u8>(&answer("null")).unwrap_err().what, "expected a value, found null");
    }

    #[test]
    fn trouble_names_the_path() {
        #[derive(Debug, serde::Deserialize)]
        struct Outer {
            #[serde(rename = "list")]
            _list: Vec<u8>,
        }
        let trouble = json::<Outer>(&answer("{\"list\": [1, \"x\"]}")).unwrap_err();
        assert_eq!(trouble.path, "list[1]");
        assert_eq!(trouble.what, "invalid type: string, expected u8 at line 1 column 16");
        let cut = json::<serde_json::Value>(&answer("{\"hunter2\": [\"hun")).unwrap_err();
        assert_eq!((cut.path.as_str(), cut.what.as_str()), ("", "EOF while parsing a string at line 1 column 17"));
        let two = json::<u8>(&answer("1 2")).unwrap_err();
        assert!(two.what.contains("trailing characters"), "{}", two.what);
    }
}
