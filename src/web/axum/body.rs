//! Bodies of requests, up to a limit.

use std::error::Error;

use axum::RequestExt;
use axum::extract::Request;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// Why a body was not read.
pub(crate) enum BodyError {
    TooLarge,
    /// The connection ended before the body did.
    Broken,
}

/// Reads the body of a request, at most so many bytes. A lower limit of the router (`DefaultBodyLimit`) holds, too.
pub(crate) async fn read_body(request: Request, limit: usize) -> Result<Bytes, BodyError> {
    let body = Limited::new(request.with_limited_body().into_body(), limit);
    body.collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .map_err(|error| if is_about_the_limit(&*error) { BodyError::TooLarge } else { BodyError::Broken })
}

fn is_about_the_limit(error: &(dyn Error + 'static)) -> bool {
    error.is::<LengthLimitError>() || error.source().is_some_and(is_about_the_limit)
}
