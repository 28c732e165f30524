//! One constructor for each way to fail.

use std::time::Duration;

use http::{StatusCode, header};

use super::body::ErrorBody;
use super::display::{one_line, root_cause};
use super::failure::Error;
use super::kind::ErrorKind;
use crate::contract::{Operation, Repeat, availability};
use crate::cursor::Cursor;
use crate::input::InvalidArgument;
use crate::platform;
use crate::privacy::{Location, without_queries};
use crate::response::{DecodeFailure, OrRedirect, RawResponse, Response, UnreadableRow};
use crate::wire::budget::Over;
use crate::wire::header::{media_type, text};
use crate::wire::json::parse_own_beside;

const OUT_OF_TIME: &str = "timed out before the whole response arrived";

impl Error {
    pub(crate) fn argument(operation: &'static str, why: InvalidArgument) -> Self {
        Self::new(Some(operation), ErrorKind::Argument, why.to_string())
    }

    pub(crate) fn configuration(operation: &'static str, why: impl Into<String>) -> Self {
        Self::new(Some(operation), ErrorKind::Configuration, why)
    }

    /// An error of the HTTP library, without its URL, which may contain secrets.
    pub(crate) fn transport(operation: &'static str, error: reqwest::Error) -> Self {
        let error = error.without_url();
        let is_connect = platform::is_connect(&error);
        let text = if is_connect && error.is_timeout() {
            "could not connect: timed out".to_owned()
        } else if is_connect {
            format!("could not connect: {}", root_cause(&error))
        } else if error.is_timeout() {
            OUT_OF_TIME.to_owned()
        } else if error.is_body() || error.is_decode() {
            format!("the response broke off: {}", root_cause(&error))
        } else {
            format!("the request failed: {}", root_cause(&error))
        };
        let mut this = Self::new(Some(operation), ErrorKind::Transport, text);
        this.inner.source = Some(Box::new(error));
        this
    }

    /// A call whose time is over.
    pub(crate) fn out_of_time(operation: &'static str) -> Self {
        Self::new(Some(operation), ErrorKind::Transport, OUT_OF_TIME).timed_out()
    }

    /// A server that stayed silent too long.
    pub(crate) fn silent(operation: &'static str, limit: Duration) -> Self {
        Self::new(Some(operation), ErrorKind::Transport, format!("timed out: the server was silent for {limit:?}"))
            .timed_out()
    }

    /// A token provider that failed. Its error may be of any form, so that its text is cut and its type is not kept.
    pub(crate) fn no_token(operation: &'static str, why: &(dyn std::error::Error + Send + Sync)) -> Self {
        let why = one_line(&without_queries(&why.to_string()));
        Self::configuration(operation, format!("the token provider failed: {why}"))
    }

    /// A token provider that took all of the call's time.
    pub(crate) fn no_token_in_time(operation: &'static str) -> Self {
        Self::configuration(operation, "timed out: the token provider took too long").timed_out()
    }

    fn timed_out(mut self) -> Self {
        self.inner.source = Some(Box::new(std::io::Error::from(std::io::ErrorKind::TimedOut)));
        self
    }

    pub(crate) fn too_large(operation: &'static str, limit: usize, response: RawResponse) -> Self {
        let text = format!("the response is larger than {limit} bytes");
        Self::new(Some(operation), ErrorKind::TooLarge, text).with_response(response)
    }

    /// Pages that never end.
    pub(crate) fn pages(operation: &'static str, why: &str) -> Self {
        Self::new(Some(operation), ErrorKind::Pages, why)
    }

    /// A 4xx or 5xx.
    pub(crate) fn api(operation: &Operation, response: RawResponse) -> Self {
        let mut parsed = ErrorBody::read(&response.body);
        // Newer servers name the id in a header too, which helps where the body cannot be read.
        let named = text(&response.headers, "ory-error-id").filter(|id| !id.is_empty());
        parsed.id = parsed.id.or_else(|| named.map(Into::into));
        let text = if parsed.is_ory || ErrorBody::json(&response.body).is_some() {
            String::new()
        } else if let Some(what) = response.foreign() {
            format!("the response is {what}")
        } else {
            plain_text(&response).map(|text| format!("the response is a text: {text}")).unwrap_or_default()
        };
        let mut this = Self::new(Some(operation.id), ErrorKind::Api, text).with_response(response);
        this.inner.area = operation.area;
        this.inner.takes_challenge = operation.takes_challenge();
        this.inner.parsed = parsed;
        if this.is_unknown_route() {
            let since = operation.since.map(|since| format!(" ({})", availability(since))).unwrap_or_default();
            this.inner.text = format!("the server has no such route{since}");
        }
        this
    }

    /// A success whose body is an error: Keto's tree of a relation that nobody has is `{"code":404,..}` with the status 200.
    pub(crate) fn within_success(operation: &Operation, response: &RawResponse) -> Option<Self> {
        #[derive(serde::Deserialize)]
        struct Bare {
            code: u16,
            message: String,
        }
        let bare: Bare = parse_own_beside(&response.body).ok()?;
        let status = StatusCode::from_u16(bare.code).ok()?;
        let is_error = (status.is_client_error() || status.is_server_error()) && !bare.message.is_empty();
        is_error.then(|| Self::api(operation, RawResponse { status, ..response.clone() }))
    }

    /// A redirect that the contract does not declare.
    pub(crate) fn redirect(operation: &'static str, response: RawResponse) -> Self {
        let location = response.headers.get(header::LOCATION).and_then(Location::of_header);
        let to = location.map_or("nowhere".to_owned(), |location| location.to_string());
        let text = format!("unexpected redirect to {to}: wrong port, trailing slash or an old path?");
        Self::new(Some(operation), ErrorKind::Redirect, text).with_response(response)
    }

    /// A row of a list that cannot be read.
    pub(crate) fn unreadable(operation: &'static str, row: &UnreadableRow) -> Self {
        let mut this = Self::new(Some(operation), ErrorKind::Decode, row.to_string());
        this.inner.body = row.raw().clone();
        this
    }

    /// A success whose decode reached a limit.
    fn over(operation: &'static str, over: Over, path: &str) -> Self {
        let at = if path.is_empty() { String::new() } else { format!(", reached at {path}") };
        match over {
            Over::Memory => {
                let text = format!("the values of the response take too much memory{at}");
                Self::new(Some(operation), ErrorKind::TooLarge, text)
            }
            Over::Time => {
                let text = "timed out while the response was decoded";
                Self::new(Some(operation), ErrorKind::Transport, text).timed_out()
            }
        }
    }

    /// A success that cannot be decoded.
    pub(crate) fn decode(operation: &'static str, response: RawResponse, failure: &DecodeFailure) -> Self {
        if let Some(over) = failure.over {
            return Self::over(operation, over, &failure.path).with_response(response);
        }
        let at = if failure.path.is_empty() { String::new() } else { format!(" at {}", failure.path) };
        let text = format!("the response cannot be decoded{at}: {}", failure.what);
        Self::new(Some(operation), ErrorKind::Decode, text).with_response(response)
    }

    /// Adds what arrived of a response.
    pub(crate) fn with_response(mut self, response: RawResponse) -> Self {
        self.inner.status = Some(response.status);
        self.inner.headers = response.headers;
        self.inner.body = response.body;
        self
    }

    /// Adds the place in a list at which the error happened.
    pub(crate) fn resuming_at(mut self, cursor: Option<Cursor>) -> Self {
        self.inner.cursor = cursor;
        self
    }

    /// Adds the place in a list behind the page that cannot be read.
    pub(crate) fn resuming_behind_at(mut self, cursor: Option<Cursor>) -> Self {
        self.inner.cursor_behind = cursor;
        self
    }

    /// Adds how often the call was sent, and whether its outcome is known.
    pub(crate) fn after_tries(mut self, tries: u32, repeat: Repeat, earlier_unknown: bool) -> Self {
        self.inner.tries = tries;
        let changes = repeat != Repeat::Safe;
        let broken = self.inner.kind == ErrorKind::Transport && !self.is_connect();
        // An earlier try may be the reason for these statuses. Without a response, nobody knows.
        let by_earlier_try = matches!(self.inner.status.map(|status| status.as_u16()), None | Some(401 | 404 | 409));
        self.inner.outcome_unknown = changes && (broken || (earlier_unknown && by_earlier_try));
        self
    }
}

impl From<InvalidArgument> for Error {
    fn from(why: InvalidArgument) -> Self {
        Self::new(None, ErrorKind::Argument, why.to_string())
    }
}

/// A redirect where a body was expected; [`next_step`](Error::next_step) is to go there.
impl From<Location> for Error {
    fn from(location: Location) -> Self {
        let mut this = Self::new(None, ErrorKind::Redirect, format!("redirected to {location}"));
        if let Ok(value) = location.to_header_value() {
            this.inner.headers.insert(header::LOCATION, value);
        }
        this
    }
}

impl<T> Response<OrRedirect<T>> {
    /// Returns the body, or the redirect as an error whose [`next_step`](Error::next_step) is to go there.
    ///
    /// ```no_run
    /// # #[cfg(feature = "frontend")]
    /// # async fn example(client: &ory_sdk::Client, id: &str) -> ory_sdk::Result<()> {
    /// let response = client.submit_self_service_recovery_flow().flow(id).await?;
    /// let flow = response.into_value()?;
    /// println!("{:?}", flow.state);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// An error of the kind `Redirect`, with the status and headers of the response.
    pub fn into_value(self) -> Result<T, Error> {
        let (operation, body, raw) = self.into_parts();
        match body {
            OrRedirect::Value(value) => Ok(value),
            OrRedirect::Redirect(location) => {
                let text = format!("redirected to {location}");
                Err(Error::new(Some(operation), ErrorKind::Redirect, text).with_response(raw))
            }
        }
    }
}

/// The beginning of a short text from a gateway, which often says which rule refused the request.
fn plain_text(response: &RawResponse) -> Option<String> {
    let is_plain = media_type(&response.headers).eq_ignore_ascii_case("text/plain");
    let line = one_line(&without_queries(std::str::from_utf8(response.text()).ok()?));
    (is_plain && !line.is_empty()).then_some(line)
}
