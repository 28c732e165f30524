//! `Debug` that hides secrets: free JSON shows its kind and size, and URLs lose their query.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};

use serde_json::{Map, Value};

use super::location::Location;
use super::public_url::without_queries;
use super::secret::Secret;

/// How a value is shown without its secrets.
pub trait Redact {
    fn redacted(&self, f: &mut Formatter<'_>) -> fmt::Result;
}

/// Implements `Debug` by `Redact`.
pub(crate) struct Redacted<'a, T: ?Sized>(pub &'a T);

impl<T: Redact + ?Sized> Debug for Redacted<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.redacted(f)
    }
}

/// Shows only the kind and size of a value that may contain secrets.
pub(crate) struct Measured<'a, T: ?Sized>(pub &'a T);

impl<T: serde::Serialize + ?Sized> Redact for Measured<'_, T> {
    fn redacted(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match serde_json::to_value(self.0) {
            Ok(value) => value.redacted(f),
            Err(_) => f.write_str("hidden"),
        }
    }
}

/// Shows a struct.
pub(crate) fn redacted_object(f: &mut Formatter<'_>, name: &str, fields: &[(&str, &dyn Redact)]) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for (key, value) in fields {
        shown.field(key, &Redacted(*value));
    }
    shown.finish()
}

macro_rules! as_debug {
    ($($ty:ty),*) => {
        $(impl Redact for $ty {
            fn redacted(&self, f: &mut Formatter<'_>) -> fmt::Result {
                Debug::fmt(self, f)
            }
        })*
    };
}

as_debug!(bool, i32, i64, u32, u64, f32, f64, uuid::Uuid, chrono::DateTime<chrono::Utc>, Secret, Location, ());

/// A body that was not decoded.
impl Redact for bytes::Bytes {
    fn redacted(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

impl Redact for str {
    fn redacted(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(&without_queries(self), f)
    }
}

impl Redact for String {
    fn redacted(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.as_str().redacted(f)
    }
}

impl Redact for Value {
    fn redacted(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(_) => f.write_str("bool"),
            Self::Number(_) => f.write_str("number"),
            Self::String(text) => write!(f, "text of {} bytes", text.len()),
            Self::Array(items) => write!(f, "list of {}", items.len()),
            Self::Object(map) => map.redacted(f),
        }
    }
}

impl Redact for Map<String, Value> {
    fn redacted(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "object of {}", self.len())
    }
}

impl<T: Redact> Redact for Option<T> {
    fn redacted(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Some(value) => f.debug_tuple("Some").field(&Redacted(value)).finish(),
            None => f.write_str("None"),
        }
    }
}

impl<T: Redact> Redact for Vec<T> {
    fn redacted(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(Redacted)).finish()
    }
}

impl<T: Redact> Redact for Box<T> {
    fn redacted(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.as_ref().redacted(f)
    }
}

impl<T: Redact> Redact for BTreeMap<String, T> {
    fn redacted(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(key, value)| (key, Redacted(value)))).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn free_json_shows_kind_and_size() {
        let shown = |value: Value| format!("{:?}", Redacted(&value));
        assert_eq!(shown(json!("hunter2")), "text of 7 bytes");
        assert_eq!(shown(json!({"a": 1})), "object of 1");
        assert_eq!(shown(json!([1, 2])), "list of 2");
        assert_eq!(format!("{:?}", Redacted(&Measured("hunter2"))), "text of 7 bytes");
        assert_eq!(format!("{:?}", Redacted("/a?b=1\"")), "\"/a?..\"");
    }
}
