//! Who sends a request: the handles of users and OAuth2 clients, and token providers.

mod handles;
mod relay;
mod token_provider;

use crate::support::server::Request;

/// The credentials in the headers of a request.
pub fn credentials(request: &Request) -> Vec<String> {
    let names = ["authorization", "cookie", "x-session-token"];
    names.iter().flat_map(|name| request.all(name).into_iter().map(move |value| format!("{name}: {value}"))).collect()
}
