//! Objects and combinations written in place get names of their own, so that each becomes one type with one name.

use serde_json::{Map, Value};

use super::Lowering;
use crate::build::fault::Result;
use crate::build::names;
use crate::build::operations;
use crate::build::walk;

/// Moves inline objects and unions into the components as `{Parent}{Property}`.
pub fn hoist_objects(lowering: &mut Lowering) -> Result<()> {
    hoist(lowering, &is_named_kind)
}

/// Moves every inline schema that `wanted` picks into the components, named by its place.
pub fn hoist(lowering: &mut Lowering, wanted: &dyn Fn(&Value) -> bool) -> Result<()> {
    let mut schemas = std::mem::take(&mut lowering.schemas);
    let mut added = Map::new();
    let mut open: Vec<String> = schemas.keys().cloned().collect();
    while let Some(name) = open.pop() {
        let mut schema = match schemas.get_mut(&name).or_else(|| added.get_mut(&name)) {
            Some(schema) => schema.take(),
            None => continue,
        };
        inside(&name, &mut schema, &schemas, &mut added, &mut open, wanted);
        let home = if schemas.contains_key(&name) { &mut schemas } else { &mut added };
        home.insert(name, schema);
    }
    for operation in &mut lowering.operations {
        let base = operation.type_name();
        for (place, schema) in operations::places_mut(operation) {
            at_place(&format!("{base}{place}"), schema, &schemas, &mut added, &mut open, wanted);
        }
        while let Some(name) = open.pop() {
            let Some(mut schema) = added.get_mut(&name).map(Value::take) else { continue };
            inside(&name, &mut schema, &schemas, &mut added, &mut open, wanted);
            added.insert(name, schema);
        }
    }
    schemas.extend(added);
    lowering.schemas = schemas;
    Ok(())
}

fn inside(
    name: &str,
    schema: &mut Value,
    schemas: &Map<String, Value>,
    added: &mut Map<String, Value>,
    open: &mut Vec<String>,
    wanted: &dyn Fn(&Value) -> bool,
) {
    let Some(map) = schema.as_object_mut() else { return };
    for (key, value) in map.iter_mut() {
        match key.as_str() {
            "properties" => {
                for (property, inner) in value.as_object_mut().into_iter().flatten() {
                    at_place(&format!("{name}{}", names::pascal(property)), inner, schemas, added, open, wanted);
                }
            }
            "items" => at_place(&format!("{name}Item"), value, schemas, added, open, wanted),
            "additionalProperties" if value.is_object() => {
                at_place(&format!("{name}Value"), value, schemas, added, open, wanted);
            }
            "oneOf" | "anyOf" => {
                for (index, inner) in value.as_array_mut().into_iter().flatten().enumerate() {
                    at_place(&format!("{name}Variant{}", index + 1), inner, schemas, added, open, wanted);
                }
            }
            _ => {}
        }
    }
}

/// A schema in place: moved out if it is wanted, else looked into.
fn at_place(
    name: &str,
    schema: &mut Value,
    schemas: &Map<String, Value>,
    added: &mut Map<String, Value>,
    open: &mut Vec<String>,
    wanted: &dyn Fn(&Value) -> bool,
) {
    if !wanted(schema) {
        // A list or map in place passes its own place on: `keys` of A holds `AKeys`, not `AKeysItem`.
        for child in walk::children_mut(schema) {
            at_place(name, child, schemas, added, open, wanted);
        }
        return;
    }
    let free = names::free(names::type_name(name), |name| {
        schemas.contains_key(name) || added.get(name).is_some_and(|other| other != schema)
    });
    let mut moved = std::mem::replace(schema, walk::reference(&free));
    if let (Some(moved), Some(map)) = (moved.as_object_mut(), schema.as_object_mut()) {
        map.extend(moved.get("description").map(|text| ("description".to_owned(), text.clone())));
        // What may be null is this place, not the type.
        map.extend(moved.remove("nullable").map(|null| ("nullable".to_owned(), null)));
    }
    if !added.contains_key(&free) {
        added.insert(free.clone(), moved);
        open.push(free);
    }
}

fn is_named_kind(schema: &Value) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    has("properties") || has("oneOf") || has("anyOf")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering;

    #[test]
    fn inline_objects_get_names() {
        let object = json!({"type": "object", "properties": {"deep": {"type": "object", "properties": {"x": {"type": "string"}}}}});
        let mut low = lowering(json!({"A": {"type": "object", "properties": {
            "one": object, "many": {"type": "array", "items": {"type": "object", "properties": {"y": {"type": "string"}}}}}}}));
        hoist_objects(&mut low).unwrap();
        assert_eq!(low.schemas.keys().collect::<Vec<_>>(), ["A", "AMany", "AOne", "AOneDeep"]);
        assert_eq!(low.schemas["A"]["properties"]["one"], json!({"$ref": "#/components/schemas/AOne"}));
        assert_eq!(low.schemas["A"]["properties"]["many"]["items"], json!({"$ref": "#/components/schemas/AMany"}));
        assert_eq!(low.schemas["AOne"]["properties"]["deep"], json!({"$ref": "#/components/schemas/AOneDeep"}));
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut low = lowering(json!({
            "A": {"type": "object", "properties": {"one": {"type": "object", "properties": {"x": {"type": "string"}}}}},
            "AOne": {"type": "object", "properties": {"z": {"type": "string"}}},
        }));
        hoist_objects(&mut low).unwrap();
        assert_eq!(low.schemas["A"]["properties"]["one"], json!({"$ref": "#/components/schemas/AOne2"}));
    }
}
