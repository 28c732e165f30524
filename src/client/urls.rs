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

/// A URL, and the environment variable that it comes from.
pub(super) struct ChosenUrl {
    pub(super) setting: UrlSetting,
    pub(super) variable: Option<&'static str>,
    pub(super) text: String,
}

impl ChosenUrl {
    /// What the user wrote: the variable or the builder's method.
    pub(super) fn name(&self) -> String {
        self.variable.map_or_else(|| self.setting.name(), str::to_owned)
    }
}

/// Checks the URLs. With a token for the console, the console has a URL even if none is set.
pub(super) fn endpoints(
    urls: &[ChosenUrl],
    has_console_token: bool,
    from_env: bool,
) -> Result<Endpoints, InvalidSetting> {
    let mut endpoints = Endpoints::default();
    endpoints.from_env = from_env;
    for (index, chosen) in urls.iter().enumerate() {
        let name = chosen.name();
        if let Some(other) = urls[..index].iter().find(|other| other.setting == chosen.setting) {
            let why = match other.name() {
                other if other == name => format!("`{name}` is set twice"),
                other => format!("`{other}` and `{name}` set the same URL: set only one of them"),
            };
            return Err(InvalidSetting::new(why));
        }
        let url = Endpoints::check(&name, &chosen.text).map_err(InvalidSetting::new)?;
        match &chosen.setting {
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
        let why = if from_env {
            "no endpoint is set: set `ORY_SDK_URL`, `ORY_KRATOS_PUBLIC_URL` or another variable"
        } else {
            "no endpoint is set: call `project`, `kratos_public_url` or another one"
        };
        return Err(InvalidSetting::new(why));
    }
    Ok(endpoints)
}
