//! Schemas that only rename a text, number or list stand in place: `UiTexts` is `Vec<UiText>`.

use serde_json::{Map, Value};

use super::Lowering;
use super::constraints::is_text_enum;
use crate::build::report::Report;
use crate::build::walk;

/// Puts the schema of every alias where it is referred to.
pub fn inline(lowering: &mut Lowering) {
    let aliases: Map<String, Value> =
        lowering.schemas.iter().filter(|(_, schema)| is_alias(schema)).map(|(n, s)| (n.clone(), s.clone())).collect();
    // An alias of aliases is unfolded first.
    let mut flat = Map::new();
    for name in aliases.keys() {
        let schema = unfold(name, &aliases, &mut Vec::new(), &mut lowering.report);
        flat.insert(name.clone(), schema);
    }
    lowering.schemas.retain(|name, _| !flat.contains_key(name));
    lowering.each_root_mut(&mut |root| {
        walk::each_mut(root, &mut |schema| replace(schema, &flat));
    });
}

/// Where an alias holds itself there is any JSON: it has no type that could be named.
fn unfold(name: &str, aliases: &Map<String, Value>, open: &mut Vec<String>, report: &mut Report) -> Value {
    open.push(name.to_owned());
    let mut schema = aliases[name].clone();
    walk::each_mut(&mut schema, &mut |part| {
        let Some(target) = walk::schema_ref(part).filter(|target| aliases.contains_key(*target)) else { return };
        if open.iter().any(|other| other == target) {
            if open[0] == target {
                report.note(format!("schema {target}"), "an alias that holds itself: any JSON there");
            }
            put(part, &Value::Object(Map::new()));
            return;
        }
        let inner = unfold(target, aliases, open, report);
        put(part, &inner);
    });
    open.pop();
    schema
}

fn replace(schema: &mut Value, flat: &Map<String, Value>) {
    if let Some(inner) = walk::schema_ref(schema).and_then(|name| flat.get(name)) {
        let inner = inner.clone();
        put(schema, &inner);
    }
}

/// The alias's schema in place of the reference, which keeps what it says itself.
fn put(place: &mut Value, inner: &Value) {
    let Some(map) = place.as_object_mut() else { return };
    map.remove("$ref");
    for (key, value) in inner.as_object().into_iter().flatten() {
        map.entry(key.clone()).or_insert_with(|| value.clone());
    }
}

/// Whatever is neither a struct nor an enum nor a union.
fn is_alias(schema: &Value) -> bool {
    let Some(map) = schema.as_object() else { return true };
    if map.contains_key("$ref") {
        return true;
    }
    if map.contains_key("oneOf") || map.contains_key("anyOf") || is_text_enum(map) {
        return false;
    }
    map.get("properties").and_then(Value::as_object).is_none_or(serde_json::Map::is_empty)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering;

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
