//! People, added without requests.

use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{Identity, LookupSecrets, Totp};
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
}

/// A person to create, from [`StandIn::person`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let ory = ory_sdk::testing::StandIn::start().await?;
/// let ada = ory.person("ada@example.org").password("a-Long-passw0rd!").verified().create();
/// assert_eq!(ada.email(), "ada@example.org");
/// # Ok(())
/// # }
/// ```
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
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.person("ada@example.org").password("a-Long-passw0rd!").create();
    /// # Ok(())
    /// # }
    /// ```
    pub fn password(mut self, password: impl Into<Secret>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Sets more traits, which the schema does not check here.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.person("ada@example.org").traits(serde_json::json!({"age": 36})).create();
    /// # Ok(())
    /// # }
    /// ```
    pub fn traits(mut self, traits: Value) -> Self {
        self.traits = traits;
        self
    }

    /// Sets the metadata that the person sees.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.person("ada@example.org").metadata_public(serde_json::json!({"plan": "free"})).create();
    /// # Ok(())
    /// # }
    /// ```
    pub fn metadata_public(mut self, metadata: Value) -> Self {
        self.metadata_public = metadata;
        self
    }

    /// Sets the metadata that only administrators see.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.person("ada@example.org").metadata_admin(serde_json::json!({"note": "vip"})).create();
    /// # Ok(())
    /// # }
    /// ```
    pub fn metadata_admin(mut self, metadata: Value) -> Self {
        self.metadata_admin = metadata;
        self
    }

    /// Verifies the addresses of the person.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.person("ada@example.org").verified().create();
    /// # Ok(())
    /// # }
    /// ```
    pub fn verified(mut self) -> Self {
        self.is_verified = true;
        self
    }

    /// Gives the person an authenticator app as a second factor. [`StandIn::totp_code`] is what it shows.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// ory.person("ada@example.org").totp().create();
    /// assert!(ory.totp_code("ada@example.org").is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn totp(mut self) -> Self {
        self.has_totp = true;
        self
    }

    /// Gives the person lookup secrets as a second factor. [`Person::lookup_secrets`] are their texts.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let ada = ory.person("ada@example.org").lookup_secrets().create();
    /// assert_eq!(ada.lookup_secrets().len(), 12);
    /// # Ok(())
    /// # }
    /// ```
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
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let ory = ory_sdk::testing::StandIn::start().await?;
/// let ada = ory.person("ada@example.org").create();
/// println!("{} is {}", ada.email(), ada.id());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Person {
    id: Uuid,
    email: String,
    lookup_secrets: Vec<Secret>,
}

impl Person {
    /// The id of the identity.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// let ada = ory.person("ada@example.org").create();
    /// assert!(!ada.id().is_nil());
    /// # Ok(())
    /// # }
    /// ```
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The address with which the person signs in.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// assert_eq!(ory.person("ada@example.org").create().email(), "ada@example.org");
    /// # Ok(())
    /// # }
    /// ```
    pub fn email(&self) -> &str {
        &self.email
    }

    /// The lookup secrets, of which each works once. Empty without [`PersonBuilder::lookup_secrets`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ory = ory_sdk::testing::StandIn::start().await?;
    /// assert!(ory.person("ada@example.org").create().lookup_secrets().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn lookup_secrets(&self) -> &[Secret] {
        &self.lookup_secrets
    }
}
