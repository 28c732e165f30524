//! Sessions, begun and ended without requests.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use uuid::Uuid;

use super::kratos::{SESSION_COOKIE, cookie_value};
use super::model::Device;
use super::random;
use super::stand_in::StandIn;
use crate::privacy::Secret;

impl StandIn {
    /// Signs a person in, without a flow. Creates the person if nobody has this address.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let client = ory.client_builder().build()?;
    ///
    /// let ada = ory.sign_in("ada@example.org");
    /// let session = client.with_session_token(ada.token()).to_session().send().await?;
    /// assert_eq!(session.id, ada.session_id());
    ///
    /// // A browser sends the cookie.
    /// let session = client.to_session().header("Cookie", ada.cookie().expose()).send().await?;
    /// assert_eq!(session.id, ada.session_id());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// The session has the assurance level `aal1`, as after a login with a password. Where the person has a second
    /// factor, Kratos then wants that too.
    pub fn sign_in(&self, email: &str) -> SignedInPerson {
        self.begin_session(email, false)
    }

    /// Like [`sign_in`](Self::sign_in), with a second factor: the session has the assurance level `aal2`.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let client = ory.client_builder().build()?;
    /// ory.person("ada@example.org").totp().create();
    ///
    /// let half = client.with_session_token(ory.sign_in("ada@example.org").token());
    /// assert!(half.to_session().send().await.is_err_and(|error| error.is_forbidden()));
    ///
    /// let whole = client.with_session_token(ory.sign_in_with_second_factor("ada@example.org").token());
    /// assert!(whole.to_session().send().await.is_ok());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    pub fn sign_in_with_second_factor(&self, email: &str) -> SignedInPerson {
        self.begin_session(email, true)
    }

    fn begin_session(&self, email: &str, with_second_factor: bool) -> SignedInPerson {
        let known = self.state().identities.by_identifier(email).map(|identity| identity.id);
        let identity = known.unwrap_or_else(|| self.person(email).create().id());
        let state = &mut *self.state();
        let device =
            Device { id: random::uuid(), address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), user_agent: None };
        let session = state.sessions.begin(&state.clock, identity, device, "password");
        if with_second_factor {
            state.sessions.add_proof(&state.clock, session.id, "totp");
        }
        SignedInPerson {
            session_id: session.id,
            cookie: format!("{SESSION_COOKIE}={}", cookie_value(&session)).into(),
            token: session.token.into(),
        }
    }

    /// Ends the life of a session now, and returns whether there is one with this id.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let ada = ory.sign_in("ada@example.org");
    /// let signed_in = ory.client_builder().build()?.with_session_token(ada.token());
    /// assert!(signed_in.to_session().send().await.is_ok());
    ///
    /// assert!(ory.expire_session(ada.session_id()));
    /// assert!(signed_in.to_session().send().await.is_err_and(|error| error.is_unauthorized()));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    pub fn expire_session(&self, id: Uuid) -> bool {
        let state = &mut *self.state();
        state.sessions.expire(&state.clock, id)
    }

    /// Revokes a session, and returns whether there is one with this id that was not revoked before.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let ada = ory.sign_in("ada@example.org");
    /// assert!(ory.revoke_session(ada.session_id()));
    /// assert!(!ory.revoke_session(ada.session_id()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn revoke_session(&self, id: Uuid) -> bool {
        self.state().sessions.revoke(id)
    }

    /// Lets session checks say that they may be cached, for at most `max_age`. Without this, they say nothing.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.cacheable_sessions(Duration::from_secs(60));
    /// let signed_in = ory.client_builder().build()?.with_session_token(ory.sign_in("ada@example.org").token());
    /// let session = signed_in.to_session().send().await?;
    /// assert_eq!(session.headers()["Ory-Session-Cache-For"], "60");
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    pub fn cacheable_sessions(&self, max_age: Duration) {
        self.state().cacheable_sessions = Some(max_age);
    }
}

/// A session that [`StandIn::sign_in`] began.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let ory = ory_sdk::testing::StandIn::start().await?;
/// let ada = ory.sign_in("ada@example.org");
/// assert!(!format!("{ada:?}").contains(ada.token().expose()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SignedInPerson {
    session_id: Uuid,
    token: Secret,
    cookie: Secret,
}

impl SignedInPerson {
    /// The id of the session.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let ada = ory.sign_in("ada@example.org");
    /// assert!(ory.revoke_session(ada.session_id()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn session_id(&self) -> Uuid {
        self.session_id
    }

    /// The session token, as a native app has it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// assert!(ory.sign_in("ada@example.org").token().expose().starts_with("ory_st_"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// The value of a `Cookie` header, as a browser sends it: `ory_kratos_session=…`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// assert!(ory.sign_in("ada@example.org").cookie().expose().starts_with("ory_kratos_session="));
    /// # Ok(())
    /// # }
    /// ```
    pub fn cookie(&self) -> &Secret {
        &self.cookie
    }
}
