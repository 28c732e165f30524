//! Access tokens that OAuth2 clients get for themselves.

use std::collections::HashMap;

use super::oauth2_client::OAuth2Client;
use crate::testing::clock::{Clock, Time, after};
use crate::testing::random;

#[derive(Debug, Clone)]
pub(crate) struct AccessToken {
    pub client: String,
    pub scope: Vec<String>,
    pub audience: Vec<String>,
    pub issued_at: Time,
    pub expires_at: Time,
}

/// All access tokens that were not revoked, by their text.
pub(crate) struct AccessTokens(HashMap<String, AccessToken>);

impl AccessTokens {
    pub(crate) fn new() -> Self {
        Self(HashMap::new())
    }

    /// Gives a client a token, and returns its text.
    pub(crate) fn issue(
        &mut self,
        clock: &Clock,
        client: &OAuth2Client,
        scope: Vec<String>,
        audience: Vec<String>,
    ) -> String {
        let issued_at = clock.now();
        let expires_at = after(issued_at, client.token_lifespan());
        let token = AccessToken { client: client.id().to_owned(), scope, audience, issued_at, expires_at };
        let text = token_text();
        self.0.insert(text.clone(), token);
        text
    }

    /// The token with this text, unless it is expired.
    pub(crate) fn active(&self, clock: &Clock, text: &str) -> Option<&AccessToken> {
        self.0.get(text).filter(|token| token.expires_at > clock.now())
    }

    /// Revokes a token if it belongs to `client`.
    pub(crate) fn revoke(&mut self, text: &str, client: &str) {
        if self.0.get(text).is_some_and(|token| token.client == client) {
            self.0.remove(text);
        }
    }

    /// Revokes all tokens of a client.
    pub(crate) fn remove_of(&mut self, client: &str) {
        self.0.retain(|_, token| token.client != client);
    }
}

/// The text of a new token.
pub(crate) fn token_text() -> String {
    format!("ory_at_{}.{}", random::alphanumeric(43), random::alphanumeric(43))
}
