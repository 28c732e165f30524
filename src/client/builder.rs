//! The builder of the client. `build` checks every setting.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use super::credentials::ChosenCredentials;
use super::handle::Client;
use super::urls::{ChosenUrl, UrlSetting, endpoints};
use crate::contract::Endpoint;
use crate::credentials::Caller;
use crate::input::InvalidSetting;
use crate::transport::{Budget, Customize, HttpClients, HttpSettings, Retry, Transport};

/// Collects the settings of a [`Client`]. [`build`](Self::build) checks them all.
///
/// ```
/// let client = ory_sdk::Client::builder()
///     .project("my-slug")
///     .access_token("ory_pat_...")
///     .build()?;
/// # Ok::<(), ory_sdk::error::InvalidSetting>(())
/// ```
///
/// # Limits
///
/// Every call ends within limits of time and memory. [`Error`](crate::Error#faults-and-what-they-become) says what each
/// limit becomes.
///
/// | limit | default | of a client | of one call |
/// | --- | --- | --- | --- |
/// | the whole call: token provider, every try, every wait, decoding | 30 s | [`timeout`](Self::timeout) | `.timeout(..)` |
/// | silence before the response or within it | 15 s | [`stall_timeout`](Self::stall_timeout) | `.stall_timeout(..)` |
/// | making a connection, TLS included | 10 s | [`connect_timeout`](Self::connect_timeout) | |
/// | tries, including the first | 3 | [`Retry::tries`] | |
/// | the wait between two tries | up to 200 ms, doubling up to 10 s | [`Retry::first_wait`], [`Retry::longest_wait`] | |
/// | the same, after a 429 that does not say how long | about 1 s, doubling up to 10 s | [`Retry::limited_wait`] | |
/// | all waits of a call | 20 s | [`Retry::longest_sum`] | |
/// | retries without a success in between | 20 | [`Retry::budget`] | |
/// | the body of a success | 64 MiB | [`success_limit`](Self::success_limit) | |
/// | the body of an error; the rest is cut off | 1 MiB | [`error_limit`](Self::error_limit) | |
/// | the headers of a response | 100, and about 400 KiB | | |
/// | memory of what is decoded | 48 MiB, and 12 bytes for each byte of the body | | |
///
/// Calls share their connections, so the limit for making one applies to the whole client. The limit of the call ends it
/// as well. An idle connection is closed after 50 seconds, before load balancers do so. [Connections](crate::docs::connections)
/// says more.
///
/// Without the feature `gzip`, responses are never decompressed. With it, the limits of a body count what comes out. With the
/// feature `http2`, the headers of a response over HTTP/2 may have 16 KiB.
#[derive(Default)]
pub struct ClientBuilder {
    urls: Vec<ChosenUrl>,
    /// Whether settings were read from the environment, so that errors name variables.
    pub(super) from_env: bool,
    pub(super) credentials: ChosenCredentials,
    user_agent: Option<String>,
    timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    stall_timeout: Option<Duration>,
    retry: Retry,
    success_limit: Option<usize>,
    error_limit: Option<usize>,
    allow_insecure_http: bool,
    unchecked: bool,
    customize: Option<Customize>,
}

const TIMEOUT: Duration = Duration::from_secs(30);
const STALL_TIMEOUT: Duration = Duration::from_secs(15);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const SUCCESS_LIMIT: usize = 64 << 20;
const ERROR_LIMIT: usize = 1 << 20;

/// A browser sends its own, and asks a server of another origin whether it may send a different one.
const USER_AGENT: Option<&str> =
    if cfg!(target_family = "wasm") { None } else { Some(concat!("ory-sdk/", env!("CARGO_PKG_VERSION"))) };

/// # Build a client
impl Client {
    /// Starts to build a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

/// # Where requests go
impl ClientBuilder {
    /// Sets an Ory Network project by its slug: `https://{slug}.projects.oryapis.com`. A slug is one DNS label: up to 63
    /// letters, digits and hyphens.
    pub fn project(mut self, slug: impl AsRef<str>) -> Self {
        self.urls.push(ChosenUrl::of_slug(slug.as_ref()));
        self
    }

    /// Sets the URL of an Ory Network project, or of any server that serves what Kratos and Hydra do.
    pub fn project_url(self, url: impl Into<String>) -> Self {
        self.url(UrlSetting::Project, url)
    }

    /// Sets the URL of the console. It is `https://api.console.ory.sh` if only its token is set.
    pub fn console_url(self, url: impl Into<String>) -> Self {
        self.endpoint_url(Endpoint::Console, url)
    }

    /// Sets the URL of Kratos' public API, with any path prefix.
    pub fn kratos_public_url(self, url: impl Into<String>) -> Self {
        self.endpoint_url(Endpoint::KratosPublic, url)
    }

    /// Sets the URL of Kratos' administrative API, with any path prefix but without `/admin`, which the operations add.
    pub fn kratos_admin_url(self, url: impl Into<String>) -> Self {
        self.endpoint_url(Endpoint::KratosAdmin, url)
    }

    /// Sets the URL of Hydra's public API, with any path prefix.
    pub fn hydra_public_url(self, url: impl Into<String>) -> Self {
        self.endpoint_url(Endpoint::HydraPublic, url)
    }

    /// Sets the URL of Hydra's administrative API, with any path prefix but without `/admin`, which the operations add.
    pub fn hydra_admin_url(self, url: impl Into<String>) -> Self {
        self.endpoint_url(Endpoint::HydraAdmin, url)
    }

    /// Sets the URL of Keto's API for reading, with any path prefix. Checks and lists of relationships go there.
    pub fn keto_read_url(self, url: impl Into<String>) -> Self {
        self.endpoint_url(Endpoint::KetoRead, url)
    }

    /// Sets the URL of Keto's API for writing, with any path prefix but without `/admin`, which the operations add.
    pub fn keto_write_url(self, url: impl Into<String>) -> Self {
        self.endpoint_url(Endpoint::KetoWrite, url)
    }

    /// Sets the URL of Keto's API for its permission language, with any path prefix. Only `check_opl_syntax` goes there.
    pub fn keto_opl_url(self, url: impl Into<String>) -> Self {
        self.endpoint_url(Endpoint::KetoOpl, url)
    }

    /// Sets the URL of a deployment of 2021, with Kratos below `/api/kratos/public` and `/api/kratos/admin`.
    pub fn legacy_url(self, url: impl Into<String>) -> Self {
        self.url(UrlSetting::Legacy, url)
    }

    /// Sets the URL of a server that only another contract has.
    pub fn named_endpoint(self, name: impl Into<String>, url: impl Into<String>) -> Self {
        self.endpoint_url(Endpoint::Named(name.into().into()), url)
    }

    /// Sets the URL of Kratos' public API as a browser sees it, if it differs from
    /// [`kratos_public_url`](Self::kratos_public_url): in a cluster, a service reaches Kratos by another name than a
    /// browser does.
    ///
    /// Only the `url()` methods of builders use it, for pages that a browser visits. No request is sent to it.
    ///
    /// ```
    /// # #[cfg(feature = "frontend")]
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::Client::builder()
    ///     .kratos_public_url("http://kratos.internal:4433")
    ///     .kratos_browser_url("https://auth.example.org")
    ///     .build()?;
    /// let login = ory.initialize_self_service_login_flow_for_browsers().return_to("https://app.example.org/").url()?;
    /// assert!(login.as_str().starts_with("https://auth.example.org/self-service/login/browser?return_to="));
    /// # Ok(())
    /// # }
    /// # #[cfg(feature = "frontend")]
    /// # example().unwrap();
    /// ```
    pub fn kratos_browser_url(self, url: impl Into<String>) -> Self {
        self.url(UrlSetting::Browser(Endpoint::KratosPublic), url)
    }

    /// Like [`kratos_browser_url`](Self::kratos_browser_url), for Hydra's public API.
    pub fn hydra_browser_url(self, url: impl Into<String>) -> Self {
        self.url(UrlSetting::Browser(Endpoint::HydraPublic), url)
    }

    /// Allows credentials, other secrets and bodies over plain http to other machines. Only for networks that nobody else
    /// can read, such as the inside of a cluster.
    ///
    /// Without it, they go over https, or to this machine: to `localhost`, whose name the client resolves itself, or to a
    /// loopback address (`127.0.0.0/8`, `[::1]`). Names below `localhost` do not count, since resolvers ask DNS for them.
    pub fn allow_insecure_http(mut self) -> Self {
        self.allow_insecure_http = true;
        self
    }

    pub(super) fn endpoint_url(self, endpoint: Endpoint, url: impl Into<String>) -> Self {
        self.url(UrlSetting::Server(endpoint), url)
    }

    /// Sets a URL that an environment variable holds.
    pub(super) fn url_of_variable(mut self, setting: UrlSetting, variable: &'static str, text: String) -> Self {
        self.urls.push(ChosenUrl { setting, given_by: Some(variable), text: Ok(text) });
        self
    }

    pub(super) fn url(mut self, setting: UrlSetting, url: impl Into<String>) -> Self {
        self.urls.push(ChosenUrl { setting, given_by: None, text: Ok(url.into()) });
        self
    }
}

/// # Limits and retries
impl ClientBuilder {
    /// Sets the limit of a whole call, including its token provider, retries and waits. The default is 30 seconds.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Sets the limit for making a connection, including TLS. The default is 10 seconds.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = Some(limit);
        self
    }

    /// Sets how long a server may stay silent, before its response (including the connection) or within it. The default
    /// is 15 seconds.
    pub fn stall_timeout(mut self, limit: Duration) -> Self {
        self.stall_timeout = Some(limit);
        self
    }

    /// Sets how calls are repeated. [`Retry::off`] switches it off.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the largest body of a success, in bytes. The default is 64 MiB.
    pub fn success_limit(mut self, bytes: usize) -> Self {
        self.success_limit = Some(bytes);
        self
    }

    /// Sets how much of the body of an error is kept, in bytes. The default is 1 MiB.
    pub fn error_limit(mut self, bytes: usize) -> Self {
        self.error_limit = Some(bytes);
        self
    }
}

/// # The HTTP client
impl ClientBuilder {
    /// Sets the `User-Agent`. The default is `ory-sdk/VERSION`, or in a browser that of the browser.
    pub fn user_agent(mut self, agent: impl Into<String>) -> Self {
        self.user_agent = Some(agent.into());
        self
    }

    /// Sets whether arguments are checked against the bounds of the contract before anything is sent. The default is true.
    ///
    /// Switch it off for a server that accepts more than the contract says.
    ///
    /// ```
    /// let client = ory_sdk::Client::builder().project("my-slug").client_side_validation(false).build()?;
    /// # Ok::<(), ory_sdk::error::InvalidSetting>(())
    /// ```
    pub fn client_side_validation(mut self, on: bool) -> Self {
        self.unchecked = !on;
        self
    }

    /// Changes the HTTP client: a CA, a client certificate, a proxy for https, a DNS resolver of your own.
    ///
    /// The closure runs once for the client for plain http, and once more for the client for https if any URL is https.
    /// What keeps calls safe is set afterwards: no redirects, no retries of reqwest itself, no proxy for plain http, no log
    /// of the bytes of a connection (`connection_verbose`), `localhost` as this machine.
    ///
    /// [`build`](Self::build) refuses a cookie store, and default headers that carry a credential (`Authorization`,
    /// `Cookie`, `X-Session-Token`) or belong to the connection (`Content-Length`, `Host` and others). Other default headers
    /// go with every request to every server, the console included, and over plain http too. So do not put a key into one:
    /// give it to the calls that need it, by `.header(..)`.
    ///
    /// A `timeout` that the closure sets is a limit for each try, beside those of this builder.
    ///
    /// With the feature `rustls-ring`, a changed client for https needs a default rustls provider, which the program
    /// installs. In a browser, reqwest has fewer settings: see [where it runs](crate::docs::platforms#browsers).
    ///
    /// reqwest's types are part of this crate's public API here, as [`ory_sdk::reqwest`](crate::reqwest): a breaking
    /// version of reqwest is a breaking version of this crate.
    pub fn customize(
        mut self,
        change: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.customize = Some(Box::new(change));
        self
    }
}

/// # Build
impl ClientBuilder {
    /// Checks every setting and builds the client. It makes no connection.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] names the setting and what is wrong with it: a base URL without a host or with a query or
    /// fragment, one setting given twice, no endpoint at all, a token or `User-Agent` with a character that is not allowed
    /// in a header, an access token that would go to several origins, TLS that cannot be set up, a change of
    /// [`customize`](Self::customize) that is not allowed.
    pub fn build(self) -> Result<Client, InvalidSetting> {
        self.credentials.check()?;
        let endpoints = endpoints(&self.urls, self.credentials.has_console_token(), self.from_env)?;
        let (credentials, cookie_names) = self.credentials.for_endpoints(&endpoints)?;
        let user_agent = self.user_agent.as_deref().or(USER_AGENT).map(HeaderValue::from_str).transpose();
        let user_agent = user_agent
            .map_err(|_| InvalidSetting::new("`user_agent` contains a character that is not allowed in a header"))?;
        let http = HttpClients::new(&HttpSettings {
            connect_timeout: self.connect_timeout.unwrap_or(CONNECT_TIMEOUT),
            has_https: endpoints.has_https(),
            customize: self.customize.as_ref(),
        })
        .map_err(InvalidSetting::new)?;
        let transport = Transport {
            endpoints,
            credentials,
            http,
            user_agent,
            timeout: self.timeout.unwrap_or(TIMEOUT),
            stall_timeout: self.stall_timeout.unwrap_or(STALL_TIMEOUT),
            budget: Budget::new(self.retry.budget),
            retry: self.retry,
            success_limit: self.success_limit.unwrap_or(SUCCESS_LIMIT),
            error_limit: self.error_limit.unwrap_or(ERROR_LIMIT),
            allow_insecure_http: self.allow_insecure_http,
            validate: !self.unchecked,
            cookie_names,
        };
        Ok(Client { transport: Arc::new(transport), caller: Arc::new(Caller::default()) })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let urls: Vec<String> = self.urls.iter().map(ChosenUrl::name).collect();
        f.debug_struct("ClientBuilder").field("urls", &urls).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_limits() {
        let client = Client::builder().kratos_public_url("http://127.0.0.1:1").build().unwrap();
        let transport = &client.transport;
        let seconds = Duration::from_secs;
        assert_eq!((transport.timeout, transport.stall_timeout), (seconds(30), seconds(15)));
        assert_eq!((transport.success_limit, transport.error_limit), (64 << 20, 1 << 20));
        assert_eq!((transport.retry.tries, transport.retry.budget), (3, 20));
        assert_eq!((transport.retry.longest_wait, transport.retry.longest_sum), (seconds(10), seconds(20)));
        assert_eq!(CONNECT_TIMEOUT, seconds(10));
        assert!(CONNECT_TIMEOUT < transport.stall_timeout && transport.stall_timeout < transport.timeout);
    }
}
