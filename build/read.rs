//! Parses the contract, YAML or JSON. Everything after works on `serde_json::Value`.

use serde_json::{Map, Value};
use yaml_rust2::{Yaml, YamlLoader};

use super::fault::{Fault, Result};

/// Parses an OpenAPI 3.0 document. It is JSON if it starts with `{`, else YAML.
pub fn document(text: &str) -> Result<Value> {
    let text = text.trim_start_matches('\u{feff}');
    let value = if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(|e| Fault::new("document", format!("not valid JSON: {e}")))?
    } else {
        from_yaml(text)?
    };
    let version = value.get("openapi").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("3.0") {
        let found = value.get("openapi").or(value.get("swagger")).map_or("no version".to_owned(), Value::to_string);
        return Err(Fault::new("document", format!("expected an OpenAPI 3.0 document, found {found}")));
    }
    Ok(value)
}

fn from_yaml(text: &str) -> Result<Value> {
    let documents =
        YamlLoader::load_from_str(text).map_err(|e| Fault::new("document", format!("not valid YAML: {e}")))?;
    match documents.as_slice() {
        [one] => convert(one, "document"),
        other => Err(Fault::new("document", format!("expected one YAML document, found {}", other.len()))),
    }
}

fn convert(yaml: &Yaml, at: &str) -> Result<Value> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Boolean(b) => Value::Bool(*b),
        Yaml::Integer(i) => Value::from(*i),
        Yaml::Real(text) => match text.parse::<f64>() {
            Ok(number) => serde_json::Number::from_f64(number).map_or(Value::Null, Value::Number),
            Err(_) => Value::String(text.clone()),
        },
        Yaml::String(text) => Value::String(text.clone()),
        Yaml::Array(items) => Value::Array(items.iter().map(|item| convert(item, at)).collect::<Result<_>>()?),
        Yaml::Hash(hash) => {
            let mut map = Map::new();
            for (key, value) in hash {
                let key = match key {
                    Yaml::String(text) => text.clone(),
                    // Status codes are written bare: `200:`.
                    Yaml::Integer(number) => number.to_string(),
                    Yaml::Boolean(value) => value.to_string(),
                    other => return Err(Fault::new(at, format!("a key is not text: {other:?}"))),
                };
                let value = convert(value, &format!("{at}/{key}"))?;
                map.insert(key, value);
            }
            Value::Object(map)
        }
        Yaml::Alias(_) | Yaml::BadValue => return Err(Fault::new(at, "cannot read this YAML")),
    })
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
}
