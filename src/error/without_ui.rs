//! The body of a flow without its user interface, which is most of it.

use serde::Deserializer;
use serde::de::MapAccess;
use serde_json::{Map, Value};

use crate::response::without_mark;
use crate::wire::json::{first_document, parse_beside};
use crate::wire::read::Read;
use crate::wire::read_object::{Fields, Key, Object, read_object};

pub(super) struct WithoutUi(Map<String, Value>);

impl WithoutUi {
    pub(super) fn read_body(body: &[u8]) -> Option<Value> {
        let document = first_document(without_mark(body))?;
        parse_beside(&document).ok().map(|Self(members)| Value::Object(members))
    }
}

impl<'de> Object<'de> for WithoutUi {
    const NAME: &'static str = "a flow";
    const KEYS: &'static [&'static str] = &["ui"];

    fn place(key: &str) -> Option<usize> {
        (key == "ui").then_some(0)
    }

    fn read<A: MapAccess<'de>>(fields: &mut Fields<A>, slot: &mut Option<Self>) -> Result<(), A::Error> {
        let mut members = Map::new();
        while let Some(key) = fields.next_or_other()? {
            match key {
                Key::Known(_) => fields.skip(),
                Key::Other(key) => fields.other(key, &mut members),
            }?;
        }
        *slot = Some(Self(members));
        Ok(())
    }
}

impl<'de> Read<'de> for WithoutUi {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_object(deserializer)
    }
}
