//! Where a browser may go back to.

use url::Url;

use super::site::Site;
use crate::privacy::Location;

impl Site {
    /// A `return_to` of a query as Kratos takes it: an absolute URL. A path is one of this site. `None` if it is neither.
    ///
    /// Kratos decides whether the URL is allowed.
    pub(super) fn return_to(&self, text: &str) -> Option<Url> {
        // A URL parser passes over control characters and takes a backslash for a slash: `/\evil.example` is another host.
        if text.is_empty() || text != text.trim() || text.contains(|c: char| c.is_control() || c == '\\') {
            return None;
        }
        if text.starts_with('/') {
            return if text.starts_with("//") { None } else { self.public_url.join(text).ok() };
        }
        Url::parse(text).ok()
    }

    /// The same URL, if a browser may go there without Kratos' word: it is of this site, or of an origin that is configured.
    pub(super) fn own(&self, url: &Url) -> Option<Location> {
        let origin = url.origin();
        let is_own = origin == self.public_url.origin() || self.origins.contains(&origin);
        let is_plain = url.username().is_empty() && url.password().is_none();
        (is_own && is_plain && origin.is_tuple()).then(|| url.clone().into())
    }
}

#[cfg(test)]
mod tests {
    use super::super::builder::tests::site;

    #[test]
    fn a_browser_returns_to_this_site_alone() {
        let site = site();
        let own = |text: &str| site.return_to(text).and_then(|url| site.own(&url)).map(String::from);
        for (text, expected) in [
            ("/", "https://app.example.org/"),
            ("/orders?page=2#top", "https://app.example.org/orders?page=2#top"),
            ("/a b", "https://app.example.org/a%20b"),
            ("/../../x", "https://app.example.org/x"),
            ("/@evil.example", "https://app.example.org/@evil.example"),
            ("https://app.example.org/orders", "https://app.example.org/orders"),
            ("HTTPS://APP.example.org:443", "https://app.example.org/"),
        ] {
            assert_eq!(own(text).as_deref(), Some(expected), "{text:?}");
        }
        for text in [
            "",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\r\nSet-Cookie: a=b",
            " //evil.example",
            "https:\\\\evil.example",
            "https://evil.example/",
            "https:evil.example",
            "http://app.example.org/",
            "https://app.example.org:8443/",
            "https://app.example.org.evil.example/",
            "https://app.example.org@evil.example/",
            "https://user@app.example.org/",
            "https://:secret@app.example.org/",
            "https://app.example.org\\@evil.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "orders",
            "app.example.org/orders",
            "?a=b",
        ] {
            assert_eq!(own(text), None, "{text:?}");
        }
    }

    #[test]
    fn kratos_decides_about_other_urls() {
        let asked = |text: &str| site().return_to(text).map(String::from);
        assert_eq!(asked("https://shop.example.org/a").as_deref(), Some("https://shop.example.org/a"));
        assert_eq!(asked("com.example.app:/done").as_deref(), Some("com.example.app:/done"));
        for text in ["//evil.example", "/\\evil.example", "https://a\r\n.example", "shop"] {
            assert_eq!(asked(text), None, "{text:?}");
        }
    }
}
