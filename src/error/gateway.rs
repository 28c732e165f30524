//! Tells the responses of gateways from Ory's, by their shape.

use http::header::WWW_AUTHENTICATE;
use serde_json::Value;

use super::failure::Error;
use super::kind::ErrorKind;
use crate::response::{is_compressed, without_mark};

/// The schemes of proxies and web servers. Ory's servers ask for none of them.
const SCHEMES: [&str; 4] = ["basic", "digest", "negotiate", "ntlm"];

impl Error {
    /// Whether the response comes from something in front of Ory's servers: a proxy, a gateway, a firewall or another
    /// server at this URL.
    ///
    /// ```no_run
    /// # #[cfg(feature = "frontend")]
    /// # async fn example(client: &ory_sdk::Client) {
    /// if let Err(error) = client.to_session().await
    ///     && error.is_from_gateway()
    /// {
    ///     // Not a word about the user: do not sign anybody out.
    ///     eprintln!("the gateway refused: {error}");
    /// }
    /// # }
    /// ```
    ///
    /// The shape of the response decides, never its media type. Ory's servers send their errors as JSON of a few known
    /// shapes, so a page, a text or other JSON is a gateway's. So is a response that asks for HTTP Basic, Digest,
    /// Negotiate or NTLM, unless its body is an error of Ory. If the body is empty, compressed or broken off, the response
    /// counts as Ory's. No [`next_step`](Self::next_step) for a user follows from a gateway's response.
    pub fn is_from_gateway(&self) -> bool {
        if self.kind() != ErrorKind::Api || self.inner.parsed.is_ory {
            return false;
        }
        match self.json() {
            Some(json) if is_certain(json) => false,
            Some(json) if json.get("message").is_some() => self.asks_for_password(),
            Some(_) => true,
            // A gateway may have compressed a body of Ory.
            None => self.asks_for_password() || (is_text(&self.inner.body) && !is_compressed(&self.inner.headers)),
        }
    }

    /// Whether the response asks for a user and password in a header.
    fn asks_for_password(&self) -> bool {
        let values = self.inner.headers.get_all(WWW_AUTHENTICATE).iter();
        values
            .filter_map(|value| value.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).next())
            .any(|scheme| SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known.as_bytes())))
    }
}

/// Whether a body can only be Ory's: what goes with an error. `message` alone is common elsewhere, too.
fn is_certain(json: &Value) -> bool {
    let has = |key: &str| json.get(key).is_some_and(|value| !value.is_null());
    let keys = ["redirect_to", "redirect_browser_to", "use_flow_id", "allowed"];
    keys.into_iter().any(has) || (has("id") && has("message"))
}

/// Whether a body is something else than JSON. JSON that breaks off is still JSON.
fn is_text(body: &[u8]) -> bool {
    let body = without_mark(body).trim_ascii_start();
    !body.is_empty() && !body.starts_with(b"{")
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, StatusCode};

    use super::*;
    use crate::response::RawResponse;

    fn is_from_gateway(body: &'static [u8], authenticate: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        if !authenticate.is_empty() {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(authenticate));
        }
        let response = RawResponse { status: StatusCode::UNAUTHORIZED, headers, body: Bytes::from_static(body) };
        let error = Error::api(crate::contract::operations()[0], response);
        assert!(!error.is_from_gateway() || error.next_step().is_none());
        error.is_from_gateway()
    }

    #[test]
    fn the_shape_decides() {
        for body in [
            &b"<html><h1>401 Authorization Required</h1></html>"[..],
            b"\xEF\xBB\xBF\n<!DOCTYPE html>",
            b"RBAC: access denied",
            b"404 page not found\n",
            b"[]",
            b"\"Unauthorized\"",
            b"{}",
            b"{\"Message\":\"User is not authorized\"}",
            b"{\"success\":false,\"errors\":[]}",
            b"{\"error\":null}",
        ] {
            assert!(is_from_gateway(body, ""), "{}", String::from_utf8_lossy(body));
        }
        for body in [
            &b"{\"error\":{\"code\":401,\"message\":\"no session\"}}"[..],
            b"{\"error\":\"invalid_client\",\"error_description\":\"\"}",
            b"{\"id\":\"f\",\"ui\":{\"nodes\":[]}}",
            b"{\"redirect_to\":\"https://a\"}",
            b"{\"message\":\"quota\",\"id\":\"quota_exceeded\"}",
            b"{\"allowed\":false}",
        ] {
            assert!(!is_from_gateway(body, "Basic realm=\"x\""), "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn a_request_for_a_password_decides_where_the_shape_does_not() {
        for body in [&b""[..], b"{\"message\":\"Unauthorized\"}", b"{\"error\":{\"mess"] {
            for scheme in ["Basic realm=\"x\"", "basic", "Digest qop=\"auth\"", "Negotiate", "NTLM"] {
                assert!(is_from_gateway(body, scheme), "{scheme}");
            }
            assert!(!is_from_gateway(body, "") && !is_from_gateway(body, "Bearer error=\"invalid_token\""));
        }
    }
}
