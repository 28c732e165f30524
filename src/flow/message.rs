//! Messages of a form.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::privacy::{Measured, Redacted};

/// A message of a form to the user, or the label of a field.
///
/// ```
/// # fn example(form: &ory_sdk::flow::Form) {
/// for message in form.all_messages().filter(|message| message.is_error()) {
///     println!("{}: {}", message.id, message.text);
/// }
/// # }
/// ```
///
/// It has the same form with every contract, while [`types::UiText`](crate::types) is the type of the contract that was
/// compiled.
///
/// Source: Ory's schema `uiText`.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
#[serde(default)]
pub struct UiMessage {
    /// The number of the message, which is the same in every language. Numbers that begin with 1 inform, with 4 are
    /// errors.
    pub id: i64,
    /// `info`, `error` or `success`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The text, in the server's language.
    pub text: String,
    /// The values in the text, such as the minimum length of a password.
    pub context: Value,
}

impl UiMessage {
    /// Whether the message is an error.
    pub fn is_error(&self) -> bool {
        self.kind == "error" || (self.kind.is_empty() && (4_000_000..5_000_000).contains(&self.id))
    }

    pub(super) fn of(value: &Value) -> Option<Self> {
        Self::deserialize(value).ok()
    }

    /// The messages in `messages`.
    pub(super) fn all(value: &Value) -> Vec<Self> {
        let list = value.get("messages").and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Self::of).collect()
    }
}

/// Shows the text of an error only. Any other text may contain a secret, such as lookup codes.
impl fmt::Debug for UiMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("UiMessage");
        out.field("id", &self.id).field("kind", &Redacted(&self.kind));
        if self.is_error() {
            out.field("text", &Redacted(&self.text));
        } else {
            out.field("text", &Redacted(&Measured(&self.text)));
        }
        out.field("context", &Redacted(&self.context)).finish()
    }
}
