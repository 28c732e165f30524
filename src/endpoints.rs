//! Where each operation is sent: the base URLs, and the path below them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use reqwest::Url;

use crate::operation::{Endpoint, Operation};
use crate::show::Shown;

/// The base URLs that the client knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoints {
    pub kratos_public: Option<Url>,
    pub kratos_admin: Option<Url>,
    pub hydra_public: Option<Url>,
    pub hydra_admin: Option<Url>,
    /// An Ory Network project: it serves what Kratos and Hydra do.
    pub project: Option<Url>,
    pub console: Option<Url>,
    /// A deployment of 2021, with paths of its own.
    pub legacy: Option<Url>,
    pub named: BTreeMap<String, Url>,
}

/// Whose rules hold at an endpoint.
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
    /// Checks a base URL: scheme, host, nothing after the path.
    pub(crate) fn check(setting: &str, text: &str) -> Result<Url, String> {
        let wrong = |why: &str| format!("`{setting}`: {why}");
        let url = Url::parse(text).map_err(|why| wrong(&format!("not a URL: {why}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("the scheme is neither http nor https"));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(wrong("it has no host"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("a base URL has no query or fragment"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("a base URL holds no user or password; give a credential instead"));
        }
        Ok(url)
    }

    /// The URLs that are given, by their settings.
    fn given(&self) -> impl Iterator<Item = (&str, &Url)> {
        let own = [
            ("kratos_public_url", &self.kratos_public),
            ("kratos_admin_url", &self.kratos_admin),
            ("hydra_public_url", &self.hydra_public),
            ("hydra_admin_url", &self.hydra_admin),
            ("project_url", &self.project),
            ("console_url", &self.console),
            ("legacy_url", &self.legacy),
        ];
        let own = own.into_iter().filter_map(|(name, url)| Some((name, url.as_ref()?)));
        own.chain(self.named.iter().map(|(name, url)| (name.as_str(), url)))
    }

    /// The settings that are given, for `Debug`.
    pub(crate) fn configured(&self) -> Vec<&str> {
        self.given().map(|(name, _)| name).collect()
    }

    pub(crate) fn urls(&self) -> impl Iterator<Item = &Url> {
        self.given().map(|(_, url)| url)
    }

    /// Whether an operation goes to a deployment of 2021.
    pub(crate) fn is_legacy(&self, operation: &Operation) -> bool {
        self.legacy.is_some() && matches!(operation.endpoint, Endpoint::KratosPublic | Endpoint::KratosAdmin)
    }

    /// Where an operation goes; the error names the setting that is missing.
    pub(crate) fn route<'a>(&'a self, operation: &Operation, path: &'a str) -> Result<Route<'a>, String> {
        if let Some(base) = &self.legacy
            && self.is_legacy(operation)
        {
            return legacy(base, operation, path);
        }
        let (base, kind) = self.base(&operation.endpoint)?;
        // Contracts of 2021 write the Network's layout into their paths; a server of one's own has none of it.
        let at_project = self.project.as_ref().is_some_and(|project| std::ptr::eq(project, base));
        let own = LEGACY.iter().find_map(|prefix| path.strip_prefix(prefix)).filter(|_| !at_project);
        Ok(Route { base, path: own.unwrap_or(path).into(), kind })
    }

    /// The base URL of an endpoint.
    pub(crate) fn base(&self, endpoint: &Endpoint) -> Result<(&Url, Kind), String> {
        let (own, setting) = match endpoint {
            Endpoint::KratosPublic => (&self.kratos_public, "kratos_public_url"),
            Endpoint::KratosAdmin => (&self.kratos_admin, "kratos_admin_url"),
            Endpoint::HydraPublic => (&self.hydra_public, "hydra_public_url"),
            Endpoint::HydraAdmin => (&self.hydra_admin, "hydra_admin_url"),
            Endpoint::Console => {
                let base = self
                    .console
                    .as_ref()
                    .ok_or("the console is not configured: set `console_url` or `console_token`")?;
                return Ok((base, Kind::Console));
            }
            Endpoint::Named(name) => {
                let base = self.named.get(name.as_ref());
                let base = base.map(|base| (base, Kind::SelfHosted));
                let project = || self.project.as_ref().map(|base| (base, kind_of(base)));
                return base.or_else(project).ok_or_else(|| {
                    format!("the endpoint {name:?} is not configured: set it with `named_endpoint({name:?}, url)`")
                });
            }
        };
        match (own, &self.project) {
            (Some(base), _) => Ok((base, Kind::SelfHosted)),
            (None, Some(base)) => Ok((base, kind_of(base))),
            (None, None) => Err(format!("its endpoint is not configured: set `{setting}` or `project_url`")),
        }
    }
}

/// Only at the Network's own hosts is a call without a token certain to fail.
fn kind_of(project: &Url) -> Kind {
    let network = project.host_str().is_some_and(|host| host.ends_with(".projects.oryapis.com"));
    if network { Kind::Network } else { Kind::SelfHosted }
}

/// Where the layout of 2021 has Kratos.
const LEGACY: [&str; 2] = ["/api/kratos/public", "/api/kratos/admin"];

/// The layout of 2021: Kratos below `/api/kratos`, and no `/admin` before administrative paths.
fn legacy<'a>(base: &'a Url, operation: &Operation, path: &'a str) -> Result<Route<'a>, String> {
    if LEGACY.iter().any(|prefix| path.starts_with(prefix)) {
        return Ok(Route { base, path: path.into(), kind: Kind::Legacy });
    }
    if operation.legacy.is_none() {
        return Err("a legacy deployment does not have this operation".to_owned());
    }
    let path = match path.strip_prefix("/admin/") {
        Some(rest) => format!("/api/kratos/admin/{rest}"),
        None => format!("/api/kratos/public{path}"),
    };
    Ok(Route { base, path: path.into(), kind: Kind::Legacy })
}

impl Route<'_> {
    /// The whole URL: base with its own path, path, query. A path that URL parsing would change is refused, since
    /// it would reach another operation.
    pub(crate) fn url(&self, query: &str) -> Result<Url, String> {
        let mut url = self.base.clone();
        let path = format!("{}{}", self.base.path().trim_end_matches('/'), self.path);
        url.set_path(&path);
        if url.path() != path {
            // What a path holds behind a question mark may be a token, so it is not repeated.
            return Err(format!(
                "the path {:?} would be sent as another one; what follows a `?` is given by `query(..)`",
                Shown(&path)
            ));
        }
        url.set_query((!query.is_empty()).then_some(query));
        Ok(url)
    }
}

/// Whether a URL stays on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
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
        assert_eq!(why("https://a.b/?x=1"), "`kratos_public_url`: a base URL has no query or fragment");
        assert_eq!(why("https://a.b/#x"), "`kratos_public_url`: a base URL has no query or fragment");
        assert!(why("a.b").contains("not a URL"));
        assert!(why("file:///etc").contains("neither http nor https"));
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
        let mut operation = crate::generated::table::OPERATIONS[0].clone();
        (operation.endpoint, operation.legacy) = (Endpoint::KratosAdmin, None);
        let url = |text: &str| Some(Url::parse(text).unwrap());
        let path = "/api/kratos/admin/identities";
        let own = Endpoints { kratos_admin: url("http://127.0.0.1:1/x"), ..Endpoints::default() };
        assert_eq!(own.route(&operation, path).unwrap().path, "/identities");
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
        for (text, expected) in [
            ("http://localhost", true),
            ("http://127.3.0.1", true),
            ("http://[::1]:1", true),
            ("http://10.0.0.1", false),
            ("http://localhost.evil.org", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(text).unwrap()), expected, "{text}");
        }
    }
}
