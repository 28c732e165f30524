//! Writing a struct as an object, field by field: what serde's derive would do, but what is left out and what happens
//! after a failure stand here once, so that a hundred types compile in half the time.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::tolerant::Empty;

/// An object that is being written. The first failure ends the writing and is told at the end.
pub(crate) struct Writer<M: SerializeMap>(Result<M, M::Error>);

impl<M: SerializeMap> Writer<M> {
    pub(crate) fn new<S: Serializer<Ok = M::Ok, Error = M::Error, SerializeMap = M>>(serializer: S) -> Self {
        Self(serializer.serialize_map(None))
    }

    /// A key with its value, whatever it is.
    pub(crate) fn plain<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        if let Ok(map) = &mut self.0
            && let Err(error) = map.serialize_entry(key, value)
        {
            self.0 = Err(error);
        }
    }

    /// None is left out.
    pub(crate) fn option<T: Serialize>(&mut self, key: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.plain(key, value);
        }
    }

    /// A list or free object; an empty one is left out.
    pub(crate) fn container<T: Serialize + Empty>(&mut self, key: &str, value: &T) {
        if !value.is_empty() {
            self.plain(key, value);
        }
    }

    /// Keys beside those that the type knows.
    pub(crate) fn rest(&mut self, rest: &Map<String, Value>) {
        rest.iter().for_each(|(key, value)| self.plain(key, value));
    }

    pub(crate) fn end(self) -> Result<M::Ok, M::Error> {
        self.0.and_then(SerializeMap::end)
    }
}
