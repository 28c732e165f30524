//! The settings of a stand-in that is about to start.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;

use super::http::Hosts;
use super::nesting::{DEEPEST, is_shallow};
use super::schema::Schema;
use super::server;
use super::stand_in::StandIn;
use super::state::State;
use crate::platform::with_runtime;

/// Settings for a stand-in, made by [`StandIn::builder`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use ory_sdk::testing::StandIn;
///
/// let ory = StandIn::builder().self_service_url("http://127.0.0.1:8080").start().await?;
/// # let _ = ory;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing starts before `start`"]
pub struct StandInBuilder {
    schema: Option<serde_json::Value>,
    address: SocketAddr,
    self_service_url: Option<String>,
    oauth2_url: Option<String>,
    two_steps: bool,
}

impl StandInBuilder {
    pub(super) fn new() -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self { schema: None, address, self_service_url: None, oauth2_url: None, two_steps: false }
    }

    /// Sets the identity schema.
    ///
    /// ```
    /// # #[cfg(all(feature = "identity", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use ory_sdk::testing::StandIn;
    /// use serde_json::json;
    ///
    /// let identifier = json!({"credentials": {"password": {"identifier": true}}});
    /// let schema = json!({
    ///     "type": "object",
    ///     "properties": {"traits": {
    ///         "type": "object",
    ///         "properties": {"username": {"type": "string", "minLength": 3, "ory.sh/kratos": identifier}},
    ///         "required": ["username"],
    ///     }},
    /// });
    /// let ory = StandIn::builder().schema(schema).start().await?;
    /// let client = ory.client_builder().build()?;
    ///
    /// let body = json!({"schema_id": "default", "traits": {"username": "me"}});
    /// let refused = client.admin_create_identity().json_body(body).send().await.unwrap_err();
    /// assert!(refused.reason().unwrap().contains("length must be >= 3, but got 2"));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "identity", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// It has the shape that Kratos expects: the traits are at `properties.traits`. It replaces the default
    /// one and is called `default` too. The stand-in applies only part of it, and ignores the rest:
    ///
    /// - of JSON Schema: `type`, `properties`, `required`, `additionalProperties: false`, `minLength` and the format
    ///   `email`;
    /// - of Ory's extension `ory.sh/kratos`: the identifiers of credentials, `verification` and `recovery`. People
    ///   sign in with the identifier of `password` alone.
    pub fn schema(mut self, schema: serde_json::Value) -> Self {
        self.schema = Some(schema);
        self
    }

    /// Sets the address to listen on. Default: a free port of 127.0.0.1.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let ory = ory_sdk::testing::StandIn::builder().address(([127, 0, 0, 1], 4433)).start().await?;
    /// assert_eq!(ory.url(), "http://127.0.0.1:4433");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Nothing in a stand-in is secure: whoever reaches it can sign in as anybody. With an address other than loopback,
    /// it does not check the `Host` of requests either.
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Sets the base URL of the pages to which Kratos sends browsers. Default: `http://127.0.0.1:4455`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use ory_sdk::testing::StandIn;
    ///
    /// let ory = StandIn::builder().self_service_url("http://127.0.0.1:8080").start().await?;
    /// # let _ = ory;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The pages are `/login`, `/registration`, `/settings`, `/recovery`, `/verification` and `/error` below it, and
    /// `return_to` may name everything below it.
    pub fn self_service_url(mut self, url: impl Into<String>) -> Self {
        self.self_service_url = Some(url.into());
        self
    }

    /// Sets the base URL of the pages to which Hydra sends browsers. Default: `http://127.0.0.1:3000`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use ory_sdk::testing::StandIn;
    ///
    /// let ory = StandIn::builder().oauth2_url("http://127.0.0.1:8080/oauth2").start().await?;
    /// # let _ = ory;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The pages are `/login`, `/consent`, `/logout`, `/device/verify`, `/device/success`, `/error` and `/logged-out` below
    /// it.
    pub fn oauth2_url(mut self, url: impl Into<String>) -> Self {
        self.oauth2_url = Some(url.into());
        self
    }

    /// Makes registration ask for the traits first, and for a password or another credential after that.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use ory_sdk::flow::Flow;
    /// use ory_sdk::testing::StandIn;
    /// use serde_json::json;
    ///
    /// let ory = StandIn::builder().two_step_registration().start().await?;
    /// let client = ory.client_builder().build()?;
    /// let flow = client.initialize_self_service_registration_flow_without_browser().send().await?.into_body();
    /// assert!(flow.form().node("password").is_none());
    ///
    /// let body = json!({"method": "profile", "traits": {"email": "ada@example.org"}});
    /// let submit = client.submit_self_service_registration_flow().flow(flow.id.to_string()).json_body(body);
    /// // Kratos responds with 400 to every form that goes on.
    /// let next = submit.send().await.unwrap_err().form().unwrap();
    /// assert!(!next.is_rejected());
    ///
    /// let mut body = next.submit_body("password");
    /// body.insert("password".to_owned(), "a-Long-passw0rd!".into());
    /// client.submit_self_service_registration_flow().flow(&next.id).json_body(body.into()).send().await?;
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// Kratos does so unless `selfservice.flows.registration` has the `style` `unified` or `enable_legacy_one_step`. A
    /// stand-in does not, since one form with everything is what most tests of other things need. Set this if the server of
    /// your application has two steps. In either case, one request with the traits and a credential registers a person.
    pub fn two_step_registration(mut self) -> Self {
        self.two_steps = true;
        self
    }

    /// Starts the stand-in, on the current tokio runtime.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let ory = ory_sdk::testing::StandIn::builder().start().await?;
    /// assert!(ory.url().starts_with("http://127.0.0.1:"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If it cannot listen on the address, for example because the port is taken; outside a tokio runtime with I/O; and if
    /// the identity schema has more than 100 levels of lists and objects. The schema is not checked otherwise.
    pub async fn start(self) -> io::Result<StandIn> {
        let schema = match self.schema {
            None => Schema::default(),
            Some(schema) if is_shallow(&schema) => Schema::new(schema),
            Some(_) => {
                let why = format!("the identity schema is nested deeper than {DEEPEST} levels");
                return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
            }
        };
        let bind = pin!(TcpListener::bind(self.address));
        let listener = with_runtime(bind, |missing| Err(io::Error::other(missing.to_string()))).await?;
        let address = listener.local_addr()?;
        let url = format!("http://{address}");
        let mut state = State::new(url.clone(), schema);
        state.two_steps = self.two_steps;
        let without_slash = |url: String| url.trim_end_matches('/').to_owned();
        if let Some(url) = self.self_service_url {
            state.pages.self_service = without_slash(url);
        }
        if let Some(url) = self.oauth2_url {
            state.pages.oauth2 = without_slash(url);
        }
        let state = Arc::new(Mutex::new(state));
        let hosts = if address.ip().is_loopback() { Hosts::Loopback(address.port()) } else { Hosts::Any };
        let server = tokio::spawn(server::serve(listener, hosts, Arc::clone(&state)));
        Ok(StandIn::running(url, state, server))
    }
}
