//! How each type is read from what servers send.
//!
//! serde's own impls refuse what servers do send: a null in a list, a whole number written as `1.0`. They also tell
//! neither where they failed nor what they allocate. So the types of the contract are read by [`Read`].

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use serde::de::value::{BorrowedStrDeserializer, StrDeserializer, UnitDeserializer};
use serde::de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::input::JsonPatch;
use crate::privacy::{Location, Secret};
use crate::wire::budget::{charge, charge_item};
use crate::wire::free_json;
use crate::wire::lenient::Tolerant;
use crate::wire::path;
use crate::wire::strict::is_strict;
use crate::wire::timestamp::Time;

/// A type of the contract, read from JSON.
pub(crate) trait Read<'de>: Sized {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Like [`read`](Self::read), into a slot, which saves large structs some copies.
    #[inline]
    fn read_into<D: Deserializer<'de>>(slot: &mut Option<Self>, deserializer: D) -> Result<(), D::Error> {
        *slot = Some(Self::read(deserializer)?);
        Ok(())
    }

    /// What a null in a list is, if the contract says that items may be null. Any other null there is passed over.
    #[inline]
    fn null() -> Option<Self> {
        None
    }
}

/// Reads a value into a slot.
pub(crate) struct IntoSlot<'a, T>(pub &'a mut Option<T>);

impl<'de, T: Read<'de>> DeserializeSeed<'de> for IntoSlot<'_, T> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::read_into(self.0, deserializer)
    }
}

macro_rules! as_serde {
    ($($ty:ty),*) => {
        $(impl<'de> Read<'de> for $ty {
            #[inline]
            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }
        })*
    };
}

as_serde!((), bool, f32, f64, String, uuid::Uuid, Secret, Location, JsonPatch);

impl<'de> Read<'de> for DateTime<Utc> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Time::deserialize(deserializer).map(|Time(time)| time)
    }
}

impl<'de> Read<'de> for Value {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        free_json::value(deserializer)
    }
}

impl<'de> Read<'de> for Map<String, Value> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        free_json::object(deserializer)
    }
}

impl<'de, T: Read<'de>> Read<'de> for Box<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self::new)
    }
}

impl<'de, T: Read<'de>> Read<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut value = None;
        Tolerant::new(&mut value).deserialize(deserializer)?;
        Ok(value)
    }

    #[inline]
    fn null() -> Option<Self> {
        Some(None)
    }
}

macro_rules! whole_numbers {
    ($($ty:ty),*) => {
        $(impl<'de> Read<'de> for $ty {
            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Whole(PhantomData))
            }
        })*
    };
}

whole_numbers!(i32, i64, u32, u64);

/// Reads a whole number in any form that JSON has for it: `1`, `1.0` or `1e0`.
struct Whole<T>(PhantomData<T>);

impl<T: TryFrom<i128>> Whole<T> {
    fn take<E: Error>(self, number: i128, found: Unexpected<'_>) -> Result<T, E> {
        T::try_from(number).map_err(|_| E::invalid_value(found, &self))
    }
}

impl<T: TryFrom<i128>> Visitor<'_> for Whole<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::any::type_name::<T>())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.take(number.into(), Unexpected::Signed(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        self.take(number.into(), Unexpected::Unsigned(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        // A fraction is no whole number. A cast saturates, so what is too large stays too large.
        if number.fract() == 0.0 {
            self.take(number as i128, Unexpected::Float(number))
        } else {
            Err(E::invalid_type(Unexpected::Float(number), &self))
        }
    }
}

impl<'de, T: Read<'de>> Read<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(List(PhantomData))
    }
}

struct List<T>(PhantomData<T>);

impl<'de, T: Read<'de>> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<T>, A::Error> {
        let mut items = Vec::new();
        let mut index = 0;
        loop {
            match sequence.next_element_seed(Item(&mut items)) {
                Ok(Some(())) => index += 1,
                Ok(None) => return Ok(items),
                Err(error) => {
                    path::note_index(index);
                    return Err(error);
                }
            }
        }
    }
}

/// Reads an item into a list, which saves a move of a large struct. A null is nothing, unless the contract says that items may
/// be null, or a caller passes it, where it is an item like any other.
struct Item<'a, T>(&'a mut Vec<T>);

impl<'de, T: Read<'de>> DeserializeSeed<'de> for Item<'_, T> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        charge_item::<T, D::Error>()?;
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Read<'de>> Visitor<'de> for Item<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an item")
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        match T::null() {
            Some(null) => self.0.push(null),
            None if is_strict() => return self.visit_some(UnitDeserializer::new()),
            None => {}
        }
        Ok(())
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let mut item = None;
        T::read_into(&mut item, deserializer)?;
        self.0.extend(item);
        Ok(())
    }

    // A single text that stands for a list is passed on as it is.
    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.visit_some(StrDeserializer::new(text))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<(), E> {
        self.visit_some(BorrowedStrDeserializer::new(text))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<(), E> {
        self.visit_some(text.into_deserializer())
    }
}

impl<'de, T: Read<'de>> Read<'de> for BTreeMap<String, T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

/// Reads a map. A key without a value is left out.
struct Entries<T>(PhantomData<T>);

impl<'de, T: Read<'de>> Visitor<'de> for Entries<T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            charge(free_json::entry::<String, T>(entries.len()))?;
            let mut value = None;
            match map.next_value_seed(Tolerant::new(&mut value)) {
                Ok(()) => drop(value.map(|value| entries.insert(key, value))),
                Err(error) => {
                    path::note_key(&key);
                    return Err(error);
                }
            }
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::strict::strictly;

    fn read<T: for<'de> Read<'de>>(json: &str) -> Result<T, (String, String)> {
        path::traced(|| T::read(&mut serde_json::Deserializer::from_str(json)))
            .map_err(|(path, error)| (path, error.to_string()))
    }

    #[test]
    fn whole_numbers_in_any_form() {
        for form in ["1735938131", "1735938131.0", "1.735938131e9", "1735938131000e-3"] {
            assert_eq!(read::<i64>(form), Ok(1_735_938_131), "{form}");
            assert_eq!(read::<u32>(form), Ok(1_735_938_131), "{form}");
        }
        assert_eq!(read::<i64>("-0.0"), Ok(0));
        assert_eq!(read::<u64>("18446744073709551615"), Ok(u64::MAX));
        for form in ["1.5", "1e300", "-1e300", "9223372036854775808", "\"1\"", "true", "[]"] {
            assert!(read::<i64>(form).is_err(), "{form}");
        }
        assert!(read::<u64>("-1").is_err());
        let (_, why) = read::<i64>("1e300").unwrap_err();
        assert!(why.starts_with("invalid value: floating point `1e+300`, expected i64"), "{why}");
    }

    #[test]
    fn null_in_a_list_is_passed_over() {
        assert_eq!(read::<Vec<String>>(r#"[null,"a",null,"b"]"#).unwrap(), ["a", "b"]);
        assert_eq!(read::<Vec<Vec<i64>>>("[null,[1,null]]").unwrap(), [[1]]);
        assert_eq!(read::<Vec<Option<i64>>>("[null,1,null]").unwrap(), [None, Some(1), None]);
        let (path, _) = strictly(|| read::<Vec<String>>(r#"["a",null]"#)).unwrap_err();
        assert_eq!(path, "[1]", "nothing that a caller passes is dropped");
    }

    #[test]
    fn maps_leave_out_nothing_in_every_form() {
        let found = read::<BTreeMap<String, String>>(r#"{"a":null,"b":{},"c":"","d":"x"}"#).unwrap();
        assert_eq!(found, BTreeMap::from([("d".to_owned(), "x".to_owned())]));
    }

    #[test]
    fn a_failure_has_its_path() {
        assert_eq!(read::<Vec<String>>(r#"["a",{"b":1}]"#).unwrap_err().0, "[1]");
        let (path, why) = read::<BTreeMap<String, Vec<String>>>(r#"{"a":["x"],"b":["x",[1]]}"#).unwrap_err();
        assert_eq!(path, "b[1]");
        assert!(why.starts_with("invalid type: sequence, expected a string"), "{why}");
        assert_eq!(read::<Value>(r#"{"a":[1,null]}"#).unwrap(), json!({"a": [1, null]}), "free JSON stays as it is");
    }
}
