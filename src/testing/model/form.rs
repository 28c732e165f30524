//! The form of a self-service flow: inputs and messages.

use serde_json::Value;

#[derive(Debug, Clone)]
pub(crate) struct Form {
    /// `None` where the server writes null.
    pub nodes: Option<Vec<Node>>,
    /// Messages about the form as a whole.
    pub messages: Vec<Message>,
    /// Where a form leads that has nothing left to submit.
    pub leads_to: Option<String>,
}

/// An input of a form, or something that it shows.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub group: &'static str,
    /// The name of an input, the id of anything else.
    pub name: String,
    /// The `type` of the input.
    pub kind: &'static str,
    pub value: Option<Value>,
    pub required: bool,
    pub autocomplete: Option<&'static str>,
    /// Whether the input takes six digits and nothing else.
    pub is_code: bool,
    pub label: Option<Message>,
    pub messages: Vec<Message>,
    /// An event, and the function of a script that it runs.
    pub trigger: Option<(&'static str, &'static str)>,
    /// What is shown in place of an input.
    pub display: Option<Display>,
}

#[derive(Debug, Clone)]
pub(crate) enum Display {
    /// A square image, by its URL.
    Image(String),
    Text(Message),
    /// A link, by its URL and title.
    Link(String, Message),
    /// A script, with the hash that a browser compares it with.
    Script {
        url: String,
        integrity: String,
    },
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum MessageKind {
    Info,
    Error,
    Success,
}

#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub id: u32,
    pub kind: MessageKind,
    pub text: String,
    /// The values that the text contains.
    pub context: Option<Value>,
}

impl Form {
    pub(crate) fn new(nodes: Vec<Node>) -> Self {
        Self { nodes: Some(nodes), messages: Vec::new(), leads_to: None }
    }

    pub(crate) fn node(&mut self, name: &str) -> Option<&mut Node> {
        self.nodes.as_mut()?.iter_mut().find(|node| node.name == name)
    }

    /// Adds a node, or replaces the first one with its name.
    pub(crate) fn upsert(&mut self, node: Node) {
        match self.node(&node.name) {
            Some(old) => *old = node,
            None => self.nodes.get_or_insert_default().push(node),
        }
    }

    /// Removes all nodes with this name.
    pub(crate) fn remove(&mut self, name: &str) {
        if let Some(nodes) = &mut self.nodes {
            nodes.retain(|node| node.name != name);
        }
    }

    /// Sets the value of an input. Does nothing if there is no input with this name.
    pub(crate) fn set_value(&mut self, name: &str, value: Value) {
        if let Some(node) = self.node(name) {
            node.value = Some(value);
        }
    }

    /// Empties an input.
    pub(crate) fn clear_value(&mut self, name: &str) {
        if let Some(node) = self.node(name) {
            node.value = None;
        }
    }

    /// Adds a message to an input. Adds a text input for it if there is none, so that the form can show the message.
    pub(crate) fn add_message(&mut self, group: &'static str, name: &str, message: Message) {
        if let Some(node) = self.node(name) {
            node.messages.push(message);
        } else {
            let node = Node { messages: vec![message], ..Node::new(group, name, "text") };
            self.nodes.get_or_insert_default().push(node);
        }
    }

    /// Removes all messages.
    pub(crate) fn clear_messages(&mut self) {
        self.messages.clear();
        for node in self.nodes.iter_mut().flatten() {
            node.messages.clear();
        }
    }
}

impl Node {
    /// An empty, optional input without a label.
    pub(crate) fn new(group: &'static str, name: impl Into<String>, kind: &'static str) -> Self {
        Self {
            group,
            name: name.into(),
            kind,
            value: None,
            required: false,
            autocomplete: None,
            is_code: false,
            label: None,
            messages: Vec::new(),
            trigger: None,
            display: None,
        }
    }

    /// Something to show, with a label.
    pub(crate) fn display(group: &'static str, id: &str, display: Display, label: Message) -> Self {
        Self { display: Some(display), label: Some(label), ..Self::new(group, id, "") }
    }
}

impl Message {
    fn new(kind: MessageKind, id: u32, text: impl Into<String>) -> Self {
        Self { id, kind, text: text.into(), context: None }
    }

    pub(crate) fn info(id: u32, text: impl Into<String>) -> Self {
        Self::new(MessageKind::Info, id, text)
    }

    pub(crate) fn success(id: u32, text: impl Into<String>) -> Self {
        Self::new(MessageKind::Success, id, text)
    }

    pub(crate) fn error(id: u32, text: impl Into<String>) -> Self {
        Self::new(MessageKind::Error, id, text)
    }

    pub(crate) fn context(mut self, context: Value) -> Self {
        self.context = Some(context);
        self
    }
}
