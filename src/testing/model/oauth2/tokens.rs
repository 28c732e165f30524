//! Authorization codes, access tokens and refresh tokens.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;

use super::grant::Grant;
use crate::testing::clock::{Time, after};
use crate::testing::random;

/// How long a code is valid.
const CODE_LIFESPAN: TimeDelta = TimeDelta::minutes(10);

/// A code that an application exchanges for tokens.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub grant: Arc<Grant>,
    /// The redirect URI that was asked for, which must then be named again.
    pub redirect_uri: String,
    /// The challenge, until it was compared with a verifier.
    pub pkce: Option<Pkce>,
    pub expires_at: Time,
    pub used: bool,
}

/// A code challenge (RFC 7636).
#[derive(Debug, Clone)]
pub(crate) struct Pkce {
    pub challenge: String,
    pub method: String,
}

/// An access token or a refresh token.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub grant: Arc<Grant>,
    pub issued_at: Time,
    pub expires_at: Time,
    /// Whether it is a refresh token that was exchanged.
    pub used: bool,
}

impl Token {
    pub(crate) fn new(grant: &Arc<Grant>, now: Time, lifespan: TimeDelta) -> Self {
        Self { grant: Arc::clone(grant), issued_at: now, expires_at: after(now, lifespan), used: false }
    }

    pub(crate) fn is_expired(&self, now: Time) -> bool {
        self.expires_at <= now
    }
}

/// All codes and tokens that were not revoked, by their texts.
#[derive(Default)]
pub(crate) struct Tokens {
    codes: HashMap<String, Code>,
    access: HashMap<String, Token>,
    refresh: HashMap<String, Token>,
}

impl Tokens {
    /// Makes a code for a grant.
    pub(crate) fn add_code(&mut self, now: Time, grant: &Arc<Grant>, redirect_uri: &str, pkce: Option<Pkce>) -> String {
        let code = Code {
            grant: Arc::clone(grant),
            redirect_uri: redirect_uri.to_owned(),
            pkce,
            expires_at: after(now, CODE_LIFESPAN),
            used: false,
        };
        let text = secret_text("ory_ac_");
        self.codes.insert(text.clone(), code);
        text
    }

    pub(crate) fn code(&mut self, text: &str) -> Option<&mut Code> {
        self.codes.get_mut(text)
    }

    pub(crate) fn add_access(&mut self, text: String, token: Token) {
        self.access.insert(text, token);
    }

    /// An access token, even one that is expired.
    pub(crate) fn access(&self, text: &str) -> Option<&Token> {
        self.access.get(text)
    }

    /// Adds a refresh token, and returns its text.
    pub(crate) fn add_refresh(&mut self, token: Token) -> String {
        let text = secret_text("ory_rt_");
        self.refresh.insert(text.clone(), token);
        text
    }

    /// A refresh token, even one that is used or expired.
    pub(crate) fn refresh(&self, text: &str) -> Option<&Token> {
        self.refresh.get(text)
    }

    /// Marks a refresh token as used, and revokes the access tokens of its grant.
    pub(crate) fn rotate(&mut self, text: &str) {
        let Some(token) = self.refresh.get_mut(text) else { return };
        token.used = true;
        let id = token.grant.id.clone();
        self.access.retain(|_, token| token.grant.id != id);
    }

    /// Revokes all tokens of a grant. Its refresh tokens stay known as used.
    pub(crate) fn revoke(&mut self, grant: &str) {
        self.access.retain(|_, token| token.grant.id != grant);
        for token in self.refresh.values_mut().filter(|token| token.grant.id == grant) {
            token.used = true;
        }
    }

    /// Revokes the access tokens of a client.
    pub(crate) fn revoke_access_of(&mut self, client: &str) {
        self.access.retain(|_, token| token.grant.client != client);
    }

    /// Forgets all codes and tokens of a client.
    pub(crate) fn remove_of(&mut self, client: &str) {
        self.codes.retain(|_, code| code.grant.client != client);
        self.access.retain(|_, token| token.grant.client != client);
        self.refresh.retain(|_, token| token.grant.client != client);
    }
}

/// The text of a new opaque access token.
pub(crate) fn token_text() -> String {
    secret_text("ory_at_")
}

/// A text that nobody can guess, in the form of Hydra's.
pub(super) fn secret_text(prefix: &str) -> String {
    format!("{prefix}{}.{}", random::alphanumeric(43), random::alphanumeric(43))
}
