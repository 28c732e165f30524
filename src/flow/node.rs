//! The nodes of a form: inputs, texts, images, links, scripts and divisions.

use std::fmt;

use serde::de::Error;
use serde_json::{Map, Value};

use super::message::UiMessage;
use crate::privacy::{Location, Redacted};
use crate::wire::free_json::charge_copy;

/// A field or another part of a form.
///
/// ```
/// # fn example(form: &ory_sdk::flow::Form) {
/// for node in form.nodes.iter().filter(|node| node.node_type == "input") {
///     let label = node.label().map(|label| label.text.as_str()).unwrap_or_default();
///     println!("{label}: <input name={:?} type={:?} required={}>", node.name, node.input_type, node.required);
/// }
/// # }
/// ```
///
/// The fields have what every node may have. The methods give the rest of its attributes: each says to which types of
/// node it belongs, and returns `None` or `false` for the others. [`attributes`](Self::attributes) has them all.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Node {
    /// The name under which an input is submitted. The `id` of any other node. Empty if it has neither.
    pub name: String,
    /// The method to which the node belongs (`default`, `password`, `totp`, ..).
    pub group: String,
    /// The type of node: `input`, `text`, `img`, `a`, `script` or `div`.
    pub node_type: String,
    /// The type of an input: `hidden`, `submit`, `password`, ..
    pub input_type: String,
    /// The value of an input. It may be secret.
    pub value: Value,
    /// Whether the user must fill in an input.
    pub required: bool,
    /// The messages about this node.
    pub messages: Vec<UiMessage>,
    /// All attributes, as the server sent them.
    pub attributes: Map<String, Value>,
    label: Option<UiMessage>,
}

impl Node {
    /// Reads a node. Its value is kept twice, so it is charged once more.
    pub(super) fn of<E: Error>(mut node: Value) -> Result<Self, E> {
        let attributes = match node.get_mut("attributes").map(Value::take) {
            Some(Value::Object(attributes)) => attributes,
            _ => Map::new(),
        };
        if let Some(value) = attributes.get("value") {
            charge_copy(value)?;
        }
        let text = |key: &str| attributes.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let outer = |key: &str| node.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let or = |first: String, second: String| if first.is_empty() { second } else { first };
        Ok(Self {
            name: or(text("name"), text("id")),
            group: outer("group"),
            node_type: or(text("node_type"), outer("type")),
            input_type: text("type"),
            value: attributes.get("value").cloned().unwrap_or_default(),
            required: attributes.get("required").and_then(Value::as_bool).unwrap_or_default(),
            messages: UiMessage::all(&node),
            label: node.pointer("/meta/label").or_else(|| attributes.get("label")).and_then(UiMessage::of),
            attributes,
        })
    }

    /// The label of any node. Hidden inputs have none.
    pub fn label(&self) -> Option<&UiMessage> {
        self.label.as_ref()
    }

    /// Whether an input is disabled.
    pub fn is_disabled(&self) -> bool {
        self.flag("disabled")
    }

    /// The `autocomplete` attribute of an input (`username webauthn`, `new-password`, ..).
    pub fn autocomplete(&self) -> Option<&str> {
        self.text_of("autocomplete")
    }

    /// The regular expression that the value of an input must match.
    pub fn pattern(&self) -> Option<&str> {
        self.text_of("pattern")
    }

    /// The greatest length of an input, in characters.
    pub fn max_length(&self) -> Option<u64> {
        self.attributes.get("maxlength")?.as_u64()
    }

    /// The JavaScript that a click on an input runs. Newer servers send [`on_click_trigger`](Self::on_click_trigger) too,
    /// which a content security policy does not forbid.
    pub fn on_click(&self) -> Option<&str> {
        self.text_of("onclick")
    }

    /// The function of `webauthn.js` that a click on an input calls (`oryWebAuthnLogin`, ..).
    pub fn on_click_trigger(&self) -> Option<&str> {
        self.text_of("onclickTrigger")
    }

    /// The JavaScript that runs when an input is loaded. See [`on_load_trigger`](Self::on_load_trigger).
    pub fn on_load(&self) -> Option<&str> {
        self.text_of("onload")
    }

    /// The function of `webauthn.js` that is called when an input is loaded (`oryPasskeyLoginAutocompleteInit`, ..).
    pub fn on_load_trigger(&self) -> Option<&str> {
        self.text_of("onloadTrigger")
    }

    /// The text of a text node. It may be secret, as the key of a TOTP device and lookup codes are.
    pub fn text(&self) -> Option<UiMessage> {
        self.attributes.get("text").and_then(UiMessage::of)
    }

    /// The text of a link.
    pub fn title(&self) -> Option<UiMessage> {
        self.attributes.get("title").and_then(UiMessage::of)
    }

    /// The URL of a link.
    pub fn href(&self) -> Option<Location> {
        self.text_of("href").map(Location::from)
    }

    /// The source of an image or script. The QR code of a TOTP device is a `data:` URL, which contains its secret.
    pub fn src(&self) -> Option<&str> {
        self.text_of("src")
    }

    /// The width of an image, in pixels.
    pub fn width(&self) -> Option<u64> {
        self.attributes.get("width")?.as_u64()
    }

    /// The height of an image, in pixels.
    pub fn height(&self) -> Option<u64> {
        self.attributes.get("height")?.as_u64()
    }

    /// Whether a script is loaded asynchronously.
    pub fn is_async(&self) -> bool {
        self.flag("async")
    }

    /// The `crossorigin` attribute of a script.
    pub fn cross_origin(&self) -> Option<&str> {
        self.text_of("crossorigin")
    }

    /// The hash of a script (`sha512-..`), for its `integrity` attribute.
    pub fn integrity(&self) -> Option<&str> {
        self.text_of("integrity")
    }

    /// The nonce of a script, for its `nonce` attribute and a content security policy.
    pub fn nonce(&self) -> Option<&str> {
        self.text_of("nonce")
    }

    /// The `referrerpolicy` attribute of a script.
    pub fn referrer_policy(&self) -> Option<&str> {
        self.text_of("referrerpolicy")
    }

    /// The media type of a script (`text/javascript`).
    pub fn script_type(&self) -> Option<&str> {
        self.text_of("type").filter(|_| self.node_type == "script")
    }

    /// The `class` attribute of a division.
    pub fn class(&self) -> Option<&str> {
        self.text_of("class")
    }

    /// The `data-` attributes of a division, without `data-` before their names.
    pub fn data(&self) -> impl Iterator<Item = (&str, &str)> {
        let data = self.attributes.get("data").and_then(Value::as_object);
        data.into_iter().flatten().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
    }

    fn flag(&self, key: &str) -> bool {
        self.attributes.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    fn text_of(&self, key: &str) -> Option<&str> {
        self.attributes.get(key)?.as_str().filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node")
            .field("name", &Redacted(&self.name))
            .field("group", &Redacted(&self.group))
            .field("node_type", &Redacted(&self.node_type))
            .field("input_type", &Redacted(&self.input_type))
            .field("value", &Redacted(&self.value))
            .field("required", &self.required)
            .field("messages", &self.messages)
            .field("label", &self.label)
            .field("attributes", &Redacted(&self.attributes))
            .finish()
    }
}
