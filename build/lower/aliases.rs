//! Schemas that only rename a text, number or list stand in place: `UiTexts` is `Vec<UiText>`.

use serde_json::{Map, Value};

use super::Lowering;
use crate::build::fault::{Fault, Result};
use crate::build::walk;

/// Puts the schema of every alias where it is referred to.
pub fn inline(lowering: &mut Lowering) -> Result<()> {
    let aliases: Map<String, Value> =
        lowering.schemas.iter().filter(|(_, schema)| is_alias(schema)).map(|(n, s)| (n.clone(), s.clone())).collect();
    // An alias of aliases is unfolded first; one that holds itself cannot be.
    let mut flat = Map::new();
    for name in aliases.keys() {
        let schema = unfold(name, &aliases, &mut Vec::new())?;
        flat.insert(name.clone(), schema);
    }
    lowering.schemas.retain(|name, _| !flat.contains_key(name));
    lowering.each_root_mut(&mut |root| {
        walk::each_mut(root, &mut |schema| replace(schema, &flat));
    });
    Ok(())
}

/// A list that holds itself is kept as a type; the generator boxes it.
fn unfold(name: &str, aliases: &Map<String, Value>, open: &mut Vec<String>) -> Result<Value> {
    if open.iter().any(|other| other == name) {
        return Err(Fault::schema(name, "an alias that holds itself"));
    }
    open.push(name.to_owned());
    let mut schema = aliases[name].clone();
    let mut fault = None;
    walk::each_mut(&mut schema, &mut |part| {
        let Some(target) = walk::schema_ref(part).filter(|target| aliases.contains_key(*target)) else { return };
        match unfold(target, aliases, open) {
            Ok(inner) => put(part, &inner),
            Err(error) => fault = Some(error),
        }
    });
    open.pop();
    fault.map_or(Ok(schema), Err)
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

fn is_alias(schema: &Value) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    if has("$ref") {
        return true;
    }
    if has("oneOf") || has("anyOf") || has("allOf") {
        return false;
    }
    if schema.get("enum").is_some() && schema.get("type").and_then(Value::as_str).is_none_or(|kind| kind == "string") {
        return false;
    }
    schema.get("properties").and_then(Value::as_object).is_none_or(serde_json::Map::is_empty)
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
        inline(&mut low).unwrap();
        assert_eq!(low.schemas.keys().collect::<Vec<_>>(), ["Holder", "Node", "Text"]);
        assert_eq!(
            low.schemas["Node"]["properties"]["messages"],
            json!({"type": "array", "items": {"$ref": "#/components/schemas/Text"}, "description": "Its own."})
        );
        assert_eq!(low.schemas["Text"]["properties"]["id"], json!({"type": "integer"}));
        assert_eq!(low.schemas["Holder"]["properties"]["m"]["items"], json!({"$ref": "#/components/schemas/Node"}));
    }

    #[test]
    fn a_circle_is_named() {
        let mut low = lowering(json!({"A": {"type": "array", "items": {"$ref": "#/components/schemas/A"}}}));
        assert_eq!(inline(&mut low).unwrap_err().to_string(), "schema A: an alias that holds itself");
    }
}
