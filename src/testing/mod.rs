//! A stand-in for Ory's servers, for tests of code that uses this crate (feature `testing`).
//!
//! [`StandIn`] is Kratos and Hydra in the same process: real HTTP on a free loopback port, state in memory, and
//! answers in the shape of Kratos 26.2 and Hydra 26.2. Each test starts its own.
//!
//! ```toml
//! [dev-dependencies]
//! ory-sdk = { version = "0.1", features = ["testing"] }
//! ```
//!
//! What it serves, with success and refusals:
//!
//! - flows of native apps for registration, login (password, also `refresh`) and settings (profile and password),
//!   logout, `to_session`, and a person's own sessions;
//! - identities (list, create, get, update, patch, delete), their sessions, identity schemas, and a list of
//!   messages that is always empty, since it sends none;
//! - OAuth2 clients (list, create, get, update, patch, delete), tokens by client credentials, introspection,
//!   revocation, the discovery document and its keys, which no token is signed with.
//!
//! Everything else is the 404 of an unknown route. It asks for no access token, as servers of one's own do.
//! Passwords are kept in clear and nothing is signed: it is for tests alone.

mod http;
mod hydra;
mod kratos;
mod page;
mod patch;
mod random;
mod schema;
mod state;

use std::fmt;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::{Client, ClientBuilder};
use schema::Schema;
use state::State;

/// Kratos and Hydra in this process. It stops when it is dropped.
///
/// ```
/// # #[cfg(all(feature = "identity", any(feature = "rustls", feature = "native-tls")))]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use ory_sdk::testing::StandIn;
///
/// let ory = StandIn::start().await?;
/// let client = ory.client_builder().build()?;
///
/// let traits = serde_json::json!({"email": "ada@example.org"});
/// let body = serde_json::json!({"schema_id": "default", "traits": traits});
/// let ada = client.admin_create_identity().json_body(body).send().await?;
/// let found = client.admin_get_identity().id(ada.id.to_string()).send().await?;
/// assert_eq!(found.traits.as_ref(), Some(&traits));
///
/// client.admin_delete_identity().id(ada.id.to_string()).send().await?;
/// let gone = client.admin_get_identity().id(ada.id.to_string()).send().await;
/// assert!(gone.is_err_and(|error| error.is_not_found()));
/// # Ok(())
/// # }
/// # #[cfg(not(all(feature = "identity", any(feature = "rustls", feature = "native-tls"))))]
/// # fn main() {}
/// ```
pub struct StandIn {
    url: String,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

impl StandIn {
    /// Starts one without any identity or OAuth2 client, on the current tokio runtime.
    ///
    /// Its identity schema, `default`, has the traits `email` (required, the identifier), `name.first`, `name.last`,
    /// `age` and `newsletter`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// assert!(ory.url().starts_with("http://127.0.0.1:"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The loopback interface has no free port.
    pub async fn start() -> io::Result<Self> {
        Self::run(Schema::default()).await
    }

    /// Starts one with an identity schema of your own, which is called `default` too.
    ///
    /// Of JSON Schema it understands `type`, `properties`, `required`, `additionalProperties: false`, `minLength` and
    /// the format `email`; of Ory's extension `ory.sh/kratos`, the password's identifier, verification and recovery.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let identifier = serde_json::json!({"credentials": {"password": {"identifier": true}}});
    /// let ory = ory_sdk::testing::StandIn::start_with_schema(serde_json::json!({
    ///     "type": "object",
    ///     "properties": {"traits": {
    ///         "type": "object",
    ///         "properties": {"username": {"type": "string", "title": "Name", "ory.sh/kratos": identifier}},
    ///         "required": ["username"],
    ///     }},
    /// }))
    /// .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`StandIn::start`].
    pub async fn start_with_schema(schema: serde_json::Value) -> io::Result<Self> {
        Self::run(Schema::new(schema)).await
    }

    async fn run(schema: Schema) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let state = Arc::new(Mutex::new(State::new(url.clone(), schema)));
        let server = tokio::spawn(http::serve(listener, Arc::clone(&state)));
        Ok(Self { url, state, server })
    }

    /// The base URL, which serves what the public and the administrative ports of Kratos and Hydra do.
    ///
    /// ```
    /// # async fn example(ory: ory_sdk::testing::StandIn) {
    /// println!("ORY_SDK_URL={}", ory.url());
    /// # }
    /// ```
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A builder of clients whose four endpoints are this stand-in.
    ///
    /// ```
    /// # #[cfg(any(feature = "rustls", feature = "native-tls"))]
    /// # async fn example(ory: ory_sdk::testing::StandIn) -> Result<(), ory_sdk::InvalidSetting> {
    /// let client = ory.client_builder().user_agent("my tests").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_builder(&self) -> ClientBuilder {
        Client::builder()
            .kratos_public_url(&self.url)
            .kratos_admin_url(&self.url)
            .hydra_public_url(&self.url)
            .hydra_admin_url(&self.url)
    }

    /// Puts its clock forward, so that flows (after 10 minutes, settings after an hour), sessions (24 hours) and
    /// access tokens (an hour) expire. A change of password or address needs a sign-in of the last 15 minutes.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let client = ory.client_builder().build()?;
    /// let flow = client.initialize_self_service_login_flow_without_browser().send().await?;
    ///
    /// ory.advance(Duration::from_secs(11 * 60));
    /// let late = client.get_self_service_login_flow().id(flow.id.to_string()).send().await;
    /// assert_eq!(late.unwrap_err().status(), Some(http::StatusCode::GONE));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    pub fn advance(&self, by: Duration) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).advance(by);
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StandIn").field("url", &self.url).finish_non_exhaustive()
    }
}
