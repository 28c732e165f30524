//! Inline objects and unions become components, so that each has a name and becomes one type.

use serde_json::{Map, Value};

use super::lowering::Lowering;
use super::marks::OF_PROPERTY;
use crate::build::fault::Result;
use crate::build::names::{self, Names};
use crate::build::schema::{Part, parts_mut, reference};

/// Moves inline objects and unions into the components as `{Parent}{Property}`.
pub fn hoist_objects(lowering: &mut Lowering) -> Result<()> {
    hoist(lowering, &is_named_kind)
}

/// Moves every inline schema that `picks` chooses into the components, named after its place.
pub fn hoist(lowering: &mut Lowering, picks: &dyn Fn(&Value) -> bool) -> Result<()> {
    let schemas = std::mem::take(&mut lowering.schemas);
    let open = schemas.keys().cloned().collect();
    let names = Names::new(schemas.keys().cloned());
    let mut hoist = Hoist { schemas, added: Map::new(), names, open, picks };
    hoist.run();
    for operation in &mut lowering.operations {
        let base = operation.type_name();
        for placed in operation.schemas_mut() {
            hoist.at_place(&format!("{base}{}", placed.suffix), placed.schema);
        }
        hoist.run();
    }
    lowering.schemas = hoist.schemas;
    lowering.schemas.extend(hoist.added);
    Ok(())
}

struct Hoist<'a> {
    schemas: Map<String, Value>,
    /// Components that were inline schemas.
    added: Map<String, Value>,
    /// The names of both. Equal inline schemas in places of the same name share one.
    names: Names,
    /// Names of components that may still contain inline schemas.
    open: Vec<String>,
    picks: &'a dyn Fn(&Value) -> bool,
}

impl Hoist<'_> {
    /// Moves the inline schemas of all open components.
    fn run(&mut self) {
        while let Some(name) = self.open.pop() {
            let held = self.schemas.get_mut(&name).or_else(|| self.added.get_mut(&name));
            let Some(mut schema) = held.map(Value::take) else { continue };
            self.inside(&name, &mut schema);
            let home = if self.schemas.contains_key(&name) { &mut self.schemas } else { &mut self.added };
            home.insert(name, schema);
        }
    }

    fn inside(&mut self, name: &str, schema: &mut Value) {
        for (part, inner) in parts_mut(schema) {
            let suffix = match part {
                Part::Property(property) => names::pascal(property),
                Part::Key("items") => "Item".to_owned(),
                Part::Key("additionalProperties") => "Value".to_owned(),
                Part::Member("oneOf" | "anyOf", index) => format!("Variant{}", index + 1),
                Part::Key(_) | Part::Member(..) => continue,
            };
            self.at_place(&format!("{name}{suffix}"), inner);
        }
    }

    /// Moves an inline schema if it is chosen, else the inline schemas in it.
    fn at_place(&mut self, name: &str, schema: &mut Value) {
        if !(self.picks)(schema) {
            // Items of a list or map are named after the list or map: `keys` of A contains `AKeys`, not `AKeysItem`.
            for (_, inner) in parts_mut(schema) {
                self.at_place(name, inner);
            }
            return;
        }
        let (free, is_new) = self.names.take_for(&names::type_name(name), schema.to_string());
        let mut moved = std::mem::replace(schema, reference(&free));
        if let (Some(moved), Some(map)) = (moved.as_object_mut(), schema.as_object_mut()) {
            map.extend(moved.get("description").map(|text| ("description".to_owned(), text.clone())));
            // The place may be null, absent or secret, not the type.
            map.extend(OF_PROPERTY.into_iter().chain(["nullable"]).filter_map(|key| moved.remove_entry(key)));
        }
        if is_new {
            self.added.insert(free.clone(), moved);
            self.open.push(free);
        }
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
    use crate::build::lower::lowering::lowering;

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
