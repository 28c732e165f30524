//! Who calls: what a handle carries for an end user or an OAuth2 client.

use http::{HeaderMap, HeaderValue, header};
use reqwest::Url;

use super::cookie_jar::CookieJar;
use super::cookies;
use super::header::{SESSION_TOKEN, sensitive};
use crate::contract::{Area, Endpoint, Operation};
use crate::privacy::Secret;
use crate::wire::header::{text, value_text};

/// What a handle carries beside the settings of its client.
#[derive(Debug, Clone, Default)]
pub(crate) struct Caller {
    pub(crate) end_user: EndUser,
    /// The id and secret of an OAuth2 client.
    pub(crate) client: Option<(String, Secret)>,
    pub(crate) oauth2_token: Option<Secret>,
    pub(crate) registration_token: Option<Secret>,
    pub(crate) user_agent: Option<Secret>,
    pub(crate) forwarded_for: Option<Secret>,
}

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

impl EndUser {
    /// Adds a way to identify the user. It replaces one of the same kind.
    pub(crate) fn and(&self, more: Self) -> Self {
        match (self, &more) {
            (Self::Token(_), Self::Cookies(_) | Self::Jar(_)) | (Self::Cookies(_) | Self::Jar(_), Self::Token(_)) => {
                Self::Both
            }
            (Self::Both, _) => Self::Both,
            _ => more,
        }
    }

    /// Finds the credential of an incoming request, in the order in which Kratos looks for it.
    fn of_request(incoming: &HeaderMap, cookie_names: &[String]) -> Self {
        let token = text(incoming, SESSION_TOKEN).filter(|token| !token.is_empty());
        if let Some(token) = token {
            return Self::Token(token.as_ref().into());
        }
        let lines = incoming.get_all(header::COOKIE).iter().map(|value| value_text(value));
        let cookies = cookies::filter(&lines.collect::<Vec<_>>().join("; "), cookie_names);
        if !cookies.is_empty() {
            return Self::Cookies(cookies.into());
        }
        let value = text(incoming, header::AUTHORIZATION).unwrap_or_default();
        let bearer = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = bearer.map(|(_, token)| token.trim()).filter(|token| !token.is_empty());
        token.map_or(Self::Unknown, |token| Self::Token(token.into()))
    }
}

impl Caller {
    /// The caller of an incoming request.
    pub(crate) fn forwarding(&self, incoming: &HeaderMap, cookie_names: &[String]) -> Self {
        Self {
            end_user: EndUser::of_request(incoming, cookie_names),
            // One that cannot be sent on must not cost the call.
            user_agent: text(incoming, header::USER_AGENT)
                .map(Secret::from)
                .filter(|it| sensitive(it.expose()).is_ok()),
            ..self.clone()
        }
    }

    /// Writes the headers that every request has. What the call brings itself stays.
    pub(crate) fn write_headers(
        &self,
        operation: &Operation,
        url: &Url,
        user_agent: &HeaderValue,
        headers: &mut HeaderMap,
    ) -> Result<(), String> {
        // Kratos responds with pages for a browser unless `Accept` is exactly JSON.
        headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static("application/json"));
        self.write_end_user(operation, url, headers)?;
        if let Some(agent) = &self.user_agent {
            headers.entry(header::USER_AGENT).or_insert(sensitive(agent.expose())?);
        }
        headers.entry(header::USER_AGENT).or_insert(user_agent.clone());
        if let Some(addresses) = &self.forwarded_for {
            headers.entry("x-forwarded-for").or_insert(sensitive(addresses.expose())?);
        }
        Ok(())
    }

    /// Writes the credential of the end user on the calls that are made for them.
    fn write_end_user(&self, operation: &Operation, url: &Url, headers: &mut HeaderMap) -> Result<(), String> {
        let both = || Err("both a session token and cookies are given: use one of them".to_owned());
        let (token, cookie) = (headers.contains_key(SESSION_TOKEN), headers.contains_key(header::COOKIE));
        // Kratos responds with 500 to a valid token beside an outdated cookie, so only one of the two is ever sent.
        if token && cookie {
            return both();
        }
        let for_user = operation.area == Area::Frontend || is_visited(operation);
        if !for_user || token || cookie {
            return Ok(());
        }
        match &self.end_user {
            EndUser::Unknown => {}
            EndUser::Both => return both(),
            // Only Kratos knows session tokens: the pages of Hydra know cookies alone.
            EndUser::Token(_) if operation.area != Area::Frontend => {}
            EndUser::Token(token) => {
                headers.insert(SESSION_TOKEN, sensitive(token.expose())?);
            }
            EndUser::Cookies(cookies) => {
                headers.insert(header::COOKIE, sensitive(cookies.expose())?);
            }
            EndUser::Jar(jar) => {
                if let Some(cookies) = jar.header(url) {
                    headers.insert(header::COOKIE, sensitive(cookies.expose())?);
                }
            }
        }
        Ok(())
    }

    /// Keeps the cookies that a response sets, if the handle has a jar.
    pub(crate) fn keep_cookies(&self, url: &Url, headers: &HeaderMap) {
        if let EndUser::Jar(jar) = &self.end_user {
            jar.keep(url, headers);
        }
    }
}

/// Whether a browser visits this page of Hydra, with its cookies.
fn is_visited(operation: &Operation) -> bool {
    operation.endpoint == Endpoint::HydraPublic && operation.visited && operation.security.is_empty()
}
