//! What a web hook changes of an identity.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::flow_identity::ActionAddress;

/// What a web hook changes of an identity. Each field that is set replaces the whole field.
///
/// ```
/// use ory_sdk::actions::{Decision, IdentityChange};
/// use serde_json::json;
///
/// let change = IdentityChange::new().metadata_public(json!({"tier": "gold"})).external_id("customer-42");
/// let response = Decision::from(change).into_response();
/// assert_eq!(response.body(), r#"{"identity":{"external_id":"customer-42","metadata_public":{"tier":"gold"}}}"#);
/// ```
///
/// To change one trait, set all of them: take those of the call, and change that one.
///
/// `Debug` shows the names of the fields.
#[derive(Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct IdentityChange {
    fields: Map<String, Value>,
}

impl IdentityChange {
    /// Changes nothing yet.
    ///
    /// ```
    /// assert!(ory_sdk::actions::IdentityChange::new().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether nothing is changed.
    ///
    /// ```
    /// assert!(!ory_sdk::actions::IdentityChange::new().active().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// Replaces the traits. If the schema refuses them, the person gets the form with its message.
    ///
    /// ```
    /// # fn example(identity: &ory_sdk::actions::ActionIdentity) -> ory_sdk::actions::IdentityChange {
    /// let mut traits = identity.traits.clone();
    /// traits["newsletter"] = true.into();
    /// ory_sdk::actions::IdentityChange::new().traits(traits)
    /// # }
    /// ```
    ///
    /// For a type of your own, [`traits::encode`](crate::traits::encode) makes the value.
    #[must_use]
    pub fn traits(self, traits: impl Into<Value>) -> Self {
        self.set("traits", traits)
    }

    /// Replaces the metadata that the person may see.
    ///
    /// ```
    /// let change = ory_sdk::actions::IdentityChange::new().metadata_public(serde_json::json!({"tier": "gold"}));
    /// # let _ = change;
    /// ```
    #[must_use]
    pub fn metadata_public(self, metadata: impl Into<Value>) -> Self {
        self.set("metadata_public", metadata)
    }

    /// Replaces the metadata that only administrators see.
    ///
    /// ```
    /// let change = ory_sdk::actions::IdentityChange::new().metadata_admin(serde_json::json!({"customer": 42}));
    /// # let _ = change;
    /// ```
    ///
    /// A hook does not see the present ones.
    #[must_use]
    pub fn metadata_admin(self, metadata: impl Into<Value>) -> Self {
        self.set("metadata_admin", metadata)
    }

    /// Replaces the addresses that can be verified. An empty list replaces nothing.
    ///
    /// ```
    /// use ory_sdk::actions::{ActionAddress, IdentityChange};
    ///
    /// let change = IdentityChange::new().verifiable_addresses([ActionAddress::email("ada@example.org").verified()]);
    /// # let _ = change;
    /// ```
    #[must_use]
    pub fn verifiable_addresses(self, addresses: impl IntoIterator<Item = ActionAddress>) -> Self {
        self.set("verifiable_addresses", list(addresses))
    }

    /// Replaces the addresses for recovery. An empty list replaces nothing.
    ///
    /// ```
    /// use ory_sdk::actions::{ActionAddress, IdentityChange};
    ///
    /// let change = IdentityChange::new().recovery_addresses([ActionAddress::email("ada@example.org")]);
    /// # let _ = change;
    /// ```
    #[must_use]
    pub fn recovery_addresses(self, addresses: impl IntoIterator<Item = ActionAddress>) -> Self {
        self.set("recovery_addresses", list(addresses))
    }

    /// Activates the identity.
    ///
    /// ```
    /// let change = ory_sdk::actions::IdentityChange::new().active();
    /// # let _ = change;
    /// ```
    #[must_use]
    pub fn active(self) -> Self {
        self.set("state", "active")
    }

    /// Disables the identity: the person cannot sign in.
    ///
    /// ```
    /// let change = ory_sdk::actions::IdentityChange::new().inactive();
    /// # let _ = change;
    /// ```
    ///
    /// At a registration, Kratos stores the identity and then responds with a 401, "This account was disabled".
    #[must_use]
    pub fn inactive(self) -> Self {
        self.set("state", "inactive")
    }

    /// Gives the identity another schema, which its traits must fit.
    ///
    /// ```
    /// let change = ory_sdk::actions::IdentityChange::new().schema_id("customer");
    /// # let _ = change;
    /// ```
    #[must_use]
    pub fn schema_id(self, id: impl Into<String>) -> Self {
        self.set("schema_id", id.into())
    }

    /// Sets the id of the identity in your system, since Kratos 25.4. Older ones ignore it.
    ///
    /// ```
    /// let change = ory_sdk::actions::IdentityChange::new().external_id("customer-42");
    /// # let _ = change;
    /// ```
    #[must_use]
    pub fn external_id(self, id: impl Into<String>) -> Self {
        self.set("external_id", id.into())
    }
}

fn list(addresses: impl IntoIterator<Item = ActionAddress>) -> Value {
    addresses.into_iter().map(|address| json!(address)).collect()
}

impl fmt::Debug for IdentityChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IdentityChange").field(&self.fields.keys().collect::<Vec<_>>()).finish()
    }
}
