//! Who sends a request: the handles of users and OAuth2 clients, and token providers. Which credential goes where.

mod arguments;
mod cookies;
mod handles;
mod headers;
mod hosts;
mod persons;
mod relay;
#[cfg(feature = "rustls")]
mod table;
mod token_provider;
mod tokens;

use crate::support::server::Request;

/// The credentials in the headers of a request.
pub fn credentials(request: &Request) -> Vec<String> {
    let names = ["authorization", "cookie", "x-session-token"];
    names.iter().flat_map(|name| request.all(name).into_iter().map(move |value| format!("{name}: {value}"))).collect()
}
