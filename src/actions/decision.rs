//! What a web hook of Kratos decides.

use http::{Response, StatusCode};
use serde_json::json;

use super::identity_change::IdentityChange;
use super::interrupt::Interrupt;
use super::respond;

/// What a web hook of Kratos decides.
///
/// ```
/// use ory_sdk::actions::{Action, ActionError, ActionMessage, Decision, FlowContext, IdentityChange, Interrupt};
///
/// async fn registration(call: Action<FlowContext>) -> Result<Decision, ActionError> {
///     let identity = call.identity.as_ref().ok_or("the hook has no identity")?;
///     let email = identity.traits["email"].as_str().unwrap_or_default();
///     if email.ends_with("@throwaway.example") {
///         let message = ActionMessage::error(9_000_001, "Use an address that you keep.");
///         return Ok(Interrupt::at("/traits/email", message)?.into());
///     }
///     if email.ends_with("@partner.example") {
///         return Ok(IdentityChange::new().metadata_public(serde_json::json!({"tier": "gold"})).into());
///     }
///     Ok(Decision::Continue)
/// }
/// ```
///
/// Kratos obeys it only if the hook has `response: {parse: true}`. Without it, a change is not read, and an interruption is a
/// 502 to the person. The older `can_interrupt: true` reads interruptions only.
///
/// | decision | response | what Kratos does |
/// | --- | --- | --- |
/// | `Continue` | 204 | goes on |
/// | `Change` | 200 with `{"identity": {..}}` | replaces these fields of the identity, as a whole each |
/// | `Interrupt` | 400 with `{"messages": [..]}` | stops, and shows the messages in the form |
///
/// Registration and settings store a change. A login shows it in its response only.
///
/// An interruption is a flow with messages (400) after registration, login and settings. Elsewhere it stops the person less
/// gently: after a recovery it is a 500, after a verification a 410, before a login a 404, before anything else a 500.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Decision {
    /// Goes on.
    Continue,
    /// Goes on with a changed identity.
    Change(IdentityChange),
    /// Stops, and tells the person why.
    Interrupt(Interrupt),
}

impl Decision {
    /// The response.
    ///
    /// ```
    /// use ory_sdk::actions::Decision;
    ///
    /// let response = Decision::Continue.into_response();
    /// assert!(response.status() == 204 && response.body().is_empty());
    /// ```
    ///
    /// A change of nothing is a 204 as well.
    pub fn into_response(self) -> Response<String> {
        match self {
            Self::Change(change) if !change.is_empty() => respond::json(StatusCode::OK, &json!({"identity": change})),
            Self::Continue | Self::Change(_) => respond::empty(StatusCode::NO_CONTENT),
            Self::Interrupt(interrupt) => respond::json(StatusCode::BAD_REQUEST, &interrupt),
        }
    }
}

impl From<IdentityChange> for Decision {
    fn from(change: IdentityChange) -> Self {
        Self::Change(change)
    }
}

impl From<Interrupt> for Decision {
    fn from(interrupt: Interrupt) -> Self {
        Self::Interrupt(interrupt)
    }
}

impl From<Decision> for Response<String> {
    fn from(decision: Decision) -> Self {
        decision.into_response()
    }
}
