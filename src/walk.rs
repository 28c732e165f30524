//! The way through a list, told from what its answers show and from nothing else. No request is made here.
//!
//! Servers page in four ways, and the first answer shows which:
//!
//! - its links hold tokens that the server made: they are followed ([`Step::Follow`]);
//! - its links hold page numbers: pages are counted ([`Step::Number`]), since some of those links repeat the first
//!   page and miss the last. Whether 1 is the first page or the second is told by asking for it and comparing rows;
//! - its links hold tokens that only hide an offset: the next offset is made here ([`Step::Offset`]), since some of
//!   those links have their arguments swapped;
//! - it shows nothing of the kind: the list came whole.

use std::collections::{HashSet, VecDeque};

use crate::cursor::print;
use crate::link::{Link, Links};
use crate::offset_token;

/// What the contract says of a list's paging parameters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters {
    pub page: bool,
    pub per_page: bool,
    pub page_size: bool,
    /// It knows `limit` and `offset` alone, as Hydra 1 does.
    pub offset: bool,
    /// The largest page that a server gives.
    pub most: Option<u64>,
}

impl Parameters {
    /// The query keys that are the walk's own.
    pub(crate) fn keys(&self) -> &'static [&'static str] {
        if self.offset { &["limit", "offset"] } else { &["page", "per_page", "page_size", "page_token"] }
    }
}

/// What the caller set of them, as it would be sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked(pub Vec<(String, String)>);

impl Asked {
    /// The last value of a key, since servers take one only.
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    fn number(&self, key: &str) -> Option<u64> {
        self.get(key)?.parse().ok()
    }

    /// The page size. Where both names of it are set, servers go by `page_size`.
    pub(crate) fn size(&self) -> Option<u64> {
        let size = self.number("page_size").or_else(|| self.number("per_page")).or_else(|| self.number("limit"));
        size.filter(|size| *size > 0)
    }
}

/// The next request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// As the caller asked.
    First,
    /// What the link of the page before says.
    Follow { key: String, value: String },
    /// A page by its number.
    Number { page: u64, size: u64, base: Base },
    /// As large a page as there is, for its total alone: the first page was empty and said nothing.
    Count,
    /// A page by the number of rows before it. The total is known where it can be relied on.
    Offset { offset: u64, size: u64, total: Option<u64> },
}

/// Which page has the number 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    /// The second.
    Zero,
    /// The first.
    One,
    /// Not known before page 1 was seen; the first page began with a row of this fingerprint.
    Unknown { first: u64 },
}

/// What an answer shows.
pub(crate) struct Shown<'a> {
    /// What tells each row from others.
    pub keys: Vec<String>,
    pub links: &'a Links,
    /// How many rows there are, if the server says.
    pub total: Option<u64>,
}

/// A walk through one list.
#[derive(Debug)]
pub(crate) struct Walk {
    parameters: Parameters,
    asked: Asked,
    /// Whether each page of a counted list is read once more after the one that follows it.
    overlap: bool,
    /// What to ask next; nothing at the end.
    step: Option<Step>,
    /// The page read last, without second readings.
    last: Option<Step>,
    /// Where it goes on after the second reading that is under way.
    after_again: Option<Option<Step>>,
    /// The keys of the pages read last.
    seen: VecDeque<HashSet<String>>,
    /// Fingerprints of the tokens that were followed.
    followed: HashSet<u64>,
    /// How many answers in a row gave no new row.
    stale: u32,
    /// How many answers in a row were empty.
    empty: u32,
}

/// So many answers with nothing but rows of the page before are an error: insertions can cause one.
const STALE: u32 = 2;
/// So many empty answers in the middle of a list are an error: rows that have expired can cause some.
const EMPTY: u32 = 1000;

impl Walk {
    pub(crate) fn new(parameters: Parameters, asked: Asked) -> Self {
        Self {
            parameters,
            asked,
            overlap: false,
            step: Some(Step::First),
            last: None,
            after_again: None,
            seen: VecDeque::new(),
            followed: HashSet::new(),
            stale: 0,
            empty: 0,
        }
    }

    pub(crate) fn overlap(&mut self) {
        self.overlap = true;
    }

    pub(crate) fn resume(&mut self, step: Step) {
        self.step = Some(step);
    }

    /// What to ask next.
    pub(crate) fn step(&self) -> Option<&Step> {
        self.step.as_ref()
    }

    /// Where another walk has to start to miss nothing. With an overlap that is the page read last, since rows may
    /// slide into it.
    pub(crate) fn resumes_at(&self) -> Option<&Step> {
        let step = self.step.as_ref()?;
        if self.after_again.is_some() || !self.overlap {
            return Some(step);
        }
        self.last.as_ref().filter(|last| last.is_counted()).or(Some(step))
    }

    /// The paging pairs of a request.
    pub(crate) fn pairs(&self, step: &Step) -> Vec<(String, String)> {
        let Parameters { per_page, page_size, offset, .. } = self.parameters;
        let size = self.asked.size().map(|size| size.to_string());
        let named = |name: &str, value: &Option<String>| value.clone().map(|value| (name.to_owned(), value));
        let by_size = match (offset, page_size || !per_page) {
            (true, _) => "limit",
            (false, true) => "page_size",
            (false, false) => "per_page",
        };
        match step {
            Step::First => {
                // Each server knows one of the names of the size; with `page` the newest ones go by the other one.
                if size.is_some() && per_page && page_size && self.asked.get("page").is_none() {
                    let start = self.asked.0.iter().filter(|(key, _)| key == "page_token").cloned();
                    let sizes = ["page_size", "per_page"].into_iter().filter_map(|name| named(name, &size));
                    return sizes.chain(start).collect();
                }
                self.asked.0.clone()
            }
            Step::Follow { key, value } => {
                named(by_size, &size).into_iter().chain([(key.clone(), value.clone())]).collect()
            }
            Step::Number { page, .. } => {
                let by_size = if per_page { "per_page" } else { by_size };
                named(by_size, &size).into_iter().chain([("page".to_owned(), page.to_string())]).collect()
            }
            Step::Count => named(by_size, &self.parameters.most.map(|most| most.to_string())).into_iter().collect(),
            // The position counts in pages of this size, so it is always sent.
            Step::Offset { offset, size, .. } => {
                let token = ("page_token".to_owned(), offset_token::encode(*offset));
                vec![(by_size.to_owned(), size.to_string()), token]
            }
        }
    }

    /// Takes the answer to [`Walk::step`] and says of each row whether it is new.
    pub(crate) fn take(&mut self, shown: Shown<'_>) -> Result<Vec<bool>, &'static str> {
        let Some(step) = self.step.clone() else { return Ok(vec![false; shown.keys.len()]) };
        let mut fresh: Vec<bool> =
            shown.keys.iter().map(|key| !self.seen.iter().any(|page| page.contains(key))).collect();
        if let Some(after) = self.after_again.take() {
            self.remember(shown.keys);
            self.step = after;
            return Ok(fresh);
        }
        if step == Step::Count {
            // Its rows come again, in pages of the caller's size.
            fresh.fill(false);
            self.step = self.after_count(&shown);
            return Ok(fresh);
        }
        let is_first_again = self.is_first_again(&step, &shown, &fresh);
        if is_first_again && self.seen.is_empty() {
            // A walk that was resumed here knows of the first page only how it began.
            fresh.fill(false);
        }
        let next = match &step {
            Step::Count => None,
            Step::First => self.after_first(&shown),
            Step::Follow { .. } if shown.keys.is_empty() => None,
            Step::Follow { .. } => pair_of_next(shown.links),
            Step::Number { page, size, base } => {
                let base = match base {
                    Base::Unknown { .. } if is_first_again => Base::One,
                    Base::Unknown { .. } => Base::Zero,
                    known => *known,
                };
                after_number(*page, *size, base, &shown)
            }
            Step::Offset { offset, size, total } => after_offset(*offset, *size, *total, &shown),
        };
        self.watch(&step, next.as_ref(), &fresh, is_first_again)?;
        self.remember(shown.keys);
        self.step = next;
        let before = if is_first_again { None } else { self.last.replace(step.clone()) };
        if self.overlap && step.is_counted() && before.is_some() {
            self.after_again = Some(std::mem::replace(&mut self.step, before));
        }
        Ok(fresh)
    }

    /// Whether page 1 turned out to be the first page.
    fn is_first_again(&self, step: &Step, shown: &Shown<'_>, fresh: &[bool]) -> bool {
        let Step::Number { base: Base::Unknown { first }, .. } = step else { return false };
        let again = fresh.iter().filter(|fresh| !**fresh).count();
        if self.seen.is_empty() {
            shown.keys.first().is_some_and(|key| print(key) == *first)
        } else {
            // Rows may have come and gone in between, so most of them are enough.
            again > 0 && again * 2 >= shown.keys.len()
        }
    }

    /// Errors of servers that would keep a walk going for ever.
    fn watch(
        &mut self,
        step: &Step,
        next: Option<&Step>,
        fresh: &[bool],
        is_first_again: bool,
    ) -> Result<(), &'static str> {
        if let Step::Follow { value, .. } = step {
            self.followed.insert(print(value));
        }
        if let Some(Step::Follow { value, .. }) = next
            && self.followed.contains(&print(value))
        {
            return Err("the server gives a page token that it gave before");
        }
        let is_stale = !fresh.is_empty() && !is_first_again && fresh.iter().all(|fresh| !fresh);
        self.stale = if is_stale { self.stale + 1 } else { 0 };
        self.empty = if fresh.is_empty() { self.empty + 1 } else { 0 };
        if self.stale > STALE {
            return Err("the server gives the same page again and again");
        }
        if self.empty > EMPTY {
            return Err("the server gives empty pages again and again");
        }
        Ok(())
    }

    fn remember(&mut self, keys: Vec<String>) {
        if keys.is_empty() {
            return;
        }
        let pages = if self.overlap { 3 } else { 1 };
        while self.seen.len() >= pages {
            self.seen.pop_front();
        }
        self.seen.push_back(keys.into_iter().collect());
    }

    /// How many keys and tokens are kept.
    #[cfg(test)]
    pub(crate) fn remembers(&self) -> usize {
        self.seen.iter().map(HashSet::len).sum::<usize>() + self.followed.len()
    }

    /// What the first answer shows of the way on.
    fn after_first(&self, shown: &Shown<'_>) -> Option<Step> {
        let Shown { links, .. } = shown;
        let Some(first) = shown.keys.first() else { return self.after_nothing(shown) };
        let count = shown.keys.len() as u64;
        let has_own_tokens = links.values("page_token").any(|token| offset_token::decode(&token).is_none());
        let has_offsets = links.values("page_token").any(|token| offset_token::decode(&token).is_some());
        let has_numbers = links.values("page").any(|page| page.parse::<i64>().is_ok());
        let next = pair_of_next(links);
        if has_own_tokens {
            return next;
        }
        if self.parameters.page && has_numbers {
            return self.start_numbers(shown, count, first);
        }
        if has_offsets {
            return self.start_offsets(shown, count);
        }
        if next.is_some() {
            return next;
        }
        // A gateway may have dropped the links.
        let tells_nothing = links.is_empty() || shown.total.is_some();
        if self.parameters.page && tells_nothing { self.start_numbers(shown, count, first) } else { None }
    }

    /// An empty first page is the end, unless it says nothing at all: Hydra leaves consent sessions that have expired
    /// out of their page, and then says nothing of those on the next pages.
    fn after_nothing(&self, shown: &Shown<'_>) -> Option<Step> {
        let Parameters { page, page_size, most, .. } = self.parameters;
        let size = self.asked.size().filter(|size| page_size && !page && most.is_some_and(|most| *size < most))?;
        let says_nothing = shown.links.is_empty() && shown.total.is_none() && self.asked.get("page_token").is_none();
        (says_nothing && size > 0).then_some(Step::Count)
    }

    fn after_count(&self, shown: &Shown<'_>) -> Option<Step> {
        let has_offsets = shown.links.values("page_token").any(|token| offset_token::decode(&token).is_some());
        let (size, total) = (self.asked.size()?, shown.total?);
        (has_offsets && size < total).then_some(Step::Offset { offset: size, size, total: Some(total) })
    }

    fn start_numbers(&self, shown: &Shown<'_>, count: u64, first: &str) -> Option<Step> {
        let asked = self.asked.size();
        // Where the server's own limit is lower, its pages are shorter.
        let size = asked.map_or(count, |asked| asked.min(count));
        let by_token = || {
            let offset = u64::try_from(offset_token::decode(self.asked.get("page_token")?)?).ok()?;
            Some(offset / size)
        };
        match self.asked.number("page").or_else(by_token).filter(|page| *page > 0) {
            // The caller is past the page that might come twice; counting from 1 can only read one page more.
            Some(page) => after_number(page, size, Base::One, shown),
            None => {
                let more = shown.total.map_or(asked.is_none_or(|asked| count >= asked), |total| count < total);
                let base = Base::Unknown { first: print(first) };
                more.then_some(Step::Number { page: 1, size, base })
            }
        }
    }

    fn start_offsets(&self, shown: &Shown<'_>, count: u64) -> Option<Step> {
        let asked = self.asked.size().map(|asked| asked.min(self.parameters.most.unwrap_or(u64::MAX)));
        let size = asked.unwrap_or(count);
        let from = self.asked.get("page_token").and_then(offset_token::decode).unwrap_or_default();
        let offset = u64::try_from(from).unwrap_or_default() / size * size;
        // Consent sessions of Hydra to 2.3: size and position are swapped in the links. They look back from the
        // very first page, and later ones name the position as the size. There the total is right, but a page may
        // lack rows that have expired; elsewhere the total ignores filters, but a short page is the last.
        let is_swapped = if offset == 0 {
            shown.links.rel("prev").is_some()
        } else {
            shown.links.values("page_size").any(|named| named != size.to_string())
        };
        after_offset(offset, size, shown.total.filter(|_| is_swapped), shown)
    }
}

impl Step {
    /// Whether rows can slide from its page to the one before.
    fn is_counted(&self) -> bool {
        matches!(self, Self::Number { .. } | Self::Offset { .. })
    }
}

/// The cursor in the link to the next page: its page token, else its page, else its offset; nothing else of it.
fn pair_of_next(links: &Links) -> Option<Step> {
    let next: &Link = links.rel("next")?;
    let pair = |key: &str| next.query(key).filter(|value| !value.is_empty()).map(|value| (key.to_owned(), value));
    let (key, value) = pair("page_token").or_else(|| pair("page")).or_else(|| pair("offset"))?;
    Some(Step::Follow { key, value })
}

fn after_number(page: u64, size: u64, base: Base, shown: &Shown<'_>) -> Option<Step> {
    let count = shown.keys.len() as u64;
    if count == 0 {
        return None;
    }
    // A page may be longer than its size: those of identity schemas grow.
    let before = if base == Base::Zero { page } else { page.saturating_sub(1) }.saturating_mul(size);
    let covered = before.saturating_add(count);
    let more = shown.total.map_or(count >= size, |total| covered < total);
    more.then(|| Step::Number { page: page.saturating_add(1), size, base })
}

fn after_offset(offset: u64, size: u64, total: Option<u64>, shown: &Shown<'_>) -> Option<Step> {
    let count = shown.keys.len() as u64;
    let covered = offset.saturating_add(size);
    let reliable = total.is_some();
    let total = shown.total.or(total);
    let more = if reliable {
        total.is_some_and(|total| covered < total)
    } else {
        count >= size && total.is_none_or(|total| covered < total)
    };
    more.then_some(Step::Offset { offset: covered, size, total: total.filter(|_| reliable) })
}

#[cfg(test)]
#[allow(unreachable_pub)]
#[path = "../tests/it/pages/simulators.rs"]
mod simulators;

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::simulators::{Kind, List};
    use super::*;

    fn parameters(kind: Kind) -> Parameters {
        let by_page = !matches!(kind, Kind::Hydra20 | Kind::Consents20 | Kind::Hydra26 | Kind::Consents26);
        Parameters { page: by_page, per_page: by_page, page_size: true, offset: false, most: Some(1000) }
    }

    /// A walk without a socket: the rows in the order of their coming, and the number of requests.
    fn walk(list: &List, size: Option<u64>) -> (Vec<usize>, usize) {
        let asked = size.map(|size| ("page_size".to_owned(), size.to_string()));
        let mut walk = Walk::new(parameters(list.kind), Asked(asked.into_iter().collect()));
        let (mut rows, mut requests) = (Vec::new(), 0);
        while let Some(step) = walk.step() {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            let target = format!("/list?{}", query.extend_pairs(walk.pairs(step)).finish());
            let page = list.answer(&target);
            requests += 1;
            let mut headers = HeaderMap::new();
            for line in &page.links {
                headers.append("link", HeaderValue::from_str(line).unwrap());
            }
            let links = Links::read(&headers);
            let keys = list.rows[page.rows.clone()].to_vec();
            let fresh = walk.take(Shown { keys, links: &links, total: page.total }).unwrap();
            rows.extend(page.rows.zip(fresh).filter(|(_, fresh)| *fresh).map(|(row, _)| row));
        }
        (rows, requests)
    }

    fn table(kinds: &[Kind]) {
        for kind in kinds {
            let schemas = matches!(kind, Kind::Schemas011 | Kind::Schemas26);
            for count in [0, 1, 7, 249, 250, 251, 1000, 10_000] {
                if schemas && count > 250 {
                    continue;
                }
                let list = List::new(*kind, count);
                for size in [Some(1), Some(3), Some(7), Some(250), None] {
                    let real = size.unwrap_or(match kind {
                        Kind::Courier011 | Kind::Courier26 => 10,
                        Kind::Hydra26 | Kind::Consents26 | Kind::Of2021 => 100,
                        _ => 250,
                    });
                    let (rows, requests) = walk(&list, size);
                    let at = format!("{kind:?}: {count} rows by {size:?}");
                    assert_eq!(rows, (0..count).collect::<Vec<_>>(), "{at}");
                    let most = count.max(1).div_ceil(real as usize) + 1;
                    assert!(requests <= most, "{at}: {requests} requests, {most} allowed");
                }
            }
        }
    }

    #[test]
    fn hydra_1_is_asked_by_limit_and_offset() {
        let parameters = Parameters { offset: true, ..Parameters::default() };
        assert_eq!(parameters.keys(), ["limit", "offset"]);
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let mut walk = Walk::new(parameters, Asked(vec![pair("limit", "2")]));
        let mut headers = HeaderMap::new();
        headers.insert("link", HeaderValue::from_static("</clients?limit=2&offset=2>; rel=\"next\""));
        let links = Links::read(&headers);
        let keys = vec!["a".to_owned(), "b".to_owned()];
        walk.take(Shown { keys, links: &links, total: Some(3) }).unwrap();
        assert_eq!(walk.pairs(walk.step().unwrap()), [pair("limit", "2"), pair("offset", "2")]);
        walk.take(Shown { keys: vec!["c".to_owned()], links: &Links::default(), total: Some(3) }).unwrap();
        assert_eq!(walk.step(), None);
    }

    #[test]
    fn every_row_once_where_pages_are_counted() {
        table(&[Kind::Of2021, Kind::Identities011, Kind::Identities10]);
        table(&[Kind::Sessions011, Kind::Sessions26, Kind::Schemas011, Kind::Schemas26]);
    }

    #[test]
    fn every_row_once_where_offsets_are_counted() {
        table(&[Kind::Hydra20, Kind::Consents20]);
    }

    #[test]
    fn every_row_once_where_tokens_are_followed() {
        table(&[Kind::Identities { most: u64::MAX }, Kind::Identities { most: 500 }]);
        table(&[Kind::Courier011, Kind::Courier26, Kind::Hydra26, Kind::Consents26]);
    }
}
