//! The calls that a stand-in got, for a test to look at.

use std::collections::VecDeque;
use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

use super::http::Request;
use super::operation;
use super::stand_in::StandIn;
use crate::contract::Operation;
use crate::input::InvalidArgument;

/// How many calls are kept, and how many bytes of bodies. The oldest are dropped.
const MOST: usize = 10_000;
const MOST_BYTES: usize = 64 << 20;

/// A request that a stand-in got, and the status of its response.
///
/// ```
/// # #[cfg(all(feature = "identity", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let ory = ory_sdk::testing::StandIn::start().await?;
/// let client = ory.client_builder().build()?;
/// let body = serde_json::json!({"schema_id": "default", "traits": {"email": "ada@example.org"}});
/// client.admin_create_identity().json_body(body).send().await?;
///
/// let calls = ory.calls_of("admin_create_identity")?;
/// assert_eq!(calls[0].json().unwrap()["traits"]["email"], "ada@example.org");
/// assert_eq!(calls[0].status(), Some(http::StatusCode::CREATED));
/// # Ok(())
/// # }
/// # #[cfg(not(all(feature = "identity", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
/// # fn main() {}
/// ```
///
/// Its `Debug` shows neither the query nor the values of headers nor the body, since they may hold secrets.
#[derive(Clone)]
pub struct Call {
    operation: Option<&'static Operation>,
    method: Method,
    target: String,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
    status: Option<StatusCode>,
}

impl Call {
    pub(crate) fn new(operation: Option<&'static Operation>, request: Request, status: Option<StatusCode>) -> Self {
        let Request { method, target, query, headers, body, .. } = request;
        Self { operation, method, target, query, headers, body, status }
    }

    /// The operation of the contract, or `None` for another route.
    ///
    /// ```no_run
    /// # fn example(call: &ory_sdk::testing::Call) {
    /// assert_eq!(call.operation().map(|operation| operation.name), Some("to_session"));
    /// # }
    /// ```
    pub fn operation(&self) -> Option<&'static Operation> {
        self.operation
    }

    /// The method.
    ///
    /// ```no_run
    /// # fn example(call: &ory_sdk::testing::Call) {
    /// assert_eq!(call.method(), http::Method::GET);
    /// # }
    /// ```
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path, as it came.
    ///
    /// ```no_run
    /// # fn example(call: &ory_sdk::testing::Call) {
    /// assert_eq!(call.path(), "/sessions/whoami");
    /// # }
    /// ```
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The first value of a query parameter.
    ///
    /// ```no_run
    /// # fn example(call: &ory_sdk::testing::Call) {
    /// assert_eq!(call.query("page_size"), Some("100"));
    /// # }
    /// ```
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The headers.
    ///
    /// ```no_run
    /// # fn example(call: &ory_sdk::testing::Call) {
    /// assert!(call.headers().contains_key("x-session-token"));
    /// # }
    /// ```
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body. It is empty if there was none.
    ///
    /// ```no_run
    /// # fn example(call: &ory_sdk::testing::Call) {
    /// assert!(call.body().is_empty());
    /// # }
    /// ```
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body, if it is JSON.
    ///
    /// ```no_run
    /// # fn example(call: &ory_sdk::testing::Call) {
    /// assert_eq!(call.json().unwrap()["schema_id"], "default");
    /// # }
    /// ```
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The first value of a field, if the body is a form.
    ///
    /// ```no_run
    /// # fn example(call: &ory_sdk::testing::Call) {
    /// assert_eq!(call.form("grant_type").as_deref(), Some("client_credentials"));
    /// # }
    /// ```
    pub fn form(&self, name: &str) -> Option<String> {
        let mut fields = url::form_urlencoded::parse(&self.body);
        fields.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    /// The status of the response, or `None` if there was none: see [`Fault`](super::Fault).
    ///
    /// ```no_run
    /// # fn example(call: &ory_sdk::testing::Call) {
    /// assert_eq!(call.status(), Some(http::StatusCode::OK));
    /// # }
    /// ```
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(http::HeaderName::as_str).collect();
        f.debug_struct("Call")
            .field("method", &self.method)
            // A path may hold more than the template: a token that was put into the wrong place.
            .field("path", &self.operation.map_or("..", |operation| operation.path))
            .field("operation", &self.operation.map(|operation| operation.name))
            .field("headers", &names)
            .field("body_bytes", &self.body.len())
            .field("status", &self.status.map(|status| status.as_u16()))
            .finish_non_exhaustive()
    }
}

/// The latest calls, in the order in which they were finished.
#[derive(Default)]
pub(crate) struct Calls {
    all: VecDeque<Call>,
    bytes: usize,
}

impl Calls {
    pub(crate) fn add(&mut self, call: Call) {
        self.bytes += call.body.len();
        self.all.push_back(call);
        while self.all.len() > MOST || self.bytes > MOST_BYTES {
            let Some(oldest) = self.all.pop_front() else { break };
            self.bytes -= oldest.body.len();
        }
    }
}

impl StandIn {
    /// The calls so far, in the order in which they were finished.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let client = ory.client_builder().build()?;
    /// let _ = client.to_session().send().await;
    /// assert_eq!(ory.calls()[0].path(), "/sessions/whoami");
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// Each try is a call. The stand-in keeps the latest 10,000, and at most 64 MiB of bodies.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.all.iter().cloned().collect()
    }

    /// The calls of one operation so far.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let client = ory.client_builder().build()?;
    /// let _ = client.to_session().send().await;
    /// assert_eq!(ory.calls_of("to_session")?.len(), 1);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// `operation` is the name of the client's method, or the id in Ory's documents (`toSession`).
    ///
    /// # Errors
    ///
    /// If the contract has no operation with this name.
    pub fn calls_of(&self, operation: &str) -> Result<Vec<Call>, InvalidArgument> {
        let id = operation::named(operation)?.id;
        let is_it = |call: &Call| call.operation.is_some_and(|operation| operation.id == id);
        Ok(self.calls().into_iter().filter(is_it).collect())
    }
}
