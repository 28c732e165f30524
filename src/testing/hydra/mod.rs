//! Hydra: its routes, and between each request and the model the JSON that Hydra reads and writes.

mod assertion;
mod authenticate;
mod authorize;
mod browser;
mod clients;
mod credentials;
mod device;
mod discovery;
mod error;
mod interaction;
mod introspect;
mod issue;
mod issuers;
mod keys;
mod logout;
mod oauth2_error;
mod oauth2_reply;
mod registration;
mod requests;
mod routes;
mod sessions;
mod token_hook;
mod tokens;

pub(crate) use routes::{owns, respond};
pub(crate) use token_hook::{TokenRequest, body as token_hook_body, refresh_body as refresh_token_hook_body};
