//! A walk through a list: the steps, and which rows are new. It sends no request; `pages` does.
//!
//! Servers page in four ways. The first response shows which:
//!
//! - Links with tokens that the server made: the walk follows them ([`Step::Follow`]).
//! - Links with page numbers: the walk counts pages ([`Step::Number`]), since some of these links repeat the first page
//!   and miss the last. Whether page 1 is the first or the second, the walk finds out by requesting it and comparing rows.
//! - Links with tokens that only hide an offset: the walk counts offsets ([`Step::Offset`]), since some of these links
//!   have their arguments swapped.
//! - Nothing of the kind: the response is the whole list.

use std::collections::{HashSet, VecDeque};

use super::advance::{List, PageFacts, after_number, after_offset, pair_of_next};
use super::link::Links;
use super::parameters::Parameters;
use super::query::Asked;
use crate::cursor::{Base, Step, fingerprint};

/// Responses without a new row that contain only rows of the page before. Insertions can cause one; more are an error.
const STALE: u32 = 2;
/// Responses without any row, in the middle of a list. Rows that have expired can cause some; more are an error.
const EMPTY: u32 = 1000;

/// A walk through one list.
#[derive(Debug)]
pub(crate) struct Walk {
    list: List,
    /// Whether each page of a counted list is read once more after the one that follows it.
    overlap: bool,
    phase: Phase,
    /// The page that was read last, without second readings.
    last: Option<Step>,
    /// The keys of the pages that were read last.
    seen: VecDeque<HashSet<String>>,
    /// Fingerprints of the tokens that were followed.
    followed: HashSet<u64>,
    /// Stale responses since the last new row.
    stale: u32,
    /// Empty responses since the last new row.
    empty: u32,
}

/// What the walk requests next.
#[derive(Debug)]
enum Phase {
    /// A page that was not read yet.
    Ahead(Step),
    /// A page once more, for rows that slid into it, and then the step after it.
    Again { page: Step, then: Option<Step> },
    /// Nothing: the list is at its end.
    Done,
}

impl From<Option<Step>> for Phase {
    fn from(step: Option<Step>) -> Self {
        step.map_or(Self::Done, Self::Ahead)
    }
}

/// Which rows of a page are new, in their order.
pub(crate) struct NewRows(Vec<bool>);

impl NewRows {
    /// Drops the rows that were given out before, of the rows that follow those of the last call.
    pub(crate) fn keep_new<T>(&mut self, rows: &mut Vec<T>) {
        let mut new = self.0.drain(..rows.len().min(self.0.len()));
        rows.retain(|_| new.next().unwrap_or(true));
    }

    fn none(count: usize) -> Self {
        Self(vec![false; count])
    }

    fn any(&self) -> bool {
        self.0.iter().any(|new| *new)
    }

    fn repeated(&self) -> usize {
        self.0.iter().filter(|new| !**new).count()
    }
}

impl Walk {
    pub(crate) fn new(parameters: Parameters, asked: Asked) -> Self {
        Self {
            list: List { parameters, asked },
            overlap: false,
            phase: Phase::Ahead(Step::First),
            last: None,
            seen: VecDeque::new(),
            followed: HashSet::new(),
            stale: 0,
            empty: 0,
        }
    }

    pub(crate) fn overlap(&mut self) {
        self.overlap = true;
    }

    /// Starts at a step of another walk. Returns whether the step can be one of this list: a cursor may come from anywhere.
    pub(crate) fn resume(&mut self, step: Step) -> bool {
        let is_possible = self.list.may_reach(&step);
        self.phase = Phase::Ahead(step);
        is_possible
    }

    /// The page to request next.
    pub(crate) fn step(&self) -> Option<&Step> {
        match &self.phase {
            Phase::Ahead(step) | Phase::Again { page: step, .. } => Some(step),
            Phase::Done => None,
        }
    }

    /// Where another walk must start to miss nothing. With an overlap that is the page read last, since rows may slide
    /// into it.
    pub(crate) fn resumes_at(&self) -> Option<&Step> {
        match &self.phase {
            Phase::Ahead(step) if self.overlap => self.last.as_ref().filter(|last| last.is_counted()).or(Some(step)),
            Phase::Ahead(step) | Phase::Again { page: step, .. } => Some(step),
            Phase::Done => None,
        }
    }

    /// Where another walk must start to leave out the page at [`Walk::step`], whose response cannot be read but for its
    /// links. `None` if that may be the last page.
    pub(crate) fn behind(&self, links: &Links) -> Option<Step> {
        match self.step()? {
            Step::Number { page, size, base } => {
                Some(Step::Number { page: page.saturating_add(1), size: *size, base: *base })
            }
            Step::Offset { offset, size, total } => {
                let offset = offset.saturating_add(*size);
                total.is_none_or(|total| offset < total).then_some(Step::Offset { offset, size: *size, total: *total })
            }
            Step::First | Step::Follow { .. } => pair_of_next(links),
            Step::Count => None,
        }
    }

    /// The paging pairs of the request for a step.
    pub(crate) fn pairs(&self, step: &Step) -> Vec<(String, String)> {
        self.list.asked.pairs(&self.list.parameters, step)
    }

    /// Takes the response to [`Walk::step`], decides the next step, and says which rows are new.
    pub(crate) fn take(&mut self, facts: PageFacts<'_>) -> Result<NewRows, &'static str> {
        let new = NewRows(facts.keys.iter().map(|key| !self.seen.iter().any(|page| page.contains(key))).collect());
        match std::mem::replace(&mut self.phase, Phase::Done) {
            Phase::Done => Ok(NewRows::none(facts.keys.len())),
            Phase::Again { then, .. } => {
                self.remember(facts.keys);
                self.phase = then.into();
                Ok(new)
            }
            Phase::Ahead(Step::Count) => {
                // Its rows come again, in pages of the caller's size.
                self.phase = self.list.after_count(&facts).into();
                Ok(NewRows::none(facts.keys.len()))
            }
            Phase::Ahead(step) => self.take_page(step, facts, new),
        }
    }

    fn take_page(&mut self, step: Step, facts: PageFacts<'_>, mut new: NewRows) -> Result<NewRows, &'static str> {
        let is_first_again = self.is_first_again(&step, &facts, &new);
        if is_first_again && self.seen.is_empty() {
            // A walk that was resumed here knows of the first page only how it began.
            new = NewRows::none(facts.keys.len());
        }
        let next = match &step {
            Step::Count => None,
            Step::First => self.list.after_first(&facts),
            Step::Follow { .. } if facts.keys.is_empty() => None,
            Step::Follow { .. } => pair_of_next(facts.links),
            Step::Number { page, size, base } => {
                let base = match base {
                    Base::Unknown { .. } if is_first_again => Base::One,
                    Base::Unknown { .. } => Base::Zero,
                    known => *known,
                };
                after_number(*page, *size, base, &facts)
            }
            Step::Offset { offset, size, total } => after_offset(*offset, *size, *total, &facts),
        };
        if let Err(why) = self.watch(&step, next.as_ref(), &new, is_first_again) {
            // Whoever resumes asks for this page again.
            self.phase = Phase::Ahead(step);
            return Err(why);
        }
        self.remember(facts.keys);
        let before = if is_first_again { None } else { self.last.replace(step.clone()) };
        self.phase = match before {
            Some(page) if self.overlap && step.is_counted() => Phase::Again { page, then: next },
            _ => next.into(),
        };
        Ok(new)
    }

    /// Whether page 1 turned out to be the first page.
    fn is_first_again(&self, step: &Step, facts: &PageFacts<'_>, new: &NewRows) -> bool {
        let Step::Number { base: Base::Unknown { first }, .. } = step else { return false };
        if self.seen.is_empty() {
            return facts.keys.first().is_some_and(|key| fingerprint(key) == *first);
        }
        // Rows may have come and gone in between, so half of them are enough.
        let repeated = new.repeated();
        repeated > 0 && repeated * 2 >= facts.keys.len()
    }

    /// Finds servers that would keep a walk going for ever.
    fn watch(
        &mut self,
        step: &Step,
        next: Option<&Step>,
        new: &NewRows,
        is_first_again: bool,
    ) -> Result<(), &'static str> {
        if let Step::Follow { value, .. } = step {
            self.followed.insert(fingerprint(value));
        }
        if let Some(Step::Follow { value, .. }) = next
            && self.followed.contains(&fingerprint(value))
        {
            return Err("the server returned a page token that it returned before");
        }
        // Only a new row starts the counting again: a server may mix stale and empty pages.
        if new.any() {
            (self.stale, self.empty) = (0, 0);
        } else if new.0.is_empty() {
            self.empty += 1;
        } else if !is_first_again {
            self.stale += 1;
        }
        if self.stale > STALE {
            return Err("the server returns the same page again and again");
        }
        if self.empty > EMPTY {
            return Err("the server returns empty pages again and again");
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
}
