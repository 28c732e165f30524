//! Reading a struct from an object, key by key: what serde's derive would do, but the loop, the keys and the ways to
//! take a value stand here once, so that a hundred types compile in half the time.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::timestamp::Time;
use crate::tolerant::{Maybe, Tolerant};

/// A type that is read from an object.
pub(crate) trait Object<'de>: Sized {
    /// As errors name it: `struct Session`.
    const NAME: &'static str;
    /// Its keys on the wire.
    const KEYS: &'static [&'static str];

    /// The place of a key among them: a `match`, which is faster than a search.
    fn place(key: &str) -> Option<usize>;

    /// Takes the values of its keys as they come.
    fn read<A: MapAccess<'de>>(fields: &mut Fields<A>) -> Result<Self, A::Error>;
}

/// Reads an object; nothing else will do.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Object<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Strict(PhantomData))
}

/// The rest of an object that is being read.
pub(crate) struct Fields<A> {
    map: A,
    keys: &'static [&'static str],
    place: fn(&str) -> Option<usize>,
    /// Whether there was a key, known or not.
    any: bool,
    /// The keys that came already: a bit for each of the first, and the places of the others.
    seen: u64,
    seen_too: Vec<usize>,
}

impl<'de, A: MapAccess<'de>> Fields<A> {
    fn new<T: Object<'de>>(map: A) -> Self {
        Self { map, keys: T::KEYS, place: T::place, any: false, seen: 0, seen_too: Vec::new() }
    }

    /// The place of the next key that the type knows; the others are passed over.
    pub(crate) fn next(&mut self) -> Result<Option<usize>, A::Error> {
        while let Some(place) = self.key(Place(self.place))? {
            match place {
                Some(place) => return self.once(place).map(Some),
                None => drop(self.map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(None)
    }

    /// The next key, for a type that keeps those that it does not know.
    pub(crate) fn next_or_other(&mut self) -> Result<Option<Key>, A::Error> {
        match self.key(Whole(self.place))? {
            Some(Key::Known(place)) => self.once(place).map(|place| Some(Key::Known(place))),
            key => Ok(key),
        }
    }

    fn key<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let key = self.map.next_key_seed(seed);
        // A key that fails to decode was there all the same.
        self.any |= !matches!(key, Ok(None));
        key
    }

    /// The place, unless its key came before.
    fn once(&mut self, place: usize) -> Result<usize, A::Error> {
        let again = match 1_u64.checked_shl(place as u32) {
            Some(bit) => {
                let again = self.seen & bit != 0;
                self.seen |= bit;
                again
            }
            None => {
                self.seen_too.push(place);
                self.seen_too.iter().filter(|seen| **seen == place).count() > 1
            }
        };
        if again { Err(A::Error::duplicate_field(self.keys[place])) } else { Ok(place) }
    }

    /// A value as its type takes it.
    pub(crate) fn plain<T: Deserialize<'de>>(&mut self, slot: &mut T) -> Result<(), A::Error> {
        *slot = self.map.next_value()?;
        Ok(())
    }

    /// The same, which is there even if it is null.
    pub(crate) fn kept<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        *slot = Some(self.map.next_value()?);
        Ok(())
    }

    /// `null`, `""`, `[]` and `{}` are none, also where an empty value could be made of them.
    pub(crate) fn option<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        *slot = self.map.next_value_seed(Tolerant::new(false))?;
        Ok(())
    }

    /// The same for a struct.
    pub(crate) fn object<T: Object<'de>>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        self.map.next_value_seed(Lenient(slot))
    }

    /// The same for a time.
    pub(crate) fn time(&mut self, slot: &mut Option<DateTime<Utc>>) -> Result<(), A::Error> {
        let time: Option<Time> = self.map.next_value_seed(Tolerant::new(false))?;
        *slot = time.map(|Time(time)| time);
        Ok(())
    }

    /// A list or free object. Nothing is an empty one, and a lone text where a list is due is a list of one.
    pub(crate) fn container<T: Deserialize<'de> + Default>(&mut self, slot: &mut T) -> Result<(), A::Error> {
        *slot = self.map.next_value_seed(Tolerant::new(true))?.unwrap_or_default();
        Ok(())
    }

    /// A map: a key whose value is nothing is none.
    pub(crate) fn map<T: Deserialize<'de>>(&mut self, slot: &mut BTreeMap<String, T>) -> Result<(), A::Error> {
        let mut entries: BTreeMap<String, Maybe<T>> = BTreeMap::new();
        self.container(&mut entries)?;
        *slot = entries.into_iter().filter_map(|(key, Maybe(value))| Some((key, value?))).collect();
        Ok(())
    }

    /// The value of a key that the type does not know.
    pub(crate) fn other(&mut self, key: String, rest: &mut Map<String, Value>) -> Result<(), A::Error> {
        rest.insert(key, self.map.next_value()?);
        Ok(())
    }

    /// A value that has to be there.
    pub(crate) fn required<T>(&self, value: Option<T>, key: &'static str) -> Result<T, A::Error> {
        value.ok_or_else(|| A::Error::missing_field(key))
    }
}

/// A key of an object.
pub(crate) enum Key {
    /// The place among the type's keys.
    Known(usize),
    Other(String),
}

/// Reads a key as its place, if it has one.
struct Place(fn(&str) -> Option<usize>);

impl<'de> DeserializeSeed<'de> for Place {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Place {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok((self.0)(text))
    }
}

/// The same, and keeps the others.
struct Whole(fn(&str) -> Option<usize>);

impl<'de> DeserializeSeed<'de> for Whole {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Whole {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Key, E> {
        Ok((self.0)(text).map_or_else(|| Key::Other(text.to_owned()), Key::Known))
    }
}

struct Strict<T>(PhantomData<T>);

impl<'de, T: Object<'de>> Visitor<'de> for Strict<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(&mut Fields::new::<T>(map))
    }
}

/// Reads an object or nothing into a slot, so that a large struct is moved once less.
struct Lenient<'a, T>(&'a mut Option<T>);

impl<'de, T: Object<'de>> DeserializeSeed<'de> for Lenient<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Object<'de>> Visitor<'de> for Lenient<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::NAME)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if text.is_empty() { Ok(()) } else { Err(E::invalid_type(Unexpected::Str(text), &self)) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        match sequence.next_element::<IgnoredAny>()? {
            None => Ok(()),
            Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let mut fields = Fields::new::<T>(map);
        let result = T::read(&mut fields);
        // Without a key it is nothing, also where an empty struct could be made of it.
        if fields.any {
            *self.0 = Some(result?);
        }
        Ok(())
    }
}
