//! A request to Kratos' public routes, with the CSRF token of the browser that sends it.

use std::ops::Deref;

use http::{Method, header};

use super::csrf;
use crate::testing::http::{Reply, Request};
use crate::testing::state::State;

/// How long a browser keeps its CSRF token, in seconds.
const CSRF_AGE: i64 = 365 * 24 * 3600;

pub(super) struct Call<'a> {
    request: &'a Request,
    /// From the cookie of the browser, or new.
    pub csrf: String,
    has_cookie: bool,
}

impl<'a> Call<'a> {
    pub(super) fn new(state: &State, request: &'a Request) -> Self {
        let cookie = request.cookie(&state.csrf_cookie).filter(|token| csrf::is_token(token));
        let csrf = cookie.map_or_else(csrf::token, str::to_owned);
        Self { request, csrf, has_cookie: cookie.is_some() }
    }

    /// Whether the request carries a cookie with a CSRF token.
    pub(super) fn has_cookie(&self) -> bool {
        self.has_cookie
    }

    /// Whether the sender wants JSON, and not to be sent to a page.
    pub(super) fn wants_json(&self) -> bool {
        let sends_json = self.header(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json"));
        sends_json || self.accepts("application/json") > self.accepts("text/html")
    }

    /// How much a media type is wanted, from 0 to 1000. Wildcards do not count.
    fn accepts(&self, wanted: &str) -> i32 {
        let lines = self.headers.get_all(header::ACCEPT).into_iter().filter_map(|line| line.to_str().ok());
        let weights = lines.flat_map(|line| line.split(',')).filter_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let weight = |parameter: &str| parameter.strip_prefix("q=")?.parse::<f32>().ok();
            (parts.next()? == wanted).then(|| parts.find_map(weight).unwrap_or(1.0))
        });
        weights.map(|weight| (weight.clamp(0.0, 1.0) * 1000.0) as i32).max().unwrap_or_default()
    }

    /// Adds the cookie with the CSRF token to a reply, if the browser lacks it and this route gives it.
    pub(super) fn with_csrf_cookie(&self, state: &State, reply: Reply) -> Reply {
        if self.has_cookie || !self.gives_cookie() || reply.sets_cookie(&state.csrf_cookie) {
            return reply;
        }
        set_csrf(state, reply, &self.csrf)
    }

    /// Gives the browser its CSRF token, if it lacks one.
    pub(super) fn set_csrf_cookie(&self, state: &State, reply: Reply) -> Reply {
        if self.has_cookie { reply } else { set_csrf(state, reply, &self.csrf) }
    }

    /// Routes of native apps, and those that take a submitted form, give no cookie.
    fn gives_cookie(&self) -> bool {
        match self.path().as_slice() {
            ["admin" | "sessions", ..] | ["self-service", _, "api"] => false,
            ["schemas", id] => id.contains('/') && self.method == Method::GET,
            _ => matches!(self.method, Method::GET | Method::HEAD),
        }
    }
}

impl Deref for Call<'_> {
    type Target = Request;

    fn deref(&self) -> &Request {
        self.request
    }
}

/// Gives a browser a new CSRF token, as after every sign-in and logout.
pub(super) fn renew_csrf(state: &State, reply: Reply) -> Reply {
    set_csrf(state, reply, &csrf::token())
}

pub(super) fn set_csrf(state: &State, reply: Reply, token: &str) -> Reply {
    reply.set_cookie(&state.csrf_cookie, token, Some(CSRF_AGE))
}
