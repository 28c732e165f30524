//! A call that was authenticated and read.

use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use http::HeaderMap;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::auth::ActionAuth;
use super::read;
use super::refused::ActionRefused;

/// A call of Kratos or Hydra that was authenticated, with its body as a value of the type `T`.
///
/// ```
/// use ory_sdk::actions::{Action, ActionError, Decision, FlowContext};
///
/// async fn registered(call: Action<FlowContext>) -> Result<Decision, ActionError> {
///     let identity = call.identity.as_ref().ok_or("the template passes no identity")?;
///     println!("{:?} registered, by call {:?}", identity.id, call.trigger_id());
///     Ok(Decision::Continue)
/// }
/// ```
///
/// With the feature `axum` it is an extractor, for a state of which [`ActionAuth`] is a part; elsewhere, [`read`](Self::read)
/// makes it. `T` is one of
///
/// - [`FlowContext`](super::FlowContext), for a `web_hook` of Kratos with the template of this crate, or a type of your own
///   for a template of your own,
/// - [`PasswordMigration`](super::PasswordMigration) and [`CourierMessage`](super::CourierMessage), of Kratos,
/// - [`TokenHook`](super::TokenHook) and [`RefreshTokenHook`](super::RefreshTokenHook), of Hydra.
///
/// Take none of them by an extractor of another kind, such as `Json`: anybody could call you then.
///
/// The body is JSON, or a form if the hook says so: then every value is a text. It may have 1 MiB.
///
/// `Debug` shows the ids and the name of the type, and nothing of the body.
#[derive(Clone)]
pub struct Action<T> {
    body: T,
    trigger_id: Option<Uuid>,
    request_id: Option<Uuid>,
}

impl<T: DeserializeOwned> Action<T> {
    /// Authenticates and reads a call, in any framework.
    ///
    /// ```
    /// use ory_sdk::actions::{Action, ActionAuth, ActionRefused, Decision};
    /// use ory_sdk::bytes::Bytes;
    /// use ory_sdk::http::{HeaderMap, Response};
    ///
    /// /// What the template of the hook makes.
    /// #[derive(serde::Deserialize)]
    /// struct Registered {
    ///     email: String,
    /// }
    ///
    /// fn registered(auth: &ActionAuth, headers: &HeaderMap, body: Bytes) -> Response<String> {
    ///     match Action::<Registered>::read(auth, headers, body) {
    ///         Ok(call) => {
    ///             println!("welcome, {}", call.email);
    ///             Decision::Continue.into_response()
    ///         }
    ///         Err(refused) => refused.into_response(),
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The credential is missing or wrong, or the body is not a `T`: see [`ActionRefused`].
    pub fn read(auth: &ActionAuth, headers: &HeaderMap, body: Bytes) -> Result<Self, ActionRefused> {
        auth.check(headers)?;
        Self::of_body(headers, &body)
    }

    /// Reads a call that is authenticated already.
    pub(super) fn of_body(headers: &HeaderMap, body: &[u8]) -> Result<Self, ActionRefused> {
        let id = |name: &str| headers.get(name)?.to_str().ok()?.parse().ok();
        Ok(Self {
            body: read::read(headers, body)?,
            trigger_id: id("ory-webhook-trigger-id"),
            request_id: id("ory-webhook-request-id"),
        })
    }
}

impl<T> Action<T> {
    /// What caused the call (`Ory-Webhook-Trigger-Id`). It stays the same when Kratos tries again, so do once what you find
    /// this id for.
    ///
    /// ```
    /// # fn example(call: &ory_sdk::actions::Action<ory_sdk::actions::FlowContext>, done: &std::collections::HashSet<ory_sdk::uuid::Uuid>) {
    /// if call.trigger_id().is_some_and(|id| done.contains(&id)) {
    ///     println!("this was done by an earlier try");
    /// }
    /// # }
    /// ```
    ///
    /// `None` for Kratos before 25.4, for a hook with `emit_analytics_event: false`, for the courier, and for Hydra.
    pub fn trigger_id(&self) -> Option<Uuid> {
        self.trigger_id
    }

    /// The id of this try (`Ory-Webhook-Request-Id`): another one each time that Kratos tries again.
    ///
    /// ```
    /// # fn example(call: &ory_sdk::actions::Action<ory_sdk::actions::FlowContext>) {
    /// println!("call {:?}", call.request_id());
    /// # }
    /// ```
    ///
    /// `None` for a hook with `emit_analytics_event: false`, for the courier, and for Hydra.
    pub fn request_id(&self) -> Option<Uuid> {
        self.request_id
    }

    /// The body.
    ///
    /// ```
    /// # use ory_sdk::actions::{Action, PasswordMigration};
    /// fn identifier(call: Action<PasswordMigration>) -> String {
    ///     call.into_body().identifier
    /// }
    /// ```
    pub fn into_body(self) -> T {
        self.body
    }
}

impl<T> Deref for Action<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T> fmt::Debug for Action<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Action")
            .field("body", &std::any::type_name::<T>())
            .field("trigger_id", &self.trigger_id)
            .field("request_id", &self.request_id)
            .finish()
    }
}
