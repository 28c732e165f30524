//! Writes a struct as a JSON object, field by field.
//!
//! serde's derive would generate the checks for empty fields and for failures for every type. Here they exist once, and
//! a hundred types compile in half the time.
//!
//! An example: the build emits this for a struct with an optional text `name` and a list `roles`.
//!
//! ```text
//! let mut object = Writer::new(serializer);
//! object.option("name", &self.name);       // left out if it is `None`
//! object.container("roles", &self.roles);  // left out if it is empty
//! object.end()                             // the first failure, if there was one
//! ```

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::wire::lenient::Empty;

/// An object that is being written. The first failure stops the writing, and `end` returns it.
pub(crate) struct Writer<'a, M: SerializeMap> {
    map: Result<M, M::Error>,
    /// The keys that the type keeps beside its fields.
    rest: Option<&'a Map<String, Value>>,
    /// The keys of `rest` that a field has written. A value of another type is read into `rest` under its field's key, and
    /// whoever sets the field afterwards means the field.
    written: Vec<&'static str>,
}

impl<'a, M: SerializeMap> Writer<'a, M> {
    pub(crate) fn new<S: Serializer<Ok = M::Ok, Error = M::Error, SerializeMap = M>>(serializer: S) -> Self {
        Self { map: serializer.serialize_map(None), rest: None, written: Vec::new() }
    }

    /// Like [`new`](Self::new), for a type that keeps unknown keys. They are written at the end.
    pub(crate) fn beside<S>(serializer: S, rest: &'a Map<String, Value>) -> Self
    where
        S: Serializer<Ok = M::Ok, Error = M::Error, SerializeMap = M>,
    {
        Self { rest: (!rest.is_empty()).then_some(rest), ..Self::new(serializer) }
    }

    /// Writes a key and its value.
    pub(crate) fn plain<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) {
        if self.rest.is_some_and(|rest| rest.contains_key(key)) {
            self.written.push(key);
        }
        self.entry(key, value);
    }

    fn entry<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        if let Ok(map) = &mut self.map
            && let Err(error) = map.serialize_entry(key, value)
        {
            self.map = Err(error);
        }
    }

    /// Writes a key and its value, unless the value is `None`.
    pub(crate) fn option<T: Serialize>(&mut self, key: &'static str, value: &Option<T>) {
        if let Some(value) = value {
            self.plain(key, value);
        }
    }

    /// Writes a key and a value that is its type's default if the server sent none. A value of another type that the server did
    /// send is in `rest`, and is written instead.
    pub(crate) fn defaulted<T: Serialize + Default + PartialEq>(&mut self, key: &'static str, value: &T) {
        if self.rest.is_none_or(|rest| !rest.contains_key(key)) || *value != T::default() {
            self.plain(key, value);
        }
    }

    /// Writes a list or free object, unless it is empty.
    pub(crate) fn container<T: Serialize + Empty>(&mut self, key: &'static str, value: &T) {
        if !value.is_empty() {
            self.plain(key, value);
        }
    }

    pub(crate) fn end(mut self) -> Result<M::Ok, M::Error> {
        for (key, value) in self.rest.into_iter().flatten() {
            if !self.written.iter().any(|written| written == key) {
                self.entry(key, value);
            }
        }
        self.map.and_then(SerializeMap::end)
    }
}
