//! Where each operation is sent: the base URL, and the path below it.

use std::borrow::Cow;

use reqwest::Url;

use crate::contract::{Endpoint, Operation};
use crate::privacy::Redacted;

/// The base URLs of the client.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoints {
    /// One URL per server.
    servers: Vec<(Endpoint, Url)>,
    /// The servers as browsers see them, where that differs.
    browsers: Vec<(Endpoint, Url)>,
    /// An Ory Network project, which serves what Kratos and Hydra do.
    pub(crate) project: Option<Url>,
    /// A deployment of 2021, which has paths of its own.
    pub(crate) legacy: Option<Url>,
    /// Whether settings were read from the environment, so that errors name variables.
    pub(crate) from_env: bool,
}

/// Whose rules apply at an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    SelfHosted,
    Network,
    Console,
    Legacy,
}

/// A base URL and the path below it.
#[derive(Debug)]
pub(crate) struct Route<'a> {
    pub base: &'a Url,
    pub path: Cow<'a, str>,
    pub kind: Kind,
}

impl Endpoints {
    /// Checks a base URL: it has a scheme and a host, and ends with its path.
    pub(crate) fn check(setting: &str, text: &str) -> Result<Url, String> {
        let wrong = |why: &str| format!("`{setting}`: {why}");
        let url = Url::parse(text).map_err(|why| wrong(&format!("not a URL: {why}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("the scheme must be http or https"));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(wrong("the host is missing"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("a base URL must not have a query or fragment"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("a base URL must not contain a user or password: set a credential instead"));
        }
        Ok(url)
    }

    /// Gives a server its URL.
    pub(crate) fn set(&mut self, endpoint: Endpoint, url: Url) {
        self.servers.push((endpoint, url));
    }

    /// Gives a server the URL by which browsers see it.
    pub(crate) fn set_browser(&mut self, endpoint: Endpoint, url: Url) {
        self.browsers.push((endpoint, url));
    }

    /// Where a browser goes for an operation.
    pub(crate) fn browser_route<'a>(&'a self, operation: &Operation, path: &'a str) -> Result<Route<'a>, String> {
        let own = self.browsers.iter().find(|(known, _)| *known == operation.endpoint);
        match own {
            Some((_, base)) => Ok(Route { base, path: path.into(), kind: Kind::SelfHosted }),
            None => self.route(operation, path),
        }
    }

    /// The URL that an endpoint's calls go to, wherever it comes from.
    pub(crate) fn url(&self, endpoint: &Endpoint) -> Option<&Url> {
        self.legacy_url(endpoint).or_else(|| Some(self.find(endpoint)?.0))
    }

    /// Whether the calls of an endpoint go to the origin of this URL: the same scheme, host and port.
    pub(crate) fn is_at(&self, endpoint: &Endpoint, url: &Url) -> bool {
        self.url(endpoint).is_some_and(|own| own.origin() == url.origin())
    }

    /// The URL of one server, without the project's.
    pub(crate) fn own(&self, endpoint: &Endpoint) -> Option<&Url> {
        self.servers.iter().find(|(known, _)| known == endpoint).map(|(_, url)| url)
    }

    /// The URLs that are set, each with the name of its setting.
    fn all(&self) -> impl Iterator<Item = (String, &Url)> {
        let more = [("project_url", &self.project), ("legacy_url", &self.legacy)];
        let more = more.into_iter().filter_map(|(setting, url)| Some((setting.to_owned(), url.as_ref()?)));
        self.servers.iter().map(|(endpoint, url)| (endpoint.setting(), url)).chain(more)
    }

    /// The names of the settings, for `Debug`.
    pub(crate) fn configured(&self) -> Vec<String> {
        self.all().map(|(setting, _)| setting).collect()
    }

    pub(crate) fn has_https(&self) -> bool {
        self.all().any(|(_, url)| url.scheme() == "https")
    }

    /// Whether an operation goes to a deployment of 2021.
    pub(crate) fn is_legacy(&self, operation: &Operation) -> bool {
        self.legacy_url(&operation.endpoint).is_some()
    }

    /// The URL of the deployment of 2021, if it serves this endpoint.
    fn legacy_url(&self, endpoint: &Endpoint) -> Option<&Url> {
        let is_served = matches!(endpoint, Endpoint::KratosPublic | Endpoint::KratosAdmin);
        self.legacy.as_ref().filter(|_| is_served)
    }

    /// Where an operation goes. The error names the setting that is missing.
    pub(crate) fn route<'a>(&'a self, operation: &Operation, path: &'a str) -> Result<Route<'a>, String> {
        if let Some(base) = self.legacy_url(&operation.endpoint) {
            return legacy(base, operation, path);
        }
        let (base, kind) = self.base(&operation.endpoint)?;
        // The paths of contracts of 2021 contain the layout of the Network. Self-hosted servers do not have it.
        let at_project = self.project.as_ref().is_some_and(|project| std::ptr::eq(project, base));
        let own = operation.paths_at.iter().find(|(endpoint, _)| *endpoint == operation.endpoint);
        let path = match own {
            Some((_, own)) if !at_project && path == operation.path => own,
            _ if at_project => path,
            _ => canonical(path),
        };
        Ok(Route { base, path: path.into(), kind })
    }

    /// The base URL of an endpoint. The error names the setting that is missing.
    pub(crate) fn base(&self, endpoint: &Endpoint) -> Result<(&Url, Kind), String> {
        self.find(endpoint).ok_or_else(|| match endpoint {
            Endpoint::Console => {
                let (url, token) = if self.from_env {
                    ("ORY_CONSOLE_URL", "ORY_CONSOLE_TOKEN")
                } else {
                    ("console_url", "console_token")
                };
                format!("the console is not configured: set `{url}` or `{token}`")
            }
            Endpoint::Named(name) => {
                format!("the endpoint {name:?} is not configured: set it with `named_endpoint({name:?}, url)`")
            }
            known => {
                let (one, all) = match known.variable().filter(|_| self.from_env) {
                    Some(variable) => (variable.to_owned(), "ORY_SDK_URL"),
                    None => (known.setting(), "project_url"),
                };
                format!("its endpoint is not configured: set `{one}` or `{all}`")
            }
        })
    }

    /// The base URL of an endpoint: its own, or the project's, which serves everything but the console.
    fn find(&self, endpoint: &Endpoint) -> Option<(&Url, Kind)> {
        let own = self.own(endpoint);
        if *endpoint == Endpoint::Console {
            return own.map(|base| (base, Kind::Console));
        }
        let own = own.map(|base| (base, Kind::SelfHosted));
        own.or_else(|| self.project.as_ref().map(|base| (base, kind_of(base))))
    }
}

/// A call without a token is certain to fail only at the hosts of the Network.
fn kind_of(project: &Url) -> Kind {
    let network = project.host_str().is_some_and(|host| host.ends_with(".projects.oryapis.com"));
    if network { Kind::Network } else { Kind::SelfHosted }
}

/// The one host name of this machine.
pub(crate) const LOCALHOST: &str = "localhost";

/// The paths of Kratos in the layout of 2021.
const LEGACY: [&str; 2] = ["/api/kratos/public", "/api/kratos/admin"];

/// A path without what the layout of 2021 puts before it.
pub(crate) fn canonical(path: &str) -> &str {
    below_legacy(path).unwrap_or(path)
}

/// The rest of a path in the layout of 2021. A longer first segment, as in `/api/kratos/administration`, is another path.
fn below_legacy(path: &str) -> Option<&str> {
    LEGACY.iter().find_map(|prefix| path.strip_prefix(prefix)).filter(|rest| rest.starts_with('/'))
}

/// The layout of 2021: Kratos below `/api/kratos`, and no `/admin` before administrative paths.
fn legacy<'a>(base: &'a Url, operation: &Operation, path: &'a str) -> Result<Route<'a>, String> {
    if below_legacy(path).is_some() {
        return Ok(Route { base, path: path.into(), kind: Kind::Legacy });
    }
    if operation.legacy.is_none() {
        return Err("a deployment of 2021 does not have this operation".to_owned());
    }
    let path = match path.strip_prefix("/admin/") {
        Some(rest) => format!("/api/kratos/admin/{rest}"),
        None => format!("/api/kratos/public{path}"),
    };
    Ok(Route { base, path: path.into(), kind: Kind::Legacy })
}

impl Route<'_> {
    /// The whole URL: the base with its own path, the path, and the query. A path that a URL parser would change is refused,
    /// since it would reach another operation.
    pub(crate) fn url(&self, query: &str) -> Result<Url, String> {
        let mut url = self.base.clone();
        let path = match self.base.path().trim_end_matches('/') {
            "" => Cow::Borrowed(&*self.path),
            below => Cow::Owned(format!("{below}{}", self.path)),
        };
        url.set_path(&path);
        if url.path() != path {
            // What follows a question mark may be a token, so it is not shown.
            return Err(format!(
                "the path {:?} would be sent as another one: use `query(..)` for what follows a `?`",
                Redacted(&*path)
            ));
        }
        url.set_query((!query.is_empty()).then_some(query));
        Ok(url)
    }
}

/// The longest first line of a request that Keto reads, with its line end. It closes the connection at a longer one.
const KETO_LINE: usize = 4096;

/// Refuses a request that the server would not even read.
pub(crate) fn check_length(operation: &Operation, url: &Url) -> Result<(), String> {
    let is_keto = matches!(operation.endpoint, Endpoint::KetoRead | Endpoint::KetoWrite | Endpoint::KetoOpl);
    if !is_keto {
        return Ok(());
    }
    let query = url.query().map(|query| ["?", query]).unwrap_or_default();
    let line = [operation.method.as_str(), " ", url.path(), query[0], query[1], " HTTP/1.1\r\n"];
    let length: usize = line.iter().map(|part| part.len()).sum();
    if length <= KETO_LINE {
        return Ok(());
    }
    Err(format!(
        "the first line of the request has {length} bytes, but Keto reads {KETO_LINE}: use an operation with a body, or shorter \
         arguments"
    ))
}

/// Whether a URL leads to this machine: by a loopback address, or by the name `localhost`, for which the client asks no
/// resolver. For a name below it (`x.localhost`) or with a final dot, most resolvers ask a DNS server.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == LOCALHOST,
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_are_checked() {
        let why = |text: &str| Endpoints::check("kratos_public_url", text).unwrap_err();
        assert_eq!(why("https://a.b/?x=1"), "`kratos_public_url`: a base URL must not have a query or fragment");
        assert_eq!(why("https://a.b/#x"), "`kratos_public_url`: a base URL must not have a query or fragment");
        assert!(why("a.b").contains("not a URL"));
        assert!(why("file:///etc").contains("must be http or https"));
        assert!(why("https://").contains("not a URL"));
        assert!(why("https://u:p@a.b").contains("user or password"));
        assert_eq!(Endpoints::check("x", "http://127.0.0.1:4433/prefix/").unwrap().path(), "/prefix/");
    }

    #[test]
    fn urls_keep_the_prefix_and_encoded_segments() {
        let base = Url::parse("http://127.0.0.1:4434/a/").unwrap();
        let route = Route { base: &base, path: "/admin/identities/x%2Fy".into(), kind: Kind::SelfHosted };
        assert_eq!(route.url("a=b").unwrap().as_str(), "http://127.0.0.1:4434/a/admin/identities/x%2Fy?a=b");
    }

    #[test]
    fn paths_of_2021_in_the_contract() {
        let mut operation = crate::contract::operations()[0].clone();
        (operation.endpoint, operation.legacy) = (Endpoint::KratosAdmin, None);
        let url = |text: &str| Some(Url::parse(text).unwrap());
        let path = "/api/kratos/admin/identities";
        let mut own = Endpoints::default();
        own.set(Endpoint::KratosAdmin, Url::parse("http://127.0.0.1:1/x").unwrap());
        assert_eq!(own.route(&operation, path).unwrap().path, "/identities");
        for longer in ["/api/kratos/adminx/y", "/api/kratos/publications", "/api/kratos/admin-x", "/api/kratos/admin"] {
            assert_eq!(own.route(&operation, longer).unwrap().path, longer);
        }
        let project = Endpoints { project: url("http://127.0.0.1:1"), ..Endpoints::default() };
        assert_eq!(project.route(&operation, path).unwrap().path, path);
        let legacy = Endpoints { legacy: url("http://127.0.0.1:1"), ..Endpoints::default() };
        assert_eq!(legacy.route(&operation, path).unwrap().path, path);
    }

    #[test]
    fn paths_that_would_fold_are_refused() {
        let base = Url::parse("http://127.0.0.1:4434").unwrap();
        for path in ["/a/../b", "/a/%2e%2E/b", "/a\\b", "/a b", "/a?b"] {
            let route = Route { base: &base, path: path.into(), kind: Kind::SelfHosted };
            assert!(route.url("").is_err(), "{path}");
        }
    }

    #[test]
    fn loopback() {
        for host in [
            "localhost",
            "LocalHost",
            "%6cocalhost",
            "127.0.0.1",
            "127.3.0.1",
            "127.255.255.255",
            // Other spellings of 127.0.0.1, which the URL parser rewrites.
            "127.0.0.1.",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0177.0.0.01",
            "\u{ff11}27.0.0.1",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::0.0.0.1]",
        ] {
            assert!(is_loopback(&Url::parse(&format!("http://{host}:1")).unwrap()), "{host}");
        }
        for host in [
            "localhost.",
            "x.localhost",
            "127.0.0.1.localhost",
            ".localhost",
            "localhost.localdomain",
            "localhost.evil.org",
            "localhost6",
            "ip6-localhost",
            "127.0.0.1.evil.org",
            "0.0.0.0",
            "128.0.0.1",
            "126.255.255.255",
            "10.0.0.1",
            "169.254.0.1",
            "[::]",
            "[::2]",
            "[::ffff:127.0.0.1]",
            "[::127.0.0.1]",
            "[64:ff9b::127.0.0.1]",
            "[fe80::1]",
            "[fd00::1]",
        ] {
            assert!(!is_loopback(&Url::parse(&format!("http://{host}:1")).unwrap()), "{host}");
        }
    }
}
