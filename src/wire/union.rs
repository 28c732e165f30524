//! Reads a tagged union. Its object is held until its tag is known, since servers write the tag first, last or in between.
//!
//! An example: in `{"value": "x", "node_type": "input"}` the tag comes last. [`Object`] holds both pairs, finds the tag
//! `input`, and decodes the variant from the rest.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::wire::budget::{charge, charge_item};
use crate::wire::free_json;
use crate::wire::mismatch;
use crate::wire::read::Read;

/// The keys and values in their order. Text is borrowed, so that holding it costs no copy.
pub(crate) struct Object<'de>(Vec<(Text<'de>, Held<'de>)>);

impl Object<'_> {
    /// The value of a key, if it is a text. If the key comes several times, the last one counts, as in any object.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        let (_, value) = self.0.iter().rev().find(|(name, _)| name.0 == key)?;
        if let Held::Text(text) = value { Some(&text.0) } else { None }
    }

    /// Decodes a variant from everything but the tag. The error names the union and the tag.
    pub(crate) fn variant<T: for<'a> Read<'a>, E: Error>(self, union: &str, tag: &str, value: &str) -> Result<T, E> {
        let others = Others { entries: self.0.into_iter(), tag };
        T::read(MapAccessDeserializer::new(others))
            .map_err(|error: serde_json::Error| E::custom(mismatch::in_variant(union, value, &error)))
    }

    /// The variant that the contract does not know.
    pub(crate) fn into_map<E: Error>(self) -> Result<Map<String, Value>, E> {
        for index in 0..self.0.len() {
            charge(free_json::entry::<String, Value>(index))?;
        }
        Ok(self.0.into_iter().map(|(name, value)| (name.0.into_owned(), value.into())).collect())
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut entries = Vec::with_capacity(16);
        while let Some(entry) = map.next_entry()? {
            charge_item::<(Text<'_>, Held<'_>), A::Error>()?;
            entries.push(entry);
        }
        Ok(Object(entries))
    }
}

/// Everything but the tag.
struct Others<'de, 'a> {
    /// The first entry is the one whose value is read next.
    entries: std::vec::IntoIter<(Text<'de>, Held<'de>)>,
    tag: &'a str,
}

impl<'de> MapAccess<'de> for Others<'de, '_> {
    type Error = serde_json::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Self::Error> {
        loop {
            let Some((name, _)) = self.entries.as_slice().first() else { return Ok(None) };
            if name.0 != self.tag {
                return seed.deserialize(StrDeserializer::new(&name.0)).map(Some);
            }
            self.entries.next();
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Self::Error> {
        match self.entries.next() {
            Some((_, value)) => seed.deserialize(value),
            None => Err(Error::custom("a value without a key")),
        }
    }
}

/// A text, borrowed where possible.
struct Text<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

/// A value whose type is not known yet.
enum Held<'de> {
    Text(Text<'de>),
    Other(Value),
}

impl From<Held<'_>> for Value {
    fn from(held: Held<'_>) -> Self {
        match held {
            Held::Text(text) => Self::String(text.0.into_owned()),
            Held::Other(value) => value,
        }
    }
}

impl<'de> Deserialize<'de> for Held<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(HeldVisitor)
    }
}

struct HeldVisitor;

impl<'de> Visitor<'de> for HeldVisitor {
    type Value = Held<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Held<'de>, E> {
        Ok(Held::Text(Text(Cow::Borrowed(text))))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Held<'de>, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Held<'de>, E> {
        Ok(Held::Text(Text(Cow::Owned(text))))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Held<'de>, E> {
        Ok(Held::Other(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Held<'de>, E> {
        Ok(Held::Other(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Held<'de>, E> {
        Ok(Held::Other(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Held<'de>, E> {
        Ok(Held::Other(value.into()))
    }

    fn visit_unit<E: Error>(self) -> Result<Held<'de>, E> {
        Ok(Held::Other(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Held<'de>, A::Error> {
        free_json::value(SeqAccessDeserializer::new(sequence)).map(Held::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Held<'de>, A::Error> {
        free_json::value(MapAccessDeserializer::new(map)).map(Held::Other)
    }
}

/// Decodes like a [`Value`], and passes borrowed text on.
impl<'de> Deserializer<'de> for Held<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Self::Text(Text(Cow::Borrowed(text))) => visitor.visit_borrowed_str(text),
            Self::Text(Text(Cow::Owned(text))) => visitor.visit_string(text),
            Self::Other(value) => value.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Self::Other(Value::Null) => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        Value::from(self).deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}
