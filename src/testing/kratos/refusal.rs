//! Refusals of routes that browsers visit: as JSON, or on a page of the application.

use super::call::Call;
use super::returns;
use crate::testing::error::Error;
use crate::testing::http::Reply;
use crate::testing::state::State;

/// What a route for browsers returns.
pub(super) type Outcome<T = Reply> = Result<T, Refusal>;

pub(super) enum Refusal {
    /// A whole reply, the same for everybody.
    Reply(Box<Reply>),
    /// An error for whoever wants JSON. A browser that wants a page goes to this URL, or to the page for errors.
    Error(Box<Error>, Option<String>),
}

impl Refusal {
    /// An error, in place of which a browser that wants a page goes to this URL.
    pub(super) fn or_page(error: Error, url: impl Into<String>) -> Self {
        Self::Error(Box::new(error), Some(url.into()))
    }

    /// The reply, where `is_native` says that the sender is no browser, whatever it accepts.
    pub(super) fn into_reply(self, state: &mut State, call: &Call, is_native: bool) -> Reply {
        match self {
            Self::Reply(reply) => *reply,
            Self::Error(error, _) if is_native || call.wants_json() => (*error).into(),
            Self::Error(_, Some(url)) => returns::see_other(call, &url),
            Self::Error(error, None) => {
                let id = state.page_errors.keep(&state.clock, error.body());
                returns::see_other(call, &format!("{}/error?id={id}", state.pages.self_service))
            }
        }
    }
}

impl From<Reply> for Refusal {
    fn from(reply: Reply) -> Self {
        Self::Reply(Box::new(reply))
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Error(Box::new(error), None)
    }
}
