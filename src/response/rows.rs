//! Reads a list row by row, once it cannot be read as a whole.

use bytes::Bytes;
use serde::de::IgnoredAny;

use super::decode::{DecodeFailure, Decoded, Unreadable};
use super::raw::RawResponse;
use super::unreadable::UnreadableRow;
use crate::wire::json::parse_body;
use crate::wire::mismatch::describe;
use crate::wire::read::Read;

/// The rows that can be read. The others are reported in `unreadable`. If the body has no list at its root or in this member,
/// it stays the failure that it is.
pub(super) fn readable<T: for<'a> Read<'a>>(
    response: &RawResponse,
    member: Option<&str>,
    failure: DecodeFailure,
    unreadable: &mut Unreadable,
) -> Decoded<Vec<T>> {
    let body = response.text();
    let list = match member {
        Some(member) => value_of(body, member),
        None => Some(body),
    };
    // More rows than memory allows are as unreadable one by one.
    let Some(rows) = list.and_then(items).filter(|_| !failure.too_large) else { return Err(failure) };
    // Nothing in this list is a row of ours: it is another list.
    let is_other = |raw: &&[u8]| !raw.starts_with(b"{") && parse_body::<T>(raw).is_err();
    if rows.iter().all(is_other) {
        return Err(failure);
    }
    let mut readable = Vec::new();
    for (index, raw) in rows.into_iter().enumerate() {
        match parse_body(raw) {
            Ok(row) => readable.push(row),
            // A null is nothing.
            Err(_) if raw == b"null" => {}
            Err(failure) => {
                let list = member.unwrap_or_default();
                let dot = if failure.path.is_empty() || failure.path.starts_with('[') { "" } else { "." };
                let path = format!("{list}[{index}]{dot}{}", failure.path);
                let reason = describe(&failure.error);
                // The position in the row says nothing about the position in the body.
                let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
                unreadable.push(UnreadableRow::new(index, path, reason, slice_of(&response.body, raw)));
            }
        }
    }
    Ok(readable)
}

/// The part of the body, which costs no copy.
fn slice_of(body: &Bytes, part: &[u8]) -> Bytes {
    body.slice_ref(part)
}

/// The items of a JSON list, if the text is one. What is in them does not matter.
fn items(text: &[u8]) -> Option<Vec<&[u8]>> {
    let mut rest = text.trim_ascii().strip_prefix(b"[")?.trim_ascii_start();
    let mut found = Vec::new();
    if rest.strip_prefix(b"]").is_some_and(<[u8]>::is_empty) {
        return Some(found);
    }
    loop {
        let (item, after) = first_value(rest)?;
        found.push(item);
        match after.split_first()? {
            (b',', after) => rest = after.trim_ascii_start(),
            (b']', b"") => return Some(found),
            _ => return None,
        }
    }
}

/// The value of a key of a JSON object.
fn value_of<'a>(text: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let mut rest = text.trim_ascii().strip_prefix(b"{")?.trim_ascii_start();
    loop {
        let (name, after) = first_value(rest)?;
        let (value, after) = first_value(after.strip_prefix(b":")?.trim_ascii_start())?;
        if serde_json::from_slice::<String>(name).is_ok_and(|name| name == key) {
            return Some(value);
        }
        rest = after.strip_prefix(b",")?.trim_ascii_start();
    }
}

/// The first JSON value of a text, and what follows it.
fn first_value(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    let (value, after) = text.split_at(values.byte_offset());
    Some((value, after.trim_ascii_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_lists() {
        let of = |text: &'static str| {
            items(text.as_bytes())
                .map(|items| items.iter().map(|item| str::from_utf8(item).unwrap()).collect::<Vec<_>>())
        };
        assert_eq!(of(" [ ] ").unwrap(), [""; 0]);
        assert_eq!(
            of(" [1 , {\"a\":[\"],\"]},\"\\ud83d\",null\n] ").unwrap(),
            ["1", "{\"a\":[\"],\"]}", "\"\\ud83d\"", "null"]
        );
        for text in ["", "{}", "[", "[1", "[1,", "[1,]", "[1]]", "[1] x", "[1 2]", "[,1]"] {
            assert_eq!(of(text), None, "{text}");
        }
        let deep = format!("[{}{}]", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(items(deep.as_bytes()).unwrap().len(), 1);
    }

    #[test]
    fn members_of_objects() {
        let of = |text: &'static str| value_of(text.as_bytes(), "rows").map(|value| str::from_utf8(value).unwrap());
        assert_eq!(of(" {\"a\" : {\"rows\":1}, \"rows\" : [1, 2] , \"b\": 3}"), Some("[1, 2]"));
        assert_eq!(of("{\"r\\u006fws\":[]}"), Some("[]"));
        for text in ["{}", "[]", "{\"rows\"", "{\"rows\":", "{\"a\":1}", "{\"a\":1 \"rows\":2}"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
