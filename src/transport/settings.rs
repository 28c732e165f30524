//! What the HTTP clients are built from.

use std::time::Duration;

/// Changes a reqwest client before it is built.
pub(crate) type Customize = Box<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// The settings of the HTTP clients. A browser makes its connections itself.
#[cfg_attr(target_family = "wasm", allow(dead_code))]
pub(crate) struct HttpSettings<'a> {
    pub(crate) connect_timeout: Duration,
    pub(crate) has_https: bool,
    pub(crate) customize: Option<&'a Customize>,
}
