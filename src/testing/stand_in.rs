//! The public handle of a running stand-in.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::task::JoinHandle;

use super::builder::StandInBuilder;
use super::state::State;
use crate::client::{Client, ClientBuilder};

/// Kratos, Hydra and Keto in this process, until it is dropped.
///
/// ```
/// # #[cfg(all(feature = "identity", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
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
/// # #[cfg(not(all(feature = "identity", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
/// # fn main() {}
/// ```
///
/// Dropping it stops the server and closes its connections. Each stand-in has its own port and its own state.
pub struct StandIn {
    url: String,
    pub(super) state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

impl StandIn {
    /// Starts a stand-in without identities and OAuth2 clients, on the current tokio runtime.
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
    /// Its only identity schema is called `default` and has these traits. It refuses others, except inside `name`.
    ///
    /// | trait | type | |
    /// | --- | --- | --- |
    /// | `email` | string: an email address of at least 3 characters | required; people sign in with it |
    /// | `name.first`, `name.last` | string | |
    /// | `age` | integer | |
    /// | `newsletter` | boolean | |
    ///
    /// # Errors
    ///
    /// If it cannot bind a port of the loopback interface, for example because none is free, or outside a tokio runtime
    /// with I/O.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Settings for a stand-in that differs from the usual one.
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
    pub fn builder() -> StandInBuilder {
        StandInBuilder::new()
    }

    pub(super) fn running(url: String, state: Arc<Mutex<State>>, server: JoinHandle<()>) -> Self {
        Self { url, state, server }
    }

    /// What the stand-in remembers.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The base URL, such as `http://127.0.0.1:41873`.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let client = ory_sdk::Client::builder().kratos_public_url(ory.url()).build()?;
    /// assert!(client.to_session().send().await.is_err_and(|error| error.is_unauthorized()));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// It serves all routes, public and administrative, of Kratos, Hydra and Keto. Give it to a program that makes its
    /// own client, for example in the variable `ORY_SDK_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A client builder with this stand-in as every server.
    ///
    /// ```
    /// # #[cfg(all(feature = "identity", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let client = ory.client_builder().user_agent("my tests").build()?;
    /// assert!(client.admin_list_identities().send().await?.is_empty());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "identity", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// Everything else has its default.
    pub fn client_builder(&self) -> ClientBuilder {
        Client::builder()
            .kratos_public_url(&self.url)
            .kratos_admin_url(&self.url)
            .hydra_public_url(&self.url)
            .hydra_admin_url(&self.url)
            .keto_read_url(&self.url)
            .keto_write_url(&self.url)
            .keto_opl_url(&self.url)
    }

    /// Sets the namespaces of relationships. Without this, every name is one.
    ///
    /// ```
    /// # #[cfg(all(feature = "permission", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use ory_sdk::types::Relationship;
    ///
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.set_namespaces(["File", "Group"]);
    /// let client = ory.client_builder().build()?;
    ///
    /// let owner = Relationship::builder().namespace("File").object("letter").relation("owner").subject("ada");
    /// client.create_relationship().body(owner.build()?).await?;
    /// let check = client.check_permission().namespace("File").object("letter").relation("owner").subject("ada");
    /// assert!(check.await?.allowed);
    ///
    /// let wrong = Relationship::builder().namespace("Files").object("letter").relation("owner").subject("ada");
    /// let refused = client.create_relationship().body(wrong.build()?).await.unwrap_err();
    /// assert!(refused.is_not_found());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "permission", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    pub fn set_namespaces(&self, names: impl IntoIterator<Item = impl Into<String>>) {
        let names = names.into_iter().map(Into::into).collect();
        self.state().relationships.set_namespaces(names);
    }

    /// Advances the clock of the stand-in, so that flows, sessions and access tokens expire.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
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
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// Several calls add up. No other clock changes: not that of the client, of tokio or
    /// of another stand-in. The [module](super) lists what expires when.
    pub fn advance(&self, by: Duration) {
        self.state().advance(by);
    }

    /// Shows buttons for these third parties in the forms for login and registration, for tests of what a page draws.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use ory_sdk::flow::Flow;
    ///
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.show_providers(["google"]);
    /// let client = ory.client_builder().build()?;
    /// let flow = client.initialize_self_service_login_flow_without_browser().send().await?.into_body();
    /// assert_eq!(flow.form().group("oidc").count(), 1);
    ///
    /// // Nobody can sign in with them here.
    /// let submit = client.submit_self_service_login_flow().flow(flow.id.to_string());
    /// let refused = submit.json_body(serde_json::json!({"provider": "google"})).send().await.unwrap_err();
    /// assert_eq!(refused.status(), Some(http::StatusCode::NOT_IMPLEMENTED));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    pub fn show_providers(&self, names: impl IntoIterator<Item = impl Into<String>>) {
        self.state().providers = names.into_iter().map(Into::into).collect();
    }

    /// Draws the inputs for passkeys and security keys in forms for login, registration and settings.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use ory_sdk::flow::Flow;
    ///
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.show_passkeys();
    /// let client = ory.client_builder().build()?;
    /// let flow = client.initialize_self_service_login_flow_without_browser().send().await?.into_body();
    /// assert_eq!(flow.form().group("passkey").count(), 3);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// Nobody can sign in with them here: a submission of theirs is a 501, and their script says so.
    pub fn show_passkeys(&self) {
        self.state().shows_passkeys = true;
    }

    /// Sets the clock of the stand-in, which goes on from there. It may also go back.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let client = ory.client_builder().build()?;
    /// ory.set_time("2030-02-03T04:05:06Z".parse()?);
    /// let flow = client.initialize_self_service_login_flow_without_browser().send().await?;
    /// assert_eq!(flow.issued_at.unwrap().date_naive().to_string(), "2030-02-03");
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    pub fn set_time(&self, now: DateTime<Utc>) {
        self.state().clock.set(now);
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
