//! The form of a flow, the same for every kind of flow and every contract.

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::message::UiMessage;
use super::node::Node;
use super::outcome::Outcome;
use crate::privacy::{Location, Redact, Redacted, Secret};
use crate::wire::path::attempt;
use crate::wire::read::Read;

/// The form of a flow: where to submit it, what to show, and what to fill in.
///
/// ```no_run
/// # async fn example(client: &ory_sdk::Client, id: &str) -> ory_sdk::Result<()> {
/// use ory_sdk::flow::FlowKind;
///
/// let form = client.get_flow(FlowKind::Login, id).await?;
/// println!("<form action=\"{}\" method=\"{}\">", form.action.as_str(), form.method);
/// for node in form.group("default").chain(form.group("password")) {
///     println!("<input name=\"{}\" type=\"{}\">", node.name, node.input_type);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Form {
    /// The id of the flow.
    pub id: String,
    /// The state of the flow (`choose_method`, `sent_email`, `passed_challenge`, ..). Empty on old servers.
    pub state: String,
    /// Where the browser is sent at the end of the flow.
    pub return_to: Option<Location>,
    /// When the flow expires.
    pub expires_at: Option<DateTime<Utc>>,
    /// The URL to which a browser posts the form.
    pub action: Location,
    /// The HTTP method with which a browser submits the form.
    pub method: String,
    /// The messages about the whole form.
    pub messages: Vec<UiMessage>,
    /// The nodes, in order.
    pub nodes: Vec<Node>,
}

impl Form {
    /// Reads the JSON of a flow. What is missing becomes empty.
    pub fn of(flow: &Value) -> Self {
        attempt(|| Outcome::read(flow)).unwrap_or_default().form
    }

    /// The first node with this name.
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.name == name)
    }

    /// The nodes of a group, in order.
    pub fn group<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a Node> {
        self.nodes.iter().filter(move |node| node.group == group)
    }

    /// The nodes with this message, in order.
    pub fn with_message(&self, id: i64) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(move |node| node.messages.iter().any(|message| message.id == id))
    }

    /// All messages: those about the form, then those of its nodes, in order.
    pub fn all_messages(&self) -> impl Iterator<Item = &UiMessage> {
        self.messages.iter().chain(self.nodes.iter().flat_map(|node| &node.messages))
    }

    /// The CSRF token, which a browser flow requires in its submission.
    pub fn csrf_token(&self) -> Option<Secret> {
        let value = self.node("csrf_token")?.value.as_str()?;
        (!value.is_empty()).then(|| value.into())
    }

    /// Whether the form has an error message. Every server version responds to a wrong recovery or verification code with
    /// 200 and such a message.
    pub fn is_rejected(&self) -> bool {
        self.all_messages().any(UiMessage::is_error)
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form")
            .field("id", &Redacted(&self.id))
            .field("state", &Redacted(&self.state))
            .field("return_to", &self.return_to)
            .field("expires_at", &self.expires_at)
            .field("action", &self.action)
            .field("method", &Redacted(&self.method))
            .field("messages", &self.messages)
            .field("nodes", &self.nodes)
            .finish()
    }
}

impl Redact for Form {
    fn redacted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> Form {
        Form::of(&json!({"id": "f", "state": "sent_email", "ui": {"action": "https://a/b?flow=f", "method": "POST",
        "messages": [{"id": 4060006, "type": "error", "text": "wrong"}],
        "nodes": [
            {"type": "input", "group": "default", "attributes": {"node_type": "input", "name": "csrf_token", "type": "hidden", "value": "tok"}},
            {"type": "input", "group": "code", "attributes": {"node_type": "input", "name": "traits.email", "type": "hidden", "value": "a@b"}},
            {"type": "input", "group": "link", "attributes": {"node_type": "input", "name": "other", "type": "hidden", "value": "x"}},
            {"type": "input", "group": "code", "attributes": {"node_type": "input", "name": "code", "type": "text", "required": true},
             "messages": [{"id": 4000002, "type": "error", "text": "missing"}]},
            {"type": "text", "group": "totp", "attributes": {"node_type": "text", "id": "totp_secret_key", "text": {"id": 1, "text": "hush"}}},
        ]}}))
    }

    #[test]
    fn nodes_and_messages() {
        let form = form();
        assert_eq!(form.csrf_token().unwrap().expose(), "tok");
        assert!(form.node("code").unwrap().required);
        assert_eq!(form.node("totp_secret_key").unwrap().node_type, "text");
        assert_eq!(form.group("code").count(), 2);
        assert_eq!(form.with_message(4_000_002).next().unwrap().name, "code");
        let ids: Vec<i64> = form.all_messages().map(|message| message.id).collect();
        assert_eq!(ids, [4_060_006, 4_000_002]);
        assert!(form.is_rejected());
        assert!(!Form::default().is_rejected());
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", form());
        assert!(!shown.contains("tok\"") && !shown.contains("hush") && !shown.contains("flow=f"), "{shown}");
        assert!(shown.contains("wrong"));
    }
}
