//! The URLs that a builder collects, and the endpoints that they become.

use crate::contract::Endpoint;
use crate::input::InvalidSetting;
use crate::routing::Endpoints;

/// The console of the Ory Network.
const CONSOLE: &str = "https://api.console.ory.sh";

/// A setting that takes a URL.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum UrlSetting {
    Server(Endpoint),
    /// A server as browsers see it.
    Browser(Endpoint),
    Project,
    Legacy,
}

impl UrlSetting {
    /// The name of the builder's method.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Server(endpoint) => endpoint.setting(),
            Self::Browser(Endpoint::HydraPublic) => "hydra_browser_url".to_owned(),
            Self::Browser(_) => "kratos_browser_url".to_owned(),
            Self::Project => "project_url".to_owned(),
            Self::Legacy => "legacy_url".to_owned(),
        }
    }
}

/// Checks the URLs. With a token for the console, the console has a URL even if none is set.
pub(super) fn endpoints(urls: &[(UrlSetting, String)], has_console_token: bool) -> Result<Endpoints, InvalidSetting> {
    let mut endpoints = Endpoints::default();
    for (index, (setting, text)) in urls.iter().enumerate() {
        let name = setting.name();
        if urls[..index].iter().any(|(other, _)| other == setting) {
            return Err(InvalidSetting::new(format!("`{name}` is set twice")));
        }
        let url = Endpoints::check(&name, text).map_err(InvalidSetting::new)?;
        match setting {
            UrlSetting::Server(endpoint) => endpoints.set(endpoint.clone(), url),
            UrlSetting::Browser(endpoint) => endpoints.set_browser(endpoint.clone(), url),
            UrlSetting::Project => endpoints.project = Some(url),
            UrlSetting::Legacy => endpoints.legacy = Some(url),
        }
    }
    if has_console_token && endpoints.own(&Endpoint::Console).is_none() {
        let console = Endpoints::check("console_url", CONSOLE).map_err(InvalidSetting::new)?;
        endpoints.set(Endpoint::Console, console);
    }
    if urls.is_empty() && !has_console_token {
        return Err(InvalidSetting::new("no endpoint is set: call `project`, `kratos_public_url` or another one"));
    }
    Ok(endpoints)
}
