//! Tells a server that lacks an operation from one that lacks an object.

use http::StatusCode;

use super::failure::Error;
use crate::response::without_mark;

/// What Go's routers say.
const TEXTS: [&[u8]; 2] = [b"404 page not found", b"Method Not Allowed"];

/// How the reason of Hydra's own router begins, up to 25.4.
const REASON: &str = "The requested route does not exist";

impl Error {
    /// Whether the server has no such route. For an object that does not exist, the status is 404 too, but the body is an error
    /// of Ory's.
    ///
    /// ```no_run
    /// # #[cfg(feature = "identity")]
    /// # async fn example(client: &ory_sdk::Client) -> ory_sdk::Result<()> {
    /// match client.get_identity_by_external_id().external_id("customer-7").await {
    ///     Ok(identity) => println!("{}", identity.id),
    ///     Err(error) if error.is_unknown_route() => eprintln!("Kratos is too old: {error}"),
    ///     Err(error) if error.status().is_some_and(|status| status == 404) => println!("nobody"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The server is then older than the operation ([`Operation::since`](crate::contract::Operation::since), which the text
    /// of the error names), or the URL leads to another server or port. For a POST or DELETE to an unknown path, the public
    /// port of Kratos responds with the 403 for a missing CSRF cookie, so this is false then.
    pub fn is_unknown_route(&self) -> bool {
        if !matches!(self.inner.status, Some(StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)) {
            return false;
        }
        let body = without_mark(&self.inner.body).trim_ascii();
        TEXTS.contains(&body) || self.inner.parsed.reason.as_ref().is_some_and(|reason| reason.starts_with(REASON))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;

    use super::*;
    use crate::contract::Operation;
    use crate::response::RawResponse;

    fn error(since: Option<&'static str>, status: u16, body: &'static str) -> Error {
        let operation = Operation { id: "getThing", since, ..crate::contract::operations()[0].clone() };
        let status = StatusCode::from_u16(status).unwrap();
        Error::api(
            &operation,
            RawResponse { status, headers: HeaderMap::new(), body: Bytes::from_static(body.as_bytes()) },
        )
    }

    #[test]
    fn a_route_is_not_an_object() {
        let hydra =
            r#"{"error":{"code":404,"message":"Not Found","reason":"The requested route does not exist. Make sure"}}"#;
        for (status, body) in [(404, "404 page not found\n"), (405, "Method Not Allowed\n"), (404, hydra)] {
            assert!(error(None, status, body).is_unknown_route(), "{body}");
        }
        let object = r#"{"error":{"code":404,"status":"Not Found","message":"Unable to locate the resource"}}"#;
        for (status, body) in [(404, object), (404, ""), (404, "<html>404 page not found"), (500, "404 page not found")]
        {
            assert!(!error(None, status, body).is_unknown_route(), "{body}");
        }
    }

    #[test]
    fn the_line_says_which_server_has_it() {
        let line = error(Some("Kratos 25.4"), 404, "404 page not found\n").to_string();
        assert_eq!(line, "getThing: 404 Not Found: the server has no such route (since Kratos 25.4)");
        let line = error(None, 404, "404 page not found\n").to_string();
        assert_eq!(line, "getThing: 404 Not Found: the server has no such route");
    }
}
