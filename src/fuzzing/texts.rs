//! Texts that a server makes: durations, page tokens, URLs.

use std::time::Duration;

use super::PLANTED;
use crate::cursor::Cursor;
use crate::{Location, format_duration, offset_token, parse_duration, show};

/// What is read as a duration is written as one that is read alike; so is every duration that Go knows.
pub fn duration(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(read) = parse_duration(text)
    {
        written(read);
    }
    if let Some(bytes) = data.first_chunk() {
        written(Duration::from_nanos(u64::from_le_bytes(*bytes)));
    }
}

fn written(duration: Duration) {
    let text = format_duration(duration);
    assert_eq!(parse_duration(&text).unwrap(), duration, "{text}");
}

/// Offsets and cursors come back from their texts, and no cursor shows its token.
pub fn token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(offset) = offset_token::decode(text).and_then(|offset| u64::try_from(offset).ok()) {
        assert_eq!(offset_token::decode(&offset_token::encode(offset)).unwrap(), offset as i64);
    }
    if let Ok(cursor) = text.parse::<Cursor>() {
        assert!(cursor.to_string().parse::<Cursor>().unwrap() == cursor, "{cursor}");
    }
    let cursor = format!("ory1:listSessions::0:follow:{}:{PLANTED}", text.replace(':', ""));
    assert!(!format!("{:?}", cursor.parse::<Cursor>().unwrap()).contains(PLANTED));
}

/// Whatever stands around a URL, its query and password are not shown.
pub fn url(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if text.contains(PLANTED) {
        return;
    }
    // A word is shown as it is if nothing in it looks like a URL, so the URL here is a whole one.
    for url in [
        format!("https://h.example/p?code={PLANTED}"),
        format!("https://u:{PLANTED}@h.example/p"),
        format!("/p?code={PLANTED}"),
        format!("com.app:/p#code={PLANTED}"),
    ] {
        for whole in [format!("{text} {url}"), format!("{url} {text}"), format!("{text}\n{url}\t{text}")] {
            let shown = show::without_queries(&whole);
            assert!(!shown.contains(PLANTED), "{whole:?} is shown as {shown:?}");
            assert!(show::without_queries(&shown) == shown, "{shown:?} is not what it is shown as");
        }
    }
    let bare = text.split(['?', '#']).next().unwrap_or_default();
    for end in ["?", "#", "?a=b&c=", "#a/b@c", "?//"] {
        let location = Location::new(format!("{bare}{end}{PLANTED}"));
        assert!(!format!("{location} {location:?}").contains(PLANTED), "{:?}", location.as_str());
        assert!(location.query("c").is_none_or(|value| value.contains(PLANTED)));
    }
}
