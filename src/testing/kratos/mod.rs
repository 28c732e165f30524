//! Kratos: its routes, and between each request and the model the JSON that Kratos reads and writes.

mod body;
mod caller;
mod courier;
mod flows;
mod identities;
mod routes;
mod schemas;
mod sessions;

pub(crate) use routes::respond;
