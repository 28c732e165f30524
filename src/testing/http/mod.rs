//! HTTP as the handlers see it: a request read whole, and a reply to write.

mod body;
mod cookies;
mod host;
mod refusal;
mod reply;
mod request;
mod sent_body;

pub(crate) use host::Hosts;
pub(crate) use refusal::refuse;
pub(crate) use reply::{HandlerResult, Reply};
pub(crate) use request::{Form, Request};
pub(crate) use sent_body::SentBody;
