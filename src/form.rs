//! Working with flows: their nodes, messages, CSRF token, and a body to submit.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Secret;
use crate::show::{Measured, Show, Shown};

/// A self-service flow: any of the contract's types that has a `ui`.
///
/// ```no_run
/// # #[cfg(feature = "frontend")]
/// # async fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::Error> {
/// use ory_sdk::Flow;
///
/// let flow = client.initialize_self_service_login_flow_for_browsers().send().await?;
/// if let Some(flow) = flow.value() {
///     let form = flow.form();
///     println!("{} fields, CSRF token: {}", form.nodes.len(), form.csrf_token().is_some());
/// }
/// # Ok(())
/// # }
/// ```
pub trait Flow: Serialize {
    /// The flow's form, the same for every kind of flow and every contract.
    fn form(&self) -> Form {
        // A flow that was decoded encodes; what does not would be a form without anything in it.
        serde_json::to_value(self).map(|flow| Form::of(&flow)).unwrap_or_default()
    }
}

/// The form that a flow shows: where to send it, what to say, what to fill in.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Form {
    /// The flow's id.
    pub id: String,
    /// Where the flow is in its course (`choose_method`, `sent_email`, `passed_challenge`, ..); empty on old servers.
    pub state: String,
    /// The URL that a browser submits to.
    pub action: String,
    /// The HTTP method that a browser submits with.
    pub method: String,
    /// What concerns the form as a whole.
    pub messages: Vec<Message>,
    /// The fields, in order.
    pub nodes: Vec<Node>,
}

/// A field or another part of a form.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Node {
    /// The name under which its value is submitted, of inputs; else its id. Empty if it has neither.
    pub name: String,
    /// The method that it belongs to (`default`, `password`, `totp`, ..).
    pub group: String,
    /// What it is (`input`, `img`, `text`, `a`, `script`, ..).
    pub node_type: String,
    /// The kind of input (`hidden`, `submit`, `password`, ..).
    pub input_type: String,
    /// Its value, which may be secret.
    pub value: Value,
    /// Whether it has to be filled in.
    pub required: bool,
    /// What concerns this field.
    pub messages: Vec<Message>,
    /// All its attributes, as the server sent them.
    pub attributes: Map<String, Value>,
}

/// A message to a person.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
#[serde(default)]
pub struct Message {
    /// Which one it is, the same in every language: 1 begins information, 4 errors.
    pub id: i64,
    /// `info`, `error` or `success`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The text, in the server's language.
    pub text: String,
    /// What the text was made of.
    pub context: Value,
}

impl Message {
    /// Whether it says that something is wrong.
    pub fn is_error(&self) -> bool {
        self.kind == "error" || (self.kind.is_empty() && (4_000_000..5_000_000).contains(&self.id))
    }
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn messages(value: &Value) -> Vec<Message> {
    let list = value.get("messages").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|message| Message::deserialize(message).ok()).collect()
}

impl Form {
    /// Reads a flow's JSON. What is missing is empty.
    pub fn of(flow: &Value) -> Self {
        let empty = Value::Null;
        let ui = flow.get("ui").unwrap_or(&empty);
        let nodes = ui.get("nodes").and_then(Value::as_array).into_iter().flatten();
        Self {
            id: text(flow, "id"),
            state: text(flow, "state"),
            action: text(ui, "action"),
            method: text(ui, "method"),
            messages: messages(ui),
            nodes: nodes.map(Node::of).collect(),
        }
    }

    /// The first node with a name.
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.name == name)
    }

    /// The nodes of a group, in order.
    pub fn group<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a Node> {
        self.nodes.iter().filter(move |node| node.group == group)
    }

    /// The nodes that carry a message, in order.
    pub fn with_message(&self, id: i64) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(move |node| node.messages.iter().any(|message| message.id == id))
    }

    /// Every message: the form's own, then those of its nodes, in order.
    pub fn all_messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().chain(self.nodes.iter().flat_map(|node| &node.messages))
    }

    /// The CSRF token, which browser flows want back.
    pub fn csrf_token(&self) -> Option<Secret> {
        let value = self.node("csrf_token")?.value.as_str()?;
        (!value.is_empty()).then(|| value.into())
    }

    /// Whether the server refused what was submitted, also where it did so with a 200: a wrong recovery or
    /// verification code is a 200 with an error message on every version.
    pub fn is_rejected(&self) -> bool {
        self.all_messages().any(Message::is_error)
    }

    /// A body to submit with a method: `method`, the CSRF token and every hidden input that the flow demands.
    ///
    /// Add what the person filled in, and send it with `.json_body(..)` or make the operation's body of it.
    pub fn submit_body(&self, method: &str) -> Map<String, Value> {
        let mut body = Map::new();
        let hidden = self.nodes.iter().filter(|node| node.input_type == "hidden" && !node.name.is_empty());
        for node in hidden.filter(|node| node.group == "default" || node.group == method) {
            if node.value != Value::Null && node.value != Value::String(String::new()) {
                put(&mut body, &node.name, node.value.clone(), DEEPEST);
            }
        }
        body.insert("method".to_owned(), method.into());
        body
    }
}

/// So deep may a name lead: further than traits ever do, and less than a JSON parser follows.
const DEEPEST: u8 = 32;

/// Puts a value under a dotted name: `traits.email` is `email` in `traits`. What is left of a name that leads too deep
/// is one key.
fn put(body: &mut Map<String, Value>, name: &str, value: Value, deepest: u8) {
    match name.split_once('.').filter(|_| deepest > 0) {
        Some((first, rest)) => {
            let inner = body.entry(first.to_owned()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value, deepest - 1);
            }
        }
        None => {
            body.insert(name.to_owned(), value);
        }
    }
}

impl Node {
    fn of(node: &Value) -> Self {
        let empty = Value::Null;
        let attributes = node.get("attributes").unwrap_or(&empty);
        let name = match text(attributes, "name") {
            name if name.is_empty() => text(attributes, "id"),
            name => name,
        };
        Self {
            name,
            group: text(node, "group"),
            node_type: match text(attributes, "node_type") {
                kind if kind.is_empty() => text(node, "type"),
                kind => kind,
            },
            input_type: text(attributes, "type"),
            value: attributes.get("value").cloned().unwrap_or_default(),
            required: attributes.get("required").and_then(Value::as_bool).unwrap_or_default(),
            messages: messages(node),
            attributes: attributes.as_object().cloned().unwrap_or_default(),
        }
    }
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Form")
            .field("id", &Shown(&self.id))
            .field("state", &Shown(&self.state))
            .field("action", &Shown(&self.action))
            .field("method", &Shown(&self.method))
            .field("messages", &self.messages)
            .field("nodes", &self.nodes)
            .finish()
    }
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node")
            .field("name", &Shown(&self.name))
            .field("group", &Shown(&self.group))
            .field("node_type", &Shown(&self.node_type))
            .field("input_type", &Shown(&self.input_type))
            .field("value", &Shown(&self.value))
            .field("required", &self.required)
            .field("messages", &self.messages)
            .field("attributes", &Shown(&self.attributes))
            .finish()
    }
}

/// The text is shown for a message that is an error; any other may spell out a secret, as lookup codes do.
impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("Message");
        out.field("id", &self.id).field("kind", &Shown(&self.kind));
        if self.is_error() {
            out.field("text", &Shown(&self.text));
        } else {
            out.field("text", &Shown(&Measured(&self.text)));
        }
        out.field("context", &Shown(&self.context)).finish()
    }
}

impl Show for Form {
    fn show(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
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
    fn a_body_holds_what_the_flow_demands() {
        let body = Value::Object(form().submit_body("code"));
        assert_eq!(body, json!({"method": "code", "csrf_token": "tok", "traits": {"email": "a@b"}}));
    }

    #[test]
    fn a_name_of_nothing_but_dots_is_no_abyss() {
        let node =
            json!({"group": "default", "attributes": {"name": ".".repeat(1_000_000), "type": "hidden", "value": "x"}});
        let form = Form::of(&json!({"id": "f", "ui": {"nodes": [node]}}));
        let body = Value::Object(form.submit_body("password"));
        assert_eq!(serde_json::from_str::<Value>(&body.to_string()).unwrap(), body);
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", form());
        assert!(!shown.contains("tok\"") && !shown.contains("hush") && !shown.contains("flow=f"), "{shown}");
        assert!(shown.contains("wrong"));
    }
}
