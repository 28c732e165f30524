//! Says why JSON does not fit a type, without quoting it. serde's own texts contain the value, which may be a secret.

use serde_json::error::Category;
use zeroize::Zeroizing;

use crate::input::{InvalidArgument, RULE};
use crate::wire::json;
use crate::wire::read::Read;
use crate::wire::strict::strictly;

/// The beginning of the texts of [`in_variant`], which quote nothing.
const VARIANT: &str = "in variant ";
const UNKNOWN_KEY: &str = "unknown key `";

/// serde's text without the value.
pub(crate) fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match error.classify() {
        // These texts contain a kind of character and a place only.
        Category::Syntax | Category::Eof | Category::Io => text,
        Category::Data => without_value(&text).unwrap_or_else(|| "a value of the wrong form".to_owned()),
    }
}

/// Like [`describe`], for the variant of a union.
pub(crate) fn in_variant(union: &str, tag: &str, error: &serde_json::Error) -> String {
    format!("{VARIANT}{tag} of {union}: {}", describe(error))
}

/// The text for a key that a type lacks, in JSON that a caller passes.
pub(crate) fn unknown_key(key: &str) -> String {
    format!("{UNKNOWN_KEY}{key}`, which only `json_body` can send")
}

/// Decodes JSON that a caller passes for a struct or union. Nothing of it is lost: a key that the type lacks is refused.
pub(crate) fn from_json<T: for<'a> Read<'a>>(value: serde_json::Value) -> Result<T, InvalidArgument> {
    let text = Zeroizing::new(value.to_string());
    // The reader of responses. Another one would be compiled for every type.
    strictly(|| json::parse(&text)).map_err(|json::Failure { path, error, .. }| {
        let what = describe(&error);
        // The caller never saw this text as lines.
        let what = what.split(" at line ").next().unwrap_or_default();
        if path.is_empty() { InvalidArgument::new(what) } else { InvalidArgument::new(format!("`{path}`: {what}")) }
    })
}

/// Removes the value from a text that serde itself generates. Any other text may contain a value anywhere.
fn without_value(text: &str) -> Option<String> {
    if ["missing field `", "duplicate field `", UNKNOWN_KEY, VARIANT, RULE].iter().any(|start| text.starts_with(start))
    {
        return Some(text.to_owned());
    }
    // The last one: what is expected comes from the type and follows the value.
    let (before, expected) = text.rsplit_once(", expected ")?;
    let found = ["unknown variant", "unknown field"].into_iter().find(|start| before.starts_with(start));
    let found = found.map(str::to_owned).or_else(|| {
        let start = ["invalid type: ", "invalid value: "].into_iter().find(|start| before.starts_with(start))?;
        Some(format!("{start}{}", kind(&before[start.len()..])))
    });
    found.map(|found| format!("{found}, expected {expected}"))
}

/// The kind of value that was found, without the value.
fn kind(found: &str) -> &'static str {
    let kinds = [
        "string",
        "integer",
        "floating point",
        "boolean",
        "character",
        "null",
        "map",
        "sequence",
        "byte array",
        "unit value",
        "Option value",
    ];
    kinds.into_iter().find(|kind| found.starts_with(kind)).unwrap_or("another")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer};

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        #[serde(rename = "id")]
        _id: uuid::Uuid,
    }

    #[derive(Debug, Deserialize)]
    enum Closed {
        #[serde(rename = "one")]
        One,
    }

    #[derive(Debug)]
    struct Talkative;

    impl<'de> Deserialize<'de> for Talkative {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = String::deserialize(deserializer)?;
            Err(serde::de::Error::custom(format!("{text} is no {text}")))
        }
    }

    /// A type with serde's own impl.
    #[derive(Debug)]
    struct BySerde<T>(T);

    impl<'de, T: Deserialize<'de>> Read<'de> for BySerde<T> {
        fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            T::deserialize(deserializer).map(Self)
        }
    }

    fn why<T: serde::de::DeserializeOwned + std::fmt::Debug>(json: &str) -> String {
        let text = describe(&serde_json::from_str::<T>(json).unwrap_err());
        let tree = serde_json::from_str(json).ok().map(|value| from_json::<BySerde<T>>(value).unwrap_err().to_string());
        // The path has the caller's own keys, but no value.
        let tree = tree.map(|text| text.rsplit("`: ").next().unwrap_or_default().to_owned());
        for text in [Some(&text), tree.as_ref()].into_iter().flatten() {
            assert!(!text.contains("hunter2") && !text.contains("4711") && !text.contains("0.5"), "{text}");
        }
        text
    }

    #[test]
    fn values_are_not_quoted() {
        assert_eq!(why::<u8>(r#""hunter2""#), "invalid type: string, expected u8 at line 1 column 9");
        assert_eq!(why::<u8>("4711"), "invalid value: integer, expected u8 at line 1 column 4");
        assert_eq!(why::<String>("4711"), "invalid type: integer, expected a string at line 1 column 4");
        assert_eq!(why::<String>("0.5"), "invalid type: floating point, expected a string at line 1 column 3");
        assert_eq!(why::<String>("[]"), "invalid type: sequence, expected a string at line 1 column 0");
        assert_eq!(
            why::<u8>(r#""\", expected hunter2, expected \"hunter2""#),
            "invalid type: string, expected u8 at line 1 column 42"
        );
        assert_eq!(why::<Closed>(r#""hunter2`hunter2""#), "unknown variant, expected `one` at line 1 column 17");
        assert_eq!(why::<Strict>(r#"{"hunter2": 1}"#), "unknown field, expected `id` at line 1 column 10");
        assert_eq!(why::<Strict>(r#"{"id": "hunter2"}"#), "a value of the wrong form");
        assert_eq!(why::<Talkative>(r#""hunter2""#), "a value of the wrong form");
    }

    #[test]
    fn a_path_leads_to_the_mistake() {
        let why = |json| from_json::<BTreeMap<String, Vec<BySerde<Strict>>>>(json).unwrap_err().to_string();
        assert_eq!(why(serde_json::json!({"rows": [{}]})), "`rows[0]`: missing field `id`");
        assert_eq!(why(serde_json::json!({"rows": 1})), "`rows`: invalid type: integer, expected a sequence");
        assert_eq!(why(serde_json::json!("x")), "invalid type: string, expected a map");
    }

    #[test]
    fn names_of_the_type_and_places_stay() {
        assert_eq!(why::<Strict>("{}"), "missing field `id` at line 1 column 2");
        assert_eq!(why::<u8>("1 2"), "trailing characters at line 1 column 3");
        let error = serde_json::from_str::<u8>(r#""hunter2""#).unwrap_err();
        assert_eq!(
            in_variant("Body", "x", &error),
            "in variant x of Body: invalid type: string, expected u8 at line 1 column 9"
        );
    }
}
