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
            // A page has at least one row, whatever a contract says.
            most: most.and_then(|most| u64::try_from(most).ok()).filter(|most| *most > 0),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Parameter, Place};

    fn with_maximum(wire: &'static str, maximum: Option<i64>) -> Parameters {
        let parameter = Parameter {
            wire,
            name: wire,
            place: Place::Query,
            required: false,
            secret: false,
            deprecated: false,
            minimum: Some(i64::MIN),
            maximum,
            min_length: None,
            legacy_minimum: None,
            legacy_maximum: None,
        };
        let parameters = Box::leak(Box::new([parameter]));
        Parameters::of(&Operation { parameters, ..crate::contract::operations()[0].clone() })
    }

    /// The walk divides by the size of a page.
    #[test]
    fn the_largest_page_has_a_row() {
        for wire in ["page_size", "per_page"] {
            for (maximum, most) in [
                (Some(0), None),
                (Some(-1), None),
                (Some(i64::MIN), None),
                (None, None),
                (Some(1), Some(1)),
                (Some(i64::MAX), Some(i64::MAX as u64)),
            ] {
                assert_eq!(with_maximum(wire, maximum).most, most, "{wire} {maximum:?}");
            }
        }
    }
}
