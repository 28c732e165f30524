//! Where browsers are sent: the pages of the application, and the URLs to which they may return.

use url::Url;
use uuid::Uuid;

use super::call::Call;
use crate::testing::error::Error;
use crate::testing::http::Reply;
use crate::testing::model::{Flow, FlowKind};
use crate::testing::state::State;

/// The page of the application for a kind of flow.
pub(super) fn page(state: &State, kind: FlowKind) -> String {
    format!("{}/{}", state.pages.self_service, kind.name())
}

/// The page that shows a flow.
pub(super) fn page_of(state: &State, kind: FlowKind, flow: Uuid) -> String {
    format!("{}?flow={flow}", page(state, kind))
}

/// Where a browser goes that has nothing left to do.
pub(super) fn home(state: &State) -> String {
    format!("{}/", state.pages.self_service)
}

/// Where a finished flow leads.
pub(super) fn after(state: &State, flow: &Flow) -> String {
    flow.return_to.clone().unwrap_or_else(|| home(state))
}

/// The parameter `return_to`. Refuses a URL that is neither the stand-in's own nor one of the application's.
pub(super) fn requested(state: &State, call: &Call) -> Result<Option<String>, Error> {
    let Some(url) = call.parameter("return_to").filter(|url| !url.is_empty()) else { return Ok(None) };
    if is_allowed(state, url) {
        return Ok(Some(url.to_owned()));
    }
    let reason = format!("Requested return_to URL \"{url}\" is not allowed.");
    Err(Error::bad_request(reason).id("self_service_flow_return_to_forbidden"))
}

fn is_allowed(state: &State, url: &str) -> bool {
    let Ok(wanted) = Url::parse(url) else { return false };
    let begins = |base: &String| {
        let base = Url::parse(base).ok()?;
        let inside = wanted.path().strip_prefix(base.path().trim_end_matches('/'))?;
        let fits = wanted.origin() == base.origin() && (inside.is_empty() || inside.starts_with('/'));
        Some(fits && wanted.username().is_empty() && wanted.password().is_none())
    };
    [&state.url, &state.pages.self_service].into_iter().any(|base| begins(base) == Some(true))
}

/// Sends a browser to another URL.
pub(super) fn see_other(call: &Call, url: &str) -> Reply {
    if call.method == http::Method::GET {
        Reply::redirect_with_link(http::StatusCode::SEE_OTHER, url)
    } else {
        Reply::redirect(http::StatusCode::SEE_OTHER, url)
    }
}
