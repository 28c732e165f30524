//! HTTP as the handlers see it: a request read whole, and a reply to write.

mod reply;
mod request;

pub(crate) use reply::{HandlerResult, Reply};
pub(crate) use request::{Form, Request};
