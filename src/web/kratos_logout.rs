//! The two calls that end a browser's session of Kratos.

use std::time::Duration;

use http::Method;
use serde::Deserialize;

use crate::call::{CallOptions, Draft};
use crate::client::{Client, Sending, operation};
use crate::error::Error;
use crate::privacy::Secret;
use crate::response::{decode, name_only};

/// Where a browser signs out, and the token that it needs.
#[derive(Deserialize)]
pub(super) struct Logout {
    pub(super) logout_url: String,
    pub(super) logout_token: Secret,
}

/// Asks how this user signs out. A limit is one of the call, instead of the client's.
///
/// Source: Ory's operation `createBrowserLogoutFlow`.
pub(super) fn begin(user: &Client, limit: Option<Duration>) -> Sending<Logout> {
    let draft = draft("/self-service/logout/browser", limit).and_then(Draft::ready);
    Sending::new(user.clone(), draft, decode::own_json::<Logout>, name_only)
}

/// Signs this user out.
///
/// Source: Ory's operation `updateLogoutFlow`.
pub(super) fn end(user: &Client, token: &Secret, limit: Option<Duration>) -> Sending<()> {
    let draft = draft("/self-service/logout", limit).and_then(|mut draft| {
        draft.pair("token", token.expose());
        draft.ready()
    });
    Sending::new(user.clone(), draft, decode::empty, name_only)
}

fn draft(path: &str, limit: Option<Duration>) -> Result<Draft, Error> {
    let mut draft = Draft::new(operation(&Method::GET, path)?, CallOptions::default());
    draft.timeout = limit;
    Ok(draft)
}
