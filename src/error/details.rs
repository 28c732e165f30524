//! What the body of an error contains beside its message: flows, URLs, and the times of expired flows.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::body::ErrorBody;
use super::failure::Error;
use super::without_ui::WithoutUi;
use crate::flow::Form;
use crate::privacy::Location;
use crate::response::without_mark;
use crate::wire::json::{first_document, parse_own_beside};

impl Error {
    /// The body as JSON, if it is JSON. It is parsed once.
    pub fn json(&self) -> Option<&Value> {
        self.inner.json.get_or_init(|| ErrorBody::json(&self.inner.body)).as_ref()
    }

    /// The flow that the server responded with, decoded as its type. `None` if the body is not a flow, or not of type `T`.
    ///
    /// ```
    /// # #[cfg(feature = "frontend")]
    /// # fn example(error: ory_sdk::Error) {
    /// if let Some(flow) = error.flow::<ory_sdk::types::SelfServiceLoginFlow>() {
    ///     println!("{} messages", flow.ui.messages.len());
    /// }
    /// # }
    /// ```
    pub fn flow<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        self.inner.parsed.form.as_ref()?;
        parse_own_beside(&first_document(without_mark(&self.inner.body))?).ok()
    }

    /// The form of the flow that the server responded with, of any of the five kinds.
    pub fn form(&self) -> Option<Form> {
        self.inner.parsed.form.as_deref().cloned()
    }

    /// The URL to which the browser must go (`redirect_browser_to`), wherever the body has it.
    pub fn redirect_browser_to(&self) -> Option<Location> {
        self.found_text("redirect_browser_to").map(Location::from)
    }

    /// The URL to which a used challenge or an expired flow leads (`redirect_to`).
    pub fn redirect_to(&self) -> Option<Location> {
        self.found_text("redirect_to").map(Location::from)
    }

    /// The id of the flow that replaces this one (`use_flow_id`).
    pub fn use_flow_id(&self) -> Option<&str> {
        self.found_text("use_flow_id")
    }

    /// When the flow expired.
    pub fn expired_at(&self) -> Option<DateTime<Utc>> {
        let time = DateTime::parse_from_rfc3339(self.found_text("expired_at")?).ok()?;
        Some(time.with_timezone(&Utc))
    }

    /// How long ago the flow expired. Servers send nanoseconds.
    pub fn since(&self) -> Option<Duration> {
        self.found("since")?.as_u64().map(Duration::from_nanos)
    }

    /// What follows according to the server (`continue_with`), as JSON, since servers add to it.
    /// [`next_step`](Self::next_step) reads it.
    pub fn continue_with(&self) -> &[Value] {
        self.found("continue_with").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Whether the error is about an identity. One that is inactive may not sign in.
    pub(super) fn names_identity(&self) -> bool {
        self.found_text("identity_id").is_some()
    }

    fn found(&self, key: &str) -> Option<&Value> {
        // Its form is there already, so a flow is not read again as a whole.
        let json = match self.inner.parsed.form {
            Some(_) => self.inner.json_beside_ui.get_or_init(|| WithoutUi::read_body(&self.inner.body)).as_ref(),
            None => self.json(),
        };
        ErrorBody::find(json?, key)
    }

    fn found_text(&self, key: &str) -> Option<&str> {
        self.found(key)?.as_str().filter(|text| !text.is_empty())
    }
}
