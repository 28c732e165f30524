//! How each version of each server pages, as functions. `recorded.rs` holds them against real responses.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// A list of a server: its rows' ids in the server's order.
pub struct List {
    pub kind: Kind,
    pub rows: Vec<String>,
    /// What X-Total-Count says where it does not count the rows that match.
    pub total: Option<u64>,
}

/// The ways of paging.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// The layout of 2021: from 0, by 100, at most 500.
    Of2021,
    /// Identities of Kratos 0.10 to 0.13: page 0 is page 1.
    Identities011,
    /// Identities of Kratos 1.0: from 0.
    Identities10,
    /// Identities of Kratos 1.1 and newer: the token is the last row's id.
    Identities {
        most: u64,
    },
    /// Both session lists: page 0 is page 1.
    Sessions011,
    Sessions26,
    /// Schemas: from 0, each page longer than the one before.
    Schemas011,
    Schemas26,
    Courier011,
    Courier26,
    /// Clients and issuers of Hydra 2.0 to 2.3.
    Hydra20,
    /// Consent sessions of Hydra 2.0 to 2.3: two arguments of the links are swapped.
    Consents20,
    /// Clients and issuers of Hydra 25.4 and newer.
    Hydra26,
    /// Consent sessions there: no links where there is nothing.
    Consents26,
    /// All sessions in Kratos 0.11: the token is the last row's id.
    AllSessions011,
    AllSessions26,
    /// Relationships of Keto: the next token is in the body, and there are no links.
    Relationships,
}

/// What a server responds with.
#[derive(Debug, PartialEq)]
pub struct Page {
    pub rows: Range<usize>,
    /// The lines of the header.
    pub links: Vec<String>,
    pub total: Option<u64>,
    /// The token of the next page in the body, which is empty on the last page.
    pub token: Option<String>,
    /// Some say null for an empty list.
    pub is_null: bool,
}

type Pairs = Vec<(String, String)>;

impl List {
    /// The list of `count` rows, their ids in ascending order.
    pub fn new(kind: Kind, count: usize) -> Self {
        let rows = (0..count).map(|row| format!("{row:08x}-0000-4000-8000-000000000000")).collect();
        Self { kind, rows, total: None }
    }

    /// The response to a request line's target.
    pub fn response(&self, target: &str) -> Page {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs: Pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let get = |key: &str| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
        let number = |key: &str| get(key)?.parse::<i64>().ok();
        let offset = get("page_token").and_then(decode);
        let count = self.rows.len() as u64;
        let total = self.total.unwrap_or(count);
        // The older library takes any number, and uses the default for anything else.
        let older = |size: Option<i64>, default: i64, most: i64| size.unwrap_or(default).clamp(1, most) as u64;
        let newer = |size: Option<i64>, default: u64, most: u64| match size {
            Some(size) if size > 0 => (size as u64).min(most),
            _ => default,
        };
        let either = number("page_size").or_else(|| number("per_page"));
        let asked_page = |size: u64| number("page").or(offset.map(|offset| offset / size as i64)).unwrap_or(0).max(0);
        let numbered = |size: u64, from: u64, length: u64, write: &dyn Fn(i64, i64) -> String| {
            let page = asked_page(size);
            let links = offset_links(size as i64, page * size as i64, total as i64, write);
            Page { links: vec![links], total: Some(total), ..Page::of(slice(from, length, count)) }
        };
        let plain = |base: &str| {
            let base = base.to_owned();
            move |limit: i64, offset: i64| format!("{base}?page={}&per_page={limit}", offset.div_euclid(limit))
        };
        let migrating = |base: &str, echo: bool| {
            let (base, pairs) = (base.to_owned(), if echo { pairs.clone() } else { Pairs::new() });
            move |limit: i64, offset: i64| {
                let set = [
                    ("page", offset.div_euclid(limit).to_string()),
                    ("per_page", limit.to_string()),
                    ("page_size", limit.to_string()),
                    ("page_token", encode(offset)),
                ];
                format!("{base}?{}", encoded(&pairs, &set))
            }
        };
        match self.kind {
            Kind::Of2021 => {
                let size = older(number("per_page"), 100, 500);
                let page = number("page").unwrap_or(0).max(0) as u64;
                let write = plain(&format!("http://127.0.0.1:4434{}", path.rsplit_once('/').unwrap().1));
                let links = offset_links(size as i64, (page * size) as i64, total as i64, &write);
                Page { links: vec![links], total: Some(total), ..Page::of(slice(page * size, size, count)) }
            }
            Kind::Identities011 => {
                let size = older(either, 250, 1000);
                let from = (asked_page(size) as u64).saturating_sub(1) * size;
                numbered(size, from, size, &migrating("http://127.0.0.1:4434/identities", false))
            }
            Kind::Identities10 => {
                let size = older(either, 250, 1000);
                let from = asked_page(size) as u64 * size;
                numbered(size, from, size, &migrating("http://127.0.0.1:4434/identities", false))
            }
            Kind::Sessions011 => {
                let size = older(either, 250, 1000);
                let from = (asked_page(size) as u64).saturating_sub(1) * size;
                numbered(size, from, size, &plain("http://127.0.0.1:4434/sessions"))
            }
            Kind::Sessions26 => {
                let size = older(either, 250, 1000);
                let from = (asked_page(size) as u64).saturating_sub(1) * size;
                numbered(size, from, size, &migrating(path, true))
            }
            Kind::Schemas011 | Kind::Schemas26 => {
                let size = older(either, 250, 1000);
                let page = asked_page(size) as u64;
                let is_old = self.kind == Kind::Schemas011;
                let write: Box<dyn Fn(i64, i64) -> String> = if is_old {
                    Box::new(plain("http://127.0.0.1:4433/schemas"))
                } else {
                    Box::new(migrating(path, true))
                };
                // The end of the slice is counted from its start once too often.
                let mut response = numbered(size, page * size, (page + 1) * size, &write);
                response.is_null = is_old && response.rows.is_empty();
                response
            }
            Kind::Identities { most } => {
                if number("page").is_some() && get("page_size").is_none() {
                    let size = older(number("per_page"), 250, 1000);
                    let write = |limit: i64, offset: i64| {
                        let set = [("page", offset.div_euclid(limit).to_string()), ("per_page", limit.to_string())];
                        format!("{path}?{}", encoded(&pairs, &set))
                    };
                    return numbered(size, asked_page(size) as u64 * size, size, &write);
                }
                let size = newer(either, 250, most);
                let from = get("page_token").map_or(0, |last| self.rows.partition_point(|id| id.as_str() <= last));
                let echo: Pairs = match get("page_size") {
                    Some(_) => pairs.clone(),
                    None => pairs.iter().filter(|(key, _)| key != "per_page").cloned().collect(),
                };
                let end = (from + size as usize).min(self.rows.len());
                let zero = "00000000-0000-0000-0000-000000000000".to_owned();
                let next = (end < self.rows.len()).then(|| self.rows[end - 1].clone());
                self.by_token(path, &echo, from as u64, size, zero, next)
            }
            Kind::Courier011 => {
                let size = newer(number("page_size"), 10, u64::MAX);
                let mut response = self.opaque(path, &pairs, size, get("page_token"));
                response.links = in_lines(&response.links[0]);
                response.total = Some(total);
                response
            }
            Kind::AllSessions011 => {
                let size = newer(number("page_size"), 250, 1000);
                let from = get("page_token").map_or(0, |last| self.rows.partition_point(|id| id.as_str() <= last));
                let end = (from + size as usize).min(self.rows.len());
                let zero = "00000000-0000-0000-0000-000000000000".to_owned();
                let next = (end < self.rows.len()).then(|| self.rows[end - 1].clone());
                let mut response = self.by_token(path, &pairs, from as u64, size, zero, next);
                response.links = in_lines(&response.links[0]);
                response.total = Some(total);
                response
            }
            Kind::AllSessions26 => self.opaque(path, &pairs, newer(number("page_size"), 250, 1000), get("page_token")),
            Kind::Relationships => {
                let size = newer(number("page_size"), 100, 500);
                let (from, next) = self.position(size, get("page_token"));
                Page { token: Some(next.unwrap_or_default()), ..Page::of(slice(from, size, count)) }
            }
            Kind::Courier26 => self.opaque(path, &pairs, newer(number("page_size"), 10, 500), get("page_token")),
            Kind::Hydra26 => self.opaque(path, &pairs, newer(number("page_size"), 100, 500), get("page_token")),
            Kind::Consents26 => {
                let mut response = self.opaque(path, &pairs, newer(number("page_size"), 100, 500), get("page_token"));
                if response.rows.is_empty() {
                    response.links.clear();
                }
                response
            }
            Kind::Hydra20 | Kind::Consents20 => {
                let size = older(number("page_size"), 250, 1000);
                let from = offset.unwrap_or(0).max(0) as u64 / size * size;
                let write = |limit: i64, offset: i64| {
                    let set = [("page_size", limit.to_string()), ("page_token", encode(offset))];
                    format!("{path}?{}", encoded(&pairs, &set))
                };
                let rows = slice(from, size, count);
                let (limit, position) = match self.kind {
                    Kind::Hydra20 => (size, from),
                    _ if rows.is_empty() => return Page::of(rows),
                    // Size and position change places.
                    _ => (from, from.max(1) * size),
                };
                let links = offset_links(limit as i64, position as i64, total as i64, &write);
                Page { links: vec![links], total: Some(total), ..Page::of(rows) }
            }
        }
    }

    /// Links with tokens that only this server can read.
    fn opaque(&self, path: &str, pairs: &Pairs, size: u64, token: Option<&str>) -> Page {
        let (from, next) = self.position(size, token);
        self.by_token(path, pairs, from, size, fresh(0), next)
    }

    /// Where a page begins by such a token, and the token of the next page.
    fn position(&self, size: u64, token: Option<&str>) -> (u64, Option<String>) {
        let from = token
            .filter(|token| !token.is_empty())
            .map_or(0, |token| token.rsplit_once('.').unwrap().1.parse().unwrap());
        let end = (from + size).min(self.rows.len() as u64);
        (from, (end < self.rows.len() as u64).then(|| fresh(end)))
    }

    fn by_token(&self, path: &str, echo: &Pairs, from: u64, size: u64, first: String, next: Option<String>) -> Page {
        let link = |rel: &str, token: &str| {
            let set = [("page_size", size.to_string()), ("page_token", token.to_owned())];
            format!("<{path}?{}>; rel=\"{rel}\"", encoded(echo, &set))
        };
        let mut links = link("first", &first);
        if let Some(next) = next {
            links.push(',');
            links.push_str(&link("next", &next));
        }
        Page { links: vec![links], ..Page::of(slice(from, size, self.rows.len() as u64)) }
    }
}

/// A token for a position, another one each time.
fn fresh(position: u64) -> String {
    static FRESH: AtomicU64 = AtomicU64::new(0);
    format!("{}.{position}", FRESH.fetch_add(1, Ordering::Relaxed))
}

impl Page {
    fn of(rows: Range<usize>) -> Self {
        Self { rows, links: Vec::new(), total: None, token: None, is_null: false }
    }
}

/// The links of a line, each in a line of its own.
fn in_lines(links: &str) -> Vec<String> {
    let mut lines: Vec<String> = links.split("\",<").map(str::to_owned).collect();
    let last = lines.len() - 1;
    for (index, line) in lines.iter_mut().enumerate() {
        if index > 0 {
            line.insert(0, '<');
        }
        if index < last {
            line.push('"');
        }
    }
    lines
}

fn slice(from: u64, length: u64, count: u64) -> Range<usize> {
    let from = from.min(count);
    from as usize..(from + length).min(count) as usize
}

/// The links that Ory's library of offsets writes.
fn offset_links(limit: i64, offset: i64, total: i64, write: &dyn Fn(i64, i64) -> String) -> String {
    let limit = limit.max(1);
    let link = |rel: &str, limit: i64, offset: i64| format!("<{}>; rel=\"{rel}\"", write(limit, offset));
    let last = if total % limit > 0 { total - total % limit } else { total - limit };
    let page = offset / limit;
    if offset >= last {
        if total == 0 {
            let links = [
                link("first", limit, 0),
                link("next", limit, (page + 1) * limit),
                link("prev", limit, (page - 1) * limit),
            ];
            return links.join(",");
        }
        if total <= limit {
            return link("first", total, 0);
        }
        return [link("first", limit, 0), link("prev", limit, last - limit)].join(",");
    }
    if offset < limit {
        return [link("next", limit, limit), link("last", limit, last)].join(",");
    }
    let links = [
        link("first", limit, 0),
        link("next", limit, (page + 1) * limit),
        link("prev", limit, (page - 1) * limit),
        link("last", limit, last),
    ];
    links.join(",")
}

/// A query as Go writes it: sorted by key.
fn encoded(echo: &Pairs, set: &[(&str, String)]) -> String {
    let mut pairs: Vec<(&str, &str)> = echo
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .filter(|(key, _)| !set.iter().any(|(name, _)| name == key))
        .collect();
    pairs.extend(set.iter().map(|(key, value)| (*key, value.as_str())));
    pairs.sort_by_key(|(key, _)| *key);
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// base64url without padding of the JSON that Ory hides an offset in.
pub fn encode(offset: i64) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let json = format!("{{\"offset\":\"{offset}\",\"v\":2}}");
    let bits: String = json.bytes().map(|byte| format!("{byte:08b}")).collect();
    let groups = bits.as_bytes().chunks(6).map(|group| {
        let text = format!("{:0<6}", String::from_utf8_lossy(group));
        char::from(ALPHABET[usize::from_str_radix(&text, 2).unwrap()])
    });
    groups.collect()
}

/// The offset in such a token: found by trying, so that nothing of the crate's own reading is used.
fn decode(token: &str) -> Option<i64> {
    if !token.starts_with("eyJvZmZzZXQiOi") {
        return None;
    }
    // Ten thousand rows are the most that a test has.
    let start = DECODED.get_or_init(|| (-1000..=11_000).map(|offset| (encode(offset), offset)).collect());
    start.get(token).copied()
}

static DECODED: std::sync::OnceLock<std::collections::HashMap<String, i64>> = std::sync::OnceLock::new();
