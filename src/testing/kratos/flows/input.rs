//! What a person or an app submits: JSON, or an HTML form whose texts get the types of the schema.

use http::header;
use serde_json::{Map, Value, json};

use crate::testing::error::Error;
use crate::testing::http::Request;
use crate::testing::kratos::body;
use crate::testing::schema::{Field, Schema};

/// The most levels of a name in a form.
const DEEPEST: usize = 20;

/// Fields of a form, besides traits, that are no texts.
const TRUTH_VALUES: [&str; 5] = [
    "lookup_secret_regenerate",
    "lookup_secret_reveal",
    "lookup_secret_confirm",
    "lookup_secret_disable",
    "totp_unlink",
];

/// The body as a JSON object.
pub(super) fn read(request: &Request, schema: &Schema) -> Result<Value, Error> {
    let kind = request.header(header::CONTENT_TYPE).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        return Ok(of_form(request, schema));
    }
    body::decode_object(request)
}

fn of_form(request: &Request, schema: &Schema) -> Value {
    let mut body = json!({});
    let fields = schema.fields();
    for (name, text) in request.form().pairs() {
        let field = fields.iter().find(|field| field.name() == name);
        if let Some(value) = typed(name, text, field) {
            set(&mut body, name, value);
        }
    }
    body
}

/// The value of a field, or `None` for an empty one that is no text. A text that does not fit stays one, so that the
/// schema refuses it. Of a checkbox with a hidden field before it, the last value counts.
fn typed(name: &str, text: &str, field: Option<&Field>) -> Option<Value> {
    let kind = match field {
        Some(field) => field.text("type"),
        None if TRUTH_VALUES.contains(&name) => "boolean",
        None => "string",
    };
    let value = match (kind, text) {
        ("integer" | "number" | "boolean", "") => return None,
        ("boolean", "true" | "on" | "1") => Some(json!(true)),
        ("boolean", "false" | "off" | "0") => Some(json!(false)),
        ("integer", text) => text.parse::<i64>().ok().map(Value::from),
        ("number", text) => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
        _ => None,
    };
    Some(value.unwrap_or_else(|| json!(text)))
}

/// Sets `traits.name.first` inside nested objects. Ignores a name that goes too deep, or through something else.
fn set(body: &mut Value, name: &str, value: Value) {
    let parts: Vec<&str> = name.split('.').collect();
    let Some((last, parents)) = parts.split_last() else { return };
    if parents.len() > DEEPEST {
        return;
    }
    let mut object = body.as_object_mut();
    for part in parents {
        let next =
            object.and_then(|object| object.entry(*part).or_insert_with(|| Value::Object(Map::new())).as_object_mut());
        object = next;
    }
    if let Some(object) = object {
        object.insert((*last).to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_gives_the_types() {
        let schema = Schema::default();
        let fields = schema.fields();
        let typed = |name: &str, text: &str| typed(name, text, fields.iter().find(|field| field.name() == name));
        assert_eq!(typed("traits.age", "36"), Some(json!(36)));
        assert_eq!(typed("traits.age", "old"), Some(json!("old")));
        assert_eq!(typed("traits.age", ""), None);
        assert_eq!(typed("traits.newsletter", "on"), Some(json!(true)));
        assert_eq!(typed("traits.name.first", "36"), Some(json!("36")));
        assert_eq!(typed("totp_unlink", "true"), Some(json!(true)));
        assert_eq!(typed("password", "true"), Some(json!("true")));
    }

    #[test]
    fn names_with_dots_are_objects() {
        let mut body = json!({});
        set(&mut body, "traits.name.first", json!("Ada"));
        set(&mut body, "traits.name.last", json!("Lovelace"));
        set(&mut body, "method", json!("password"));
        set(&mut body, "method.x", json!("ignored"));
        set(&mut body, &vec!["a"; 1000].join("."), json!("ignored"));
        assert_eq!(body, json!({"traits": {"name": {"first": "Ada", "last": "Lovelace"}}, "method": "password"}));
    }
}
