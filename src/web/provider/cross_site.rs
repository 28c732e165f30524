//! Keeps other sites from answering for a person.

use http::HeaderMap;
use http::header::ORIGIN;

use super::failure::{ProviderError, ProviderErrorKind};

/// Refuses a form that a page of another site posted.
///
/// A browser says where a form comes from, and no page can make it lie: in `Sec-Fetch-Site` since 2020 to 2023, and in the
/// `Origin` of every POST since 2020. Without either, nobody knows.
pub(super) fn check(headers: &HeaderMap, own: &str) -> Result<(), ProviderError> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // A proxy may change the host of a request, but not this.
    let is_own = match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin == own,
        (None, None) => false,
    };
    if is_own {
        return Ok(());
    }
    let text = "this form was not sent by a page of this site: go back and try again there";
    Err(ProviderError::new(ProviderErrorKind::CrossSite, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_site_may_answer() {
        let own = "https://id.example.org";
        for (headers, expected) in [
            (&[("sec-fetch-site", "same-origin"), ("origin", "https://id.example.org")][..], true),
            // A site with `Referrer-Policy: no-referrer`.
            (&[("sec-fetch-site", "same-origin"), ("origin", "null")], true),
            (&[("origin", "https://id.example.org")], true),
            (&[("sec-fetch-site", "same-site"), ("origin", "https://id.example.org")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "null")], false),
            (&[("origin", "https://id.example.org.evil.example")], false),
            (&[("origin", "http://id.example.org")], false),
            (&[], false),
        ] {
            let pairs = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            let map: HeaderMap = pairs.collect();
            assert_eq!(check(&map, own).is_ok(), expected, "{headers:?}");
        }
    }
}
