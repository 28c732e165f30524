//! The one error of every operation.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::answer::{self, Answer, Trouble};
use crate::argument::InvalidArgument;
use crate::cursor::Cursor;
use crate::error_body::ErrorBody;
use crate::error_codes::{ErrorId, OAuthError};
use crate::form::Form;
use crate::operation::{Area, Operation, Repeat};
use crate::rate_limit::RateLimit;
use crate::response::Location;
use crate::show::without_queries;

/// Why a call did not succeed: one type for all operations.
///
/// ```
/// # fn example(error: ory_sdk::Error) {
/// if error.is_not_found() {
///     println!("no such thing");
/// } else {
///     // One line: operation, status, id and reason; never a header or a body.
///     eprintln!("{error}");
/// }
/// # }
/// ```
///
/// `Display` and `Debug` show operation, status, id and reason. Headers and body are reached by their methods
/// and never shown, since they may hold secrets.
///
/// # What you see when
///
/// What a 4xx or 5xx asks for is told by [`Error::next`]. This is what becomes of faults on the way. The contract tells
/// what may be repeated: [`Repeat`](crate::contract::Repeat).
///
/// | what happens | [`kind`] | and | tried again |
/// | --- | --- | --- | --- |
/// | nobody listens, no such name, TLS fails | `Transport` | [`is_connect`] | always: nothing was done |
/// | no connection in time | `Transport` | `is_connect`, [`is_timeout`] | always |
/// | closed or reset before its answer | `Transport` | [`outcome_unknown`] of a change | what may be repeated |
/// | no HTTP, headers without end, a length that is none | `Transport` | the same | what may be repeated |
/// | a success breaks off in its body | `Transport` | the same; `status` and what came | what may be repeated |
/// | the server is silent | `Transport` | the same; `is_timeout` | what may be repeated |
/// | the call's time is over | `Transport` | the same; `is_timeout` | no |
/// | the token provider fails, or takes all of the call's time | `Configuration` | the latter: `is_timeout` | no |
/// | 429 | `Api` | [`wait`] | always, after the wait |
/// | 502, 503, 504 | `Api` | | what may be repeated |
/// | any other 4xx or 5xx, its body whole or not | `Api` | up to the limit of its body | no |
/// | a redirect that the contract does not know | `Redirect` | [`location`] | no |
/// | a success that is no value of its type, or HTML, or compressed | `Decode` | the `body` as it came | no |
/// | a success beyond the limit | `TooLarge` | the `body` up to there | no |
///
/// After each of them the connection is closed, or whole and used again, and the client goes on. The limits, and
/// how to change them, stand at [`ClientBuilder`](crate::ClientBuilder#limits).
///
/// [`kind`]: Self::kind
/// [`is_connect`]: Self::is_connect
/// [`is_timeout`]: Self::is_timeout
/// [`outcome_unknown`]: Self::outcome_unknown
/// [`wait`]: Self::wait
/// [`location`]: Self::location
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    operation: &'static str,
    area: Area,
    kind: ErrorKind,
    /// What to say where no server spoke.
    text: String,
    status: Option<StatusCode>,
    headers: HeaderMap,
    body: Bytes,
    parsed: ErrorBody,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
    tries: u32,
    outcome_unknown: bool,
    /// Where a walk through a list goes on after this.
    cursor: Option<Cursor>,
}

/// What kind of failure an [`Error`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument is missing or refused; nothing was sent.
    Argument,
    /// The client lacks a setting, such as an endpoint or a credential that its token provider did not give; nothing
    /// was sent.
    Configuration,
    /// No whole answer arrived.
    Transport,
    /// The server answered with an error.
    Api,
    /// The server sent the caller elsewhere, which the contract does not foresee.
    Redirect,
    /// A success whose body could not be decoded; status, headers and body are kept.
    Decode,
    /// An answer larger than the client accepts.
    TooLarge,
    /// The pages of a list lead nowhere: the server gives the same one for ever.
    Pages,
}

impl Error {
    fn new(operation: &'static str, kind: ErrorKind, text: impl Into<String>) -> Self {
        let inner = Inner {
            operation,
            area: Area::Other(""),
            kind,
            text: text.into(),
            status: None,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            parsed: ErrorBody::default(),
            source: None,
            tries: 0,
            outcome_unknown: false,
            cursor: None,
        };
        Self { inner: Box::new(inner) }
    }

    /// With what came of an answer.
    pub(crate) fn with_answer(mut self, answer: Answer) -> Self {
        self.inner.status = Some(answer.status);
        self.inner.headers = answer.headers;
        self.inner.body = answer.body;
        self
    }

    pub(crate) fn argument(operation: &'static str, why: InvalidArgument) -> Self {
        Self::new(operation, ErrorKind::Argument, why.to_string())
    }

    pub(crate) fn configuration(operation: &'static str, why: impl Into<String>) -> Self {
        Self::new(operation, ErrorKind::Configuration, why)
    }

    /// The HTTP library's error, without its URL, which may hold secrets.
    pub(crate) fn transport(operation: &'static str, error: reqwest::Error) -> Self {
        let error = error.without_url();
        let text = if error.is_connect() && error.is_timeout() {
            "could not connect: timed out".to_owned()
        } else if error.is_connect() {
            format!("could not connect: {}", root(&error))
        } else if error.is_timeout() {
            "timed out before the whole answer came".to_owned()
        } else if error.is_body() || error.is_decode() {
            format!("the answer broke off: {}", root(&error))
        } else {
            format!("the request failed: {}", root(&error))
        };
        let mut this = Self::new(operation, ErrorKind::Transport, text);
        this.inner.source = Some(Box::new(error));
        this
    }

    /// A server that said nothing for so long.
    pub(crate) fn silent(operation: &'static str, limit: Duration) -> Self {
        Self::new(operation, ErrorKind::Transport, format!("timed out: the server was silent for {limit:?}"))
            .timed_out()
    }

    /// A token provider that took all of the call's time.
    pub(crate) fn no_token_in_time(operation: &'static str) -> Self {
        Self::configuration(operation, "timed out: the token provider took too long").timed_out()
    }

    fn timed_out(mut self) -> Self {
        self.inner.source = Some(Box::new(std::io::Error::from(std::io::ErrorKind::TimedOut)));
        self
    }

    pub(crate) fn too_large(operation: &'static str, limit: usize, answer: Answer) -> Self {
        let text = format!("the answer is larger than {limit} bytes");
        Self::new(operation, ErrorKind::TooLarge, text).with_answer(answer)
    }

    /// Pages that lead nowhere.
    pub(crate) fn pages(operation: &'static str, why: &str) -> Self {
        Self::new(operation, ErrorKind::Pages, why)
    }

    /// The same, with the place in the list where it happened.
    pub(crate) fn resuming_at(mut self, cursor: Option<Cursor>) -> Self {
        self.inner.cursor = cursor;
        self
    }

    /// A 4xx or 5xx.
    pub(crate) fn api(operation: &Operation, answer: Answer) -> Self {
        let mut parsed = ErrorBody::read(&answer.body);
        // Newer servers name it in a header too, which outlives a body that cannot be read.
        let named = answer.headers.get("ory-error-id").and_then(|value| value.to_str().ok());
        parsed.id = parsed.id.or_else(|| named.filter(|id| !id.is_empty()).map(str::to_owned));
        let text = match answer.foreign() {
            Some(what) if ErrorBody::json(&answer.body).is_none() => format!("the answer is {what}"),
            _ => String::new(),
        };
        let mut this = Self::new(operation.id, ErrorKind::Api, text).with_answer(answer);
        this.inner.area = operation.area;
        this.inner.parsed = parsed;
        this
    }

    /// A redirect that the contract does not foresee.
    pub(crate) fn redirect(operation: &'static str, answer: Answer) -> Self {
        let location = answer.headers.get(http::header::LOCATION).and_then(|value| value.to_str().ok());
        let to = location.map_or("nowhere".to_owned(), |url| Location::new(url.to_owned()).to_string());
        let text = format!("an unexpected redirect to {to}: wrong port, trailing slash or an old path?");
        Self::new(operation, ErrorKind::Redirect, text).with_answer(answer)
    }

    /// A success that could not be decoded.
    pub(crate) fn decode(operation: &'static str, answer: Answer, trouble: &Trouble) -> Self {
        let at = if trouble.path.is_empty() || trouble.path == "." {
            String::new()
        } else {
            format!(" at {}", trouble.path)
        };
        Self::new(operation, ErrorKind::Decode, format!("the answer cannot be decoded{at}: {}", trouble.what))
            .with_answer(answer)
    }

    /// Ory's name of the operation (`adminGetIdentity`).
    pub fn operation(&self) -> &'static str {
        self.inner.operation
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The HTTP status, if an answer arrived. It is the truth also where the body says otherwise.
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// Ory's id of the error (`session_inactive`), if it sent one.
    pub fn id(&self) -> Option<ErrorId> {
        self.inner.parsed.id.as_deref().map(ErrorId::from)
    }

    /// The `error` code of an OAuth2 answer (RFC 6749 section 5.2 and others).
    pub fn oauth_error(&self) -> Option<OAuthError> {
        self.inner.parsed.oauth_error.as_deref().map(OAuthError::from)
    }

    /// Why, in the server's words.
    pub fn reason(&self) -> Option<&str> {
        self.inner.parsed.reason.as_deref()
    }

    /// What happened, in the server's words.
    pub fn message(&self) -> Option<&str> {
        self.inner.parsed.message.as_deref()
    }

    /// The id under which a gateway knows the request, for its support.
    pub fn request_id(&self) -> Option<&str> {
        answer::request_id(&self.inner.headers).or(self.inner.parsed.request.as_deref())
    }

    /// The answer's headers, empty if none arrived.
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// The answer's body as it came, empty if none arrived.
    pub fn body(&self) -> &Bytes {
        &self.inner.body
    }

    /// The body as JSON, if it is JSON.
    pub fn json(&self) -> Option<Value> {
        ErrorBody::json(&self.inner.body)
    }

    /// The flow that the server answered with, as its own type; `None` if it is none.
    ///
    /// ```
    /// # #[cfg(feature = "frontend")]
    /// # fn example(error: ory_sdk::Error) {
    /// if let Some(flow) = error.flow::<ory_sdk::types::SelfServiceLoginFlow>() {
    ///     println!("{} messages", flow.ui.messages.len());
    /// }
    /// # }
    /// ```
    pub fn flow<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        self.form()?;
        serde_json::from_slice(&self.inner.body).ok()
    }

    /// The form of the flow that the server answered with, whichever of the five kinds it is.
    pub fn form(&self) -> Option<Form> {
        let json = self.json()?;
        (json.get("ui").is_some() && json.get("id").is_some()).then(|| Form::of(&json))
    }

    /// Where the browser has to go (`redirect_browser_to`), wherever the server put it.
    pub fn redirect_browser_to(&self) -> Option<String> {
        self.found_text("redirect_browser_to")
    }

    /// Where a used challenge or an expired flow leads (`redirect_to`).
    pub fn redirect_to(&self) -> Option<String> {
        self.found_text("redirect_to")
    }

    /// The flow that took this one's place (`use_flow_id`).
    pub fn use_flow_id(&self) -> Option<String> {
        self.found_text("use_flow_id")
    }

    /// When the flow expired.
    pub fn expired_at(&self) -> Option<DateTime<Utc>> {
        let time = DateTime::parse_from_rfc3339(&self.found_text("expired_at")?).ok()?;
        Some(time.with_timezone(&Utc))
    }

    /// How long ago the flow expired; servers send nanoseconds.
    pub fn since(&self) -> Option<Duration> {
        self.found("since")?.as_u64().map(Duration::from_nanos)
    }

    /// What comes next according to the server (`continue_with`), as free JSON, since servers add to it.
    pub fn continue_with(&self) -> Vec<Value> {
        match self.found("continue_with") {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        }
    }

    /// Whether the error is about an identity: one that is inactive may not sign in.
    pub(crate) fn names_identity(&self) -> bool {
        self.found_text("identity_id").is_some()
    }

    /// The recovery flow that takes the place of one whose code was used or tried too often.
    pub(crate) fn new_recovery(&self) -> Option<String> {
        let steps = self.continue_with();
        let step = steps.iter().find(|step| step["action"] == "show_recovery_ui")?;
        step.pointer("/flow/id")?.as_str().map(str::to_owned)
    }

    /// The verification flow that the server started, and where a browser goes for it.
    pub(crate) fn verification(&self) -> (Option<String>, Option<Location>) {
        let steps = self.continue_with();
        let flow = steps.iter().find_map(|step| step.get("flow").filter(|_| step["action"] == "show_verification_ui"));
        let text = |key: &str| flow.and_then(|flow| flow.get(key)?.as_str()).map(str::to_owned);
        let url = text("url").or_else(|| self.redirect_browser_to());
        (text("id"), url.map(Location::new))
    }

    /// What a gateway says of the caller's limits, if it does.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::read(&self.inner.headers)
    }

    /// How long to wait before another try, if the answer says so.
    pub fn wait(&self) -> Option<Duration> {
        crate::rate_limit::wait(self.status()?, &self.inner.headers, Utc::now())
    }

    /// Where to resume, if it ended a walk through a list.
    ///
    /// ```
    /// # fn example(error: ory_sdk::Error) {
    /// if let Some(cursor) = error.cursor() {
    ///     println!("go on at {cursor}");
    /// }
    /// # }
    /// ```
    pub fn cursor(&self) -> Option<&Cursor> {
        self.inner.cursor.as_ref()
    }

    /// How often it was sent; 0 if never.
    pub fn tries(&self) -> u32 {
        self.inner.tries
    }

    /// Whether the server may have done what was asked although this says otherwise.
    ///
    /// True for an operation that changes something if no whole answer came, and if a first try broke off and the
    /// repeat found it gone, there already, or the caller signed out: a 404, 409 or 401 may then be its own work.
    pub fn outcome_unknown(&self) -> bool {
        self.inner.outcome_unknown
    }

    pub(crate) fn after_tries(mut self, tries: u32, repeat: Repeat, earlier_unknown: bool) -> Self {
        self.inner.tries = tries;
        let changes = repeat != Repeat::Safe;
        let broken = self.inner.kind == ErrorKind::Transport && !self.is_connect();
        // What an earlier try did may be why this says so; without an answer nobody knows.
        let own_work = matches!(self.inner.status.map(|status| status.as_u16()), None | Some(401 | 404 | 409));
        self.inner.outcome_unknown = changes && (broken || (earlier_unknown && own_work));
        self
    }

    pub(crate) fn area(&self) -> Area {
        self.inner.area
    }

    fn found(&self, key: &str) -> Option<Value> {
        ErrorBody::find(&self.json()?, key)
    }

    fn found_text(&self, key: &str) -> Option<String> {
        self.found(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Where the server would have the caller go: the `Location` of a redirect.
    pub fn location(&self) -> Option<&str> {
        self.inner.headers.get(http::header::LOCATION)?.to_str().ok()
    }

    /// A 404.
    pub fn is_not_found(&self) -> bool {
        self.inner.status == Some(StatusCode::NOT_FOUND)
    }

    /// A 401: nobody is signed in, or a credential is wrong.
    pub fn is_unauthorized(&self) -> bool {
        self.inner.status == Some(StatusCode::UNAUTHORIZED)
    }

    /// A 403.
    pub fn is_forbidden(&self) -> bool {
        self.inner.status == Some(StatusCode::FORBIDDEN)
    }

    /// A 409: it exists already, or somebody else changed it.
    pub fn is_conflict(&self) -> bool {
        self.inner.status == Some(StatusCode::CONFLICT)
    }

    /// A 429. It never means "not signed in".
    pub fn is_rate_limited(&self) -> bool {
        self.inner.status == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// A 5xx.
    pub fn is_server_error(&self) -> bool {
        self.inner.status.is_some_and(|status| status.is_server_error())
    }

    /// A time limit ended it: of a connection, of silence, or of the whole call.
    pub fn is_timeout(&self) -> bool {
        let own = self.source_as::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::TimedOut);
        own || self.source_as::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout)
    }

    /// The server could not be reached, so nothing was done.
    pub fn is_connect(&self) -> bool {
        self.source_as::<reqwest::Error>().is_some_and(reqwest::Error::is_connect)
    }

    fn source_as<T: std::error::Error + 'static>(&self) -> Option<&T> {
        self.inner.source.as_ref()?.downcast_ref()
    }
}

/// One line that an operator understands.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.inner;
        if inner.kind == ErrorKind::Argument {
            return f.write_str(&inner.text);
        }
        f.write_str(inner.operation)?;
        if let Some(status) = inner.status {
            write!(f, ": {status}")?;
        }
        if !inner.text.is_empty() {
            write!(f, ": {}", inner.text)?;
        }
        if let Some(id) = inner.parsed.id.as_ref().or(inner.parsed.oauth_error.as_ref()) {
            write!(f, ": {}", one_line(id))?;
        }
        if let Some(reason) = inner.parsed.reason.as_ref().or(inner.parsed.message.as_ref()) {
            write!(f, ": {}", one_line(&without_queries(reason)))?;
        }
        if inner.tries > 1 {
            write!(f, " (after {} tries)", inner.tries)?;
        }
        Ok(())
    }
}

/// The cause behind all others, which says what happened: those before it name parts of the HTTP library.
fn root(error: &(dyn std::error::Error + 'static)) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    one_line(&without_queries(&last.to_string()))
}

/// A server's text as one line of bounded length, without control characters.
fn one_line(text: &str) -> String {
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.retain(|c| !c.is_control());
    match line.char_indices().nth(400) {
        Some((end, _)) => format!("{}..", &line[..end]),
        None => line,
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("operation", &self.inner.operation)
            .field("kind", &self.inner.kind)
            .field("status", &self.inner.status)
            .field("text", &self.to_string())
            .field("source", &self.inner.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

impl From<InvalidArgument> for Error {
    fn from(why: InvalidArgument) -> Self {
        Self::argument("build", why)
    }
}

#[cfg(test)]
#[cfg(feature = "frontend")]
mod tests {
    use super::*;

    fn api(status: u16, body: &'static str) -> Error {
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::from_static(body.as_bytes()),
        };
        let operation = crate::operations().iter().find(|operation| operation.id == "toSession").unwrap();
        Error::api(operation, answer)
    }

    #[test]
    fn is_small_and_sendable() {
        fn bounds<T: Send + Sync + 'static>() {}
        bounds::<Error>();
        assert!(size_of::<Error>() < 128);
    }

    #[test]
    fn displays_one_line() {
        let error =
            api(401, r#"{"error":{"id":"session_inactive","code":401,"reason":"No\nvalid session.","message":"x"}}"#);
        assert_eq!(error.to_string(), "toSession: 401 Unauthorized: session_inactive: No valid session.");
        assert_eq!(error.id(), Some(ErrorId::SessionInactive));
        let html = api(502, "<html>Bad\nGateway</html>");
        assert_eq!(html.to_string(), "toSession: 502 Bad Gateway: the answer is HTML, as from a proxy or a wrong port");
        assert_eq!(html.body().as_ref(), b"<html>Bad\nGateway</html>");
        let url = api(400, r#"{"error":{"reason":"Not https://a/b?token=hunter2 again."}}"#);
        assert_eq!(url.to_string(), "toSession: 400 Bad Request: Not https://a/b?.. again.");
    }
}
