//! Schemas that only rename a text, number or list are written out where they are used: `UiTexts` is `Vec<UiText>`.

use serde_json::{Map, Value};

use super::lowering::Lowering;
use crate::build::report::Report;
use crate::build::schema::{self, has_properties, is_text_enum, is_union};

/// The most schemas that all aliases together may unfold into. In a chain in which each alias names the next one
/// twice, the number doubles at each step.
const MOST: usize = 100_000;

/// Replaces every reference to an alias by its schema.
pub fn inline(lowering: &mut Lowering) {
    let aliases: Map<String, Value> =
        lowering.schemas.iter().filter(|(_, schema)| is_alias(schema)).map(|(n, s)| (n.clone(), s.clone())).collect();
    // Aliases may refer to aliases, so these are unfolded first.
    let mut flat = Map::new();
    let mut left = MOST;
    for name in aliases.keys() {
        let schema = unfold(name, &aliases, &mut Vec::new(), &mut left, &mut lowering.report);
        flat.insert(name.clone(), schema);
    }
    lowering.schemas.retain(|name, _| !flat.contains_key(name));
    lowering.each_root_mut(&mut |root| {
        schema::each_mut(root, &mut |schema| replace(schema, &flat));
    });
}

/// The schema of an alias without references to aliases. Where an alias contains itself it is any JSON, because no type
/// can be named there.
fn unfold(
    name: &str,
    aliases: &Map<String, Value>,
    open: &mut Vec<String>,
    left: &mut usize,
    report: &mut Report,
) -> Value {
    open.push(name.to_owned());
    let mut schema = aliases[name].clone();
    schema::each_mut(&mut schema, &mut |part| {
        if *left == 1 {
            report
                .note(format!("schema {name}"), format!("aliases of more than {MOST} schemas: any JSON from here on"));
        }
        *left = left.saturating_sub(1);
        let Some(target) = schema::target(part).filter(|target| aliases.contains_key(*target)) else { return };
        if open.iter().any(|other| other == target) {
            if open[0] == target {
                report.note(format!("schema {target}"), "an alias that contains itself: any JSON there");
            }
            put(part, &Value::Object(Map::new()));
            return;
        }
        if *left == 0 {
            put(part, &Value::Object(Map::new()));
            return;
        }
        let inner = unfold(target, aliases, open, left, report);
        put(part, &inner);
    });
    open.pop();
    schema
}

fn replace(schema: &mut Value, flat: &Map<String, Value>) {
    if let Some(inner) = schema::target(schema).and_then(|name| flat.get(name)) {
        let inner = inner.clone();
        put(schema, &inner);
    }
}

/// Puts the schema of an alias in place of a reference. What the reference says itself stays.
fn put(place: &mut Value, inner: &Value) {
    let Some(map) = place.as_object_mut() else { return };
    map.remove("$ref");
    for (key, value) in inner.as_object().into_iter().flatten() {
        map.entry(key.clone()).or_insert_with(|| value.clone());
    }
}

/// Whether a schema becomes neither a struct nor an enum nor a union.
fn is_alias(schema: &Value) -> bool {
    let Some(map) = schema.as_object() else { return true };
    if map.contains_key("$ref") {
        return true;
    }
    !is_union(map) && !is_text_enum(map) && !has_properties(map)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering::lowering;

    #[test]
    fn aliases_stand_in_place() {
        let mut low = lowering(json!({
            "Texts": {"type": "array", "items": {"$ref": "#/components/schemas/Text"}, "description": "All texts."},
            "Text": {"type": "object", "properties": {"id": {"$ref": "#/components/schemas/ID"}}},
            "ID": {"type": "integer"},
            "Node": {"type": "object", "properties": {"messages": {"$ref": "#/components/schemas/Texts", "description": "Its own."}}},
            "Member": {"$ref": "#/components/schemas/Node"},
            "Members": {"type": "array", "items": {"$ref": "#/components/schemas/Member"}},
            "Holder": {"type": "object", "properties": {"m": {"$ref": "#/components/schemas/Members"}}},
        }));
        inline(&mut low);
        assert_eq!(low.schemas.keys().collect::<Vec<_>>(), ["Holder", "Node", "Text"]);
        assert_eq!(
            low.schemas["Node"]["properties"]["messages"],
            json!({"type": "array", "items": {"$ref": "#/components/schemas/Text"}, "description": "Its own."})
        );
        assert_eq!(low.schemas["Text"]["properties"]["id"], json!({"type": "integer"}));
        assert_eq!(low.schemas["Holder"]["properties"]["m"]["items"], json!({"$ref": "#/components/schemas/Node"}));
    }

    #[test]
    fn what_grows_beyond_memory_ends() {
        let next = |index: usize| json!({"$ref": format!("#/components/schemas/A{index}")});
        let schemas = (0..40).map(|index| {
            let both = json!({"type": "array", "items": next(index + 1), "additionalProperties": next(index + 1)});
            (format!("A{index}"), both)
        });
        let mut schemas: Map<String, Value> = schemas.collect();
        schemas.insert("A40".to_owned(), json!({"type": "string"}));
        let mut low = lowering(Value::Object(schemas));
        inline(&mut low);
        let report = low.report.to_string();
        assert_eq!(report.matches("aliases of more than 100000 schemas: any JSON from here on").count(), 1, "{report}");
    }

    #[test]
    fn a_circle_ends_in_any_json() {
        let mut low = lowering(json!({
            "A": {"type": "array", "items": {"$ref": "#/components/schemas/A"}},
            "B": {"$ref": "#/components/schemas/C"}, "C": {"$ref": "#/components/schemas/B"},
            "H": {"properties": {"a": {"$ref": "#/components/schemas/A"}, "b": {"$ref": "#/components/schemas/B"}}},
        }));
        inline(&mut low);
        assert_eq!(low.schemas["H"]["properties"], json!({"a": {"type": "array", "items": {}}, "b": {}}));
        assert_eq!(low.report.len(), 3, "{}", low.report);
    }
}
