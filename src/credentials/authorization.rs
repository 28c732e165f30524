//! Which credential an operation carries in `Authorization`, by the contract's `security`.

use super::caller::Caller;
use super::header::{basic, bearer};
use super::token::TokenSource;
use crate::contract::{Operation, Security};
use crate::privacy::Secret;
use crate::routing::Kind;

/// The credentials of the client itself.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    pub(crate) access_token: Option<TokenSource>,
    pub(crate) console_token: Option<TokenSource>,
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
                Security::AccessToken => {
                    let source = if kind == Kind::Console { &self.console_token } else { &self.access_token };
                    match source {
                        Some(source) => return Ok(Authorization::Token(source)),
                        None => continue,
                    }
                }
                Security::Basic => caller.client.as_ref().map(|(id, secret)| basic(id, secret)),
                Security::Bearer => caller.registration_token.as_ref().map(bearer),
                // Beside Basic, OAuth2 says how a token is obtained, not that one is sent: a user's token does not
                // authenticate a client.
                Security::OAuth2 if operation.security.contains(&Security::Basic) => None,
                Security::OAuth2 => caller.oauth2_token.as_ref().map(bearer),
                Security::SessionToken | Security::Other(_) => None,
            };
            if let Some(value) = value {
                return Ok(Authorization::Value(value));
            }
        }
        match missing(operation, kind) {
            Some(why) => Err(why.to_owned()),
            None => Ok(Authorization::None),
        }
    }
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
