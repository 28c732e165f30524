//! Cookies: those that a request carries, and those that a reply sets.

use http::header;

use super::{Reply, Request};

impl Request {
    /// The value of the first cookie with this name.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value.trim_matches('"'))
    }
}

impl Reply {
    /// Sets a cookie for the whole host, which scripts cannot read. Without `seconds` it ends with the browser.
    pub(crate) fn set_cookie(self, name: &str, value: &str, seconds: Option<i64>) -> Self {
        let life = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        self.header(header::SET_COOKIE, format!("{name}={value}; Path=/{life}; HttpOnly; SameSite=Lax"))
    }

    /// Whether it sets this cookie already.
    pub(crate) fn sets_cookie(&self, name: &str) -> bool {
        let start = format!("{name}=");
        self.header_values(header::SET_COOKIE).any(|value| value.starts_with(&start))
    }

    /// Deletes a cookie.
    pub(crate) fn delete_cookie(self, name: &str) -> Self {
        self.set_cookie(name, "", Some(0))
    }
}
