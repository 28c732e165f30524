//! Hydra: its routes, and between each request and the model the JSON that Hydra reads and writes.

mod authenticate;
mod clients;
mod discovery;
mod error;
mod oauth2_reply;
mod routes;
mod tokens;

pub(crate) use routes::{owns, respond};
