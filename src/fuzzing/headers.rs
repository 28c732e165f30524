//! Headers from a server: links to pages, cookies and rate limits.

use std::sync::LazyLock;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use reqwest::Url;

use super::seed::{PLANTED, choice};
use crate::contract::Endpoint;
use crate::credentials::{self, CookieJar, CookieNames, SetCookie};
use crate::cursor::Step;
use crate::cursor::{Cursor, ListMark, fingerprint};
use crate::lists::advance::PageFacts;
use crate::lists::link::{self, Link, Links};
use crate::lists::parameters::Parameters;
use crate::lists::query::Asked;
use crate::lists::walk::Walk;
use crate::response::rate_limit::{self, RateLimit};
use crate::transport::{Ending, Retry, wait};

/// A header per line, without lines that a header cannot contain.
fn headers(name: &HeaderName, lines: &[u8]) -> HeaderMap {
    let values = lines.split(|byte| *byte == b'\n').filter_map(|line| HeaderValue::from_bytes(line).ok());
    values.map(|value| (name.clone(), value)).collect()
}

/// Links are the same after writing them as RFC 8288 says and reading them again. So are cursors made from them.
pub fn link(data: &[u8]) {
    let line = String::from_utf8_lossy(data);
    let found = link::parse(&line);
    let lines: Vec<String> = found.iter().map(write).collect();
    assert_eq!(link::parse(&lines.join(", ")), found, "{line:?}");
    let links = Links::read(&headers(&header::LINK, data));
    for key in Parameters::default().keys() {
        for value in links.values(key) {
            round_trip(Step::Follow { key: (*key).to_owned(), value });
        }
    }
    let _ = (links.rel("next"), links.is_empty());
}

fn write(link: &Link) -> String {
    let rels = link.rels.join(" ").replace('\\', "\\\\").replace('"', "\\\"");
    format!("<{}>; rel=\"{rels}\"", link.target)
}

fn round_trip(step: Step) {
    let list = ListMark { operation: "listSessions".to_owned(), size: Some(3), fingerprint: fingerprint("/sessions") };
    let cursor = Cursor { list, step };
    assert!(cursor.to_string().parse::<Cursor>().unwrap() == cursor, "{cursor}");
}

/// In a walk through any pages, every step but the first has parameters, and every step becomes a cursor and back.
///
/// The first byte chooses what the list supports. Each line is a response: a byte for its rows, one for the total, and
/// its links.
pub fn walk(data: &[u8]) {
    let (list, responses) = choice(data);
    // A list with an offset has none of the other parameters.
    let offset = list & 64 != 0;
    let has = |bit: usize| !offset && list & bit != 0;
    let parameters = Parameters { page: has(1), per_page: has(2), page_size: has(4), offset, most: Some(1000) };
    let keys = parameters.keys();
    let (size, start) = if offset { ("limit", "offset") } else { ("page_size", "page") };
    let mut asked = Vec::new();
    if list & 8 != 0 {
        asked.push((size.to_owned(), "3".to_owned()));
    }
    if list & 16 != 0 {
        asked.push((start.to_owned(), "2".to_owned()));
    }
    let mut walk = Walk::new(parameters, Asked(asked));
    if list & 32 != 0 {
        walk.overlap();
    }
    for response in responses.split(|byte| *byte == b'\n') {
        let Some(step) = walk.step().cloned() else { return };
        let pairs = walk.pairs(&step);
        let own = |key: &str| keys.contains(&key) || matches!(key, "offset" | "page" | "page_token");
        assert!(pairs.iter().all(|(key, value)| own(key) && !value.is_empty()), "{pairs:?}");
        assert!(step == Step::First || !pairs.is_empty(), "{step:?} asks for the first page again");
        round_trip(step);
        round_trip(walk.resumes_at().unwrap().clone());
        let (rows, rest) = choice(response);
        let (total, links) = choice(rest);
        let keys: Vec<String> = (0..rows % 8).map(|row| (row + rows / 8).to_string()).collect();
        let total = [None, Some(0), Some(7), Some(u64::MAX)][total % 4];
        let links = Links::read(&headers(&header::LINK, links));
        let count = keys.len();
        match walk.take(PageFacts { keys, links: &links, total }) {
            // It decides about the rows of this page and no others.
            Ok(mut new) => {
                let mut rows: Vec<usize> = (0..=count).collect();
                new.keep_new(&mut rows);
                assert_eq!(rows.last(), Some(&count));
            }
            Err(_) => return,
        }
    }
}

/// The origin that sets the cookies.
static HOME: LazyLock<Url> = LazyLock::new(|| Url::parse("https://auth.example.org/self-service/login").unwrap());
/// Origins that must not get them.
static OTHERS: LazyLock<Vec<Url>> = LazyLock::new(|| {
    let others = [
        "http://auth.example.org/",
        "https://auth.example.org:444/",
        "https://example.org/",
        "https://sub.auth.example.org/",
        "https://auth.example.org.evil.example/",
        "https://127.0.0.1/",
    ];
    others.map(|url| Url::parse(url).unwrap()).to_vec()
});

/// A jar returns cookies only to the origin that set them, and as a valid header.
pub fn cookies(data: &[u8]) {
    let set_cookies = headers(&header::SET_COOKIE, data);
    let jar = CookieJar::default();
    jar.keep(&HOME, &set_cookies);
    for other in OTHERS.iter() {
        assert!(jar.cookies_for(other).is_none(), "{other} gets cookies");
    }
    if let Some(sent) = jar.cookies_for(&HOME) {
        credentials::sensitive(sent.expose()).unwrap();
        assert!(jar.len() <= 50 && sent.expose().len() <= 50 * (4096 + "=; ".len()));
        let pairs = sent.expose().split("; ").map(|pair| pair.split_once('=').unwrap().0);
        let set: Vec<SetCookie> = credentials::of_headers(&set_cookies).collect();
        assert_eq!(pairs.clone().count(), jar.len());
        for name in pairs {
            assert!(set.iter().any(|cookie| cookie.name() == name.trim()), "{name:?} was not set");
        }
    }
    for cookie in credentials::of_headers(&set_cookies) {
        assert!(SetCookie::parse(cookie.line().expose()).unwrap() == cookie);
        let _ = (cookie.is_removal(Utc::now()), format!("{cookie:?}"));
        let planted = SetCookie::parse(&format!("{}={PLANTED}", cookie.name())).unwrap();
        assert_eq!(planted.value().expose(), PLANTED);
        assert!(!format!("{planted:?}").contains(PLANTED));
    }
    browser_cookies(&String::from_utf8_lossy(data));
}

/// Only Ory's cookies of a browser pass the filter, each for one server, and filtering them again changes nothing.
fn browser_cookies(header: &str) {
    let names = CookieNames { renamed: vec![(Endpoint::HydraPublic, "mine".to_owned())] };
    let kept = names.ours(header);
    assert_eq!(names.ours(&kept), kept);
    let count = |cookies: &str| cookies.split("; ").filter(|pair| !pair.is_empty()).count();
    let of = |server: Endpoint| count(&names.of_servers(header, |known| *known == server));
    assert_eq!(of(Endpoint::KratosPublic) + of(Endpoint::HydraPublic), count(&kept));
    for pair in kept.split("; ").filter(|_| !kept.is_empty()) {
        assert!(["ory_", "csrf_token_", "mine"].iter().any(|start| pair.starts_with(start)), "{pair:?}");
    }
    assert_eq!(names.ours(&format!("other={}", header.replace(';', ""))), "");
}

/// Rate limits are read without a panic, and no wait is longer than the policy allows.
pub fn rate_limit(data: &[u8]) {
    let (status, lines) = choice(data);
    let status = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE, StatusCode::BAD_GATEWAY][status % 3];
    let names = ["retry-after", "x-ratelimit-reset", "x-ratelimit-limit", "x-ratelimit-remaining"];
    let values = lines.split(|byte| *byte == b'\n').map(HeaderValue::from_bytes);
    let pairs = names.into_iter().zip(values).filter_map(|(name, value)| Some((name, value.ok()?)));
    let headers: HeaderMap = pairs.map(|(name, value)| (HeaderName::from_static(name), value)).collect();
    let limit = RateLimit::read(&headers);
    let now = DateTime::from_timestamp(1_795_355_340, 0).unwrap();
    let asked = rate_limit::wait(status, &headers, now);
    if status != StatusCode::TOO_MANY_REQUESTS {
        assert!(asked.is_none() || headers.contains_key("retry-after"));
    }
    assert!(limit.is_none_or(|limit| limit.reset.is_none() || headers.contains_key("x-ratelimit-reset")));
    let policy = Retry::default();
    for (tries, random) in [(1, 0.0), (3, 0.5), (u32::MAX, 1.0)] {
        let waited = wait(&policy, tries, Ending::Responded(status), asked, Duration::ZERO, random);
        assert!(waited.is_none_or(|wait| wait <= Duration::from_secs(600)), "{waited:?}");
    }
}
