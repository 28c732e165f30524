//! Reads free JSON, like serde_json itself, and charges what its values allocate.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::wire::budget::{charge, charge_item};

/// The smallest piece of memory that an allocator hands out, with what it notes about the piece.
const PIECE: usize = 32;

/// The bytes that one more entry of a map takes. Its first entry allocates a node that has room for eleven.
pub(crate) const fn entry<K, V>(before: usize) -> usize {
    let entry = size_of::<K>() + size_of::<V>();
    if before == 0 { 11 * entry + PIECE } else { 2 * entry + PIECE }
}

/// Any JSON.
pub(crate) fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    deserializer.deserialize_any(Free)
}

/// A JSON object.
pub(crate) fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    deserializer.deserialize_map(Entries)
}

/// Charges for a copy of a value.
pub(crate) fn charge_copy<E: Error>(value: &Value) -> Result<(), E> {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        Value::String(text) => charge(text.len() + PIECE),
        Value::Array(items) => {
            charge(items.len() * size_of::<Value>() + PIECE)?;
            items.iter().try_for_each(charge_copy)
        }
        Value::Object(map) => map.iter().enumerate().try_for_each(|(index, (key, value))| {
            charge(entry::<String, Value>(index) + key.len() + PIECE)?;
            charge_copy(value)
        }),
    }
}

struct Free;

impl<'de> DeserializeSeed<'de> for Free {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        value(deserializer)
    }
}

impl<'de> Visitor<'de> for Free {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        value(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element_seed(Free)? {
            // A text has a piece of memory of its own, and a list starts with room for four.
            charge(if items.is_empty() { 4 * size_of::<Value>() } else { 0 } + PIECE)?;
            charge_item::<Value, A::Error>()?;
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        Entries.visit_map(map).map(Value::Object)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            charge(entry::<String, Value>(entries.len()) + PIECE)?;
            entries.insert(key, map.next_value_seed(Free)?);
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::budget::{Budget, Over, within};

    #[test]
    fn reads_what_serde_json_reads() {
        let all = json!({"a": [null, true, -1, 18_446_744_073_709_551_615_u64, 0.5, "x\n", {}, []], "b": {"c": {}}});
        let text = all.to_string();
        assert_eq!(value(&mut serde_json::Deserializer::from_str(&text)).unwrap(), all);
        assert_eq!(value(all.clone()).unwrap(), all);
        assert_eq!(Value::Object(object(all.clone()).unwrap()), all);
        assert!(object(json!([])).is_err());
    }

    #[test]
    fn small_objects_are_what_they_cost() {
        let text = format!("[{}]", vec![r#"{"a":0}"#; 1000].join(","));
        let read =
            |bytes| within(&Budget::of(bytes), 0, || value(&mut serde_json::Deserializer::from_str(&text)).is_ok());
        assert_eq!(read(600_000), (false, Some(Over::Memory)));
        assert_eq!(read(900_000), (true, None));
    }
}
