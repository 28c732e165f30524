//! Reads the names of inputs as Kratos does, and puts values where they lead.

use serde_json::{Map, Value};

/// The greatest number of segments of a name. Traits are never as deep, and JSON parsers go deeper.
const DEEPEST: usize = 32;

/// The greatest index of an item. A name must not make a list of any length.
const LONGEST: usize = 1000;

/// A part of an input's name.
enum Segment {
    Key(String),
    /// The index of an item of a list. In an object it is a key.
    Index(usize),
}

impl Segment {
    /// Digits are an index, unless a colon or a backslash stands before them.
    fn of(text: String, is_escaped: bool) -> Self {
        if is_escaped {
            return Self::Key(text);
        }
        if let Some(digits) = text.strip_prefix(':').filter(|digits| is_number(digits)) {
            return Self::Key(digits.to_owned());
        }
        let index = text.parse().ok().filter(|index| is_number(&text) && *index <= LONGEST);
        index.map_or(Self::Key(text), Self::Index)
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of `0]..`, and what follows. Only as far as an index may be long.
fn index_in_brackets(rest: &str) -> Option<(&str, &str)> {
    let end = rest.bytes().take(5).position(|byte| byte == b']')?;
    Some((&rest[..end], &rest[end + 1..])).filter(|(digits, _)| is_number(digits))
}

/// Splits a name at its dots: `traits.tags.0` is the first item of `tags` in `traits`, and so is `traits.tags[0]`. A
/// backslash takes the next character as it is. The rest of a name that is too deep becomes one key.
fn segments(name: &str) -> Vec<Segment> {
    let mut found = Vec::new();
    let (mut text, mut is_escaped) = (String::new(), false);
    let mut chars = name.chars();
    while let Some(next) = chars.next() {
        let index = if next == '[' { index_in_brackets(chars.as_str()) } else { None };
        match (next, index) {
            _ if found.len() + 1 == DEEPEST => text.push(next),
            ('\\', _) => {
                text.extend(chars.next());
                is_escaped = true;
            }
            ('.', _) => found.push(Segment::of(std::mem::take(&mut text), std::mem::take(&mut is_escaped))),
            ('[', Some((digits, after))) if !text.is_empty() => {
                found.push(Segment::of(std::mem::replace(&mut text, digits.to_owned()), is_escaped));
                is_escaped = false;
                chars = after.chars();
            }
            _ => text.push(next),
        }
    }
    found.push(Segment::of(text, is_escaped));
    found
}

/// Puts a value where the name of its input leads. A name that contradicts an earlier one, such as `a.b` after a text `a`,
/// leads nowhere.
pub(super) fn put(body: &mut Map<String, Value>, name: &str, value: Value) {
    let mut segments = segments(name).into_iter();
    let Some(first) = segments.next() else { return };
    let mut place = body.entry(key(first)).or_insert(Value::Null);
    for segment in segments {
        if place.is_null() {
            *place = match segment {
                Segment::Index(_) => Value::Array(Vec::new()),
                Segment::Key(_) => Value::Object(Map::new()),
            };
        }
        place = match (place, segment) {
            (Value::Array(items), Segment::Index(index)) => {
                if items.len() <= index {
                    items.resize(index + 1, Value::Null);
                }
                &mut items[index]
            }
            (Value::Object(map), segment) => map.entry(key(segment)).or_insert(Value::Null),
            _ => return,
        };
    }
    *place = value;
}

fn key(segment: Segment) -> String {
    match segment {
        Segment::Key(key) => key,
        Segment::Index(index) => index.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(pairs: &[(&str, &str)]) -> Value {
        let mut body = Map::new();
        pairs.iter().for_each(|(name, value)| put(&mut body, name, (*value).into()));
        Value::Object(body)
    }

    #[test]
    fn names_lead_to_places() {
        for (pairs, expected) in [
            (&[("a", "1")][..], json!({"a": "1"})),
            (
                &[("traits.email", "1"), ("traits.name.first", "2")],
                json!({"traits": {"email": "1", "name": {"first": "2"}}}),
            ),
            (&[("t.tags.0", "a"), ("t.tags.1", "b")], json!({"t": {"tags": ["a", "b"]}})),
            (&[("t.tags.1", "b"), ("t.tags.0", "a")], json!({"t": {"tags": ["a", "b"]}})),
            (&[("t.tags[0]", "a"), ("t.tags[1]", "b")], json!({"t": {"tags": ["a", "b"]}})),
            (
                &[("t.list.0.name", "a"), ("t.list[1].name", "b")],
                json!({"t": {"list": [{"name": "a"}, {"name": "b"}]}}),
            ),
            (&[("t.m[0][1]", "x")], json!({"t": {"m": [[null, "x"]]}})),
            (&[(r"t.a\.b", "1")], json!({"t": {"a.b": "1"}})),
            (&[(r"t.\0", "1"), ("t.x", "2")], json!({"t": {"0": "1", "x": "2"}})),
            (&[("t.:0", "1")], json!({"t": {"0": "1"}})),
            (&[("t.x", "1"), ("t.0", "2")], json!({"t": {"x": "1", "0": "2"}})),
            (&[("0", "1")], json!({"0": "1"})),
            (&[("a[]", "1"), ("b[x]", "2"), ("[0]", "3")], json!({"a[]": "1", "b[x]": "2", "[0]": "3"})),
            (&[("t.4000000000", "1")], json!({"t": {"4000000000": "1"}})),
            (&[("t", "1"), ("t.a", "2")], json!({"t": "1"})),
            (&[("t.0", "1"), ("t.a", "2")], json!({"t": ["1"]})),
            (&[("ü.ß[0]", "1")], json!({"ü": {"ß": ["1"]}})),
        ] {
            assert_eq!(body(pairs), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_name_of_nothing_but_dots_is_no_abyss() {
        for name in [
            ".".repeat(1_000_000),
            "a[0]".repeat(100_000),
            "[".repeat(1_000_000),
            "\\".repeat(1_000_001),
            "0.".repeat(100_000),
        ] {
            let body = body(&[(&name, "x")]);
            assert_eq!(serde_json::from_str::<Value>(&body.to_string()).unwrap(), body);
        }
    }
}
