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
pub(crate) struct Writer<M: SerializeMap>(Result<M, M::Error>);

impl<M: SerializeMap> Writer<M> {
    pub(crate) fn new<S: Serializer<Ok = M::Ok, Error = M::Error, SerializeMap = M>>(serializer: S) -> Self {
        Self(serializer.serialize_map(None))
    }

    /// Writes a key and its value.
    pub(crate) fn plain<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        if let Ok(map) = &mut self.0
            && let Err(error) = map.serialize_entry(key, value)
        {
            self.0 = Err(error);
        }
    }

    /// Writes a key and its value, unless the value is `None`.
    pub(crate) fn option<T: Serialize>(&mut self, key: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.plain(key, value);
        }
    }

    /// Writes a list or free object, unless it is empty.
    pub(crate) fn container<T: Serialize + Empty>(&mut self, key: &str, value: &T) {
        if !value.is_empty() {
            self.plain(key, value);
        }
    }

    /// Writes the unknown keys that the type keeps.
    pub(crate) fn rest(&mut self, rest: &Map<String, Value>) {
        rest.iter().for_each(|(key, value)| self.plain(key, value));
    }

    pub(crate) fn end(self) -> Result<M::Ok, M::Error> {
        self.0.and_then(SerializeMap::end)
    }
}
