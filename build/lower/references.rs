//! Every reference is made to point to a schema of the components. A schema elsewhere in the document is copied there,
//! and one in another file becomes any JSON.

use serde_json::{Map, Value};

use super::lowering::Lowering;
use crate::build::fault::{Fault, Result};
use crate::build::names::Names;
use crate::build::one_line::short;
use crate::build::report::Report;
use crate::build::schema;
use crate::build::size::{self, Room};

/// Rewrites every reference as `#/components/schemas/..` with the plain name of the schema.
pub fn localize(lowering: &mut Lowering, document: &Value) -> Result<()> {
    let known = std::mem::take(&mut lowering.schemas);
    let mut schemas = known.clone();
    let Lowering { operations, report, room, .. } = lowering;
    let mut places = Places {
        document,
        known: &known,
        names: Names::new(known.keys().cloned()),
        copied: Vec::new(),
        room,
        fault: None,
    };
    for (name, schema) in &mut schemas {
        places.follow(&format!("schema {}", short(name)), schema, report);
    }
    for operation in operations {
        let at = operation.at();
        for placed in operation.schemas_mut() {
            places.follow(&at, placed.schema, report);
        }
    }
    // Copied schemas may contain references too.
    while let Some((name, mut schema)) = places.copied.pop() {
        places.follow(&format!("schema {}", short(&name)), &mut schema, report);
        schemas.insert(name, schema);
    }
    let fault = places.fault;
    lowering.schemas = schemas;
    fault.map_or(Ok(()), Err)
}

struct Places<'a> {
    document: &'a Value,
    known: &'a Map<String, Value>,
    /// The names of copies, by the pointers to what was copied.
    names: Names,
    /// Copies that may still contain other references.
    copied: Vec<(String, Value)>,
    room: &'a mut Room,
    fault: Option<Fault>,
}

impl Places<'_> {
    fn follow(&mut self, at: &str, schema: &mut Value, report: &mut Report) {
        schema::each_mut(schema, &mut |part| {
            let Some(pointer) = part.get("$ref").and_then(Value::as_str) else { return };
            if schema::name_in(pointer).is_some_and(|name| self.known.contains_key(name)) {
                return;
            }
            let pointer = pointer.to_owned();
            let target = match self.name_of(&pointer, at, report) {
                Ok(target) => target,
                Err(found) => {
                    self.fault.get_or_insert(found);
                    return;
                }
            };
            let Some(map) = part.as_object_mut() else { return };
            match target {
                Some(name) => map.insert("$ref".to_owned(), Value::from(schema::pointer_to(&name))),
                None => map.remove("$ref"),
            };
        });
    }

    /// The name of the schema that a pointer means, or `None` if it is in another file.
    fn name_of(&mut self, pointer: &str, at: &str, report: &mut Report) -> Result<Option<String>> {
        let Some(path) = pointer.strip_prefix('#') else {
            if self.known.contains_key(pointer) {
                return Ok(Some(pointer.to_owned()));
            }
            report.note(at, format!("reference {pointer:?} leaves the document: any JSON"));
            return Ok(None);
        };
        let path = percent_decoded(path);
        let parts: Vec<String> =
            path.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
        if let ["components", "schemas", name] | ["definitions", name] = parts_of(&parts).as_slice()
            && self.known.contains_key(*name)
        {
            return Ok(Some((*name).to_owned()));
        }
        // The document no longer has its schemas, so these are looked up in `known`.
        let found = match parts_of(&parts).as_slice() {
            ["components", "schemas", name, rest @ ..] => self.known.get(*name).and_then(|schema| {
                rest.iter().try_fold(schema, |value, key| match value {
                    Value::Array(items) => items.get(key.parse::<usize>().ok()?),
                    other => other.get(key),
                })
            }),
            _ => self.document.pointer(&path),
        };
        let Some(found) = found else {
            // `prune` reports a missing schema, and only if an operation needs it.
            return match parts_of(&parts).as_slice() {
                ["components", "schemas", name] => Ok(Some((*name).to_owned())),
                _ => Err(Fault::new(at, format!("reference {pointer:?} points to nothing"))),
            };
        };
        // A response or a body contains its schema.
        let media = found.get("content").and_then(Value::as_object).and_then(|content| content.values().next());
        let schema = media.unwrap_or(found).get("schema").or(media).unwrap_or(found);
        let name = parts.iter().filter(|part| *part != "components").cloned().collect::<Vec<_>>().join("_");
        let (name, is_new) = self.names.take_for(&name, path.clone());
        if is_new {
            report
                .note(at, format!("reference {pointer:?} does not point to a schema of the components: copied there"));
            self.room.take(size::of(schema), at)?;
            self.copied.push((name.clone(), schema.clone()));
        }
        Ok(Some(name))
    }
}

fn parts_of(parts: &[String]) -> Vec<&str> {
    parts.iter().map(String::as_str).collect()
}

/// Decodes codes such as `%7B`. Anything else stays.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = (first == b'%').then(|| after.get(..2)).flatten();
        match code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering::lowering;

    fn localized(schemas: Value, document: Value) -> Result<Lowering> {
        let mut low = lowering(schemas);
        localize(&mut low, &document).map(|()| low)
    }

    #[test]
    fn every_spelling_of_a_reference() {
        let properties = json!({
            "plain": {"$ref": "#/components/schemas/a~1b"}, "coded": {"$ref": "#/components/schemas/%7Bx%7D"},
            "old": {"$ref": "#/definitions/a~1b"}, "deep": {"$ref": "#/components/schemas/H/properties/own"},
            "response": {"$ref": "#/components/responses/gone"}, "own": {"type": "integer"},
            "away": {"$ref": "other.json#/a"},
        });
        let response = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/a~1b"}}}});
        let low = localized(
            json!({"a/b": {"type": "string"}, "{x}": {"type": "string"}, "H": {"properties": properties}}),
            json!({"components": {"responses": {"gone": response}}}),
        )
        .unwrap();
        let of = |name: &str| low.schemas["H"]["properties"][name].get("$ref").and_then(Value::as_str).unwrap_or("");
        assert_eq!((of("plain"), of("old")), ("#/components/schemas/a/b", "#/components/schemas/a/b"));
        assert_eq!(of("coded"), "#/components/schemas/{x}");
        assert_eq!(of("deep"), "#/components/schemas/schemas_H_properties_own");
        assert_eq!(low.schemas["schemas_H_properties_own"], json!({"type": "integer"}));
        assert_eq!(of("response"), "#/components/schemas/responses_gone");
        assert_eq!(low.schemas["responses_gone"], json!({"$ref": "#/components/schemas/a/b"}));
        assert_eq!(of("away"), "");
        assert!(low.report.to_string().contains("schema H: reference \"other.json#/a\" leaves the document: any JSON"));
    }

    #[test]
    fn a_reference_to_nothing_is_named() {
        let to = |pointer: &str| localized(json!({"H": {"items": {"$ref": pointer}}}), json!({}));
        let fault = to("#/paths/~1x/get").err().unwrap().to_string();
        assert_eq!(fault, "schema H: reference \"#/paths/~1x/get\" points to nothing");
        // A missing schema is reported only if it is needed.
        assert_eq!(to("#/components/schemas/none").unwrap().schemas["H"]["items"]["$ref"], "#/components/schemas/none");
    }
}
