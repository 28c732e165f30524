//! How the end user of a handle is identified, and which calls are made for them.

use http::{HeaderMap, header};
use reqwest::Url;

use super::cookie_jar::CookieJar;
use super::cookies::CookieNames;
use super::header::{SESSION_TOKEN, is_blank, sensitive};
use crate::contract::{Area, Endpoint, Operation};
use crate::privacy::Secret;
use crate::routing::Endpoints;
use crate::wire::header::{text, value_text};

/// How the end user is identified.
#[derive(Debug, Clone, Default)]
pub(crate) enum EndUser {
    /// Not at all: self-service calls go without a credential.
    #[default]
    Unknown,
    Token(Secret),
    Cookies(Secret),
    Jar(CookieJar),
    /// By a token and by cookies, which no server accepts together. The call reports it.
    Both,
}

/// Whether an operation is called for the end user: a self-service or session call of Kratos, or a page of Hydra that a
/// browser visits. No other call carries anything of the user's.
pub(super) fn is_for_user(operation: &Operation) -> bool {
    match operation.endpoint {
        Endpoint::KratosPublic => operation.area == Area::Frontend,
        _ => is_visited(operation),
    }
}

/// Whether a browser visits this page of Hydra, with its cookies.
fn is_visited(operation: &Operation) -> bool {
    operation.endpoint == Endpoint::HydraPublic && operation.visited && operation.security.is_empty()
}

/// Whether a bearer token may be a session token of Kratos. OAuth2 tokens, API keys and JWTs are for other servers, which
/// Kratos must not get to see.
fn may_be_session_token(token: &str) -> bool {
    let is_other_kind = token.starts_with("ory_") && !token.starts_with("ory_st_");
    !is_other_kind && !is_jwt(token)
}

/// Whether a token is a JWT: three parts (RFC 7519, section 3), of which the first is a JSON object in base64.
fn is_jwt(token: &str) -> bool {
    token.starts_with("ey") && token.bytes().filter(|byte| *byte == b'.').count() == 2
}

impl EndUser {
    /// The user with this session token. An empty one is nobody's.
    pub(crate) fn of_token(token: Secret) -> Self {
        if is_blank(&token) { Self::Unknown } else { Self::Token(token) }
    }

    /// The user whose browser sent these cookies. Without a cookie of Ory's that is nobody.
    pub(crate) fn of_cookies(header: &str, names: &CookieNames) -> Self {
        let ours = names.ours(header);
        if ours.is_empty() { Self::Unknown } else { Self::Cookies(ours.into()) }
    }

    /// Finds the credential of an incoming request, in the order in which Kratos looks for it.
    pub(super) fn of_request(incoming: &HeaderMap, names: &CookieNames) -> Self {
        Self::found(incoming, |cookies| names.ours(cookies))
    }

    /// Like [`of_request`](Self::of_request), with nothing but the cookies that may identify a session.
    #[cfg_attr(not(feature = "sessions"), allow(dead_code))]
    pub(crate) fn with_session(incoming: &HeaderMap, names: &CookieNames) -> Self {
        Self::found(incoming, |cookies| names.of_sessions(cookies))
    }

    fn found(incoming: &HeaderMap, wanted: impl Fn(&str) -> String) -> Self {
        let token = text(incoming, SESSION_TOKEN).map(|token| Self::of_token(token.into()));
        if let Some(user @ Self::Token(_)) = token {
            return user;
        }
        let lines = incoming.get_all(header::COOKIE).iter().map(|value| value_text(value));
        let cookies = wanted(&lines.collect::<Vec<_>>().join("; "));
        if !cookies.is_empty() {
            return Self::Cookies(cookies.into());
        }
        let value = text(incoming, header::AUTHORIZATION).unwrap_or_default();
        let bearer = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = bearer.map(|(_, token)| token.trim()).filter(|token| may_be_session_token(token));
        token.map_or(Self::Unknown, |token| Self::of_token(token.into()))
    }

    /// The user with one more way to identify them. It replaces one of the same kind. Nobody replaces everybody, so that a
    /// handle that is made for one user never acts for another.
    pub(crate) fn and(&self, more: Self) -> Self {
        match (self, &more) {
            (_, Self::Unknown) => Self::Unknown,
            (Self::Token(_), Self::Cookies(_) | Self::Jar(_)) | (Self::Cookies(_) | Self::Jar(_), Self::Token(_)) => {
                Self::Both
            }
            (Self::Both, _) => Self::Both,
            _ => more,
        }
    }

    /// Writes the user's credential for a call that is made for them. What the call brings itself takes precedence.
    /// Returns the jar, if the call is to carry its cookies: they may change between two tries.
    pub(super) fn write(
        &self,
        operation: &Operation,
        url: &Url,
        endpoints: &Endpoints,
        names: &CookieNames,
        headers: &mut HeaderMap,
    ) -> Result<Option<&CookieJar>, String> {
        let both = || Err("both a session token and cookies are given: use one of them".to_owned());
        let (token, cookie) = (headers.contains_key(SESSION_TOKEN), headers.contains_key(header::COOKIE));
        // Kratos responds with 500 to a valid token beside an outdated cookie, so only one of the two is ever sent.
        if token && cookie {
            return both();
        }
        if !is_for_user(operation) || token || cookie {
            return Ok(None);
        }
        match self {
            Self::Unknown => {}
            Self::Both => return both(),
            // Only Kratos knows session tokens: the pages of Hydra know cookies alone.
            Self::Token(_) if operation.endpoint != Endpoint::KratosPublic => {}
            Self::Token(token) => {
                headers.insert(SESSION_TOKEN, sensitive(token.expose())?);
            }
            Self::Cookies(cookies) => {
                // Several servers may share one origin, as in a project.
                let cookies = names.of_servers(cookies.expose(), |server| endpoints.is_at(server, url));
                if !cookies.is_empty() {
                    headers.insert(header::COOKIE, sensitive(&cookies)?);
                }
            }
            Self::Jar(jar) => return Ok(Some(jar)),
        }
        Ok(None)
    }
}
