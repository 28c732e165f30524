//! People and their sessions, without requests.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::kratos::{SESSION_COOKIE, cookie_value};
use super::model::{Device, Identity, LookupSecrets, Totp};
use super::random;
use super::stand_in::StandIn;
use crate::privacy::Secret;

impl StandIn {
    /// Describes a person with this address, whom [`PersonBuilder::create`] adds.
    ///
    /// ```
    /// # #[cfg(all(feature = "identity", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use serde_json::json;
    ///
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let name = json!({"name": {"first": "Ada"}});
    /// let ada = ory.person("ada@example.org").password("a-Long-passw0rd!").traits(name).verified().create();
    ///
    /// let client = ory.client_builder().build()?;
    /// let found = client.admin_get_identity().id(ada.id().to_string()).send().await?;
    /// assert_eq!(found.traits.as_ref().unwrap()["name"]["first"], "Ada");
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "identity", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// With an own schema, the address is the first trait with which people sign in, whatever its name.
    pub fn person(&self, email: impl Into<String>) -> PersonBuilder<'_> {
        PersonBuilder {
            ory: self,
            email: email.into(),
            password: None,
            traits: json!({}),
            metadata_public: Value::Null,
            metadata_admin: Value::Null,
            is_verified: false,
            has_totp: false,
            has_lookup_secrets: false,
        }
    }

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
        let identity = known.unwrap_or_else(|| self.person(email).create().id);
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

    /// The code that a person's authenticator app shows now. `None` if the person has none.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.person("ada@example.org").totp().create();
    /// ory.person("bob@example.org").create();
    /// assert_eq!(ory.totp_code("ada@example.org").unwrap().expose().len(), 6);
    /// assert_eq!(ory.totp_code("bob@example.org"), None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn totp_code(&self, email: &str) -> Option<Secret> {
        let state = self.state();
        let totp = state.identities.by_identifier(email)?.totp.as_ref()?;
        Some(totp.code(state.clock.now()).into())
    }

    /// The code that an authenticator app shows now that was set up with this secret, as a form for settings shows it.
    /// `None` if it is no such secret.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.set_time(chrono::DateTime::from_timestamp(59, 0).unwrap());
    /// let code = ory.totp_code_of_secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
    /// assert_eq!(code.expose(), "287082");
    /// # Ok(())
    /// # }
    /// ```
    pub fn totp_code_of_secret(&self, secret: &str) -> Option<Secret> {
        let now = self.state().clock.now();
        Some(Totp::with_secret(secret, now)?.code(now).into())
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
    /// assert_eq!(flow.issued_at.date_naive().to_string(), "2030-02-03");
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    pub fn set_time(&self, now: DateTime<Utc>) {
        self.state().clock.set(now);
    }

    /// The mails that were written so far, the oldest first. A stand-in sends none.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.person("ada@example.org").create();
    /// let client = ory.client_builder().build()?;
    ///
    /// let flow = client.initialize_self_service_recovery_flow_without_browser().send().await?;
    /// let body = serde_json::json!({"method": "code", "email": "ada@example.org"});
    /// client.submit_self_service_recovery_flow().flow(flow.id.to_string()).json_body(body).send().await?;
    ///
    /// let messages = ory.messages();
    /// assert_eq!((messages[0].recipient(), messages[0].kind()), ("ada@example.org", "recovery_code_valid"));
    /// assert_eq!(messages[0].code().unwrap().expose().len(), 6);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    pub fn messages(&self) -> Vec<SentMessage> {
        let message = |mail: &super::model::Mail| SentMessage {
            recipient: mail.recipient.clone(),
            kind: mail.content.template,
            subject: mail.content.subject.clone(),
            body: mail.content.body.clone(),
            code: mail.content.code.clone().map(Secret::from),
            link: mail.content.link.clone().map(Secret::from),
        };
        self.state().mails.iter().map(message).collect()
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

    /// Sets the base URL of the application's pages for self-service, to which Kratos sends browsers:
    /// `http://127.0.0.1:4455` at first.
    ///
    /// ```
    /// # #[cfg(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.set_self_service_url("https://app.example.org/account");
    /// let client = ory.client_builder().build()?;
    ///
    /// let login = client.initialize_self_service_login_flow_for_browsers().header("Accept", "text/html");
    /// let page = login.send().await.unwrap_err();
    /// let page = page.location().unwrap();
    /// assert!(page.as_str().starts_with("https://app.example.org/account/login?flow="));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(all(feature = "frontend", any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))))]
    /// # fn main() {}
    /// ```
    ///
    /// The pages are below it: `/login`, `/registration`, `/settings`, `/recovery`, `/verification` and `/error`. A
    /// `return_to` may lead anywhere below it, and to the stand-in itself.
    pub fn set_self_service_url(&self, url: impl Into<String>) {
        self.state().pages.self_service = url.into().trim_end_matches('/').to_owned();
    }
}

/// A person to create, from [`StandIn::person`].
#[must_use = "nothing is created before `create`"]
#[derive(Debug)]
pub struct PersonBuilder<'a> {
    ory: &'a StandIn,
    email: String,
    password: Option<Secret>,
    traits: Value,
    metadata_public: Value,
    metadata_admin: Value,
    is_verified: bool,
    has_totp: bool,
    has_lookup_secrets: bool,
}

impl PersonBuilder<'_> {
    /// Lets the person sign in with this password. It need not be a good one.
    pub fn password(mut self, password: impl Into<Secret>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Sets more traits, which the schema does not check here.
    pub fn traits(mut self, traits: Value) -> Self {
        self.traits = traits;
        self
    }

    /// Sets the metadata that the person sees.
    pub fn metadata_public(mut self, metadata: Value) -> Self {
        self.metadata_public = metadata;
        self
    }

    /// Sets the metadata that only administrators see.
    pub fn metadata_admin(mut self, metadata: Value) -> Self {
        self.metadata_admin = metadata;
        self
    }

    /// Verifies the addresses of the person.
    pub fn verified(mut self) -> Self {
        self.is_verified = true;
        self
    }

    /// Gives the person an authenticator app as a second factor. [`StandIn::totp_code`] is what it shows.
    pub fn totp(mut self) -> Self {
        self.has_totp = true;
        self
    }

    /// Gives the person lookup secrets as a second factor. [`Person::lookup_secrets`] are their texts.
    pub fn lookup_secrets(mut self) -> Self {
        self.has_lookup_secrets = true;
        self
    }

    /// Adds the person. Whoever had the address before is deleted.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let ory = ory_sdk::testing::StandIn::start().await?;
    /// let ada = ory.person("ada@example.org").password("a-Long-passw0rd!").lookup_secrets().create();
    /// assert_eq!(ada.email(), "ada@example.org");
    /// assert_eq!(ada.lookup_secrets().len(), 12);
    /// assert!(!format!("{ada:?}").contains(ada.lookup_secrets()[0].expose()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(self) -> Person {
        let state = &mut *self.ory.state();
        if let Some(old) = state.identities.by_identifier(&self.email).map(|old| old.id) {
            state.remove_identity(old);
        }
        let schema = &state.identities.schema;
        let mut traits = if self.traits.is_object() { self.traits } else { json!({}) };
        let pointer = schema.identifier().map_or_else(|| "/email".to_owned(), |field| field.pointer);
        set(&mut traits, &pointer, json!(self.email));
        let mut identity = Identity::new(&state.clock, schema, traits);
        identity.metadata_public = self.metadata_public;
        identity.metadata_admin = self.metadata_admin;
        if let Some(password) = &self.password {
            identity.set_password(password.expose().to_owned());
        }
        if self.is_verified {
            let addresses = identity.verifiable_addresses.clone();
            addresses.iter().for_each(|address| identity.verify(&state.clock, &address.value));
        }
        let now = state.clock.now();
        identity.totp = self.has_totp.then(|| Totp::new(now));
        let secrets = if self.has_lookup_secrets { LookupSecrets::generate() } else { Vec::new() };
        identity.lookup_secrets = self.has_lookup_secrets.then(|| LookupSecrets::new(secrets.clone(), now));
        let person = Person {
            id: identity.id,
            email: self.email,
            lookup_secrets: secrets.into_iter().map(Secret::from).collect(),
        };
        state.identities.insert(identity);
        person
    }
}

/// Sets a value at a JSON pointer, inside objects that it makes.
fn set(object: &mut Value, pointer: &str, value: Value) {
    let mut place = object;
    for part in pointer.split('/').skip(1) {
        if !place.is_object() {
            *place = json!({});
        }
        place = &mut place[part];
    }
    *place = value;
}

/// A person whom [`PersonBuilder::create`] added.
#[derive(Debug, Clone)]
pub struct Person {
    id: Uuid,
    email: String,
    lookup_secrets: Vec<Secret>,
}

impl Person {
    /// The id of the identity.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The address with which the person signs in.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// The lookup secrets, of which each works once. Empty without [`PersonBuilder::lookup_secrets`].
    pub fn lookup_secrets(&self) -> &[Secret] {
        &self.lookup_secrets
    }
}

/// A session that [`StandIn::sign_in`] began.
#[derive(Debug, Clone)]
pub struct SignedInPerson {
    session_id: Uuid,
    token: Secret,
    cookie: Secret,
}

impl SignedInPerson {
    /// The id of the session.
    pub fn session_id(&self) -> Uuid {
        self.session_id
    }

    /// The session token, as a native app has it.
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// The value of a `Cookie` header, as a browser sends it: `ory_kratos_session=…`.
    pub fn cookie(&self) -> &Secret {
        &self.cookie
    }
}

/// A mail, from [`StandIn::messages`]. Its `Debug` shows the recipient and the kind alone.
#[derive(Clone)]
pub struct SentMessage {
    recipient: String,
    kind: &'static str,
    subject: String,
    body: String,
    code: Option<Secret>,
    link: Option<Secret>,
}

impl SentMessage {
    /// The address that it is for.
    pub fn recipient(&self) -> &str {
        &self.recipient
    }

    /// What Kratos calls this kind of mail, such as `recovery_code_valid` or `login_code_valid`.
    pub fn kind(&self) -> &str {
        self.kind
    }

    /// The subject, which may contain the code.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The whole text.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The code in it.
    pub fn code(&self) -> Option<&Secret> {
        self.code.as_ref()
    }

    /// The link in it.
    pub fn link(&self) -> Option<&Secret> {
        self.link.as_ref()
    }
}

impl fmt::Debug for SentMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentMessage")
            .field("recipient", &self.recipient)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
