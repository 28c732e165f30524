//! Reads a struct from a JSON object, key by key.
//!
//! serde's derive would generate the loop, the matching of keys and the handling of values for every type. Here they
//! exist once, and a hundred types compile in half the time.
//!
//! An example: the build emits this for a struct with an optional text `name` and a list `roles`.
//!
//! ```text
//! const KEYS: &[&str] = &["name", "roles"];
//! fn place(key: &str) -> Option<usize> { match key { "name" => Some(0), "roles" => Some(1), _ => None } }
//! fn read(fields: &mut Fields<A>, slot: &mut Option<Self>) -> Result<(), A::Error> {
//!     let (mut name, mut roles) = (None, Vec::new());
//!     while let Some(place) = fields.next()? {
//!         match place {
//!             0 => fields.option(&mut name),     // `null`, `""` and absence are `None`
//!             _ => fields.container(&mut roles), // `null` and absence are empty
//!         }?;
//!     }
//!     *slot = Some(Self { name, roles });
//!     Ok(())
//! }
//! ```

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::{Map, Value};

use crate::wire::budget::charge;
use crate::wire::foreign::{Either, Foreign, ForeignObject};
use crate::wire::free_json;
use crate::wire::lenient::Tolerant;
use crate::wire::mismatch;
use crate::wire::path;
use crate::wire::read::{IntoSlot, Read};
use crate::wire::strict::is_strict;

/// A type that is read from an object.
pub(crate) trait Object<'de>: Sized {
    /// The name of the type in errors: `struct Session`.
    const NAME: &'static str;
    /// The keys on the wire.
    const KEYS: &'static [&'static str];

    /// The index of a key in `KEYS`. A `match` is faster than a search.
    fn place(key: &str) -> Option<usize>;

    /// Reads the values of the keys in the order in which they come, and puts the struct into the slot.
    ///
    /// A result would be copied in every function that it passes through, which takes long for a large struct.
    fn read<A: MapAccess<'de>>(fields: &mut Fields<A>, slot: &mut Option<Self>) -> Result<(), A::Error>;
}

/// Reads an object, and refuses anything else.
pub(crate) fn read_object<'de, D: Deserializer<'de>, T: Object<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut slot = None;
    read_object_into(&mut slot, deserializer)?;
    slot.ok_or_else(|| D::Error::custom("expected an object, found nothing"))
}

/// Like [`read_object`], into a slot.
pub(crate) fn read_object_into<'de, D: Deserializer<'de>, T: Object<'de>>(
    slot: &mut Option<T>,
    deserializer: D,
) -> Result<(), D::Error> {
    deserializer.deserialize_map(Strict(slot))
}

/// No index of a key.
const NONE: usize = usize::MAX;

/// The rest of an object that is being read.
pub(crate) struct Fields<A> {
    map: A,
    keys: &'static [&'static str],
    place: fn(&str) -> Option<usize>,
    /// The index of the key whose value is being read. Beyond the keys while there is none.
    current: usize,
    /// Whether there was any key, known or not.
    any: bool,
    /// The keys that came already: a bit for each of the first 64, and the indices of the others.
    seen: u64,
    seen_too: Vec<usize>,
}

impl<'de, A: MapAccess<'de>> Fields<A> {
    fn new<T: Object<'de>>(map: A) -> Self {
        Self { map, keys: T::KEYS, place: T::place, current: NONE, any: false, seen: 0, seen_too: Vec::new() }
    }

    /// The index of the next key that the type has. Other keys are skipped, or refused in JSON that a caller passes.
    pub(crate) fn next(&mut self) -> Result<Option<usize>, A::Error> {
        while let Some(place) = self.key(Place(self.place))? {
            match place {
                Some(place) => return self.once(place).map(Some),
                None => self.skip()?,
            }
        }
        Ok(None)
    }

    /// The next key, for a type that keeps unknown keys.
    pub(crate) fn next_or_other(&mut self) -> Result<Option<Key>, A::Error> {
        match self.key(Whole(self.place))? {
            Some(Key::Known(place)) => self.once(place).map(|place| Some(Key::Known(place))),
            key => Ok(key),
        }
    }

    fn key<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.current = NONE;
        let key = self.map.next_key_seed(seed);
        // A key that fails to decode was there too.
        self.any |= !matches!(key, Ok(None));
        key
    }

    /// The index, or an error if its key came before.
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
        if again {
            return Err(A::Error::duplicate_field(self.keys[place]));
        }
        self.current = place;
        Ok(place)
    }

    /// Decodes free JSON. Only `null` is `None`.
    pub(crate) fn plain(&mut self, slot: &mut Option<Value>) -> Result<(), A::Error> {
        self.kept(slot)?;
        slot.take_if(|value| value.is_null());
        Ok(())
    }

    /// Decodes a value as its type does. In free JSON, `null` is a value too.
    pub(crate) fn kept<T: Read<'de>>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        self.map.next_value_seed(IntoSlot(slot))
    }

    /// Decodes a value. `null`, `""`, `[]` and `{}` become `None`, even if the type has an empty value.
    pub(crate) fn option<T: Read<'de>>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        self.map.next_value_seed(Tolerant::new(slot))
    }

    /// Like [`option`](Self::option), for a struct.
    pub(crate) fn object<T: Object<'de>>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        self.map.next_value_seed(Lenient(slot))
    }

    /// Decodes a list, map or free object. Nothing becomes an empty one, and a single text becomes a list with one item.
    pub(crate) fn container<T: Read<'de> + Default>(&mut self, slot: &mut T) -> Result<(), A::Error> {
        let mut value = None;
        self.map.next_value_seed(Tolerant::container(&mut value))?;
        *slot = value.unwrap_or_default();
        Ok(())
    }

    /// Like [`option`](Self::option), for a value that may have any type. An odd one is kept in `rest`.
    pub(crate) fn foreign<T: for<'a> Read<'a>>(
        &mut self,
        place: usize,
        slot: &mut Option<T>,
        rest: &mut Map<String, Value>,
    ) -> Result<(), A::Error> {
        match self.map.next_value_seed(Foreign::new(false))? {
            Either::Typed(value) => *slot = value,
            Either::Odd(value) => drop(rest.insert(self.keys[place].to_owned(), value)),
        }
        Ok(())
    }

    /// Like [`container`](Self::container), for a value that may have any type.
    pub(crate) fn foreign_container<T: for<'a> Read<'a> + Default>(
        &mut self,
        place: usize,
        slot: &mut T,
        rest: &mut Map<String, Value>,
    ) -> Result<(), A::Error> {
        match self.map.next_value_seed(Foreign::new(true))? {
            Either::Typed(value) => *slot = value.unwrap_or_default(),
            Either::Odd(value) => drop(rest.insert(self.keys[place].to_owned(), value)),
        }
        Ok(())
    }

    /// Like [`object`](Self::object), for a value that may have any type.
    pub(crate) fn foreign_object<T: Object<'de>>(
        &mut self,
        place: usize,
        slot: &mut Option<T>,
        rest: &mut Map<String, Value>,
    ) -> Result<(), A::Error> {
        match self.map.next_value_seed(ForeignObject(PhantomData))? {
            Either::Typed(value) => *slot = value,
            Either::Odd(value) => drop(rest.insert(self.keys[place].to_owned(), value)),
        }
        Ok(())
    }

    /// Passes over a value.
    pub(crate) fn skip(&mut self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>().map(drop)
    }

    /// Keeps the value of an unknown key.
    pub(crate) fn other(&mut self, key: String, rest: &mut Map<String, Value>) -> Result<(), A::Error> {
        charge(free_json::entry::<String, Value>(rest.len()))?;
        let mut value = None;
        match self.map.next_value_seed(IntoSlot(&mut value)) {
            Ok(()) => {
                rest.extend(value.map(|value| (key, value)));
                Ok(())
            }
            Err(error) => {
                path::note_key(&key);
                Err(error)
            }
        }
    }

    /// A value that must be there.
    pub(crate) fn required<T>(&self, value: Option<T>, key: &'static str) -> Result<T, A::Error> {
        value.ok_or_else(|| A::Error::missing_field(key))
    }
}

/// Notes the key whose value failed, if there is one. Here the result does not pass by, so that no struct is moved.
impl<A> Drop for Fields<A> {
    fn drop(&mut self) {
        if let Some(key) = self.keys.get(self.current) {
            path::note_key(key);
        }
    }
}

/// A key of an object.
pub(crate) enum Key {
    /// The index in the type's `KEYS`.
    Known(usize),
    Other(String),
}

/// Reads a key as its index, if it has one.
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
        match (self.0)(text) {
            None => unknown(text),
            place => Ok(place),
        }
    }
}

/// Out of line, since most keys are known.
#[cold]
#[inline(never)]
fn unknown<E: Error>(key: &str) -> Result<Option<usize>, E> {
    if is_strict() { Err(E::custom(mismatch::unknown_key(key))) } else { Ok(None) }
}

/// Like [`Place`], and keeps unknown keys.
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

/// Reads an object into a slot.
struct Strict<'a, T>(&'a mut Option<T>);

impl<'de, T: Object<'de>> Visitor<'de> for Strict<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        T::read(&mut Fields::new::<T>(map), self.0)
    }
}

/// Like [`Strict`], and reads nothing as `None`.
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
        let result = T::read(&mut fields, self.0);
        if fields.any {
            return result;
        }
        // Without a key it is nothing, even if the struct has an empty value.
        *self.0 = None;
        Ok(())
    }
}

/// Reads an object, or nothing if it has no key.
pub(crate) fn read_some<'de, A: MapAccess<'de>, T: Object<'de>>(map: A) -> Result<Option<T>, A::Error> {
    let mut slot = None;
    Lenient(&mut slot).visit_map(map)?;
    Ok(slot)
}
