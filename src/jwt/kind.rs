//! The kinds of tokens that Ory's servers sign, and how to tell one from the others. Access tokens and ID tokens are signed
//! with keys of one set, so that a good signature does not tell which of them a token is.

use serde_json::{Map, Value};

use super::invalid_token::InvalidToken;

/// What a token of a kind has, and what only tokens of other kinds have.
pub(super) struct Kind {
    name: &'static str,
    /// The values of `typ` beside `JWT`. It may be missing.
    types: &'static [&'static str],
    /// Of each group, at least one claim is there.
    required: &'static [(&'static [&'static str], &'static str)],
    forbidden: &'static [&'static str],
}

/// The claims that only a token for back-channel logout has.
pub(super) const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

pub(super) const ACCESS_TOKEN: Kind = Kind {
    name: "an access token",
    types: &["at+jwt"],
    required: &[(&["client_id"], "it has no `client_id`"), (&["scp", "scope"], "it has neither `scp` nor `scope`")],
    forbidden: &["nonce", "at_hash", "c_hash", "events"],
};

pub(super) const ID_TOKEN: Kind = Kind {
    name: "an ID token",
    types: &[],
    required: &[(
        &["nonce", "at_hash", "c_hash", "auth_time", "rat"],
        "it has none of `nonce`, `at_hash`, `c_hash`, `auth_time` and `rat`",
    )],
    forbidden: &["scp", "events"],
};

pub(super) const SESSION_TOKEN: Kind = Kind {
    name: "a tokenized session",
    types: &[],
    required: &[(&["sid"], "it has no `sid`")],
    forbidden: &["nonce", "at_hash", "c_hash", "rat", "events", "scp", "client_id"],
};

pub(super) const LOGOUT_TOKEN: Kind = Kind {
    name: "a logout token",
    types: &["logout+jwt"],
    required: &[(&["events"], "it has no `events`"), (&["sub", "sid"], "it has neither `sub` nor `sid`")],
    forbidden: &["nonce", "at_hash", "c_hash", "scp", "client_id"],
};

impl Kind {
    pub(super) fn check(&self, typ: Option<&str>, claims: &Map<String, Value>) -> Result<(), InvalidToken> {
        let wrong = |why| Err(InvalidToken::Kind { expected: self.name, why });
        if typ.is_some_and(|typ| typ != "jwt" && !self.types.contains(&typ)) {
            return wrong("its header names another type (`typ`)");
        }
        for (names, why) in self.required {
            if !names.iter().any(|name| claims.contains_key(*name)) {
                return wrong(why);
            }
        }
        if self.forbidden.iter().any(|name| claims.contains_key(*name)) {
            return wrong("it has claims of another kind");
        }
        // An ID token may have a scope that the application put there, but then it has no client as an access token has.
        if self.name == ID_TOKEN.name && claims.contains_key("client_id") && claims.contains_key("scope") {
            return wrong("it has the claims of an access token");
        }
        Ok(())
    }
}
