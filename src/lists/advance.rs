//! The step after a response, by what the response shows.
//!
//! An example: a list of 7 rows by pages of 3, from a server that counts its pages from 0. The first response has 3 rows,
//! `X-Total-Count: 7` and links with page numbers: the next step is page 1, of which nobody knows yet whether it is the
//! first page or the second. Its rows are new, so it is the second: page 2 follows. Then 2 * 3 + 1 rows cover the total,
//! and the walk ends.

use super::link::{Link, Links};
use super::offset_token;
use super::parameters::Parameters;
use super::query::Asked;
use crate::cursor::{Base, Step, fingerprint};

/// What a response shows of its page.
pub(crate) struct PageFacts<'a> {
    /// A key per row, which identifies it.
    pub(crate) keys: Vec<String>,
    pub(crate) links: &'a Links,
    /// The number of rows in the list, if the server says.
    pub(crate) total: Option<u64>,
}

/// A size that no server's default exceeds.
const LARGEST: u64 = 1000;

/// The list, by the contract and by the caller.
#[derive(Debug)]
pub(super) struct List {
    pub(super) parameters: Parameters,
    pub(super) asked: Asked,
}

impl List {
    /// Whether a walk through this list can come to a step. It sends only the list's own paging pairs, and pages no larger
    /// than the caller wants.
    pub(super) fn may_reach(&self, step: &Step) -> bool {
        let is_size = |size: u64| {
            let most = self.asked.size().or(self.parameters.most).unwrap_or(LARGEST);
            (1..=most.max(1)).contains(&size)
        };
        match step {
            Step::First => true,
            Step::Count => self.parameters.most.is_some(),
            Step::Follow { key, value } => match key.as_str() {
                "page_token" => self.parameters.keys().contains(&"page_token"),
                "page" | "offset" => self.parameters.keys().contains(&key.as_str()) && value.parse::<u64>().is_ok(),
                _ => false,
            },
            // A page may be longer than what the caller asked for: pages of identity schemas grow.
            Step::Number { size, .. } => self.parameters.page && *size > 0,
            Step::Offset { size, .. } => is_size(*size),
        }
    }

    /// The step after the first response.
    pub(super) fn after_first(&self, facts: &PageFacts<'_>) -> Option<Step> {
        let PageFacts { links, .. } = facts;
        let Some(first) = facts.keys.first() else { return self.after_nothing(facts) };
        let count = facts.keys.len() as u64;
        let has_own_tokens = links.values("page_token").any(|token| offset_token::decode(&token).is_none());
        let has_offsets = links.values("page_token").any(|token| offset_token::decode(&token).is_some());
        let has_numbers = links.values("page").any(|page| page.parse::<i64>().is_ok());
        let next = pair_of_next(links);
        if has_own_tokens {
            return next;
        }
        if self.parameters.page && has_numbers {
            return self.start_numbers(facts, count, first);
        }
        if has_offsets {
            return self.start_offsets(facts, count);
        }
        if next.is_some() {
            return next;
        }
        // A gateway may have removed the links.
        let tells_nothing = links.is_empty() || facts.total.is_some();
        if self.parameters.page && tells_nothing { self.start_numbers(facts, count, first) } else { None }
    }

    /// An empty first page is the end of the list, unless it shows neither links nor a total: Hydra omits expired consent
    /// sessions from their page, and then says nothing about the pages that follow.
    fn after_nothing(&self, facts: &PageFacts<'_>) -> Option<Step> {
        let Parameters { page, page_size, most, .. } = self.parameters;
        let size = self.asked.size().filter(|size| page_size && !page && most.is_some_and(|most| *size < most))?;
        let says_nothing = facts.links.is_empty() && facts.total.is_none() && self.asked.get("page_token").is_none();
        (says_nothing && size > 0).then_some(Step::Count)
    }

    pub(super) fn after_count(&self, facts: &PageFacts<'_>) -> Option<Step> {
        let has_offsets = facts.links.values("page_token").any(|token| offset_token::decode(&token).is_some());
        let (size, total) = (self.asked.size()?, facts.total?);
        (has_offsets && size < total).then_some(Step::Offset { offset: size, size, total: Some(total) })
    }

    fn start_numbers(&self, facts: &PageFacts<'_>, count: u64, first: &str) -> Option<Step> {
        let asked = self.asked.size();
        // If the server's own limit is lower, its pages are shorter.
        let size = asked.map_or(count, |asked| asked.min(count));
        let by_token = || {
            let offset = u64::try_from(offset_token::decode(self.asked.get("page_token")?)?).ok()?;
            Some(offset / size)
        };
        match self.asked.number("page").or_else(by_token).filter(|page| *page > 0) {
            // The caller starts behind the page that might come twice. Counting from 1 reads at most one page too many.
            Some(page) => after_number(page, size, Base::One, facts),
            None => {
                let more = facts.total.map_or(asked.is_none_or(|asked| count >= asked), |total| count < total);
                let base = Base::Unknown { first: fingerprint(first) };
                more.then_some(Step::Number { page: 1, size, base })
            }
        }
    }

    fn start_offsets(&self, facts: &PageFacts<'_>, count: u64) -> Option<Step> {
        let asked = self.asked.size().map(|asked| asked.min(self.parameters.most.unwrap_or(u64::MAX)));
        let size = asked.unwrap_or(count);
        let from = self.asked.get("page_token").and_then(offset_token::decode).unwrap_or_default();
        let offset = u64::try_from(from).unwrap_or_default() / size * size;
        // The links of consent sessions swap size and position, up to Hydra 2.3: the first page has a `prev` link, and
        // later pages give the position as the size. There the total is right, but a page may lack rows that have
        // expired. In all other lists the total ignores filters, but a short page is the last one.
        let is_swapped = if offset == 0 {
            facts.links.rel("prev").is_some()
        } else {
            facts.links.values("page_size").any(|named| named != size.to_string())
        };
        after_offset(offset, size, facts.total.filter(|_| is_swapped), facts)
    }
}

/// The position in the link to the next page: its page token, page number or offset. Nothing else of the link is used.
pub(super) fn pair_of_next(links: &Links) -> Option<Step> {
    let next: &Link = links.rel("next")?;
    let pair = |key: &str| next.query(key).filter(|value| !value.is_empty()).map(|value| (key.to_owned(), value));
    let (key, value) = pair("page_token").or_else(|| pair("page")).or_else(|| pair("offset"))?;
    Some(Step::Follow { key, value })
}

pub(super) fn after_number(page: u64, size: u64, base: Base, facts: &PageFacts<'_>) -> Option<Step> {
    let count = facts.keys.len() as u64;
    if count == 0 {
        return None;
    }
    // A page may be longer than its size: pages of identity schemas grow.
    let before = if base == Base::Zero { page } else { page.saturating_sub(1) }.saturating_mul(size);
    let covered = before.saturating_add(count);
    let more = facts.total.map_or(count >= size, |total| covered < total);
    more.then(|| Step::Number { page: page.saturating_add(1), size, base })
}

pub(super) fn after_offset(offset: u64, size: u64, total: Option<u64>, facts: &PageFacts<'_>) -> Option<Step> {
    let count = facts.keys.len() as u64;
    let covered = offset.saturating_add(size);
    let reliable = total.is_some();
    let total = facts.total.or(total);
    let more = if reliable {
        total.is_some_and(|total| covered < total)
    } else {
        count >= size && total.is_none_or(|total| covered < total)
    };
    more.then_some(Step::Offset { offset: covered, size, total: total.filter(|_| reliable) })
}
