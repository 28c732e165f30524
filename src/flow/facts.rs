//! What every flow has, whatever the contract calls its type and its fields' types.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::form::Form;
use super::outcome::Outcome;
use crate::privacy::Location;
use crate::wire::json::parse_beside;
use crate::wire::text::WireText;

/// Keeps [`Flow`] to the types of the contract.
pub trait Sealed {}

/// A self-service flow: every type of the contract that has a `ui`.
///
/// ```no_run
/// # #[cfg(feature = "frontend")]
/// # async fn example(client: &ory_sdk::Client) -> ory_sdk::Result<()> {
/// use ory_sdk::flow::Flow;
///
/// let flow = client.initialize_self_service_login_flow_for_browsers().await?;
/// let form = flow.form();
/// println!("flow {}: {} fields, valid until {:?}", form.id, form.nodes.len(), form.expires_at);
/// # Ok(())
/// # }
/// ```
///
/// The trait is sealed: the build implements it, for any contract.
pub trait Flow: Serialize + Sealed {
    /// The type of the user interface in this contract.
    type Ui;

    /// The id of the flow.
    fn id(&self) -> String {
        String::new()
    }

    /// The state of the flow (`choose_method`, `sent_email`, `passed_challenge`, ..). Old servers send none for most
    /// flows.
    fn state(&self) -> Option<String> {
        None
    }

    /// Where the browser is sent at the end of the flow.
    fn return_to(&self) -> Option<Location> {
        None
    }

    /// When the flow expires.
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        None
    }

    /// The user interface.
    fn ui(&self) -> &Self::Ui;

    /// The form, which is the same for every kind of flow and every contract.
    fn form(&self) -> Form {
        // A flow that was decoded can be encoded. If one could not, its form would be empty. Its text takes less memory than
        // free JSON.
        let flow = serde_json::to_vec(self).unwrap_or_default();
        parse_beside::<Outcome>(&flow).map(|outcome| outcome.form).unwrap_or_default()
    }
}

/// The text of a field, of any type that contracts give it. `None` if it is empty.
pub(crate) fn text_of<T: WireText>(field: &T) -> Option<String> {
    let mut text = String::new();
    field.texts(&mut |part| text.push_str(part));
    (!text.is_empty()).then_some(text)
}

/// A field that holds a time, of any type that contracts give it.
pub(crate) trait TimeField {
    fn time(&self) -> Option<DateTime<Utc>>;
}

impl TimeField for DateTime<Utc> {
    fn time(&self) -> Option<DateTime<Utc>> {
        Some(*self)
    }
}

impl TimeField for String {
    fn time(&self) -> Option<DateTime<Utc>> {
        DateTime::parse_from_rfc3339(self).ok().map(|time| time.to_utc())
    }
}

impl<T: TimeField> TimeField for Option<T> {
    fn time(&self) -> Option<DateTime<Utc>> {
        self.as_ref().and_then(T::time)
    }
}
