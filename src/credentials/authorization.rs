//! Which credential an operation carries in `Authorization`, by the contract's `security`.

use super::caller::Caller;
use super::header::{basic, bearer};
use super::token::TokenSource;
use crate::contract::{self, Endpoint, Operation, Security};
use crate::privacy::Secret;
use crate::routing::{Endpoints, Kind};

/// The credentials of the client itself.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    /// For administrative calls to servers that have no token of their own, which are all at one origin.
    access_token: Option<TokenSource>,
    /// The tokens of single servers.
    own: Vec<(Endpoint, TokenSource)>,
}

/// The value of `Authorization`.
#[derive(Debug)]
pub(crate) enum Authorization<'a> {
    None,
    Value(Secret),
    /// A bearer token that may have to be fetched first.
    Token(&'a TokenSource),
}

impl Credentials {
    /// Checks that each token has a server, and that `access_token` goes to one origin only.
    pub(crate) fn new(
        access_token: Option<TokenSource>,
        own: Vec<(Endpoint, TokenSource)>,
        endpoints: &Endpoints,
    ) -> Result<Self, String> {
        for (endpoint, _) in &own {
            let wrong = |why: &str| format!("`{}`: {why}", token_setting(endpoint));
            endpoints.base(endpoint).map_err(|why| wrong(&why))?;
            let is_public = matches!(endpoint, Endpoint::KratosPublic | Endpoint::HydraPublic);
            if is_public && !takes_access_token(endpoint) {
                return Err(wrong("no call to this endpoint carries an access token"));
            }
        }
        let this = Self { access_token, own };
        if this.access_token.is_some() {
            this.check_origins(endpoints)?;
        }
        Ok(this)
    }

    /// Refuses an `access_token` that would go to several origins: it belongs to one, and the others could use it there.
    fn check_origins(&self, endpoints: &Endpoints) -> Result<(), String> {
        let mut origins: Vec<(String, Vec<Endpoint>)> = Vec::new();
        for endpoint in administrative().into_iter().filter(|endpoint| !self.has_own(endpoint)) {
            let Some(url) = endpoints.url(&endpoint) else { continue };
            let origin = url.origin().ascii_serialization();
            match origins.iter_mut().find(|(known, _)| *known == origin) {
                Some((_, served)) => served.push(endpoint),
                None => origins.push((origin, vec![endpoint])),
            }
        }
        if origins.len() < 2 {
            return Ok(());
        }
        let places = origins.iter().map(|(origin, served)| {
            let names: Vec<&str> = served.iter().map(Endpoint::title).collect();
            format!("{origin} ({})", names.join(", "))
        });
        let (setting, own) = if endpoints.from_env {
            ("ORY_ACCESS_TOKEN", "`ORY_KRATOS_ADMIN_TOKEN` and `ORY_HYDRA_ADMIN_TOKEN`")
        } else {
            ("access_token", "`endpoint_token`")
        };
        Err(format!(
            "`{setting}` would go to several origins: {}: set a token for each server instead, by {own}",
            places.collect::<Vec<_>>().join(" and ")
        ))
    }

    /// Whether a server has a token of its own.
    pub(crate) fn has_own(&self, endpoint: &Endpoint) -> bool {
        self.own.iter().any(|(known, _)| known == endpoint)
    }

    /// The access token for a server. The console takes only its own.
    fn token_for(&self, endpoint: &Endpoint) -> Option<&TokenSource> {
        let own = self.own.iter().find(|(known, _)| known == endpoint).map(|(_, source)| source);
        own.or_else(|| self.access_token.as_ref().filter(|_| *endpoint != Endpoint::Console))
    }

    /// Chooses the credential of an operation. A call that lacks its credential is refused before it is sent only if it
    /// is certain to fail.
    pub(crate) fn authorization(
        &self,
        operation: &Operation,
        kind: Kind,
        caller: &Caller,
    ) -> Result<Authorization<'_>, String> {
        for scheme in operation.security.iter() {
            let value = match scheme {
                Security::AccessToken => match self.token_for(&operation.endpoint) {
                    Some(source) => return Ok(Authorization::Token(source)),
                    None => continue,
                },
                Security::Basic => caller.client.as_ref().map(|(id, secret)| basic(id, secret)),
                Security::Bearer => {
                    caller.registration_token.as_ref().map(|token| bearer(token, "`with_registration_token`"))
                }
                // Beside Basic, OAuth2 says how a token is obtained, not that one is sent: a user's token does not
                // authenticate a client.
                Security::OAuth2 if operation.security.contains(&Security::Basic) => None,
                Security::OAuth2 => caller.oauth2_token.as_ref().map(|token| bearer(token, "`with_oauth2_token`")),
                Security::SessionToken | Security::Other(_) => None,
            };
            if let Some(value) = value {
                return value.map(Authorization::Value);
            }
        }
        match missing(operation, kind) {
            Some(why) => Err(why.to_owned()),
            None => Ok(Authorization::None),
        }
    }
}

/// The setting that gives a server its own token.
pub(crate) fn token_setting(endpoint: &Endpoint) -> String {
    match endpoint {
        Endpoint::Console => "console_token".to_owned(),
        Endpoint::Named(name) => format!("endpoint_token({name:?})"),
        known => format!("endpoint_token({known})"),
    }
}

/// The servers whose calls carry `access_token`: those for administrators, and those that the contract names.
fn administrative() -> Vec<Endpoint> {
    let mut found = vec![Endpoint::KratosAdmin, Endpoint::HydraAdmin];
    for operation in contract::operations() {
        let endpoint = &operation.endpoint;
        let is_new = *endpoint != Endpoint::Console && !found.contains(endpoint);
        if is_new && operation.security.contains(&Security::AccessToken) {
            found.push(endpoint.clone());
        }
    }
    found
}

/// Whether any operation of the contract carries an access token to this server.
fn takes_access_token(endpoint: &Endpoint) -> bool {
    let mut of_endpoint = contract::operations().iter().filter(|operation| operation.endpoint == *endpoint);
    of_endpoint.any(|operation| operation.security.contains(&Security::AccessToken))
}

/// Why the call would fail for want of a credential, if it is certain to.
fn missing(operation: &Operation, kind: Kind) -> Option<&'static str> {
    match (operation.security, kind) {
        ([Security::AccessToken], Kind::Console) => Some("the console requires a token: set `console_token`"),
        ([Security::AccessToken], Kind::Network) => Some("the project requires a token: set `access_token`"),
        ([Security::Bearer], _) => Some("it requires the client's registration token: call `with_registration_token`"),
        ([Security::OAuth2], _) => Some("it requires an OAuth2 access token: call `with_oauth2_token`"),
        _ => None,
    }
}
