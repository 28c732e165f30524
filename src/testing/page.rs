//! Pages of lists, and the `Link` headers that lead from one to the next.

use base64::Engine;

use super::http::Request;

/// The token of the first page in lists of identities.
pub(crate) const FIRST: &str = "00000000-0000-0000-0000-000000000000";

/// A page size that is not a number, in the words of Go.
pub(crate) struct NotANumber(pub String);

/// The requested page size, at most `greatest`. It is `default` if it is missing, empty, zero or negative.
pub(crate) fn size(request: &Request, name: &str, default: usize, greatest: usize) -> Result<usize, NotANumber> {
    match request.parameter(name).filter(|text| !text.is_empty()) {
        None => Ok(default),
        Some(text) => match text.parse::<i64>() {
            Err(_) => Err(NotANumber(format!("strconv.Atoi: parsing \"{text}\": invalid syntax"))),
            Ok(size) if size <= 0 => Ok(default),
            Ok(size) => Ok(usize::try_from(size).unwrap_or(greatest).min(greatest)),
        },
    }
}

/// The id after which a page begins, in a list of Hydra's. It is empty for the first page.
pub(crate) fn after(request: &Request) -> Result<&str, &'static str> {
    match request.parameter("page_token").filter(|token| !token.is_empty()) {
        None => Ok(""),
        Some(token) => {
            token.strip_prefix("after-").ok_or("The page token is invalid, do not craft your own page tokens")
        }
    }
}

/// The links of a list with page tokens: `first`, and `next` unless this is the last page.
pub(crate) fn token_links(request: &Request, size: usize, first: &str, next: Option<&str>) -> String {
    let link = |token: &str, rel: &str| {
        let kept = request.query.iter().filter(|(key, _)| key != "page_size" && key != "page_token");
        // Without `page`, `per_page` is an older name of the size, which the link already has.
        let kept = kept.filter(|(key, _)| key != "per_page" || request.parameter("page").is_some());
        let mut pairs: Vec<(&str, &str)> = kept.map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let size = size.to_string();
        pairs.extend([("page_size", size.as_str()), ("page_token", token)]);
        write_link(request, pairs, rel)
    };
    let mut links = vec![link(first, "first")];
    links.extend(next.map(|token| link(token, "next")));
    links.join(",")
}

/// A page of a list that has page numbers.
pub(crate) struct Numbered {
    pub page: i64,
    pub size: usize,
    pub total: usize,
}

impl Numbered {
    /// Reads `page` (0 by default) and the size under either name (250 by default, at most 1000).
    pub(crate) fn read(request: &Request, total: usize) -> Self {
        let name = if request.parameter("page_size").is_some() { "page_size" } else { "per_page" };
        let size = match request.parameter(name).and_then(|text| text.parse::<i64>().ok()) {
            None => 250,
            Some(size) => usize::try_from(size.clamp(1, 1000)).unwrap_or(1),
        };
        let page = request.parameter("page").and_then(|text| text.parse().ok()).unwrap_or(0);
        Self { page, size, total }
    }

    /// The items of page `number`, counted from 0.
    pub(crate) fn items<T>(&self, all: Vec<T>, number: i64) -> Vec<T> {
        let skip = usize::try_from(number.max(0)).unwrap_or(0).saturating_mul(self.size);
        all.into_iter().skip(skip).take(self.size).collect()
    }

    /// The links. As with the servers, an empty list always has a `next` and a `prev`.
    pub(crate) fn links(&self, request: &Request, with_tokens: bool) -> String {
        let size = if self.total == 0 { self.size } else { self.size.min(self.total) };
        let last = i64::try_from(self.total.div_ceil(size)).unwrap_or(i64::MAX) - 1;
        let page = if self.total == 0 { self.page } else { self.page.clamp(0, last) };
        let link = |page: i64, rel: &str| {
            let (number, size_text) = (page.to_string(), size.to_string());
            let token = offset_token(page.saturating_mul(i64::try_from(size).unwrap_or(i64::MAX)));
            let known = ["page", "per_page", "page_size", "page_token"];
            let kept = request.query.iter().filter(|(key, _)| !known.contains(&key.as_str()));
            let mut pairs: Vec<(&str, &str)> = kept.map(|(key, value)| (key.as_str(), value.as_str())).collect();
            pairs.extend([("page", number.as_str()), ("per_page", size_text.as_str())]);
            if with_tokens {
                pairs.extend([("page_size", size_text.as_str()), ("page_token", token.as_str())]);
            }
            write_link(request, pairs, rel)
        };
        let first = || link(0, "first");
        let (next, prev) = (|| link(page.saturating_add(1), "next"), || link(page.saturating_sub(1), "prev"));
        let links = match page {
            _ if self.total == 0 => vec![first(), next(), prev()],
            _ if last == 0 => vec![first()],
            0 => vec![next(), link(last, "last")],
            page if page == last => vec![first(), prev()],
            _ => vec![first(), next(), prev(), link(last, "last")],
        };
        links.join(",")
    }
}

fn write_link(request: &Request, mut pairs: Vec<(&str, &str)>, rel: &str) -> String {
    pairs.sort_by_key(|(key, _)| *key);
    let mut query = String::new();
    for (key, value) in pairs {
        crate::wire::form::append_pair(&mut query, key, value);
    }
    let path = request.target.split('?').next().unwrap_or_default();
    format!("<{path}?{query}>; rel=\"{rel}\"")
}

/// The page token for an offset: a small JSON object in base64 without padding.
fn offset_token(offset: i64) -> String {
    base64::engine::general_purpose::STANDARD
        .encode(format!("{{\"offset\":\"{offset}\",\"v\":2}}"))
        .trim_end_matches('=')
        .to_owned()
}
