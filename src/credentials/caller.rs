//! Who calls: what a handle carries for an end user or an OAuth2 client.

use http::{HeaderMap, HeaderValue, header};
use reqwest::Url;

use super::cookie_jar::CookieJar;
use super::cookies::CookieNames;
use super::end_user::{EndUser, is_for_user};
use super::header::{is_blank, sensitive};
use crate::contract::Operation;
use crate::privacy::Secret;
use crate::routing::Endpoints;
use crate::wire::header::text;

/// What a handle carries beside the settings of its client.
#[derive(Debug, Clone, Default)]
pub(crate) struct Caller {
    pub(crate) end_user: EndUser,
    /// The id and secret of an OAuth2 client.
    pub(crate) client: Option<(String, Secret)>,
    pub(crate) oauth2_token: Option<Secret>,
    pub(crate) registration_token: Option<Secret>,
    /// The `User-Agent` of the end user.
    pub(crate) user_agent: Option<Secret>,
    /// The `X-Forwarded-For` of the end user.
    pub(crate) forwarded_for: Option<Secret>,
}

/// What the headers of a call depend on, beside its caller.
pub(crate) struct Call<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) url: &'a Url,
    pub(crate) endpoints: &'a Endpoints,
    pub(crate) cookie_names: &'a CookieNames,
    /// The client's own `User-Agent`. A browser sends its own.
    pub(crate) user_agent: Option<&'a HeaderValue>,
}

impl Caller {
    /// The caller of an incoming request: nothing of an earlier end user stays, only what belongs to the program itself.
    pub(crate) fn forwarding(&self, incoming: &HeaderMap, cookie_names: &CookieNames) -> Self {
        Self {
            end_user: EndUser::of_request(incoming, cookie_names),
            client: self.client.clone(),
            registration_token: self.registration_token.clone(),
            // One that cannot be sent on must not cost the call.
            user_agent: text(incoming, header::USER_AGENT)
                .map(Secret::from)
                .filter(|it| sensitive(it.expose()).is_ok()),
            oauth2_token: None,
            forwarded_for: None,
        }
    }

    /// Writes the headers that every request has, and those of the end user. What the call brings itself stays. Returns
    /// the jar whose cookies go with every try, if there is one.
    pub(crate) fn write_headers(&self, call: &Call<'_>, headers: &mut HeaderMap) -> Result<Option<&CookieJar>, String> {
        let Call { operation, url, endpoints, cookie_names, user_agent } = call;
        // Kratos responds with pages for a browser unless `Accept` is exactly JSON.
        headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static("application/json"));
        let jar = self.end_user.write(operation, url, endpoints, cookie_names, headers)?;
        if is_for_user(operation) {
            for (name, value) in [(USER_AGENT, &self.user_agent), (FORWARDED_FOR, &self.forwarded_for)] {
                if let Some(value) = value.as_ref().filter(|value| !is_blank(value)) {
                    headers.entry(name).or_insert(sensitive(value.expose())?);
                }
            }
        }
        if let Some(agent) = user_agent {
            headers.entry(USER_AGENT).or_insert((*agent).clone());
        }
        Ok(jar)
    }
}

const USER_AGENT: &str = "user-agent";
const FORWARDED_FOR: &str = "x-forwarded-for";
