//! `Debug` that keeps secrets: free JSON shows its kind and size, URLs lose their query.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};

use serde_json::{Map, Value};

/// What `Debug` of the crate's types is made of.
pub trait Show {
    fn show(&self, f: &mut Formatter<'_>) -> fmt::Result;
}

/// Prints through `Show`.
pub(crate) struct Shown<'a, T: ?Sized>(pub &'a T);

impl<T: Show + ?Sized> Debug for Shown<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.show(f)
    }
}

/// Prints only what kind of thing it is and how large: for texts that hold secrets.
pub(crate) struct Measured<'a, T: ?Sized>(pub &'a T);

impl<T: serde::Serialize + ?Sized> Show for Measured<'_, T> {
    fn show(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match serde_json::to_value(self.0) {
            Ok(value) => value.show(f),
            Err(_) => f.write_str("hidden"),
        }
    }
}

/// Prints a struct.
pub(crate) fn object(f: &mut Formatter<'_>, name: &str, fields: &[(&str, &dyn Show)]) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for (key, value) in fields {
        shown.field(key, &Shown(*value));
    }
    shown.finish()
}

macro_rules! as_debug {
    ($($ty:ty),*) => {
        $(impl Show for $ty {
            fn show(&self, f: &mut Formatter<'_>) -> fmt::Result {
                Debug::fmt(self, f)
            }
        })*
    };
}

as_debug!(bool, i32, i64, u32, u64, f32, f64, uuid::Uuid, chrono::DateTime<chrono::Utc>, crate::Secret, ());

impl Show for str {
    fn show(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(&without_queries(self), f)
    }
}

impl Show for String {
    fn show(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.as_str().show(f)
    }
}

/// A URL, absolute or relative, as it may be shown: without user and password, and `?..` for query and fragment.
pub(crate) fn public_url(url: &str) -> String {
    let (before, more) = url.find(['?', '#']).map_or((url, ""), |end| (&url[..end], "?.."));
    match before.split_once("//") {
        Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
            let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            let host = authority.rsplit('@').next().unwrap_or_default();
            format!("{scheme}//{host}{path}{more}")
        }
        _ => format!("{before}{more}"),
    }
}

/// A text in which every URL is as it may be shown.
pub(crate) fn without_queries(text: &str) -> Cow<'_, str> {
    if !text.contains(['?', '#', '@']) {
        return Cow::Borrowed(text);
    }
    text.split_inclusive(char::is_whitespace).map(word_without_query).collect::<String>().into()
}

/// A word that looks like a URL with a query or a password, relative ones too, without it.
fn word_without_query(word: &str) -> Cow<'_, str> {
    let bare = word.trim_end();
    let looks_like_url = match bare.split_once(['?', '#']) {
        Some((before, query)) => {
            let named = before.contains(char::is_alphanumeric) && query.contains('=');
            !query.is_empty() && (before.contains('/') || named)
        }
        None => bare.contains("//"),
    };
    if looks_like_url { Cow::Owned(public_url(bare) + &word[bare.len()..]) } else { Cow::Borrowed(word) }
}

impl Show for Value {
    fn show(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(_) => f.write_str("bool"),
            Self::Number(_) => f.write_str("number"),
            Self::String(text) => write!(f, "text of {} bytes", text.len()),
            Self::Array(items) => write!(f, "list of {}", items.len()),
            Self::Object(map) => map.show(f),
        }
    }
}

impl Show for Map<String, Value> {
    fn show(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "object of {}", self.len())
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Some(value) => f.debug_tuple("Some").field(&Shown(value)).finish(),
            None => f.write_str("None"),
        }
    }
}

impl<T: Show> Show for Vec<T> {
    fn show(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(Shown)).finish()
    }
}

impl<T: Show> Show for Box<T> {
    fn show(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.as_ref().show(f)
    }
}

impl<T: Show> Show for BTreeMap<String, T> {
    fn show(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(key, value)| (key, Shown(value)))).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn free_json_shows_kind_and_size() {
        let shown = |value: Value| format!("{:?}", Shown(&value));
        assert_eq!(shown(json!("hunter2")), "text of 7 bytes");
        assert_eq!(shown(json!({"a": 1})), "object of 1");
        assert_eq!(shown(json!([1, 2])), "list of 2");
        assert_eq!(format!("{:?}", Shown(&Measured("hunter2"))), "text of 7 bytes");
    }

    #[test]
    fn urls_lose_query_and_user() {
        let shown = |text: &str| without_queries(text).into_owned();
        for (text, expected) in [
            ("https://u:p@h.x:1/a?code=1", "https://h.x:1/a?.."),
            ("https://u:p@h.x/a", "https://h.x/a"),
            ("https://u:p@h.x", "https://h.x"),
            ("//u:p@h/a?b", "//h/a?.."),
            ("https://h/a#token", "https://h/a?.."),
            ("https://h/a?b=https://c?d#e", "https://h/a?.."),
            ("com.app:/done?code=1", "com.app:/done?.."),
            ("/a/b?c=1", "/a/b?.."),
            ("login?code=1", "login?.."),
            ("/?code=1", "/?.."),
            ("Go to https://h/a?b=c\nor ask a@b.c.", "Go to https://h/a?..\nor ask a@b.c."),
            // What is no URL with a query stays.
            ("https://h/a", "https://h/a"),
            ("https://h/@a", "https://h/@a"),
            ("a@b.c", "a@b.c"),
            ("Did you forget `?refresh=true`?", "Did you forget `?refresh=true`?"),
            ("Is it / or not? Yes, and/or? #1", "Is it / or not? Yes, and/or? #1"),
        ] {
            assert_eq!(shown(text), expected);
        }
        assert_eq!(format!("{:?}", Shown("/a?b=1\"")), "\"/a?..\"");
    }
}
