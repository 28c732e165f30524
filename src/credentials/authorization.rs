//! Which credential an operation carries in `Authorization`, by the contract's `security`.

use super::caller::Caller;
use super::header::{basic, bearer};
use super::token::TokenSource;
use crate::contract::{self, Endpoint, Operation, Security};
use crate::privacy::Secret;
use crate::routing::{Endpoints, Kind};

/// The credentials of the client itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    /// For administrative calls to servers that have no token of their own, which are all at one origin.
    pub(crate) access_token: Option<TokenSource>,
    /// The tokens of single servers.
    pub(crate) own: Vec<(Endpoint, TokenSource)>,
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
    /// The origins that `access_token` would go to, each with its servers.
    pub(crate) fn origins(&self, endpoints: &Endpoints) -> Vec<(String, Vec<Endpoint>)> {
        let mut origins: Vec<(String, Vec<Endpoint>)> = Vec::new();
        for endpoint in administrative().into_iter().filter(|endpoint| !self.has_own(endpoint)) {
            let Some(url) = endpoints.url(&endpoint) else { continue };
            let origin = url.origin().ascii_serialization();
            match origins.iter_mut().find(|(known, _)| *known == origin) {
                Some((_, served)) => served.push(endpoint),
                None => origins.push((origin, vec![endpoint])),
            }
        }
        origins
    }

    /// Whether a server has a token of its own.
    pub(crate) fn has_own(&self, endpoint: &Endpoint) -> bool {
        self.own.iter().any(|(known, _)| known == endpoint)
    }

    /// The access token for an operation. The console takes only its own.
    fn token_for(&self, operation: &Operation) -> Option<&TokenSource> {
        let endpoint = &operation.endpoint;
        let own = self.own.iter().find(|(known, _)| known == endpoint).map(|(_, source)| source);
        // Whoever names the server may name one at another origin than that of the token.
        let is_named = || operation.any_endpoint && !administrative().contains(endpoint);
        own.or_else(|| self.access_token.as_ref().filter(|_| *endpoint != Endpoint::Console && !is_named()))
    }

    /// Chooses the credential of an operation. A call that lacks its credential is refused before it is sent only if it
    /// is certain to fail.
    pub(crate) fn authorization(
        &self,
        operation: &Operation,
        kind: Kind,
        caller: &Caller,
    ) -> Result<Authorization<'_>, String> {
        for scheme in accepted(operation) {
            let value = match scheme {
                Security::AccessToken => match self.token_for(operation) {
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

/// The servers whose calls carry `access_token`: those for administrators, and those that the contract names.
fn administrative() -> Vec<Endpoint> {
    let mut found = vec![Endpoint::KratosAdmin, Endpoint::HydraAdmin];
    for operation in contract::operations() {
        let endpoint = &operation.endpoint;
        // The server of an operation that every server has is none of its own.
        let is_server = *endpoint != Endpoint::Console && !operation.any_endpoint;
        let is_new = is_server && !found.contains(endpoint);
        if is_new && operation.security.contains(&Security::AccessToken) {
            found.push(endpoint.clone());
        }
    }
    found
}

/// Whether any call carries an access token to this server. The public APIs take none, unless the contract says so.
pub(crate) fn takes_access_token(endpoint: &Endpoint) -> bool {
    !endpoint.is_public() || administrative().contains(endpoint)
}

/// The credentials that an operation accepts at its server. One that every server has takes no access token at the public ones.
fn accepted(operation: &Operation) -> &'static [Security] {
    if operation.any_endpoint && operation.endpoint.is_public() { &[] } else { operation.security }
}

/// Why the call would fail for want of a credential, if it is certain to.
fn missing(operation: &Operation, kind: Kind) -> Option<&'static str> {
    match (accepted(operation), kind) {
        ([Security::AccessToken], Kind::Console) => Some("the console requires a token: set `console_token`"),
        ([Security::AccessToken], Kind::Network) => Some("the project requires a token: set `access_token`"),
        ([Security::Bearer], _) => Some("it requires the client's registration token: call `with_registration_token`"),
        ([Security::OAuth2], _) => Some("it requires an OAuth2 access token: call `with_oauth2_token`"),
        _ => None,
    }
}
