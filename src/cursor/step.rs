//! A place in a list.

/// A request of a walk through a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// The request as the caller built it.
    First,
    /// The page that the link of the page before names.
    Follow { key: String, value: String },
    /// A page by its number.
    Number { page: u64, size: u64, base: Base },
    /// The largest page, for its total only: the first page was empty and showed neither links nor a total.
    Count,
    /// A page by the number of rows before it, with the total where that is reliable.
    Offset { offset: u64, size: u64, total: Option<u64> },
}

/// Which page is page 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    /// The second page.
    Zero,
    /// The first page.
    One,
    /// Unknown until page 1 was read. The first page began with a row of this fingerprint.
    Unknown { first: u64 },
}

impl Step {
    /// Whether rows can move from this page to the one before.
    pub(crate) fn is_counted(&self) -> bool {
        matches!(self, Self::Number { .. } | Self::Offset { .. })
    }
}
