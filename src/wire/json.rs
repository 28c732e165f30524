//! The one place where JSON from outside becomes values.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use crate::wire::budget::within;
use crate::wire::mend::mend;
use crate::wire::path::traced;
use crate::wire::read::Read;

/// The memory that a decode may allocate however small its text is.
const LEAST: u64 = 16 << 20;
/// The memory that a decode may allocate for each byte of its text.
const PER_BYTE: u64 = 6;

/// The longest path that is shown for a type of the caller's, in characters.
const LONGEST_PATH: usize = 200;

/// Why JSON could not be read.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The place in the JSON. Empty if it is the whole, or if the text is not JSON.
    pub path: String,
    pub error: serde_json::Error,
    /// Whether its values would take too much memory.
    pub too_large: bool,
}

/// Reads a type of the contract. A value that JSON libraries refuse costs only itself.
pub(crate) fn parse<T: for<'a> Read<'a>>(text: &str) -> Result<T, Failure> {
    // One reader for every text. Others would be compiled for every type.
    let mut reader = serde_json::Deserializer::from_str(text);
    let budget = LEAST.max(PER_BYTE * text.len() as u64);
    let (result, too_large) = within(budget, || {
        traced(|| {
            let value = T::read(&mut reader)?;
            reader.end().map(|()| value)
        })
    });
    result.map_err(|(path, error)| Failure { path, error, too_large })
}

/// Like [`parse`], for the body of a response, which may contain values that JSON libraries refuse.
pub(crate) fn parse_body<T: for<'a> Read<'a>>(body: &[u8]) -> Result<T, Failure> {
    mending(body, parse, |failure| !failure.error.is_data() && !failure.too_large)
}

/// Like [`parse_body`], for a type that is not the contract's. The path is found by a second decode, since only failures need it.
pub(crate) fn parse_own<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    let read = |text: &str| {
        serde_json::from_str(text).map_err(|error| {
            let mut reader = serde_json::Deserializer::from_str(text);
            let path = match serde_path_to_error::deserialize::<_, T>(&mut reader) {
                Err(error) if error.inner().is_data() => error.path().to_string(),
                _ => String::new(),
            };
            Failure { path: shown(&path), error, too_large: false }
        })
    };
    mending(body, read, |failure| !failure.error.is_data())
}

/// A path with keys from anywhere, as one short line.
fn shown(path: &str) -> String {
    let line: String = path.chars().take(LONGEST_PATH).flat_map(char::escape_debug).collect();
    match path {
        "." => String::new(),
        path if path.chars().nth(LONGEST_PATH).is_some() => format!("{line}.."),
        _ => line,
    }
}

/// The first JSON document of a body, if it starts with one. In `404 page not found` the number is the beginning of a text.
pub(crate) fn parse_first(body: &[u8]) -> Option<Value> {
    let first = |text: &[u8]| {
        let mut documents = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
        documents.next()?.ok()?;
        let first: Value = parse(str::from_utf8(text.get(..documents.byte_offset())?).ok()?).ok()?;
        let is_document = first.is_object() || first.is_array() || documents.next().is_none();
        is_document.then_some(first)
    };
    first(body).or_else(|| first(mend(body)?.as_bytes()))
}

/// Reads a body as it is. Once more with its bad values replaced if it is not JSON, as most bodies are.
fn mending<T>(
    body: &[u8],
    read: impl Fn(&str) -> Result<T, Failure>,
    is_syntax: impl Fn(&Failure) -> bool,
) -> Result<T, Failure> {
    // Checking UTF-8 once for the whole body is cheaper than for each text.
    let first = match std::str::from_utf8(body) {
        Ok(text) => match read(text) {
            Err(failure) if is_syntax(&failure) => failure,
            result => return result,
        },
        Err(_) => return read(&mend(body).map_or(Cow::Borrowed(""), Cow::Owned)),
    };
    match mend(body) {
        // A text that is still not JSON fails where it did before.
        Some(mended) => read(&mended).map_err(|failure| if is_syntax(&failure) { first } else { failure }),
        None => Err(first),
    }
}
