//! HTTP as the handlers see it: a request read whole, and a reply to write.

mod body;
mod cookies;
mod host;
mod html;
mod refusal;
mod reply;
mod request;
mod sent_body;

pub(crate) use host::Hosts;
pub(crate) use html::escape_html;
pub(crate) use refusal::{not_served, refuse};
pub(crate) use reply::{HandlerResult, Reply};
pub(crate) use request::{Form, Request};
pub(crate) use sent_body::SentBody;
