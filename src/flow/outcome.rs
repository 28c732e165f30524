//! Reads a body that may be a flow, without free JSON of the whole: a hostile flow would take a hundred times its size.

use chrono::DateTime;
use serde::Deserializer;
use serde::de::MapAccess;
use serde_json::{Map, Value};

use super::form::Form;
use super::message::UiMessage;
use super::node::Node;
use crate::privacy::{Location, Secret};
use crate::wire::read::Read;
use crate::wire::read_object::{Fields, Object, read_object};

/// What the body of a self-service operation has.
#[derive(Default)]
pub(crate) struct Outcome {
    /// What there is of a form.
    pub form: Form,
    /// Whether the body is a flow. Only flows have a user interface and an id.
    pub is_flow: bool,
    /// Whether the body is about a session or an identity.
    pub is_signed_in: bool,
    pub session_token: Option<Secret>,
}

impl Outcome {
    /// The form, if the body is a flow.
    pub(crate) fn into_form(self) -> Option<Form> {
        self.is_flow.then_some(self.form)
    }
}

impl<'de> Object<'de> for Outcome {
    const NAME: &'static str = "a flow or a session";
    const KEYS: &'static [&'static str] =
        &["id", "ui", "state", "return_to", "expires_at", "session", "identity", "session_token"];

    fn place(key: &str) -> Option<usize> {
        Self::KEYS.iter().position(|known| *known == key)
    }

    fn read<A: MapAccess<'de>>(fields: &mut Fields<A>, slot: &mut Option<Self>) -> Result<(), A::Error> {
        // What has another type than a flow's is as good as missing.
        let mut odd = Map::new();
        let (mut id, mut ui, mut state, mut return_to, mut expires_at) = (None, None, None, None, None);
        let (mut has_id, mut has_ui, mut is_signed_in) = (false, false, false);
        let mut session_token = None;
        while let Some(key) = fields.next()? {
            has_id |= key == 0;
            has_ui |= key == 1;
            is_signed_in |= key > 4;
            match key {
                0 => fields.foreign::<String>(key, &mut id, &mut odd),
                1 => fields.foreign_object::<Ui>(key, &mut ui, &mut odd),
                2 => fields.foreign::<String>(key, &mut state, &mut odd),
                3 => fields.foreign::<String>(key, &mut return_to, &mut odd),
                4 => fields.foreign::<String>(key, &mut expires_at, &mut odd),
                7 => fields.foreign::<String>(key, &mut session_token, &mut odd),
                _ => fields.skip(),
            }?;
        }
        let Ui { action, method, messages, nodes } = ui.unwrap_or_default();
        let expires_at = expires_at.and_then(|time| DateTime::parse_from_rfc3339(&time).ok());
        let form = Form {
            id: id.unwrap_or_default(),
            state: state.unwrap_or_default(),
            return_to: return_to.map(Location::from),
            expires_at: expires_at.map(|time| time.to_utc()),
            action: action.unwrap_or_default().into(),
            method: method.unwrap_or_default(),
            messages: messages.into_iter().filter_map(|Lenient(message)| message).collect(),
            nodes,
        };
        let session_token = session_token.map(Secret::from);
        *slot = Some(Self { form, is_flow: has_id && has_ui, is_signed_in, session_token });
        Ok(())
    }
}

impl<'de> Read<'de> for Outcome {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_object(deserializer)
    }
}

/// The user interface of a flow.
#[derive(Default)]
struct Ui {
    action: Option<String>,
    method: Option<String>,
    messages: Vec<Lenient>,
    nodes: Vec<Node>,
}

impl<'de> Object<'de> for Ui {
    const NAME: &'static str = "a user interface";
    const KEYS: &'static [&'static str] = &["action", "method", "messages", "nodes"];

    fn place(key: &str) -> Option<usize> {
        Self::KEYS.iter().position(|known| *known == key)
    }

    fn read<A: MapAccess<'de>>(fields: &mut Fields<A>, slot: &mut Option<Self>) -> Result<(), A::Error> {
        let mut odd = Map::new();
        let mut ui = Self::default();
        while let Some(key) = fields.next()? {
            match key {
                0 => fields.foreign(key, &mut ui.action, &mut odd),
                1 => fields.foreign(key, &mut ui.method, &mut odd),
                2 => fields.container(&mut ui.messages),
                _ => fields.container(&mut ui.nodes),
            }?;
        }
        *slot = Some(ui);
        Ok(())
    }
}

/// A message, unless it is other JSON.
struct Lenient(Option<UiMessage>);

impl<'de> Read<'de> for Lenient {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::read(deserializer).map(|message| Self(UiMessage::of(&message)))
    }
}

impl<'de> Read<'de> for Node {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::of(Value::read(deserializer)?)
    }
}
