//! Refusals for gRPC clients.

use http::{HeaderValue, Response, StatusCode, header};

/// The code of a status ([statuscodes.md](https://github.com/grpc/grpc/blob/master/doc/statuscodes.md) of gRPC).
fn code(status: StatusCode) -> u16 {
    match status {
        StatusCode::BAD_REQUEST => 3,
        StatusCode::FORBIDDEN => 7,
        StatusCode::INTERNAL_SERVER_ERROR => 13,
        StatusCode::SERVICE_UNAVAILABLE => 14,
        _ => 16,
    }
}

/// A response without messages: its headers are the trailers.
pub(super) fn refusal(status: StatusCode, why: &str) -> Response<String> {
    let mut response = Response::new(String::new());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    headers.insert("grpc-status", HeaderValue::from(code(status)));
    // Every other byte is percent-encoded.
    let is_plain = |byte: &u8| (b' '..=b'~').contains(byte) && *byte != b'%';
    let plain: String = why.bytes().filter(is_plain).map(char::from).collect();
    if let Ok(message) = HeaderValue::try_from(plain) {
        headers.insert("grpc-message", message);
    }
    response
}
