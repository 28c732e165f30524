//! References in every spelling end at a schema of the components: what lies elsewhere is copied there, what lies
//! in another file is any JSON.

use serde_json::{Map, Value};

use super::Lowering;
use crate::build::fault::{Fault, Result};
use crate::build::report::Report;
use crate::build::walk;

/// Points every reference to a schema by its plain name.
pub fn localize(lowering: &mut Lowering, document: &Value) -> Result<()> {
    let mut copied: Map<String, Value> = Map::new();
    let mut fault = None;
    let names: Vec<String> = lowering.schemas.keys().cloned().collect();
    let known = std::mem::take(&mut lowering.schemas);
    let mut places = Places { document, known: &known, names: &names, copied: &mut copied };
    let mut schemas = known.clone();
    for (name, schema) in &mut schemas {
        places.follow(&format!("schema {name}"), schema, &mut lowering.report, &mut fault);
    }
    let Lowering { operations, report, .. } = lowering;
    for operation in operations {
        let at = format!("operation {}", operation.id);
        for (_, schema) in crate::build::operations::places_mut(operation) {
            places.follow(&at, schema, report, &mut fault);
        }
    }
    // What was copied may refer on.
    let mut done = Vec::new();
    while let Some(name) = places.copied.keys().find(|name| !done.contains(*name)).cloned() {
        let mut schema = places.copied[&name].clone();
        places.follow(&format!("schema {name}"), &mut schema, &mut lowering.report, &mut fault);
        places.copied.insert(name.clone(), schema);
        done.push(name);
    }
    schemas.extend(copied);
    lowering.schemas = schemas;
    fault.map_or(Ok(()), Err)
}

struct Places<'a> {
    document: &'a Value,
    known: &'a Map<String, Value>,
    names: &'a [String],
    copied: &'a mut Map<String, Value>,
}

impl Places<'_> {
    fn follow(&mut self, at: &str, schema: &mut Value, report: &mut Report, fault: &mut Option<Fault>) {
        walk::each_mut(schema, &mut |part| {
            let Some(pointer) = part.get("$ref").and_then(Value::as_str) else { return };
            if pointer.strip_prefix(walk::SCHEMAS).is_some_and(|name| self.known.contains_key(name)) {
                return;
            }
            let pointer = pointer.to_owned();
            let target = match self.name_of(&pointer, at, report) {
                Ok(target) => target,
                Err(found) => {
                    fault.get_or_insert(found);
                    return;
                }
            };
            let Some(map) = part.as_object_mut() else { return };
            match target {
                Some(name) => map.insert("$ref".to_owned(), Value::from(format!("{}{name}", walk::SCHEMAS))),
                None => map.remove("$ref"),
            };
        });
    }

    /// The schema that a pointer means; none where it is out of reach.
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
            && self.names.iter().any(|known| known == name)
        {
            return Ok(Some((*name).to_owned()));
        }
        // Of the schemas only, since the document does not have them any more.
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
            // A plain name that is missing is told by whoever refers to it.
            return match parts_of(&parts).as_slice() {
                ["components", "schemas", name] => Ok(Some((*name).to_owned())),
                _ => Err(Fault::new(at, format!("reference {pointer:?} points to nothing"))),
            };
        };
        // An answer or a body holds its schema.
        let media = found.get("content").and_then(Value::as_object).and_then(|content| content.values().next());
        let schema = media.unwrap_or(found).get("schema").or(media).unwrap_or(found).clone();
        let name = parts.iter().filter(|part| *part != "components").cloned().collect::<Vec<_>>().join("_");
        let name = crate::build::names::free(name, |name| self.known.contains_key(name));
        if !self.copied.contains_key(&name) {
            report.note(at, format!("reference {pointer:?} is no schema of the components: copied"));
            self.copied.insert(name.clone(), schema);
        }
        Ok(Some(name))
    }
}

fn parts_of(parts: &[String]) -> Vec<&str> {
    parts.iter().map(String::as_str).collect()
}

/// `%7B` is `{`; what is no such code stays.
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
    use crate::build::lower::lowering;

    fn localized(schemas: Value, document: Value) -> Result<Lowering> {
        let mut low = lowering(schemas);
        localize(&mut low, &document).map(|()| low)
    }

    #[test]
    fn every_spelling_of_a_reference() {
        let properties = json!({
            "plain": {"$ref": "#/components/schemas/a~1b"}, "coded": {"$ref": "#/components/schemas/%7Bx%7D"},
            "old": {"$ref": "#/definitions/a~1b"}, "deep": {"$ref": "#/components/schemas/H/properties/own"},
            "answer": {"$ref": "#/components/responses/gone"}, "own": {"type": "integer"},
            "away": {"$ref": "other.json#/a"},
        });
        let answer = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/a~1b"}}}});
        let low = localized(
            json!({"a/b": {"type": "string"}, "{x}": {"type": "string"}, "H": {"properties": properties}}),
            json!({"components": {"responses": {"gone": answer}}}),
        )
        .unwrap();
        let of = |name: &str| low.schemas["H"]["properties"][name].get("$ref").and_then(Value::as_str).unwrap_or("");
        assert_eq!((of("plain"), of("old")), ("#/components/schemas/a/b", "#/components/schemas/a/b"));
        assert_eq!(of("coded"), "#/components/schemas/{x}");
        assert_eq!(of("deep"), "#/components/schemas/schemas_H_properties_own");
        assert_eq!(low.schemas["schemas_H_properties_own"], json!({"type": "integer"}));
        assert_eq!(of("answer"), "#/components/schemas/responses_gone");
        assert_eq!(low.schemas["responses_gone"], json!({"$ref": "#/components/schemas/a/b"}));
        assert_eq!(of("away"), "");
        assert!(low.report.to_string().contains("schema H: reference \"other.json#/a\" leaves the document: any JSON"));
    }

    #[test]
    fn a_reference_to_nothing_is_named() {
        let to = |pointer: &str| localized(json!({"H": {"items": {"$ref": pointer}}}), json!({}));
        let fault = to("#/paths/~1x/get").err().unwrap().to_string();
        assert_eq!(fault, "schema H: reference \"#/paths/~1x/get\" points to nothing");
        // One to a schema is told once it is known who needs it.
        assert_eq!(to("#/components/schemas/none").unwrap().schemas["H"]["items"]["$ref"], "#/components/schemas/none");
    }
}
