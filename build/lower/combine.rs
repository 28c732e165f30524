//! `allOf` goes: with one member it becomes that member, with several objects one object with the properties of all.
//!
//! `{allOf: [{$ref: base}, {properties: {b: ..}}]}`, where `base` has `a`, becomes `{properties: {a: .., b: ..}}`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::lowering::Lowering;
use crate::build::fault::Result;
use crate::build::report::Report;
use crate::build::schema;
use crate::build::size::{self, Room};

/// Keys that describe a schema without changing what values it has.
const ANNOTATIONS: [&str; 11] = [
    "description",
    "title",
    "nullable",
    "example",
    "examples",
    "default",
    "readOnly",
    "writeOnly",
    "deprecated",
    "externalDocs",
    "xml",
];

/// Removes every `allOf`.
pub fn all_of(lowering: &mut Lowering) -> Result<()> {
    let schemas = lowering.schemas.clone();
    let mut combine = Combine { schemas: &schemas, open: Open::default(), room: std::mem::take(&mut lowering.room) };
    let mut result = Ok(());
    lowering.each_place_mut(&mut |root, schema, report| {
        if result.is_ok() {
            combine.open.truncate(0);
            // A schema that lists itself in its `allOf` adds nothing to itself.
            if let Some(name) = root.component {
                combine.open.push(name);
            }
            result = combine.visit(schema, root.at, 0, report);
        }
    });
    lowering.room = combine.room;
    result
}

struct Combine<'a> {
    schemas: &'a Map<String, Value>,
    open: Open,
    room: Room,
}

/// The names of the schemas that a schema already contains. They cannot be put into it again.
#[derive(Default)]
struct Open {
    names: Vec<String>,
    known: BTreeSet<String>,
}

impl Open {
    /// Returns whether the name is new.
    fn push(&mut self, name: &str) -> bool {
        let is_new = self.known.insert(name.to_owned());
        if is_new {
            self.names.push(name.to_owned());
        }
        is_new
    }

    fn truncate(&mut self, count: usize) {
        for name in self.names.drain(count..) {
            self.known.remove(&name);
        }
    }
}

impl Combine<'_> {
    fn visit(&mut self, schema: &mut Value, at: &str, level: usize, report: &mut Report) -> Result<()> {
        size::check_levels(level, at)?;
        let outer = self.open.names.len();
        if schema.get("allOf").is_some() {
            *schema = self.combined(schema, at, report)?;
        }
        for (part, inner) in schema::parts_mut(schema) {
            self.visit(inner, &schema::place(at, &part), level + 1, report)?;
        }
        self.open.truncate(outer);
        Ok(())
    }

    fn combined(&mut self, schema: &Value, at: &str, report: &mut Report) -> Result<Value> {
        let mut parts = Parts::default();
        parts.collect(schema);
        let Parts { list, notes, .. } = parts;
        let mut found = match list.len() {
            0 => Map::new(),
            1 => list.into_iter().next().unwrap_or_default(),
            _ => {
                for name in list.iter().filter_map(reference) {
                    if self.open.known.contains(name) {
                        report.note(at, format!("allOf repeats {name} inside {name}: left out"));
                    }
                }
                let merged = self.merged(list, at, 0)?;
                report.note(
                    at,
                    match merged {
                        Some(_) => "allOf of several objects: one object with all properties",
                        None => "allOf of schemas that are not all plain objects: any JSON",
                    },
                );
                merged.unwrap_or_default()
            }
        };
        // Annotations beside the `allOf` win over those within.
        found.extend(notes);
        Ok(Value::Object(found))
    }

    /// One object made of several, if all are objects. `level` counts the references that lead here.
    fn merged(&mut self, parts: Vec<Map<String, Value>>, at: &str, level: usize) -> Result<Option<Map<String, Value>>> {
        let (mut properties, mut required, mut seen) = (Map::new(), Vec::new(), BTreeSet::new());
        let mut more = None;
        for part in parts {
            let Some(mut part) = self.plain(part, at, level)? else { return Ok(None) };
            if let Some(Value::Object(own)) = part.remove("properties") {
                properties.extend(own);
            }
            if let Some(Value::Array(own)) = part.remove("required") {
                required.extend(own.into_iter().filter(|name| seen.insert(name.to_string())));
            }
            more = more.or(part.remove("additionalProperties").filter(|more| *more != Value::Bool(false)));
        }
        let mut map = Map::from_iter([
            ("type".to_owned(), json!("object")),
            ("properties".to_owned(), Value::Object(properties)),
            ("required".to_owned(), Value::Array(required)),
        ]);
        if let Some(more) = more {
            map.insert("additionalProperties".to_owned(), more);
        }
        Ok(Some(map))
    }

    /// A part with its reference followed, or `None` if it is not a plain object.
    fn plain(&mut self, part: Map<String, Value>, at: &str, level: usize) -> Result<Option<Map<String, Value>>> {
        if part.contains_key("$ref") {
            let Some(name) = reference(&part) else { return Ok(None) };
            if !self.open.push(name) {
                return Ok(Some(Map::new()));
            }
            let Some(target) = self.schemas.get(name) else { return Ok(None) };
            self.room.take(size::of(target), at)?;
            size::check_levels(level + 1, at)?;
            let mut parts = Parts::default();
            parts.collect(target);
            return self.merged(parts.list, at, level + 1);
        }
        let is_object = part.get("type").is_none_or(|kind| kind == "object");
        Ok((is_object && !schema::is_union(&part) && !part.contains_key("enum")).then_some(part))
    }
}

/// The component that a part refers to.
fn reference(part: &Map<String, Value>) -> Option<&str> {
    schema::name_in(part.get("$ref")?.as_str()?)
}

/// The parts of a schema that say what values it has, inner ones first, and its annotations.
#[derive(Default)]
struct Parts {
    list: Vec<Map<String, Value>>,
    seen: BTreeSet<String>,
    notes: Map<String, Value>,
}

impl Parts {
    fn collect(&mut self, schema: &Value) {
        let Some(map) = schema.as_object() else { return };
        for part in map.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.collect(part);
        }
        let is_note = |key: &str| ANNOTATIONS.contains(&key) || key.starts_with("x-");
        let others = map.iter().filter(|(key, _)| *key != "allOf").map(|(key, value)| (key.clone(), value.clone()));
        let (own, kind): (Map<_, _>, Map<_, _>) = others.partition(|(key, _)| is_note(key));
        // A bare `type: object` adds nothing to a part that is an object. It is a part only if there is no other.
        let is_bare = |kind: &Map<String, Value>| kind.len() == 1 && kind.get("type").is_some_and(|it| it == "object");
        let is_alone = map.get("allOf").is_none() && self.list.is_empty();
        if !kind.is_empty() && (is_alone || !is_bare(&kind)) {
            if self.list.first().is_some_and(is_bare) {
                self.list.clear();
            }
            if self.seen.insert(Value::Object(kind.clone()).to_string()) {
                self.list.push(kind);
            }
        }
        self.notes.extend(own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::lower::lowering::lowering;

    fn of(name: &str) -> Value {
        schema::reference(name)
    }

    fn combine(schemas: Value) -> Lowering {
        let mut low = lowering(schemas);
        all_of(&mut low).unwrap();
        low
    }

    #[test]
    fn all_of_one_is_that_one() {
        let low = combine(json!({
            "a": {"description": "mine", "allOf": [{"$ref": "#/components/schemas/b"}]},
            "n": {"allOf": [of("b"), {"nullable": true}, {"x-mark": true}]},
            "o": {"type": "object", "allOf": [of("b")]},
        }));
        assert_eq!(low.schemas["a"], json!({"description": "mine", "$ref": "#/components/schemas/b"}));
        assert_eq!(low.schemas["n"], json!({"nullable": true, "x-mark": true, "$ref": "#/components/schemas/b"}));
        assert_eq!(low.schemas["o"], of("b"));
        assert_eq!(low.report.len(), 0);
    }

    #[test]
    fn several_objects_are_one() {
        let low = combine(json!({
            "base": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
            "middle": {"allOf": [of("base"), {"properties": {"b": {"type": "string"}}}]},
            "top": {"description": "Top.", "allOf": [of("middle")], "required": ["c"], "properties": {"c": {"type": "integer"}}},
        }));
        assert_eq!(
            low.schemas["top"],
            json!({"description": "Top.", "type": "object", "required": ["a", "c"], "properties": {
                "a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "integer"}}})
        );
    }

    #[test]
    fn what_is_no_object_is_any_json() {
        let low = combine(json!({
            "u": {"oneOf": [{"type": "string"}]},
            "a": {"allOf": [of("u"), {"properties": {"x": {}}}], "description": "D."},
            "m": {"allOf": [{"type": "string"}, {"type": "integer"}]},
        }));
        assert_eq!(low.schemas["a"], json!({"description": "D."}));
        assert_eq!(low.schemas["m"], json!({}));
        assert_eq!(low.report.len(), 2);
    }

    #[test]
    fn what_is_all_of_itself_ends() {
        let more = json!({"properties": {"x": {"type": "string"}}});
        let low = combine(json!({
            "a": {"allOf": [of("a"), more]},
            "b": {"properties": {"next": {"allOf": [of("b"), more]}}},
            "c": {"allOf": [of("d"), more]}, "d": {"allOf": [of("c"), {"properties": {"y": {"type": "string"}}}]},
        }));
        assert_eq!(low.schemas["a"]["properties"], json!({"x": {"type": "string"}}));
        assert_eq!(low.schemas["b"]["properties"]["next"]["properties"], json!({"x": {"type": "string"}}));
        assert_eq!(low.schemas["c"]["properties"], json!({"x": {"type": "string"}, "y": {"type": "string"}}));
    }

    #[test]
    fn what_outgrows_memory_or_the_stack_is_refused() {
        let fault =
            |schemas: Map<String, Value>| all_of(&mut lowering(Value::Object(schemas))).unwrap_err().to_string();
        let next = |index: usize| of(&format!("a{index}"));
        let chain = |count: usize, wrap: &dyn Fn(Value) -> Value| -> Map<String, Value> {
            (0..count).map(|index| (format!("a{index}"), wrap(next(index + 1)))).collect()
        };
        let own = json!({"properties": {"own": {"type": "string"}}});
        let bases = chain(10_000, &|base| json!({"allOf": [base, own]}));
        assert_eq!(fault(bases), "schema a0: is nested deeper than 64 levels");
        let nested = chain(10_000, &|base| json!({"properties": {"p": {"allOf": [base, own]}}}));
        assert!(fault(nested).ends_with("is nested deeper than 64 levels"));
        // A base of a megabyte, and many that extend it.
        let mut derived = chain(100, &|_| json!({"allOf": [of("base"), own]}));
        derived.insert("base".to_owned(), json!({"properties": {"p": {"enum": ["x".repeat(1 << 20)]}}}));
        assert!(fault(derived).ends_with("the contract takes more than 32 MiB"));
    }
}
