//! The credentials that a builder collects.

use std::sync::Arc;

use super::builder::ClientBuilder;
use crate::contract::Endpoint;
use crate::credentials::{
    CookieNames, Credentials, TokenProvider, TokenSource, is_blank, sensitive, takes_access_token,
};
use crate::input::InvalidSetting;
use crate::privacy::Secret;
use crate::routing::Endpoints;

/// The credentials of the client, as they were set.
#[derive(Default)]
pub(super) struct ChosenCredentials {
    access_token: Option<ChosenToken>,
    /// The last one of a server counts.
    own_tokens: Vec<(Endpoint, ChosenToken)>,
    cookie_names: CookieNames,
}

/// A token, and what the user wrote to set it.
struct ChosenToken {
    setting: String,
    source: TokenSource,
}

/// # Credentials of the client
///
/// The guide [credentials](crate::docs::credentials) shows which credential goes where.
impl ClientBuilder {
    /// Sets the access token for administrative calls: of a Network project, or of a gateway in front of your own server.
    ///
    /// A token belongs to one origin (scheme, host and port). If administrative calls go to several origins,
    /// [`build`](Self::build) refuses it: set a token for each server by [`endpoint_token`](Self::endpoint_token).
    pub fn access_token(self, token: impl Into<Secret>) -> Self {
        self.token(None, "access_token", TokenSource::Fixed(token.into()))
    }

    /// Like [`access_token`](Self::access_token), but asks `provider` before every call, and once more after a 401.
    pub fn access_token_provider(self, provider: impl TokenProvider + 'static) -> Self {
        self.token(None, "access_token", TokenSource::Provider(Arc::new(provider)))
    }

    /// Sets the access token of the console, for `/projects`.
    pub fn console_token(self, token: impl Into<Secret>) -> Self {
        self.token(Some(Endpoint::Console), "console_token", TokenSource::Fixed(token.into()))
    }

    /// Like [`console_token`](Self::console_token), but asks `provider` before every call, and once more after a 401.
    pub fn console_token_provider(self, provider: impl TokenProvider + 'static) -> Self {
        self.token(Some(Endpoint::Console), "console_token", TokenSource::Provider(Arc::new(provider)))
    }

    /// Sets the access token of one server, which then does not get [`access_token`](Self::access_token).
    ///
    /// ```
    /// use ory_sdk::contract::Endpoint;
    ///
    /// let client = ory_sdk::Client::builder()
    ///     .kratos_admin_url("https://kratos.example.org")
    ///     .hydra_admin_url("https://hydra.example.org")
    ///     .endpoint_token(Endpoint::KratosAdmin, "token-of-kratos")
    ///     .endpoint_token(Endpoint::HydraAdmin, "token-of-hydra")
    ///     .build()?;
    /// # Ok::<(), ory_sdk::error::InvalidSetting>(())
    /// ```
    ///
    /// Administrative calls carry it. For a [named endpoint](Self::named_endpoint), so does every
    /// [`request`](crate::Client::request). The public APIs take no access token, so [`build`](Self::build) refuses one for
    /// them.
    pub fn endpoint_token(self, endpoint: Endpoint, token: impl Into<Secret>) -> Self {
        let setting = own_setting(&endpoint);
        self.token(Some(endpoint), setting, TokenSource::Fixed(token.into()))
    }

    /// Like [`endpoint_token`](Self::endpoint_token), but asks `provider` before every call, and once more after a 401.
    pub fn endpoint_token_provider(self, endpoint: Endpoint, provider: impl TokenProvider + 'static) -> Self {
        let setting = own_setting(&endpoint);
        self.token(Some(endpoint), setting, TokenSource::Provider(Arc::new(provider)))
    }

    /// Adds the name of a cookie of Kratos, if the configuration of your server renames it. May be called several times.
    ///
    /// [`with_cookies`](crate::Client::with_cookies) and [`forwarding`](crate::Client::forwarding) then send it to Kratos.
    pub fn cookie_name(self, name: impl Into<String>) -> Self {
        self.renamed_cookie(Endpoint::KratosPublic, name.into())
    }

    /// Like [`cookie_name`](Self::cookie_name), for a cookie of Hydra.
    pub fn hydra_cookie_name(self, name: impl Into<String>) -> Self {
        self.renamed_cookie(Endpoint::HydraPublic, name.into())
    }

    /// Sets the token of one server, or of all administrative ones.
    pub(super) fn token(mut self, endpoint: Option<Endpoint>, setting: impl Into<String>, source: TokenSource) -> Self {
        let token = ChosenToken { setting: setting.into(), source };
        match endpoint {
            None => self.credentials.access_token = Some(token),
            Some(endpoint) => {
                let own = &mut self.credentials.own_tokens;
                own.retain(|(known, _)| *known != endpoint);
                own.push((endpoint, token));
            }
        }
        self
    }

    fn renamed_cookie(mut self, server: Endpoint, name: String) -> Self {
        self.credentials.cookie_names.renamed.push((server, name));
        self
    }
}

impl ChosenCredentials {
    pub(super) fn has_console_token(&self) -> bool {
        self.own_tokens.iter().any(|(endpoint, _)| *endpoint == Endpoint::Console)
    }

    /// Checks the tokens themselves.
    pub(super) fn check(&self) -> Result<(), InvalidSetting> {
        let own = self.own_tokens.iter().map(|(_, token)| token);
        for ChosenToken { setting, source } in self.access_token.iter().chain(own) {
            let TokenSource::Fixed(token) = source else { continue };
            if is_blank(token) {
                return Err(InvalidSetting::new(format!("`{setting}` is empty")));
            }
            sensitive(token.expose()).map_err(|why| InvalidSetting::new(format!("`{setting}`: {why}")))?;
        }
        Ok(())
    }

    /// Checks where the tokens go: each has a server, and `access_token` has one origin. It belongs to one, and others
    /// could use it there.
    pub(super) fn for_endpoints(self, endpoints: &Endpoints) -> Result<(Credentials, CookieNames), InvalidSetting> {
        let mut own = Vec::new();
        for (endpoint, ChosenToken { setting, source }) in self.own_tokens {
            let wrong = |why: &str| InvalidSetting::new(format!("`{setting}`: {why}"));
            endpoints.base(&endpoint).map_err(|why| wrong(&why))?;
            if !takes_access_token(&endpoint) {
                return Err(wrong("no call to this endpoint carries an access token"));
            }
            own.push((endpoint, source));
        }
        let Some(ChosenToken { setting, source }) = self.access_token else {
            return Ok((Credentials { access_token: None, own }, self.cookie_names));
        };
        let credentials = Credentials { access_token: Some(source), own };
        let origins = credentials.origins(endpoints);
        if origins.len() > 1 {
            return Err(several_origins(&setting, &origins));
        }
        Ok((credentials, self.cookie_names))
    }
}

/// What a user wrote to give a server its own token.
fn own_setting(endpoint: &Endpoint) -> String {
    match endpoint {
        Endpoint::Named(name) => format!("endpoint_token({name:?})"),
        known => format!("endpoint_token({known})"),
    }
}

/// One access token for several origins.
fn several_origins(setting: &str, origins: &[(String, Vec<Endpoint>)]) -> InvalidSetting {
    let places = origins.iter().map(|(origin, servers)| {
        let titles: Vec<&str> = servers.iter().map(Endpoint::title).collect();
        format!("{origin} ({})", titles.join(", "))
    });
    let places = places.collect::<Vec<_>>().join(" and ");
    let own = if setting.starts_with("ORY_") { variables(origins) } else { "`endpoint_token`".to_owned() };
    InvalidSetting::new(format!(
        "`{setting}` would go to several origins: {places}: set a token for each server instead, by {own}"
    ))
}

/// The environment variables of the tokens of these servers, in prose.
fn variables(origins: &[(String, Vec<Endpoint>)]) -> String {
    let servers = origins.iter().flat_map(|(_, servers)| servers);
    let names: Vec<String> = servers.filter_map(|server| Some(format!("`{}`", server.token_variable()?))).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}
