//! What a web hook of Kratos tells about a flow.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::flow_identity::ActionIdentity;
use super::flow_session::ActionSession;
use super::lenient;
use crate::privacy::Location;

/// What a web hook of Kratos tells about a flow, with the template [`FlowContext::TEMPLATE`].
///
/// ```
/// use ory_sdk::actions::{Action, ActionError, Decision, FlowContext};
///
/// #[derive(serde::Deserialize)]
/// struct Traits {
///     email: String,
/// }
///
/// async fn registered(call: Action<FlowContext>) -> Result<Decision, ActionError> {
///     let identity = call.identity.as_ref().ok_or("the hook has no identity")?;
///     let traits: Traits = identity.traits()?;
///     println!("{} came by {:?}", traits.email, call.flow.request_url);
///     Ok(Decision::Continue)
/// }
/// ```
///
/// It serves all flows, before and after them. Which flow it is, Kratos does not say: give each its own URL. A template of
/// your own may pass more or less: all but the flow's id may be missing. `function(ctx) ctx` fits too, but sends the cookies
/// and the CSRF token of the person.
///
/// `Debug` shows ids, states and times, and no traits, metadata, payload or headers.
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct FlowContext {
    /// The flow.
    pub flow: ActionFlow,
    /// Whom it is about. `None` before a flow.
    #[serde(default)]
    pub identity: Option<ActionIdentity>,
    /// The session: after a login, and with Kratos 26.2 before and after settings, too.
    #[serde(default)]
    pub session: Option<ActionSession>,
    /// The method with which the person called Kratos.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub request_method: String,
    /// The URL that the person called. Its query may hold a code.
    #[serde(default)]
    pub request_url: Option<Location>,
    /// Headers of the person, such as `User-Agent`. The template passes no cookies.
    #[serde(default, deserialize_with = "lenient::or_default")]
    request_headers: BTreeMap<String, Vec<String>>,
}

impl FlowContext {
    /// The Jsonnet template that makes the body, for `body` of the hook: as `file://` or, in base64, as `base64://`.
    ///
    /// ```
    /// # let folder = std::env::temp_dir();
    /// std::fs::write(folder.join("flow_context.jsonnet"), ory_sdk::actions::FlowContext::TEMPLATE)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// It leaves out what a service does not need and should not see: the cookies of the person, the form with the CSRF
    /// token, and all headers but `Accept-Language`, `Origin`, `True-Client-Ip` and `User-Agent`.
    pub const TEMPLATE: &str = include_str!("templates/flow_context.jsonnet");

    /// The first value of a header that the person sent. Case does not matter.
    ///
    /// ```
    /// # fn example(context: &ory_sdk::actions::FlowContext) {
    /// println!("with {}", context.header("user-agent").unwrap_or("an unknown program"));
    /// # }
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.request_headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.and_then(|(_, values)| values.first()).map(String::as_str)
    }
}

impl fmt::Debug for FlowContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowContext")
            .field("flow", &self.flow)
            .field("identity", &self.identity)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

/// A flow of Kratos, as a web hook tells it.
///
/// ```
/// # fn example(flow: &ory_sdk::actions::ActionFlow) {
/// println!("campaign {} of the flow {}", flow.transient_payload["campaign"], flow.id);
/// # }
/// ```
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct ActionFlow {
    /// Its id. A flow that is submitted again has the same.
    pub id: Uuid,
    /// `browser`, or `api` for a native app.
    #[serde(default, rename = "type", deserialize_with = "lenient::or_default")]
    pub type_: String,
    /// Where it is: `choose_method`, `show_form`, `sent_email`, `passed_challenge`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub state: Option<String>,
    /// The method that was chosen, such as `password`. Kratos says it after a login, and in recovery and verification; it is
    /// `None` in a registration and in settings.
    #[serde(default, deserialize_with = "lenient::text")]
    pub active: Option<String>,
    /// The URL that began it.
    #[serde(default)]
    pub request_url: Option<Location>,
    /// Where the browser goes afterwards.
    #[serde(default)]
    pub return_to: Option<Location>,
    /// The assurance level that a login must reach: `aal1` or `aal2`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub requested_aal: Option<String>,
    /// Whether a login proves again who is signed in.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub refresh: bool,
    /// The organization that it is for.
    #[serde(default, deserialize_with = "lenient::id")]
    pub organization_id: Option<Uuid>,
    /// What the form passed along as `transient_payload`. It comes from the browser: check it. Null if the flow has none, as
    /// a settings flow of a profile with Kratos 26.2.
    #[serde(default)]
    pub transient_payload: Value,
    /// When it began.
    #[serde(default, deserialize_with = "lenient::time")]
    pub issued_at: Option<DateTime<Utc>>,
    /// When it ends.
    #[serde(default, deserialize_with = "lenient::time")]
    pub expires_at: Option<DateTime<Utc>>,
}

impl fmt::Debug for ActionFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActionFlow")
            .field("id", &self.id)
            .field("type_", &self.type_)
            .field("state", &self.state)
            .field("active", &self.active)
            .field("issued_at", &self.issued_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
