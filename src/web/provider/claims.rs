//! The claims that an application gets.

use serde_json::{Map, Value, json};

use crate::generated::types::Session;

/// Claims that the provider adds to the tokens of an application.
///
/// ```
/// use ory_sdk::web::provider::Claims;
///
/// let claims = Claims::new().id_token("email", "ada@example.org").access_token("plan", "free");
/// assert_ne!(claims, Claims::new());
/// ```
///
/// Hydra puts the claims of the ID token into the responses of userinfo, too. Whoever holds an access token that is a JWT
/// can read its claims; introspection shows them under `ext`. Hydra does not let them replace claims of its own, such as
/// `sub`.
#[derive(Clone, Default, PartialEq)]
pub struct Claims {
    id_token: Map<String, Value>,
    access_token: Map<String, Value>,
}

impl Claims {
    /// No claims.
    ///
    /// ```
    /// use ory_sdk::web::provider::Claims;
    ///
    /// assert_eq!(Claims::new(), Claims::default());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a claim to the ID token.
    ///
    /// ```
    /// use ory_sdk::web::provider::Claims;
    ///
    /// let claims = Claims::new().id_token("email_verified", true);
    /// # let _ = claims;
    /// ```
    pub fn id_token(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.id_token.insert(name.into(), value.into());
        self
    }

    /// Adds a claim to the access token.
    ///
    /// ```
    /// use ory_sdk::web::provider::Claims;
    ///
    /// let claims = Claims::new().access_token("tenant", 9);
    /// # let _ = claims;
    /// ```
    pub fn access_token(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.access_token.insert(name.into(), value.into());
        self
    }

    /// The `session` of a consent, if there are claims.
    pub(super) fn into_json(self) -> Option<Value> {
        let is_empty = self.id_token.is_empty() && self.access_token.is_empty();
        (!is_empty).then(|| json!({"id_token": self.id_token, "access_token": self.access_token}))
    }
}

/// Shows the names of the claims only.
impl std::fmt::Debug for Claims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = |claims: &Map<String, Value>| claims.keys().cloned().collect::<Vec<_>>();
        f.debug_struct("Claims")
            .field("id_token", &names(&self.id_token))
            .field("access_token", &names(&self.access_token))
            .finish()
    }
}

/// Whose claims are wanted, and for what: the argument of [`ProviderBuilder::claims`](super::ProviderBuilder::claims).
///
/// ```
/// use ory_sdk::web::provider::{Claims, ClaimsFor};
///
/// fn claims(wanted: &ClaimsFor<'_>) -> Claims {
///     let traits = wanted.session.identity.as_ref().and_then(|identity| identity.traits.as_ref());
///     match traits.and_then(|traits| traits["email"].as_str()) {
///         Some(email) if wanted.has_scope("email") => Claims::new().id_token("email", email),
///         _ => Claims::new(),
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ClaimsFor<'a> {
    /// The session of the person.
    pub session: &'a Session,
    /// The id of the application.
    pub client_id: &'a str,
    /// The scopes that are granted.
    pub scopes: &'a [String],
}

impl ClaimsFor<'_> {
    /// Whether this scope is granted.
    ///
    /// ```
    /// # fn example(wanted: &ory_sdk::web::provider::ClaimsFor<'_>) {
    /// if wanted.has_scope("profile") {
    ///     println!("{} may see the profile", wanted.client_id);
    /// }
    /// # }
    /// ```
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|known| known == scope)
    }
}
