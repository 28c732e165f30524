//! JSON objects in which no key occurs twice. Readers disagree about which of the two counts, so an attacker could show
//! each of them another token (RFC 7515, section 4; RFC 7519, section 4).

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Reads an object. The error says what is wrong, without any text of the input.
pub(super) fn object(bytes: &[u8]) -> Result<Map<String, Value>, &'static str> {
    // Values are checked apart from reading them: a value cannot tell whether one of its keys came twice.
    match serde_json::from_slice::<Unique>(bytes) {
        Ok(Unique) => serde_json::from_slice(bytes).map_err(|_| "is not a JSON object"),
        Err(error) if error.is_data() => Err("has a key twice"),
        Err(_) => Err("is not JSON"),
    }
}

/// Any JSON in which no object has a key twice.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Unique {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without duplicate keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut keys = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if !keys.insert(key) {
                return Err(A::Error::custom("a key occurs twice"));
            }
            map.next_value::<Self>()?;
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_occur_once_at_every_depth() {
        let good = br#"{"a": [1, -2, 1.5e3, true, null, "x", {"a": {"a": 1}}], "\u0062": {}}"#;
        assert_eq!(object(good).unwrap().len(), 2);
        let twice: [&[u8]; 4] = [
            br#"{"a":1,"a":1}"#,
            br#"{"a":1,"\u0061":2}"#,
            br#"{"x":{"a":1,"a":2}}"#,
            br#"{"x":[{"a":1,"b":2,"a":3}]}"#,
        ];
        for text in twice {
            assert_eq!(object(text), Err("has a key twice"));
        }
        let wrong: [&[u8]; 6] = [b"", b"{", b"{} {}", b"\xff", br#"{"a":"\ud800"}"#, b"{\"a\":1,}"];
        for text in wrong {
            assert_eq!(object(text), Err("is not JSON"), "{}", String::from_utf8_lossy(text));
        }
        for text in ["[]", "1", "null", "\"a\""] {
            assert_eq!(object(text.as_bytes()), Err("is not a JSON object"));
        }
        // The depth is bounded, so that the stack is.
        assert_eq!(object(&[b'['; 100_000]), Err("is not JSON"));
    }
}
