//! Pages of lists, and the `Link` headers that lead from one to the next.

use super::http::Request;

/// The zero UUID, with which token lists name their first page.
pub(super) const FIRST: &str = "00000000-0000-0000-0000-000000000000";

/// A page size that is no number, in the words of Go.
pub(super) struct NoNumber(pub String);

/// The page size that is asked for, within bounds: nothing, zero and less are the default.
pub(super) fn size(request: &Request, name: &str, default: usize, greatest: usize) -> Result<usize, NoNumber> {
    match request.query(name).filter(|text| !text.is_empty()) {
        None => Ok(default),
        Some(text) => match text.parse::<i64>() {
            Err(_) => Err(NoNumber(format!("strconv.Atoi: parsing \"{text}\": invalid syntax"))),
            Ok(size) if size <= 0 => Ok(default),
            Ok(size) => Ok(usize::try_from(size).unwrap_or(greatest).min(greatest)),
        },
    }
}

/// Links of a list whose cursor is a token: `first` always, `next` unless it is the last page.
pub(super) fn token_links(request: &Request, size: usize, first: &str, next: Option<&str>) -> String {
    let link = |token: &str, rel: &str| {
        let kept = request.query.iter().filter(|(key, _)| key != "page_size" && key != "page_token");
        // Without `page`, the old name of the size is only another way to say it.
        let kept = kept.filter(|(key, _)| key != "per_page" || request.query("page").is_some());
        let mut pairs: Vec<(&str, &str)> = kept.map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let size = size.to_string();
        pairs.extend([("page_size", size.as_str()), ("page_token", token)]);
        write(request, pairs, rel)
    };
    let mut links = vec![link(first, "first")];
    links.extend(next.map(|token| link(token, "next")));
    links.join(",")
}

/// A page of a list that is walked by number.
pub(super) struct Numbered {
    pub page: i64,
    pub size: usize,
    pub total: usize,
}

impl Numbered {
    /// Reads `page` and the size under either name, of at most 1000.
    pub(super) fn read(request: &Request, total: usize) -> Self {
        let name = if request.query("page_size").is_some() { "page_size" } else { "per_page" };
        let size = match request.query(name).and_then(|text| text.parse::<i64>().ok()) {
            None => 250,
            Some(size) => usize::try_from(size.clamp(1, 1000)).unwrap_or(1),
        };
        let page = request.query("page").and_then(|text| text.parse().ok()).unwrap_or(0);
        Self { page, size, total }
    }

    /// The items of the page that has this number, counted from 0.
    pub(super) fn items<T>(&self, all: Vec<T>, number: i64) -> Vec<T> {
        let skip = usize::try_from(number.max(0)).unwrap_or(0).saturating_mul(self.size);
        all.into_iter().skip(skip).take(self.size).collect()
    }

    /// The links. An empty list has a next page, and one before the first, for ever: so do the servers.
    pub(super) fn links(&self, request: &Request, with_tokens: bool) -> String {
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
            write(request, pairs, rel)
        };
        let first = || link(0, "first");
        let (next, prev) = (|| link(page + 1, "next"), || link(page - 1, "prev"));
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

fn write(request: &Request, mut pairs: Vec<(&str, &str)>, rel: &str) -> String {
    pairs.sort_by_key(|(key, _)| *key);
    let mut query = String::new();
    for (key, value) in pairs {
        crate::call::append_pair(&mut query, key, value);
    }
    let path = request.target.split('?').next().unwrap_or_default();
    format!("<{path}?{query}>; rel=\"{rel}\"")
}

/// The token that stands for an offset: base64url of a bit of JSON.
fn offset_token(offset: i64) -> String {
    crate::credentials::base64(format!("{{\"offset\":\"{offset}\",\"v\":2}}").as_bytes())
        .trim_end_matches('=')
        .to_owned()
}
