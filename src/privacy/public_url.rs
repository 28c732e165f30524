//! URLs without the parts that may be secret: user name, password, query and fragment.

use std::borrow::Cow;

/// A URL, absolute or relative, without user and password, and with `?..` for query and fragment.
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

/// A text in which every URL is shortened by [`public_url`].
pub(crate) fn without_queries(text: &str) -> Cow<'_, str> {
    if !text.contains(['?', '#', '@']) {
        return Cow::Borrowed(text);
    }
    text.split_inclusive(char::is_whitespace).map(word_without_query).collect::<String>().into()
}

/// Shortens a word that looks like a URL with a query or a password, absolute or relative.
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

#[cfg(test)]
mod tests {
    use super::*;

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
            // Anything else stays.
            ("https://h/a", "https://h/a"),
            ("https://h/@a", "https://h/@a"),
            ("a@b.c", "a@b.c"),
            ("Did you forget `?refresh=true`?", "Did you forget `?refresh=true`?"),
            ("Is it / or not? Yes, and/or? #1", "Is it / or not? Yes, and/or? #1"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }
}
