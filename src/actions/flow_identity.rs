//! The identity that a web hook of Kratos is about.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::lenient;
use crate::wire::identity_traits::{InvalidTraits, decode};

/// An identity, as a web hook tells it: without credentials and administrative metadata.
///
/// ```
/// # fn example(identity: &ory_sdk::actions::ActionIdentity) {
/// match identity.id {
///     Some(id) => println!("identity {id}"),
///     None => println!("not stored yet"),
/// }
/// # }
/// ```
///
/// `Debug` shows the id, the schema and the state.
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct ActionIdentity {
    /// Its id. `None` while it is not stored: at a registration with `response.parse`.
    #[serde(default, deserialize_with = "lenient::id")]
    pub id: Option<Uuid>,
    /// The id of its schema.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub schema_id: String,
    /// `active` or `inactive`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub state: String,
    /// What the person says about themselves, as the schema has it.
    #[serde(default)]
    pub traits: Value,
    /// What the person may see and not change.
    #[serde(default)]
    pub metadata_public: Value,
    /// Its id in your system, since Kratos 25.4.
    #[serde(default, deserialize_with = "lenient::text")]
    pub external_id: Option<String>,
    /// The organization that it belongs to.
    #[serde(default, deserialize_with = "lenient::id")]
    pub organization_id: Option<Uuid>,
    /// The addresses that can be verified.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub verifiable_addresses: Vec<ActionAddress>,
    /// The addresses by which the person can recover the account.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub recovery_addresses: Vec<ActionAddress>,
    /// When it was stored.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it changed last.
    #[serde(default, deserialize_with = "lenient::time")]
    pub updated_at: Option<DateTime<Utc>>,
}

impl ActionIdentity {
    /// The traits as your own type.
    ///
    /// ```
    /// #[derive(serde::Deserialize)]
    /// struct Traits {
    ///     email: String,
    /// }
    ///
    /// # fn example(identity: &ory_sdk::actions::ActionIdentity) -> Result<(), ory_sdk::traits::InvalidTraits> {
    /// let traits: Traits = identity.traits()?;
    /// println!("{}", traits.email);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Names the place in the traits that does not fit the type, without its value.
    pub fn traits<T: DeserializeOwned>(&self) -> Result<T, InvalidTraits> {
        decode(&self.traits)
    }
}

impl fmt::Debug for ActionIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActionIdentity")
            .field("id", &self.id)
            .field("schema_id", &self.schema_id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// An address of an identity: one that a web hook tells, or one that its answer sets.
///
/// ```
/// use ory_sdk::actions::{ActionAddress, IdentityChange};
///
/// // The address came from a partner who verified it.
/// let change = IdentityChange::new().verifiable_addresses([ActionAddress::email("ada@example.org").verified()]);
/// # let _ = change;
/// ```
///
/// `Debug` shows whether it is verified, and not the address.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ActionAddress {
    /// The address.
    pub value: String,
    /// The way to it: `email` or `sms`.
    pub via: String,
    /// Whether the person proved that it is theirs. `None` for an address for recovery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// `pending`, `sent` or `completed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// When the person proved it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::time")]
    pub verified_at: Option<DateTime<Utc>>,
}

impl ActionAddress {
    /// An email address, not verified.
    ///
    /// ```
    /// let address = ory_sdk::actions::ActionAddress::email("ada@example.org");
    /// assert_eq!((address.via.as_str(), address.verified), ("email", None));
    /// ```
    pub fn email(value: impl Into<String>) -> Self {
        Self { value: value.into(), via: "email".to_owned(), verified: None, status: None, verified_at: None }
    }

    /// A telephone number, not verified.
    ///
    /// ```
    /// let address = ory_sdk::actions::ActionAddress::sms("+4912345678");
    /// assert_eq!(address.via, "sms");
    /// ```
    pub fn sms(value: impl Into<String>) -> Self {
        Self { via: "sms".to_owned(), ..Self::email(value) }
    }

    /// Marks it as verified, so that Kratos sends no message.
    ///
    /// ```
    /// let address = ory_sdk::actions::ActionAddress::email("ada@example.org").verified();
    /// assert_eq!((address.verified, address.status.as_deref()), (Some(true), Some("completed")));
    /// ```
    #[must_use]
    pub fn verified(mut self) -> Self {
        self.verified = Some(true);
        self.status = Some("completed".to_owned());
        self
    }

    /// Marks it as [`verified`](Self::verified), at this time.
    ///
    /// ```
    /// use ory_sdk::chrono::Utc;
    ///
    /// let address = ory_sdk::actions::ActionAddress::email("ada@example.org").verified_at(Utc::now());
    /// assert!(address.verified == Some(true) && address.verified_at.is_some());
    /// ```
    #[must_use]
    pub fn verified_at(mut self, time: DateTime<Utc>) -> Self {
        self.verified_at = Some(time);
        self.verified()
    }
}

impl fmt::Debug for ActionAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActionAddress")
            .field("via", &self.via)
            .field("verified", &self.verified)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
