//! The headers that a caller gives: which names and values can be sent.

use http::{HeaderName, HeaderValue, header};

use crate::credentials::SESSION_TOKEN;

/// Headers that belong to the connection (RFC 9110, sections 7.2, 7.6.1 and 10.1.1; RFC 9112, section 6; RFC 9113, section
/// 3.2.1). Calls share connections: with a wrong length, the server would take the next person's request for a body.
const OF_CONNECTION: [&str; 10] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// The beginning of further ones, such as `Proxy-Connection` and `Proxy-Authorization`.
const OF_PROXY: &str = "proxy-";

/// Headers that carry a credential.
pub(super) const CREDENTIALS: [HeaderName; 3] = [header::AUTHORIZATION, header::COOKIE, SESSION_TOKEN];

/// Headers that hold no secret. Of any other, such as `X-Api-Key`, nobody knows.
const PUBLIC: [&str; 13] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "content-type",
    "forwarded",
    "origin",
    "traceparent",
    "tracestate",
    "user-agent",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-request-id",
];

/// Whether a header belongs to the connection, which the client manages. Gateways that hand headers on as variables take an
/// underscore for a hyphen.
pub(crate) fn is_of_connection(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    OF_CONNECTION.contains(&name.as_str()) || name.starts_with(OF_PROXY)
}

/// Whether a header carries a credential.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn is_credential(name: &str) -> bool {
    CREDENTIALS.iter().any(|known| known.as_str().eq_ignore_ascii_case(name))
}

/// Whether a header that a caller gives may hold a secret.
pub(super) fn may_be_secret(name: &HeaderName) -> bool {
    !PUBLIC.contains(&name.as_str())
}

/// The name and value of a header, if it can be sent. The error follows the header's name.
pub(super) fn checked(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), &'static str> {
    let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| "is not a valid header name")?;
    if is_of_connection(parsed.as_str()) {
        return Err("cannot be set: it belongs to the connection, which the client manages");
    }
    if value.chars().any(char::is_control) {
        return Err("has a value with a control character");
    }
    let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| "has a value that cannot be sent")?;
    value.set_sensitive(true);
    Ok((parsed, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_the_connection() {
        for name in
            ["Content-Length", "TRANSFER-ENCODING", "te", "Host", "Proxy-Authorization", "proxy-x", "Content_Length"]
        {
            assert!(is_of_connection(name), "{name}");
            assert!(checked(name, "1").is_err(), "{name}");
        }
        for name in ["Content-Type", "Content-Encoding", "X-Forwarded-Host", "X-Host", "Team", "Proxy"] {
            assert!(!is_of_connection(name), "{name}");
            assert!(checked(name, "1").unwrap().1.is_sensitive(), "{name}");
        }
    }
}
