//! The paging pairs of a request's query.

use super::offset_token;
use super::parameters::Parameters;
use crate::cursor::Step;

/// The paging pairs that the caller set, as they would be sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked(pub(crate) Vec<(String, String)>);

impl Asked {
    /// The last value of a key, since servers read one only.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    pub(super) fn number(&self, key: &str) -> Option<u64> {
        self.get(key)?.parse().ok()
    }

    /// The page size. If both names of it are set, servers read `page_size`.
    pub(crate) fn size(&self) -> Option<u64> {
        let size = self.number("page_size").or_else(|| self.number("per_page")).or_else(|| self.number("limit"));
        size.filter(|size| *size > 0)
    }

    /// The paging pairs of the request for a step.
    pub(crate) fn pairs(&self, parameters: &Parameters, step: &Step) -> Vec<(String, String)> {
        let size = self.size().map(|size| size.to_string());
        let named = |name: &str, value: &Option<String>| value.clone().map(|value| (name.to_owned(), value));
        let size_key = parameters.size_key();
        match step {
            Step::First => {
                // Each server knows one of the names of the size. Beside `page`, the newest ones read the other one.
                let both = parameters.per_page && parameters.page_size;
                if size.is_some() && both && self.get("page").is_none() {
                    let start = self.0.iter().filter(|(key, _)| key == "page_token").cloned();
                    let sizes = ["page_size", "per_page"].into_iter().filter_map(|name| named(name, &size));
                    return sizes.chain(start).collect();
                }
                self.0.clone()
            }
            Step::Follow { key, value } => {
                named(size_key, &size).into_iter().chain([(key.clone(), value.clone())]).collect()
            }
            Step::Number { page, .. } => {
                let size_key = if parameters.per_page { "per_page" } else { size_key };
                named(size_key, &size).into_iter().chain([("page".to_owned(), page.to_string())]).collect()
            }
            Step::Count => named(size_key, &parameters.most.map(|most| most.to_string())).into_iter().collect(),
            // The position counts pages of this size, so the size is always sent.
            Step::Offset { offset, size, .. } => {
                let token = ("page_token".to_owned(), offset_token::encode(*offset));
                vec![(size_key.to_owned(), size.to_string()), token]
            }
        }
    }
}
