//! Reads values that neither Ory's servers nor the caller made, such as the claims that a consent page copied from somewhere.
//!
//! A value of another type than the contract says costs only itself: its field stays empty, and the value is kept as JSON
//! beside the fields. An example: `{"sub":"u","name":{"first":"A"}}` has no `name`, and `extra` has the object.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, SeqDeserializer};
use serde::de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::wire::free_json;
use crate::wire::path::attempt;
use crate::wire::read::Read;
use crate::wire::read_object::{Object, read_some};

/// A value of the type, nothing, or the JSON that is neither.
pub(crate) enum Either<T> {
    Typed(Option<T>),
    Odd(Value),
}

/// Reads a value of any type that JSON has.
pub(crate) struct Foreign<T> {
    /// Whether a single text may stand for a list with one item.
    lone: bool,
    kind: PhantomData<T>,
}

impl<T: for<'a> Read<'a>> Foreign<T> {
    pub(crate) fn new(lone: bool) -> Self {
        Self { lone, kind: PhantomData }
    }

    /// Reads JSON that is held.
    fn of(value: Value) -> Either<T> {
        match attempt(|| T::read(&value)) {
            Some(typed) => Either::Typed(Some(typed)),
            None => Either::Odd(value),
        }
    }
}

impl<'de, T: for<'a> Read<'a>> DeserializeSeed<'de> for Foreign<T> {
    type Value = Either<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Either<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: for<'a> Read<'a>> Visitor<'de> for Foreign<T> {
    type Value = Either<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Either<T>, E> {
        Ok(Either::Typed(None))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Either<T>, E> {
        Ok(Self::of(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Either<T>, E> {
        Ok(Self::of(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Either<T>, E> {
        Ok(Self::of(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Either<T>, E> {
        Ok(Self::of(value.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Either<T>, E> {
        let typed = attempt(|| match text {
            "" => Ok(None),
            text if self.lone => T::read(SeqDeserializer::<_, E>::new(std::iter::once(text))).map(Some),
            text => T::read(text.into_deserializer()).map(Some),
        });
        Ok(typed.map_or_else(|| Either::Odd(text.into()), Either::Typed))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Either<T>, A::Error> {
        let value = free_json::value(SeqAccessDeserializer::new(sequence))?;
        Ok(if value.as_array().is_some_and(Vec::is_empty) { Either::Typed(None) } else { Self::of(value) })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Either<T>, A::Error> {
        let value = free_json::value(MapAccessDeserializer::new(map))?;
        Ok(if value.as_object().is_some_and(|map| map.is_empty()) { Either::Typed(None) } else { Self::of(value) })
    }
}

/// Reads a struct, or any other JSON. What is wrong inside the struct is for the struct to say.
pub(crate) struct ForeignObject<T>(pub PhantomData<T>);

impl<'de, T: Object<'de>> DeserializeSeed<'de> for ForeignObject<T> {
    type Value = Either<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Either<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<T> ForeignObject<T> {
    fn odd(value: impl Into<Value>) -> Either<T> {
        Either::Odd(value.into())
    }
}

impl<'de, T: Object<'de>> Visitor<'de> for ForeignObject<T> {
    type Value = Either<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Either<T>, E> {
        Ok(Either::Typed(None))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Either<T>, E> {
        Ok(Self::odd(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Either<T>, E> {
        Ok(Self::odd(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Either<T>, E> {
        Ok(Self::odd(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Either<T>, E> {
        Ok(Self::odd(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Either<T>, E> {
        Ok(if text.is_empty() { Either::Typed(None) } else { Self::odd(text) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Either<T>, A::Error> {
        let value = free_json::value(SeqAccessDeserializer::new(sequence))?;
        Ok(if value.as_array().is_some_and(Vec::is_empty) { Either::Typed(None) } else { Either::Odd(value) })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Either<T>, A::Error> {
        read_some(map).map(Either::Typed)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read<T: for<'a> Read<'a>>(json: Value, lone: bool) -> Either<T> {
        // Once from a value and once from text, as a response is read.
        let tree = Foreign::new(lone).deserialize(json.clone()).unwrap();
        let text =
            Foreign::<T>::new(lone).deserialize(&mut serde_json::Deserializer::from_str(&json.to_string())).unwrap();
        assert_eq!(matches!(tree, Either::Odd(_)), matches!(text, Either::Odd(_)), "{json}");
        tree
    }

    fn typed<T: for<'a> Read<'a>>(json: Value) -> Option<T> {
        match read(json, false) {
            Either::Typed(value) => value,
            Either::Odd(odd) => panic!("{odd}"),
        }
    }

    fn is_odd<T: for<'a> Read<'a>>(json: Value) -> bool {
        matches!(read::<T>(json.clone(), false), Either::Odd(odd) if odd == json)
    }

    #[test]
    fn a_value_of_the_type_is_one() {
        assert_eq!(typed::<String>(json!("a")).as_deref(), Some("a"));
        assert_eq!(typed::<bool>(json!(true)), Some(true));
        assert_eq!(typed::<i64>(json!(1.0)), Some(1));
        assert_eq!(typed::<Vec<String>>(json!(["a", null, "b"])).unwrap(), ["a", "b"]);
        for nothing in [json!(null), json!(""), json!([]), json!({})] {
            assert_eq!(typed::<String>(nothing.clone()), None, "{nothing}");
            assert_eq!(typed::<i64>(nothing), None);
        }
        assert!(matches!(read::<Vec<String>>(json!("a"), true), Either::Typed(Some(list)) if list == ["a"]));
    }

    #[test]
    fn any_other_value_is_kept() {
        for odd in [json!("true"), json!(1), json!(0.5), json!([true]), json!({"a": true})] {
            assert!(is_odd::<bool>(odd.clone()), "{odd}");
        }
        for odd in [json!(true), json!(1), json!([1]), json!({"first": "A"})] {
            assert!(is_odd::<String>(odd.clone()), "{odd}");
        }
        for odd in [json!("1"), json!(1.5), json!(18_446_744_073_709_551_615_u64), json!(true), json!([1])] {
            assert!(is_odd::<i64>(odd.clone()), "{odd}");
        }
        for odd in [json!("a"), json!(1), json!(["a", 1]), json!({"0": "a"})] {
            assert!(is_odd::<Vec<String>>(odd.clone()), "{odd}");
        }
    }
}
