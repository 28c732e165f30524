//! The one place where JSON from outside becomes values.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, IgnoredAny};

use crate::wire::budget::{BESIDE, Budget, Over, WHOLE, within};
use crate::wire::mend::mend;
use crate::wire::path::traced;
use crate::wire::read::Read;

/// The longest path that is shown for a type of the caller's, in characters.
const LONGEST_PATH: usize = 200;

/// Why JSON could not be read.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The place in the JSON. Empty if it is the whole, or if the text is not JSON.
    pub path: String,
    pub error: serde_json::Error,
    /// The limit that the decode reached.
    pub over: Option<Over>,
}

/// Reads a type of the contract. A value that JSON libraries refuse costs only itself.
pub(crate) fn parse<T: for<'a> Read<'a>>(text: &str) -> Result<T, Failure> {
    bounded(&WHOLE, text, parse_part)
}

/// Like [`parse`], as a part of a decode that has its budget.
pub(crate) fn parse_part<T: for<'a> Read<'a>>(text: &str) -> Result<T, Failure> {
    // One reader for every text. Others would be compiled for every type.
    let mut reader = serde_json::Deserializer::from_str(text);
    let result = traced(|| {
        let value = T::read(&mut reader)?;
        reader.end().map(|()| value)
    });
    result.map_err(|(path, error)| Failure { path, error, over: None })
}

/// Like [`parse`], for the body of a response, which may contain values that JSON libraries refuse.
pub(crate) fn parse_body<T: for<'a> Read<'a>>(body: &[u8]) -> Result<T, Failure> {
    mending(body, parse)
}

/// Like [`parse_body`], as a part of a decode that has its budget.
pub(crate) fn parse_body_part<T: for<'a> Read<'a>>(body: &[u8]) -> Result<T, Failure> {
    mending(body, parse_part)
}

/// Like [`parse_body`], for an error or for a second look at a body.
pub(crate) fn parse_beside<T: for<'a> Read<'a>>(body: &[u8]) -> Result<T, Failure> {
    mending(body, |text| bounded(&BESIDE, text, parse_part))
}

/// Like [`parse_body`], for a type that is not the contract's. The path is found by a second decode, since only failures need
/// it. Types of the contract within it have their budget.
pub(crate) fn parse_own<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    parse_own_within(&WHOLE, body)
}

/// Like [`parse_own`], for an error or for a second look at a body.
pub(crate) fn parse_own_beside<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    parse_own_within(&BESIDE, body)
}

fn parse_own_within<T: DeserializeOwned>(budget: &Budget, body: &[u8]) -> Result<T, Failure> {
    let read = |text: &str| {
        serde_json::from_str(text).map_err(|error| {
            let mut reader = serde_json::Deserializer::from_str(text);
            let path = match serde_path_to_error::deserialize::<_, T>(&mut reader) {
                Err(error) if error.inner().is_data() => error.path().to_string(),
                _ => String::new(),
            };
            Failure { path: shown(&path), error, over: None }
        })
    };
    mending(body, |text| bounded(budget, text, read))
}

fn bounded<T>(budget: &Budget, text: &str, read: impl FnOnce(&str) -> Result<T, Failure>) -> Result<T, Failure> {
    let (result, over) = within(budget, text.len(), || read(text));
    result.map_err(|failure| Failure { over, ..failure })
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

/// The first JSON document of a body, if it starts with one. Some servers write two. In `404 page not found` the number is the
/// beginning of a text.
pub(crate) fn first_document(body: &[u8]) -> Option<Cow<'_, [u8]>> {
    let end = |text: &[u8]| {
        let mut documents = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
        documents.next()?.ok()?;
        let end = documents.byte_offset();
        let is_document = text.trim_ascii_start().starts_with(b"{") || text.trim_ascii_start().starts_with(b"[");
        (is_document || documents.next().is_none()).then_some(end)
    };
    if let Some(end) = end(body) {
        return Some(Cow::Borrowed(&body[..end]));
    }
    let mut mended = mend(body)?.into_bytes();
    mended.truncate(end(&mended)?);
    Some(Cow::Owned(mended))
}

/// Reads a body as it is, as most bodies are. If it is not JSON, once more with its bad values replaced.
fn mending<T>(body: &[u8], read: impl Fn(&str) -> Result<T, Failure>) -> Result<T, Failure> {
    let is_syntax = |failure: &Failure| !failure.error.is_data() && failure.over.is_none();
    // Checking UTF-8 once for the whole body is cheaper than for each text.
    let first = match std::str::from_utf8(body) {
        Ok(text) => match read(text) {
            Err(failure) if is_syntax(&failure) => failure,
            result => return result,
        },
        Err(_) => return read(&mend(body).unwrap_or_default()),
    };
    match mend(body) {
        // A text that is still not JSON fails where it did before.
        Some(mended) => read(&mended).map_err(|failure| if is_syntax(&failure) { first } else { failure }),
        None => Err(first),
    }
}
