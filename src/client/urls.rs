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

/// A URL, or why there is none.
pub(super) struct ChosenUrl {
    pub(super) setting: UrlSetting,
    /// The environment variable or method that it comes from, if it does not have the setting's name.
    pub(super) given_by: Option<&'static str>,
    pub(super) text: Result<String, String>,
}

impl ChosenUrl {
    /// The URL of a project of the Ory Network.
    pub(super) fn of_slug(slug: &str) -> Self {
        let text = check_slug(slug).map(|()| format!("https://{slug}.projects.oryapis.com"));
        Self { setting: UrlSetting::Project, given_by: Some("project"), text }
    }

    /// What the user wrote: the variable or the builder's method.
    pub(super) fn name(&self) -> String {
        self.given_by.map_or_else(|| self.setting.name(), str::to_owned)
    }
}

/// Checks that a slug is one DNS label (RFC 1123, section 2.1). Anything else could end the host and name another one.
fn check_slug(slug: &str) -> Result<(), String> {
    let came = match slug.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
        Some(other) => format!("contains {other:?}"),
        None if slug.is_empty() => "is empty".to_owned(),
        None if slug.len() > 63 => format!("has {} characters", slug.len()),
        None if slug.starts_with('-') || slug.ends_with('-') => "starts or ends with a hyphen".to_owned(),
        None => return Ok(()),
    };
    Err(format!("a slug is one DNS label, of up to 63 letters, digits and hyphens, but this one {came}"))
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
        let text = chosen.text.as_ref().map_err(|why| InvalidSetting::new(format!("`{name}`: {why}")))?;
        let url = Endpoints::check(&name, text).map_err(InvalidSetting::new)?;
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
