//! Parses the contract, YAML or JSON. Everything after works on `serde_json::Value`.

use serde_json::Value;

use super::fault::{Fault, Result};
use super::size::{self, DEEPEST, LARGEST, OF_VALUE};
use super::yaml;

/// Parses an OpenAPI 3.0 document. It is JSON if it starts with `{`, else YAML.
pub fn document(text: &str) -> Result<Value> {
    let text = text.trim_start_matches('\u{feff}');
    let is_json = text.trim_start().starts_with('{');
    // The reader of YAML counts values itself. In JSON, each but the first follows one of these characters.
    let values = if is_json { text.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count() } else { 0 };
    if text.len() + values * OF_VALUE > LARGEST {
        return Err(Fault::new("document", format!("takes more than {} MiB", LARGEST >> 20)));
    }
    let value =
        if is_json { serde_json::from_str(text).map_err(|why| invalid_json(&why))? } else { yaml::parse(text)? };
    size::check_levels(size::levels(&value), "document")?;
    let version = value.get("openapi").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("3.0") {
        let found = value.get("openapi").or(value.get("swagger")).map_or("no version".to_owned(), Value::to_string);
        return Err(Fault::new("document", format!("expected an OpenAPI 3.0 document, found {found}")));
    }
    Ok(value)
}

/// The parser ends at 128 levels, which is no fault of the JSON.
fn invalid_json(why: &serde_json::Error) -> Fault {
    let what = why.to_string();
    match what.strip_prefix("recursion limit exceeded") {
        Some(place) => Fault::new("document", format!("is nested deeper than {DEEPEST} levels{place}")),
        None => Fault::new("document", format!("not valid JSON: {what}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yaml_and_json_read_alike() {
        let yaml = "openapi: 3.0.3\npaths:\n  /x:\n    get:\n      responses:\n        200: {description: 'no'}\n";
        let json = r#"{"openapi": "3.0.3", "paths": {"/x": {"get": {"responses": {"200": {"description": "no"}}}}}}"#;
        assert_eq!(document(yaml).unwrap(), document(json).unwrap());
    }

    #[test]
    fn words_stay_words() {
        let value = document("openapi: 3.0.0\na: no\nb: y\nc: 1.0\nd: '1'\n").unwrap();
        assert_eq!(value, json!({"openapi": "3.0.0", "a": "no", "b": "y", "c": 1.0, "d": "1"}));
    }

    #[test]
    fn refuses_what_is_not_openapi_3_0() {
        assert_eq!(
            document("swagger: '2.0'\n").unwrap_err().to_string(),
            "document: expected an OpenAPI 3.0 document, found \"2.0\""
        );
        assert!(document("{").unwrap_err().to_string().starts_with("document: not valid JSON"));
        assert!(document("a: 1\na: 2\n").unwrap_err().to_string().contains("not valid YAML"));
        assert!(document("openapi: 3.1.0\n").unwrap_err().to_string().contains("3.1.0"));
    }

    #[test]
    fn refuses_what_is_too_large_or_too_deep() {
        let fault = |text: &str| document(text).unwrap_err().to_string();
        let large = "document: takes more than 32 MiB";
        assert_eq!(fault(&format!("{{\"a\": [{}0]}}", "{},".repeat(600_000))), large);
        assert_eq!(fault(&format!("{{\"a\": [{}0]}}", "0,".repeat(600_000))), large);
        assert_eq!(fault(&format!("{{\"a\": \"{}\"}}", "x".repeat(LARGEST))), large);
        assert_eq!(fault(&format!("a: {}", "x".repeat(LARGEST))), large);
        assert!(fault(&format!("a: [{}0]", "0,".repeat(600_000))).ends_with("takes more than 32 MiB"));
        let nested =
            |levels: usize| format!("{{\"openapi\": \"3.0.3\", \"x\": {}0{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(document(&nested(63)).is_ok());
        assert_eq!(fault(&nested(64)), "document: is nested deeper than 64 levels");
        assert!(fault(&nested(100_000)).starts_with("document: is nested deeper than 64 levels at line 1 column "));
    }

    #[test]
    fn a_fault_shows_little_of_what_was_found() {
        let version = format!("{{\"openapi\": {:?}}}", "3.1\n".repeat(100_000));
        let fault = document(&version).unwrap_err().to_string();
        assert!(fault.len() < 800 && !fault.contains('\n'), "{fault}");
    }
}
