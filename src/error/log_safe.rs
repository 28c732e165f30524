//! An error as one line without anything that a user typed.

use std::fmt;

use super::failure::Error;

/// The longest id that is shown. Ory's ids are shorter.
const LONGEST: usize = 80;

/// An error for a log that must not contain personal data: what [`Error::log_safe`] returns.
#[derive(Clone, Copy)]
pub struct LogSafe<'a>(&'a Error);

impl Error {
    /// The error without anything that a caller sent, a user typed or a server wrote as prose.
    ///
    /// ```no_run
    /// # #[cfg(feature = "identity")]
    /// # async fn example(client: &ory_sdk::Client) {
    /// if let Err(error) = client.admin_get_identity().id("an-id").await {
    ///     // adminGetIdentity: 404 Not Found: Api
    ///     eprintln!("{}", error.log_safe());
    /// }
    /// # }
    /// ```
    ///
    /// It shows the operation, the status, the [kind](crate::ErrorKind), the id of the error (`session_inactive`,
    /// `invalid_grant`) and the number of tries. `Display` also shows the server's reason, which may repeat what a user
    /// typed: `"jane@example" is not valid "email"`.
    pub fn log_safe(&self) -> LogSafe<'_> {
        LogSafe(self)
    }
}

/// Ids are words of a program. Anything else may be a sentence with a user's data in it.
fn is_id(text: &str) -> bool {
    text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

impl fmt::Display for LogSafe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0.inner;
        if let Some(operation) = inner.operation {
            write!(f, "{operation}: ")?;
        }
        if let Some(status) = inner.status {
            write!(f, "{status}: ")?;
        }
        write!(f, "{:?}", inner.kind)?;
        let id = inner.parsed.id.as_ref().or(inner.parsed.oauth_error.as_ref());
        if let Some(id) = id.filter(|id| is_id(id)) {
            write!(f, ": {id}")?;
        }
        if inner.tries > 1 {
            write!(f, " (after {} tries)", inner.tries)?;
        }
        Ok(())
    }
}

impl fmt::Debug for LogSafe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};

    use super::*;
    use crate::input::InvalidArgument;
    use crate::response::RawResponse;

    fn api(body: &'static str) -> Error {
        let operation = crate::contract::operations()[0];
        let body = Bytes::from_static(body.as_bytes());
        Error::api(operation, RawResponse { status: StatusCode::BAD_REQUEST, headers: HeaderMap::new(), body })
    }

    #[test]
    fn shows_ids_and_no_prose() {
        let operation = crate::contract::operations()[0].id;
        let shown = |body| api(body).log_safe().to_string();
        let bare = format!("{operation}: 400 Bad Request: Api");
        for prose in [
            r#"{"error":{"reason":"\"jane@example\" is not valid \"email\"","message":"jane"}}"#,
            r#"{"error":{"id":"Jane Doe","reason":"jane"}}"#,
            r#"{"error":"jane@example is unknown","error_description":"jane"}"#,
            r#"{"id":"f","ui":{"messages":[{"id":1,"text":"jane"}]}}"#,
            "jane",
        ] {
            assert_eq!(shown(prose), bare, "{prose}");
        }
        assert_eq!(
            shown(r#"{"error":{"id":"session_inactive","reason":"jane"}}"#),
            format!("{bare}: session_inactive")
        );
        assert_eq!(shown(r#"{"error":"invalid_grant"}"#), format!("{bare}: invalid_grant"));
        let argument = Error::argument("toSession", InvalidArgument::new("toSession: `id`: jane"));
        assert_eq!(
            format!("{} {:?}", argument.log_safe(), argument.log_safe()),
            "toSession: Argument toSession: Argument"
        );
    }
}
