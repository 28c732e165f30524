//! URLs without the parts that may be secret: user name, password, query and fragment.

use std::borrow::Cow;

/// Schemes for which a URL parser takes any number of slashes, also none, and backslashes too.
const SPECIAL: [&str; 5] = ["http", "https", "ws", "wss", "ftp"];

/// A URL, absolute or relative, without user and password, and with `?..` for query and fragment.
pub(crate) fn public_url(url: &str) -> String {
    // A URL parser passes over tabs and line breaks, so they must not hide the parts from us.
    let url: Cow<'_, str> =
        if url.contains(char::is_control) { url.replace(char::is_control, "").into() } else { url.into() };
    let (before, more) = url.find(['?', '#']).map_or((&*url, ""), |end| (&url[..end], "?.."));
    let Some(start) = authority(before) else { return format!("{before}{more}") };
    let (scheme, rest) = before.split_at(start);
    let (authority, path) = rest.find(['/', '\\']).map_or((rest, ""), |at| rest.split_at(at));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}{host}{path}{more}")
}

/// Where the authority of a URL begins (`user:password@host`), if it has one.
fn authority(url: &str) -> Option<usize> {
    let scheme = url.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| is_scheme(scheme));
    let after = scheme.map_or(0, |scheme| scheme.len() + 1);
    let slashes = url[after..].len() - url[after..].trim_start_matches(['/', '\\']).len();
    let is_special = scheme.is_some_and(|scheme| SPECIAL.iter().any(|known| known.eq_ignore_ascii_case(scheme)));
    (is_special || slashes >= 2).then_some(after + slashes)
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
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
        None => authority(bare).is_some() || bare.contains("//"),
    };
    if looks_like_url { Cow::Owned(public_url(bare) + &word[bare.len()..]) } else { Cow::Borrowed(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_hide_nothing() {
        for url in ["ht\ttps://u:p@h/a", "https:/\n/u:p@h/a", "\u{1}https:\r//u:p\n@h/a", "https://u:p@h/\u{1b}a"] {
            assert_eq!(public_url(url), "https://h/a", "{url:?}");
        }
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
            // Spellings that a URL parser accepts.
            ("https:/u:p@h", "https:/h"),
            ("https:u:p@h/a", "https:h/a"),
            ("HTTPS:\\\\u:p@h\\a@b", "HTTPS:\\\\h\\a@b"),
            ("https:////u:p@h", "https:////h"),
            ("\\\\u:p@h/a", "\\\\h/a"),
            ("redis://u:p@h/0", "redis://h/0"),
            ("https://u:p@x@h/a", "https://h/a"),
            // Anything else stays.
            ("user:ada@example.org", "user:ada@example.org"),
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
