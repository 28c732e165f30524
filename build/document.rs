//! Reading a document: references, objects, texts and flags.

use serde_json::{Map, Value};

use super::fault::{Fault, Result};
use super::size::{self, Room};

/// Follows the `$ref` of a parameter, body, response or schema to what it names.
pub fn resolve<'a>(document: &'a Value, value: &'a Value, at: &str) -> Result<&'a Value> {
    let mut current = value;
    for _ in 0..32 {
        let Some(pointer) = current.get("$ref").and_then(Value::as_str) else { return Ok(current) };
        let path = pointer
            .strip_prefix('#')
            .ok_or_else(|| Fault::new(at, format!("reference {pointer:?} leaves the document")))?;
        current =
            document.pointer(path).ok_or_else(|| Fault::new(at, format!("reference {pointer:?} points to nothing")))?;
    }
    Err(Fault::new(at, "references form a circle"))
}

/// A document, and the room for what its references repeat: a thousand references to one long description are as many
/// copies of it.
pub struct References<'a> {
    pub document: &'a Value,
    pub room: &'a mut Room,
}

impl<'a> References<'a> {
    /// Like `resolve`, and takes the room of a copy.
    pub fn follow<'b>(&mut self, value: &'b Value, at: &str) -> Result<&'b Value>
    where
        'a: 'b,
    {
        let found = resolve(self.document, value, at)?;
        self.take(value, found, at)?;
        Ok(found)
    }

    /// Like `follow`, but a reference that leads nowhere leads to itself.
    pub fn follow_if_there<'b>(&mut self, value: &'b Value, at: &str) -> Result<&'b Value>
    where
        'a: 'b,
    {
        let found = resolve(self.document, value, at).unwrap_or(value);
        self.take(value, found, at)?;
        Ok(found)
    }

    fn take(&mut self, value: &Value, found: &Value, at: &str) -> Result<()> {
        if std::ptr::eq(value, found) { Ok(()) } else { self.room.take(size::of(found), at) }
    }
}

/// The schemas of the components, empty if the document has none.
pub fn schemas(document: &mut Value) -> Result<&mut Map<String, Value>> {
    let nothing = || Value::Object(Map::new());
    let components = object_mut(document, "document")?.entry("components").or_insert_with(nothing);
    object_mut(object_mut(components, "components")?.entry("schemas").or_insert_with(nothing), "components/schemas")
}

/// The object at a place in the document.
pub fn object<'a>(value: &'a Value, at: &str) -> Result<&'a Map<String, Value>> {
    value.as_object().ok_or_else(|| no_object(value, at))
}

fn object_mut<'a>(value: &'a mut Value, at: &str) -> Result<&'a mut Map<String, Value>> {
    match value {
        Value::Object(map) => Ok(map),
        other => Err(no_object(other, at)),
    }
}

fn no_object(found: &Value, at: &str) -> Fault {
    Fault::new(at, format!("expected an object, found {}", kind_of(found)))
}

/// What a value is, for messages.
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(items) if items.is_empty() => "an empty list",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A text, trimmed. Anything else is the empty text.
pub fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

/// The texts in the list at `key`.
pub fn texts(value: &Value, key: &str) -> Vec<String> {
    let list = value.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Whether `key` is `true`.
pub fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn resolves_through_several_references() {
        let document =
            json!({"components": {"schemas": {"a": {"$ref": "#/components/schemas/b"}, "b": {"type": "string"}}}});
        let start = json!({"$ref": "#/components/schemas/a"});
        assert_eq!(resolve(&document, &start, "x").unwrap(), &json!({"type": "string"}));
    }

    #[test]
    fn what_references_repeat_is_bounded() {
        let document = json!({"components": {"parameters": {"p": {"description": "x".repeat(1 << 20)}}}});
        let mut references = References { document: &document, room: &mut Room::default() };
        let (start, own) = (json!({"$ref": "#/components/parameters/p"}), json!({"description": "y".repeat(1 << 20)}));
        let mut follow = |value: &Value| references.follow(value, "operation x").err().map(|fault| fault.to_string());
        assert!((0..100).all(|_| follow(&own).is_none()), "nothing is repeated");
        let fault = (0..100).find_map(|_| follow(&start)).unwrap();
        assert_eq!(fault, "operation x: the contract takes more than 32 MiB");
    }

    #[test]
    fn a_broken_or_circular_reference_is_named() {
        let document = json!({"components": {"schemas": {"a": {"$ref": "#/components/schemas/a"}}}});
        let broken = json!({"$ref": "#/components/schemas/none"});
        assert_eq!(
            resolve(&document, &broken, "operation x").unwrap_err().to_string(),
            "operation x: reference \"#/components/schemas/none\" points to nothing"
        );
        let circle = json!({"$ref": "#/components/schemas/a"});
        assert!(resolve(&document, &circle, "x").unwrap_err().to_string().contains("circle"));
        let away = json!({"$ref": "other.yaml#/a"});
        assert!(resolve(&document, &away, "x").unwrap_err().to_string().contains("leaves the document"));
    }
}
