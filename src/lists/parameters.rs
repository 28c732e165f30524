//! The paging parameters of a list, by the contract.

use crate::contract::Operation;

/// The paging parameters that a list has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters {
    pub(crate) page: bool,
    pub(crate) per_page: bool,
    pub(crate) page_size: bool,
    /// It has `limit` and `offset` only, as Hydra 1 does.
    pub(crate) offset: bool,
    /// The size of the largest page.
    pub(crate) most: Option<u64>,
}

impl Parameters {
    pub(crate) fn of(operation: &Operation) -> Self {
        let find = |wire: &str| operation.parameters.iter().find(|parameter| parameter.wire == wire);
        let most = find("page_size").or_else(|| find("per_page")).and_then(|parameter| parameter.maximum);
        let has_pages = ["page", "page_size", "page_token"].into_iter().any(|name| find(name).is_some());
        Self {
            offset: !has_pages && find("limit").is_some() && find("offset").is_some(),
            page: find("page").is_some(),
            per_page: find("per_page").is_some(),
            page_size: find("page_size").is_some(),
            most: most.and_then(|most| u64::try_from(most).ok()),
        }
    }

    /// The query keys that the walk sets itself.
    pub(crate) fn keys(&self) -> &'static [&'static str] {
        if self.offset { &["limit", "offset"] } else { &["page", "per_page", "page_size", "page_token"] }
    }

    /// The key of the page size.
    pub(super) fn size_key(&self) -> &'static str {
        match (self.offset, self.page_size || !self.per_page) {
            (true, _) => "limit",
            (false, true) => "page_size",
            (false, false) => "per_page",
        }
    }
}
