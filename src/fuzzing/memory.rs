//! Large responses: a short text, repeated until it fills a body.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::seed::choice;
use crate::flow::Form;
use crate::response::{Decode, RawResponse, decode};
use crate::types;
use crate::{Error, contract};

/// Decodes a body of at least `size` bytes, and returns its length. The caller measures what that allocates.
///
/// The first byte chooses what is decoded. The rest is three lines: what stands before, the text that is repeated with commas
/// in between, and what stands behind.
pub fn memory(data: &[u8], size: usize) -> usize {
    let (kind, rest) = choice(data);
    let mut lines = rest.splitn(3, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (before, unit, after) = (line(), line(), line());
    let mut body = Vec::with_capacity(size + unit.len() + after.len() + before.len() + 1);
    body.extend_from_slice(before);
    body.extend_from_slice(unit);
    while body.len() < size {
        body.push(b',');
        body.extend_from_slice(unit);
    }
    body.extend_from_slice(after);
    let length = body.len();
    let response = |status: StatusCode| RawResponse { status, headers: HeaderMap::new(), body: Bytes::from(body) };
    match kind % 8 {
        0 => decoded(decode::list::<types::Session>, &response(StatusCode::OK)),
        1 => decoded(decode::list::<types::OAuth2Client>, &response(StatusCode::OK)),
        2 => decoded(decode::list::<types::PreviousOAuth2ConsentSession>, &response(StatusCode::OK)),
        3 => decoded(decode::json::<types::SelfServiceLoginFlow>, &response(StatusCode::OK)),
        4 => decoded(decode::json::<types::OidcUserInfo>, &response(StatusCode::OK)),
        5 => decoded(decode::json::<serde_json::Value>, &response(StatusCode::OK)),
        6 => decoded::<Form>(decode::form, &response(StatusCode::OK)),
        _ => {
            let operation = contract::operations().iter().find(|known| known.id == "submitSelfServiceLoginFlow");
            let error = Error::api(operation.unwrap(), response(StatusCode::BAD_REQUEST));
            let _ = (error.next_step(), error.form(), error.continue_with(), error.to_string());
        }
    }
    length
}

fn decoded<T>(decode: Decode<T>, response: &RawResponse) {
    drop(decode(response, &mut Vec::new()));
}
