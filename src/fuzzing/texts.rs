//! Texts from a server: durations, page tokens and URLs.

use std::time::Duration;

use super::seed::PLANTED;
use crate::cursor::Cursor;
use crate::input::GoDuration;
use crate::lists::offset_token;
use crate::privacy::{Location, without_queries};

/// Any duration that was read, and any that Go can express, is the same after writing and reading it.
pub fn duration(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(read) = text.parse::<GoDuration>()
    {
        round_trip(read.into());
    }
    if let Some(bytes) = data.first_chunk() {
        round_trip(Duration::from_nanos(u64::from_le_bytes(*bytes)));
    }
}

fn round_trip(duration: Duration) {
    let text = GoDuration::from(duration).to_string();
    assert_eq!(text.parse::<GoDuration>().unwrap(), duration.into(), "{text}");
}

/// Offsets and cursors are the same after writing and reading them, and `Debug` of a cursor does not show its token.
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

/// The query, fragment and password of a URL are never shown, whatever text surrounds it.
pub fn url(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if text.contains(PLANTED) {
        return;
    }
    // Words that do not look like a URL are shown unchanged, so the secret is planted in complete URLs.
    for url in [
        format!("https://h.example/p?code={PLANTED}"),
        format!("https://u:{PLANTED}@h.example/p"),
        format!("/p?code={PLANTED}"),
        format!("com.app:/p#code={PLANTED}"),
    ] {
        for whole in [format!("{text} {url}"), format!("{url} {text}"), format!("{text}\n{url}\t{text}")] {
            let shown = without_queries(&whole);
            assert!(!shown.contains(PLANTED), "{whole:?} is shown as {shown:?}");
            assert!(without_queries(&shown) == shown, "{shown:?} changes when it is redacted again");
        }
    }
    let bare = text.split(['?', '#']).next().unwrap_or_default();
    for end in ["?", "#", "?a=b&c=", "#a/b@c", "?//"] {
        let location = Location::from(format!("{bare}{end}{PLANTED}"));
        assert!(!format!("{location} {location:?}").contains(PLANTED), "{:?}", location.as_str());
        assert!(location.query("c").is_none_or(|value| value.contains(PLANTED)));
    }
}
