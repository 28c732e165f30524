//! Decides whether a response is a success, a redirect that the contract declares, or an error.

use http::{StatusCode, header};

use crate::contract::Operation;
use crate::error::Error;
use crate::response::RawResponse;

pub(super) fn classify(operation: &Operation, response: RawResponse) -> Result<RawResponse, Error> {
    let status = response.status;
    if status.is_success()
        || operation.results.contains(&status.as_u16())
        || (operation.redirect && is_redirect(&response))
    {
        Ok(response)
    } else if status.is_redirection() {
        Err(Error::redirect(operation.id, response))
    } else {
        Err(Error::api(operation, response))
    }
}

/// The servers send a browser on by 302 and 303. A 301 or 307 means a wrong port, a trailing slash or an old path.
fn is_redirect(response: &RawResponse) -> bool {
    matches!(response.status, StatusCode::FOUND | StatusCode::SEE_OTHER)
        && response.headers.contains_key(header::LOCATION)
}
