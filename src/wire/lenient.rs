//! Decodes null, absence and emptiness alike, since servers send all three for "nothing".
//!
//! An example: `Tolerant::<DateTime<Utc>>` decodes `"2026-01-02T03:04:05Z"` to a time, `null`, `""`, `[]` and `{}` to `None`, and
//! refuses `"soon"`. `Tolerant::<Vec<String>>::container` decodes `"a"` to `["a"]`.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, SeqAccessDeserializer, SeqDeserializer};
use serde::de::{DeserializeSeed, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use crate::wire::read::Read;

/// A type whose empty values are left out of requests.
pub(crate) trait Empty {
    fn is_empty(&self) -> bool;
}

impl<T> Empty for Vec<T> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl<T> Empty for BTreeMap<String, T> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl Empty for serde_json::Map<String, serde_json::Value> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

/// Decodes a value into a slot. `null`, `""`, `[]` and `{}` leave it as it is, even if `T` has an empty value.
pub(crate) struct Tolerant<'a, T> {
    slot: &'a mut Option<T>,
    /// Whether a single text may stand for a list with one item.
    lone: bool,
}

impl<'a, T> Tolerant<'a, T> {
    pub(crate) fn new(slot: &'a mut Option<T>) -> Self {
        Self { slot, lone: false }
    }

    /// Reads a list or map, for which a single text may stand.
    pub(crate) fn container(slot: &'a mut Option<T>) -> Self {
        Self { slot, lone: true }
    }

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error>
    where
        T: Read<'de>,
    {
        T::read_into(self.slot, deserializer)
    }

    /// The result of a list or map. An empty one is nothing.
    fn unless_empty<E>(self, is_empty: bool, result: Result<(), E>) -> Result<(), E> {
        if is_empty {
            *self.slot = None;
            return Ok(());
        }
        result
    }
}

impl<'de, T: Read<'de>> DeserializeSeed<'de> for Tolerant<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Read<'de>> Visitor<'de> for Tolerant<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or nothing")
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.read(value.into_deserializer())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.read(value.into_deserializer())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.read(value.into_deserializer())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.read(value.into_deserializer())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        match value {
            "" => Ok(()),
            value if self.lone => self.read(SeqDeserializer::new(std::iter::once(value))),
            value => self.read(value.into_deserializer()),
        }
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<(), E> {
        if value.is_empty() || self.lone {
            return self.visit_str(value);
        }
        self.read(BorrowedStrDeserializer::new(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<(), E> {
        if value.is_empty() || self.lone {
            return self.visit_str(&value);
        }
        self.read(value.into_deserializer())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        let mut seen = false;
        let watched = Watched { inner: &mut sequence, seen: &mut seen };
        let result = T::read_into(self.slot, SeqAccessDeserializer::new(watched));
        // A type that takes no list refuses it without a look at its items.
        let is_empty = !seen && (result.is_ok() || sequence.next_element::<IgnoredAny>()?.is_none());
        self.unless_empty(is_empty, result)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = false;
        let watched = Watched { inner: &mut map, seen: &mut seen };
        let result = T::read_into(self.slot, MapAccessDeserializer::new(watched));
        let is_empty = !seen && (result.is_ok() || map.next_key::<IgnoredAny>()?.is_none());
        self.unless_empty(is_empty, result)
    }
}

/// Remembers whether a list or object contained anything.
struct Watched<'a, A> {
    inner: A,
    seen: &'a mut bool,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Watched<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let mut reached = false;
        let result = self.inner.next_element_seed(Reached { seed, reached: &mut reached });
        *self.seen |= reached;
        result
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Watched<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let mut reached = false;
        let result = self.inner.next_key_seed(Reached { seed, reached: &mut reached });
        *self.seen |= reached;
        result
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.next_value_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// A seed that remembers that it was used. An element that fails to decode was there too.
struct Reached<'a, S> {
    seed: S,
    reached: &'a mut bool,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Reached<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        *self.reached = true;
        self.seed.deserialize(deserializer)
    }
}

/// Decodes an open enum from a text.
pub(crate) struct FromText<T>(pub PhantomData<T>);

impl<T: for<'a> From<&'a str> + From<String>> Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        Ok(T::from(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<T, E> {
        Ok(T::from(value))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Serialize};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::wire::read_object::{Fields, Object, read_object};

    #[derive(Debug, Default, Deserialize, Serialize, PartialEq)]
    struct Inner {
        id: Uuid,
    }

    /// Has an empty value, and is `None` for nothing all the same.
    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Hollow {
        id: i64,
    }

    #[derive(Debug, Default, PartialEq)]
    struct Outer {
        at: Option<DateTime<Utc>>,
        inner: Option<Inner>,
        hollow: Option<Hollow>,
        number: Option<i64>,
        list: Vec<String>,
        map: BTreeMap<String, Inner>,
    }

    impl<'de> Object<'de> for Outer {
        const NAME: &'static str = "struct Outer";
        const KEYS: &'static [&'static str] = &["at", "inner", "hollow", "number", "list", "map"];

        fn place(key: &str) -> Option<usize> {
            Self::KEYS.iter().position(|known| *known == key)
        }

        fn read<A: MapAccess<'de>>(fields: &mut Fields<A>, slot: &mut Option<Self>) -> Result<(), A::Error> {
            let mut outer = Self::default();
            while let Some(key) = fields.next()? {
                match key {
                    0 => fields.option(&mut outer.at),
                    1 => fields.option(&mut outer.inner),
                    2 => fields.option(&mut outer.hollow),
                    3 => fields.option(&mut outer.number),
                    4 => fields.container(&mut outer.list),
                    _ => fields.container(&mut outer.map),
                }?;
            }
            *slot = Some(outer);
            Ok(())
        }
    }

    /// These have serde's impls.
    macro_rules! by_serde {
        ($($ty:ty),*) => {
            $(impl<'de> Read<'de> for $ty {
                fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    Self::deserialize(deserializer)
                }
            })*
        };
    }

    by_serde!(Inner, Hollow);

    impl<'de> Deserialize<'de> for Outer {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            read_object(deserializer)
        }
    }

    fn decode(value: serde_json::Value) -> Result<Outer, serde_json::Error> {
        // Once from text, as a response is read, and once from a value, as the variant of a union is.
        let text = serde_json::from_str(&value.to_string());
        let tree = serde_json::from_value::<Outer>(value);
        assert_eq!(text.is_ok(), tree.is_ok());
        if let (Ok(text), Ok(tree)) = (&text, &tree) {
            assert_eq!(text, tree);
        }
        text
    }

    #[test]
    fn nothing_in_every_form() {
        let nothing = Outer::default();
        for value in [json!(null), json!(""), json!([]), json!({})] {
            let all =
                json!({"at": value, "inner": value, "hollow": value, "number": value, "list": value, "map": value});
            assert_eq!(decode(all).unwrap(), nothing, "{value}");
        }
        assert_eq!(decode(json!({})).unwrap(), nothing);
    }

    #[test]
    fn values_stay_values_and_nonsense_an_error() {
        let id = Uuid::from_u128(7);
        let full =
            decode(json!({"at": "2026-01-02T03:04:05.123456789Z", "inner": {"id": id}, "number": -5, "list": ["a"]}))
                .unwrap();
        assert_eq!(full.inner, Some(Inner { id }));
        assert_eq!(full.at.unwrap().timestamp_subsec_nanos(), 123_456_789);
        assert_eq!((full.number, full.list), (Some(-5), vec!["a".to_owned()]));
        for nonsense in [
            json!({"at": "soon"}),
            json!({"inner": {"id": "x"}}),
            json!({"number": "5"}),
            json!({"list": [1]}),
            json!({"inner": [1]}),
            json!({"at": {"a": 1}}),
            json!({"inner": [{}]}),
            json!({"number": {"a": 1}}),
            json!({"number": [null]}),
            json!({"list": {"a": 1}}),
            json!({"map": ["a"]}),
            json!({"map": "a"}),
        ] {
            assert!(decode(nonsense.clone()).is_err(), "{nonsense}");
        }
    }

    #[test]
    fn a_container_where_a_scalar_is_due_is_named() {
        for (json, path, why) in [
            (r#"{"number":{"de":"Name"},"list":[]}"#, "number", "invalid type: map, expected i64"),
            (r#"{"at":[1]}"#, "at", "invalid type: sequence, expected an RFC 3339 formatted date and time string"),
            (r#"{"list":[{"a":1}]}"#, "list[0]", "invalid type: map, expected a string"),
            (r#"{"list":{"0":"a"}}"#, "list", "invalid type: map, expected a sequence"),
            (r#"{"map":["a"]}"#, "map", "invalid type: sequence, expected a map"),
        ] {
            let read = || serde_json::from_str::<Outer>(json);
            let (found, error) = crate::wire::path::traced(read).unwrap_err();
            assert_eq!(found, path, "{json}");
            assert!(error.to_string().starts_with(why), "{error}");
        }
    }

    #[test]
    fn a_key_of_nothing_is_none() {
        let id = Uuid::from_u128(7);
        let found = decode(json!({"map": {"a": null, "b": {}, "c": "", "d": {"id": id}}})).unwrap().map;
        assert_eq!(found, BTreeMap::from([("d".to_owned(), Inner { id })]));
        assert!(decode(json!({"map": {"a": {"id": "x"}}})).is_err());
    }

    #[test]
    fn a_lone_text_is_a_list_of_one() {
        assert_eq!(decode(json!({"list": "a"})).unwrap().list, ["a"]);
    }
}
