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

fn client(settings: &HttpSettings<'_>, tls: Option<&Tls>, plain: bool) -> Result<reqwest::Client, String> {
    let mut builder = reqwest::Client::builder()
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(IDLE)
        // Another crate in the program may enable these features of reqwest, and a few bytes can expand to gigabytes.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate();
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
