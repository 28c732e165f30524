//! The two HTTP clients of an operating system: one for https, one for plain http.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::Url;

use super::customized;
use super::settings::HttpSettings;
use super::tls::{self, Tls};
use crate::error::root_cause;
use crate::routing::{LOCALHOST, is_loopback};

/// How long an idle connection stays open. Load balancers close theirs after 60 seconds, and a request that is on its
/// way at that moment is lost.
const IDLE: Duration = Duration::from_secs(50);

/// How long an HTTP/2 connection is silent during a call before the client pings it, and how long it waits for the answer.
/// Together less than the default of `stall_timeout`, so that the next try already has another connection.
#[cfg(feature = "http2")]
const PING: Duration = Duration::from_secs(5);

/// The addresses of `localhost`, which no resolver is asked for. The port is the URL's.
const THIS_MACHINE: [SocketAddr; 2] =
    [SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0), SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0)];

/// A response whose body is still arriving.
pub(crate) type Incoming = reqwest::Response;

/// The HTTP clients.
#[derive(Clone)]
pub(crate) struct HttpClients {
    /// For https, if any URL is https. It may use a proxy, by CONNECT.
    https: Option<reqwest::Client>,
    /// For plain http and for loopback. It never uses a proxy, which could read the credentials.
    plain: reqwest::Client,
}

impl HttpClients {
    pub(crate) fn new(settings: &HttpSettings<'_>) -> Result<Self, String> {
        // A changed client for https sets up its own TLS. Plain http needs none, and so no certificates on the machine.
        let is_changed = settings.customize.is_some() && settings.has_https;
        if is_changed {
            tls::check_provider()?;
        }
        let tls = if is_changed { None } else { Some(Tls::new(settings.has_https)?) };
        let https = if settings.has_https { Some(client(settings, tls.as_ref(), false)?) } else { None };
        Ok(Self { https, plain: client(settings, tls.as_ref(), true)? })
    }

    /// Sends a request.
    pub(crate) fn execute(
        &self,
        url: &Url,
        request: reqwest::Request,
    ) -> impl Future<Output = reqwest::Result<Incoming>> + use<> {
        let client = match &self.https {
            Some(https) if url.scheme() == "https" && !is_loopback(url) => https,
            _ => &self.plain,
        };
        client.execute(request)
    }
}

/// Another crate in the program may enable features of reqwest that this one leaves off.
fn protocol(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    let builder = builder.no_brotli().no_zstd().no_deflate();
    // The limits of a body count what comes out. It arrives in pieces of a few kilobytes, so a bomb ends at the limit.
    #[cfg(not(feature = "gzip"))]
    let builder = builder.no_gzip();
    // All calls share one connection. If it is dead, nothing else would tell before the system gives it up.
    #[cfg(feature = "http2")]
    let builder = builder.http2_keep_alive_interval(Some(PING)).http2_keep_alive_timeout(PING);
    #[cfg(not(feature = "http2"))]
    let builder = builder.http1_only();
    builder
}

fn client(settings: &HttpSettings<'_>, tls: Option<&Tls>, plain: bool) -> Result<reqwest::Client, String> {
    let builder = reqwest::Client::builder().connect_timeout(settings.connect_timeout).pool_idle_timeout(IDLE);
    let mut builder = protocol(builder);
    if let Some(tls) = tls {
        builder = tls.configure(builder);
    }
    if let Some(change) = settings.customize {
        builder = change(builder);
    }
    // Following a redirect would carry `X-Session-Token` to another origin, and retries are decided in `tries`. A log of
    // the connection would contain every token.
    builder = builder
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connection_verbose(false);
    if plain {
        builder = builder.no_proxy().resolve_to_addrs(LOCALHOST, &THIS_MACHINE);
    }
    let client = builder.build().map_err(|error| format!("the HTTP client cannot be built: {}", root_cause(&error)))?;
    if settings.customize.is_some() {
        customized::check(&client)?;
    }
    Ok(client)
}
