//! The client's builder. Every setting is checked when it is built.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use crate::Secret;
use crate::client::{Client, Inner};
use crate::credentials::{Credentials, Handle};
use crate::endpoints::Endpoints;
use crate::retry::{Budget, Retry};
use crate::tls::Tls;
use crate::token::{Source, TokenProvider};

type Customize = Box<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// Collects settings; [`ClientBuilder::build`] checks them all.
///
/// ```
/// let client = ory_sdk::Client::builder()
///     .project("my-slug")
///     .access_token("ory_pat_...")
///     .build()?;
/// # Ok::<(), ory_sdk::InvalidSetting>(())
/// ```
///
/// # Limits
///
/// Every call ends within bounded time and memory. What an [`Error`](crate::Error) says of each limit stands
/// [there](crate::Error#what-you-see-when).
///
/// | limit | by default | of one client | of one call |
/// | --- | --- | --- | --- |
/// | the whole call: token provider, every try, every wait | 30 s | [`timeout`](Self::timeout) | `.timeout(..)` |
/// | silence before or in an answer | 15 s | [`stall_timeout`](Self::stall_timeout) | `.stall_timeout(..)` |
/// | making a connection, TLS included | 10 s | [`connect_timeout`](Self::connect_timeout) | |
/// | tries, the first one included | 3 | [`Retry::tries`] | |
/// | a wait between two tries | up to 200 ms, doubling up to 10 s | [`Retry::first_wait`], `longest_wait` | |
/// | all waits of a call | 20 s | [`Retry::longest_sum`] | |
/// | retries without a success in between | 20 | [`Retry::budget`] | |
/// | a success | 64 MiB | [`success_limit`](Self::success_limit) | |
/// | an error's body: the rest is cut off | 1 MiB | [`error_limit`](Self::error_limit) | |
/// | an answer's headers | 100, and about 400 KiB | | |
///
/// Calls share their connections, so that the limit for making one is the client's alone; the limit of the whole call
/// ends that too. Answers are never decompressed. A connection that was idle for 50 seconds is closed, before load
/// balancers do it.
#[derive(Default)]
pub struct ClientBuilder {
    urls: Vec<(Slot, String)>,
    access_token: Option<Source>,
    console_token: Option<Source>,
    cookie_names: Vec<String>,
    user_agent: Option<String>,
    timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    stall_timeout: Option<Duration>,
    retry: Option<Retry>,
    success_limit: Option<usize>,
    error_limit: Option<usize>,
    allow_insecure_http: bool,
    unchecked: bool,
    customize: Option<Customize>,
}

/// A base URL's place, named as its setting.
#[derive(Debug, Clone, PartialEq)]
enum Slot {
    KratosPublic,
    KratosAdmin,
    HydraPublic,
    HydraAdmin,
    Project,
    Console,
    Legacy,
    Named(String),
}

impl Slot {
    fn setting(&self) -> String {
        match self {
            Self::KratosPublic => "kratos_public_url".to_owned(),
            Self::KratosAdmin => "kratos_admin_url".to_owned(),
            Self::HydraPublic => "hydra_public_url".to_owned(),
            Self::HydraAdmin => "hydra_admin_url".to_owned(),
            Self::Project => "project_url".to_owned(),
            Self::Console => "console_url".to_owned(),
            Self::Legacy => "legacy_url".to_owned(),
            Self::Named(name) => format!("named_endpoint({name:?})"),
        }
    }
}

/// The limit for making a connection, if none is set.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The console of the Ory Network.
const CONSOLE: &str = "https://api.console.ory.sh";

impl ClientBuilder {
    fn url(mut self, slot: Slot, url: impl Into<String>) -> Self {
        self.urls.push((slot, url.into()));
        self
    }

    /// An Ory Network project by its slug: `https://{slug}.projects.oryapis.com`.
    pub fn project(self, slug: impl AsRef<str>) -> Self {
        let slug = slug.as_ref();
        self.url(Slot::Project, format!("https://{slug}.projects.oryapis.com"))
    }

    /// An Ory Network project, or any server that serves what Kratos and Hydra do, by its URL.
    pub fn project_url(self, url: impl Into<String>) -> Self {
        self.url(Slot::Project, url)
    }

    /// The console; `https://api.console.ory.sh` if only its token is set.
    pub fn console_url(self, url: impl Into<String>) -> Self {
        self.url(Slot::Console, url)
    }

    /// Kratos for everyone, with any path prefix.
    pub fn kratos_public_url(self, url: impl Into<String>) -> Self {
        self.url(Slot::KratosPublic, url)
    }

    /// Kratos for administrators, with any path prefix (without `/admin`, which operations bring).
    pub fn kratos_admin_url(self, url: impl Into<String>) -> Self {
        self.url(Slot::KratosAdmin, url)
    }

    /// Hydra for everyone, with any path prefix.
    pub fn hydra_public_url(self, url: impl Into<String>) -> Self {
        self.url(Slot::HydraPublic, url)
    }

    /// Hydra for administrators, with any path prefix (without `/admin`, which operations bring).
    pub fn hydra_admin_url(self, url: impl Into<String>) -> Self {
        self.url(Slot::HydraAdmin, url)
    }

    /// A deployment of 2021, with Kratos below `/api/kratos/public` and `/api/kratos/admin`.
    pub fn legacy_url(self, url: impl Into<String>) -> Self {
        self.url(Slot::Legacy, url)
    }

    /// An endpoint that only another contract knows.
    pub fn named_endpoint(self, name: impl Into<String>, url: impl Into<String>) -> Self {
        self.url(Slot::Named(name.into()), url)
    }

    /// The access token for administrative calls: of a Network project, or of a gateway before a server of one's own.
    pub fn access_token(mut self, token: impl Into<Secret>) -> Self {
        self.access_token = Some(Source::Fixed(token.into()));
        self
    }

    /// The same from a provider, which is asked for each call and once more after a 401.
    pub fn access_token_provider(mut self, provider: impl TokenProvider + 'static) -> Self {
        self.access_token = Some(Source::Provider(Arc::new(provider)));
        self
    }

    /// The access token of the console, for `/projects`.
    pub fn console_token(mut self, token: impl Into<Secret>) -> Self {
        self.console_token = Some(Source::Fixed(token.into()));
        self
    }

    /// The same from a provider, which is asked for each call and once more after a 401.
    pub fn console_token_provider(mut self, provider: impl TokenProvider + 'static) -> Self {
        self.console_token = Some(Source::Provider(Arc::new(provider)));
        self
    }

    /// The name of a cookie that is Ory's by the server's configuration; may be called several times.
    pub fn cookie_name(mut self, name: impl Into<String>) -> Self {
        self.cookie_names.push(name.into());
        self
    }

    /// The `User-Agent`; `ory-sdk/VERSION` by default.
    pub fn user_agent(mut self, agent: impl Into<String>) -> Self {
        self.user_agent = Some(agent.into());
        self
    }

    /// The limit of a whole call, its token provider, retries and waits included; 30 seconds by default.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// The limit for making a connection, TLS included; 10 seconds by default.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = Some(limit);
        self
    }

    /// The limit for a server's silence, before its answer (the connection included) or in the middle of it; 15 seconds
    /// by default.
    pub fn stall_timeout(mut self, limit: Duration) -> Self {
        self.stall_timeout = Some(limit);
        self
    }

    /// How calls are tried again; [`Retry::off`] switches it off.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = Some(retry);
        self
    }

    /// The largest success that is read, in bytes; 64 MiB by default.
    pub fn success_limit(mut self, bytes: usize) -> Self {
        self.success_limit = Some(bytes);
        self
    }

    /// How much of an error's body is kept, in bytes; 1 MiB by default.
    pub fn error_limit(mut self, bytes: usize) -> Self {
        self.error_limit = Some(bytes);
        self
    }

    /// Lets credentials go over plain http to other machines. Only for networks that nobody reads.
    pub fn allow_insecure_http(mut self) -> Self {
        self.allow_insecure_http = true;
        self
    }

    /// Whether arguments are held against the contract's bounds before anything is sent; true by default.
    ///
    /// Switch it off for a server that allows more than the contract says.
    ///
    /// ```
    /// let client = ory_sdk::Client::builder().project("my-slug").client_side_validation(false).build()?;
    /// # Ok::<(), ory_sdk::InvalidSetting>(())
    /// ```
    pub fn client_side_validation(mut self, on: bool) -> Self {
        self.unchecked = !on;
        self
    }

    /// Changes the HTTP client: a CA, a client certificate, a proxy for https, a DNS resolver of one's own.
    ///
    /// The closure runs once for the client for plain http, and once more for the one for https if any URL is. What
    /// keeps calls safe is set after it: no redirects, no retries of reqwest's own, no proxy for plain http.
    ///
    /// With the feature `rustls`, a process that has no default rustls provider gets `ring` as that default, since
    /// a reqwest client that is changed by hand takes its cryptography from there.
    pub fn customize(
        mut self,
        change: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.customize = Some(Box::new(change));
        self
    }

    /// Checks everything and makes the client. No connection is made.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] names the setting and what is wrong with it: a base URL without host or with a query
    /// or fragment, one setting given twice, no endpoint at all, a token or `User-Agent` that no header can
    /// hold, TLS that cannot be set up.
    pub fn build(self) -> Result<Client, InvalidSetting> {
        let endpoints = self.endpoints()?;
        for (setting, token) in [("access_token", &self.access_token), ("console_token", &self.console_token)] {
            if let Some(Source::Fixed(token)) = token {
                if token.is_empty() {
                    return Err(InvalidSetting::new(format!("`{setting}` is empty")));
                }
                crate::credentials::sensitive(token.expose())
                    .map_err(|why| InvalidSetting::new(format!("`{setting}`: {why}")))?;
            }
        }
        let agent =
            self.user_agent.clone().unwrap_or_else(|| concat!("ory-sdk/", env!("CARGO_PKG_VERSION")).to_owned());
        let user_agent = HeaderValue::from_str(&agent)
            .map_err(|_| InvalidSetting::new("`user_agent` holds a character that no header can"))?;
        let retry = self.retry.clone().unwrap_or_default();
        let has_https = endpoints.urls().any(|url| url.scheme() == "https");
        let tls = if self.customize.is_none() { Some(Tls::new(has_https).map_err(InvalidSetting::new)?) } else { None };
        let inner = Inner {
            endpoints,
            credentials: Credentials {
                access_token: self.access_token.clone(),
                console_token: self.console_token.clone(),
            },
            cookie_names: self.cookie_names.clone(),
            secure: if has_https { Some(self.http(false, tls.as_ref())?) } else { None },
            plain: self.http(true, tls.as_ref())?,
            user_agent,
            timeout: self.timeout.unwrap_or(Duration::from_secs(30)),
            stall: self.stall_timeout.unwrap_or(Duration::from_secs(15)),
            budget: Budget::new(retry.budget),
            retry,
            success_limit: self.success_limit.unwrap_or(64 << 20),
            error_limit: self.error_limit.unwrap_or(1 << 20),
            allow_insecure_http: self.allow_insecure_http,
            validate: !self.unchecked,
        };
        Ok(Client { inner: Arc::new(inner), handle: Arc::new(Handle::default()) })
    }

    fn endpoints(&self) -> Result<Endpoints, InvalidSetting> {
        let mut endpoints = Endpoints::default();
        for (index, (slot, text)) in self.urls.iter().enumerate() {
            let setting = slot.setting();
            if self.urls[..index].iter().any(|(other, _)| other == slot) {
                return Err(InvalidSetting::new(format!("`{setting}` is set twice")));
            }
            let url = Endpoints::check(&setting, text).map_err(InvalidSetting::new)?;
            match slot {
                Slot::KratosPublic => endpoints.kratos_public = Some(url),
                Slot::KratosAdmin => endpoints.kratos_admin = Some(url),
                Slot::HydraPublic => endpoints.hydra_public = Some(url),
                Slot::HydraAdmin => endpoints.hydra_admin = Some(url),
                Slot::Project => endpoints.project = Some(url),
                Slot::Console => endpoints.console = Some(url),
                Slot::Legacy => endpoints.legacy = Some(url),
                Slot::Named(name) => {
                    endpoints.named.insert(name.clone(), url);
                }
            }
        }
        if endpoints.console.is_none() && self.console_token.is_some() {
            endpoints.console = Some(Endpoints::check("console_url", CONSOLE).map_err(InvalidSetting::new)?);
        }
        if self.urls.is_empty() && self.console_token.is_none() {
            return Err(InvalidSetting::new("no endpoint is set: give `project`, `kratos_public_url` or another one"));
        }
        Ok(endpoints)
    }

    fn http(&self, plain: bool, tls: Option<&Tls>) -> Result<reqwest::Client, InvalidSetting> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
            // Load balancers close after 60 seconds; a request on its way at that moment would be lost.
            .pool_idle_timeout(Duration::from_secs(50))
            // Another crate of the program may switch reqwest's features on, and a few bytes expand to gigabytes.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate();
        if let Some(tls) = tls {
            builder = tls.configure(builder);
        }
        if let Some(change) = &self.customize {
            crate::tls::ensure_provider();
            builder = change(builder);
        }
        // An answer to a redirect would carry X-Session-Token to another origin; a retry is ours to decide.
        builder = builder.redirect(reqwest::redirect::Policy::none()).retry(reqwest::retry::never()).referer(false);
        if plain {
            builder = builder.no_proxy();
        }
        builder.build().map_err(|error| InvalidSetting::new(format!("the HTTP client cannot be made: {error}")))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let urls: Vec<String> = self.urls.iter().map(|(slot, _)| slot.setting()).collect();
        f.debug_struct("ClientBuilder").field("urls", &urls).finish_non_exhaustive()
    }
}

/// A setting that the client cannot be built with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSetting(String);

impl InvalidSetting {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl fmt::Display for InvalidSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidSetting {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_by_default() {
        let client = Client::builder().kratos_public_url("http://127.0.0.1:1").build().unwrap();
        let inner = &client.inner;
        let seconds = Duration::from_secs;
        assert_eq!((inner.timeout, inner.stall), (seconds(30), seconds(15)));
        assert_eq!((inner.success_limit, inner.error_limit), (64 << 20, 1 << 20));
        assert_eq!((inner.retry.tries, inner.retry.budget), (3, 20));
        assert_eq!((inner.retry.longest_wait, inner.retry.longest_sum), (seconds(10), seconds(20)));
        assert!(CONNECT_TIMEOUT == seconds(10) && CONNECT_TIMEOUT < inner.stall && inner.stall < inner.timeout);
    }
}
