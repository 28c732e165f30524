//! Writes an argument into a query or header.

use crate::privacy::{Location, Secret};

/// A value as text: one text, or one per item of a list, since Ory repeats keys.
pub(crate) trait WireText {
    fn texts(&self, each: &mut dyn FnMut(&str));
}

macro_rules! by_display {
    ($($ty:ty),*) => {
        $(impl WireText for $ty {
            fn texts(&self, each: &mut dyn FnMut(&str)) {
                each(&self.to_string());
            }
        })*
    };
}

by_display!(bool, i32, i64, u32, u64, f32, f64, uuid::Uuid);

impl WireText for String {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        each(self);
    }
}

impl WireText for Secret {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        each(self.expose());
    }
}

impl WireText for chrono::DateTime<chrono::Utc> {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        each(&self.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
    }
}

impl WireText for Location {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        each(self.as_str());
    }
}

impl<T: WireText> WireText for Option<T> {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        self.iter().for_each(|value| value.texts(each));
    }
}

impl<T: WireText> WireText for Vec<T> {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        self.iter().for_each(|item| item.texts(each));
    }
}

/// Free JSON in a query: a text as it is, one text per item of a list, and anything else as JSON.
impl WireText for serde_json::Value {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        match self {
            Self::Null => {}
            Self::String(text) => each(text),
            Self::Array(items) => items.iter().for_each(|item| item.texts(each)),
            other => each(&other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_values() {
        let of = |value: &dyn WireText| {
            let mut found = Vec::new();
            value.texts(&mut |text| found.push(text.to_owned()));
            found
        };
        assert_eq!(of(&true), ["true"]);
        assert_eq!(of(&vec!["a,b".to_owned(), "c".to_owned()]), ["a,b", "c"]);
        assert_eq!(of(&serde_json::json!([1, "x", null])), ["1", "x"]);
        let time = chrono::DateTime::from_timestamp(0, 5).unwrap();
        assert_eq!(of(&time), ["1970-01-01T00:00:00.000000005Z"]);
    }
}
