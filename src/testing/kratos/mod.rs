//! Kratos: its routes, and between each request and the model the JSON that Kratos reads and writes.

mod body;
mod call;
mod caller;
mod courier;
mod csrf;
mod flows;
mod identities;
mod page_errors;
mod recovery;
mod refusal;
mod returns;
mod routes;
mod schemas;
mod sessions;
mod web_hook;
mod well_known;

pub(crate) use caller::{SESSION_COOKIE, cookie_value};
pub(crate) use routes::respond;
pub(crate) use web_hook::context as web_hook_context;
