//! Reads a list row by row, once it cannot be read as a whole.

use serde::de::IgnoredAny;

use super::decode::{DecodeFailure, Decoded, Unreadable};
use super::raw::RawResponse;
use super::unreadable::UnreadableRow;
use crate::wire::budget::{WHOLE, charge_item, within};
use crate::wire::json::{Failure, parse_body_part};
use crate::wire::mismatch::describe;
use crate::wire::read::Read;

/// More rows than any page of a server has.
const MOST: usize = 1000;

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
    let Some(rows) = list.and_then(Items::of) else { return Err(failure) };
    // What reached a limit as a whole would reach it row by row. Nothing can be made of a list that breaks off.
    if failure.over.is_some() || !rows.is_whole() {
        return Err(failure);
    }
    let (read, over) = within(&WHOLE, body.len(), || {
        let mut readable = Vec::new();
        let mut is_ours = false;
        for (index, raw) in rows.enumerate() {
            charge_item::<T, serde_json::Error>().ok()?;
            match parse_body_part(raw) {
                Ok(row) => readable.push(row),
                // A null is nothing.
                Err(_) if raw == b"null" => continue,
                Err(_) if unreadable.len() == MOST => return None,
                Err(failure) => {
                    let place = Place { response, member: member.unwrap_or_default(), index };
                    unreadable.push(place.unreadable(raw, &failure));
                    if !raw.starts_with(b"{") {
                        continue;
                    }
                }
            }
            is_ours = true;
        }
        // Without a single object, this is another list.
        is_ours.then_some(readable)
    });
    match read {
        Some(readable) => Ok(readable),
        None => {
            unreadable.clear();
            Err(DecodeFailure { over, ..failure })
        }
    }
}

/// The place of a row.
struct Place<'a> {
    response: &'a RawResponse,
    member: &'a str,
    index: usize,
}

impl Place<'_> {
    fn unreadable(&self, raw: &[u8], failure: &Failure) -> UnreadableRow {
        let Self { response, member, index } = self;
        let dot = if failure.path.is_empty() || failure.path.starts_with('[') { "" } else { "." };
        let path = format!("{member}[{index}]{dot}{}", failure.path);
        let reason = describe(&failure.error);
        // The position in the row says nothing about the position in the body.
        let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
        // A part of the body costs no copy.
        UnreadableRow::new(*index, path, reason, response.body.slice_ref(raw))
    }
}

/// The items of a JSON list, one by one, since a list of them all could take more memory than its rows. What is in them does
/// not matter.
#[derive(Clone)]
struct Items<'a> {
    /// What follows the items so far and the comma after them. Empty at the end.
    rest: &'a [u8],
    is_broken: bool,
}

impl<'a> Items<'a> {
    /// `None` if the text is no list.
    fn of(text: &'a [u8]) -> Option<Self> {
        let rest = text.trim_ascii().strip_prefix(b"[")?.trim_ascii_start();
        Some(Self { rest: if rest == b"]" { b"" } else { rest }, is_broken: rest.is_empty() })
    }

    /// Whether it is a list up to its end.
    fn is_whole(&self) -> bool {
        let mut all = self.clone();
        all.by_ref().for_each(drop);
        !all.is_broken
    }

    fn step(&mut self) -> Option<&'a [u8]> {
        let (item, after) = first_value(self.rest)?;
        self.rest = match after.split_first()? {
            (b',', after) if !after.trim_ascii().is_empty() => after.trim_ascii_start(),
            (b']', b"") => b"",
            _ => return None,
        };
        Some(item)
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let item = self.step();
        if item.is_none() {
            (self.rest, self.is_broken) = (b"", true);
        }
        item
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
            let items = Items::of(text.as_bytes()).filter(Items::is_whole)?;
            Some(items.map(|item| str::from_utf8(item).unwrap()).collect::<Vec<_>>())
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
        assert_eq!(Items::of(deep.as_bytes()).unwrap().count(), 1);
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
