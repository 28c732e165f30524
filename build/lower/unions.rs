//! Unions with a discriminator. The generator would try one variant after the other. Here the tag decides, and a value
//! with an unknown tag is kept as it came.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::lowering::{Lowering, TaggedUnion};
use super::marks::replace_schema;
use crate::build::fault::Result;
use crate::build::names::Names;
use crate::build::schema;
use crate::build::size;

/// Removes every union from the schemas. One with a tag becomes a `TaggedUnion`, any other any JSON.
pub fn extract(lowering: &mut Lowering) -> Result<()> {
    let names: Vec<String> = lowering.schemas.keys().cloned().collect();
    let mut plain: BTreeMap<String, Value> = BTreeMap::new();
    for name in names {
        let schema = &lowering.schemas[&name];
        let Some(members) =
            ["oneOf", "anyOf"].iter().find_map(|key| schema.get(*key)).and_then(Value::as_array).cloned()
        else {
            continue;
        };
        let description = schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
        let discriminator = schema.get("discriminator").cloned();
        let tagged = discriminator.as_ref().and_then(|d| tagged(lowering, &name, &description, &members, d));
        match tagged {
            Some(union) => {
                lowering.schemas.insert(name, Value::Object(Map::new()));
                lowering.unions.push(union);
            }
            None => {
                lowering.report.note(format!("schema {name}"), "a union without a tag for each variant: any JSON");
                plain.insert(name, serde_json::json!({ "description": description }));
            }
        }
    }
    // Outside the union, a variant needs its tag as a field, so there it keeps the original.
    detach_variants(lowering)?;
    lowering.schemas.retain(|name, _| !plain.contains_key(name));
    lowering.each_root_mut(&mut |root| {
        schema::each_mut(root, &mut |schema| {
            if let Some(any) = schema::target(schema).and_then(|name| plain.get(name)) {
                replace_schema(schema, any.clone());
            }
        });
    });
    Ok(())
}

fn tagged(
    lowering: &mut Lowering,
    name: &str,
    description: &str,
    members: &[Value],
    discriminator: &Value,
) -> Option<TaggedUnion> {
    let tag = discriminator.get("propertyName")?.as_str()?.to_owned();
    let mapping = discriminator.get("mapping").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut variants: Vec<(String, String)> = Vec::new();
    for (value, target) in &mapping {
        let target = target.as_str().and_then(|pointer| schema::name_in(pointer)).unwrap_or_default();
        if lowering.schemas.contains_key(target) {
            variants.push((value.clone(), target.to_owned()));
        } else {
            lowering.report.note(
                format!("schema {name}"),
                format!("maps {value:?} to a schema that does not exist: an unknown variant"),
            );
        }
    }
    // The tag cannot identify a member that is inline or not mapped.
    let targets: BTreeSet<&str> = variants.iter().map(|(_, target)| target.as_str()).collect();
    let is_mapped = |member: &Value| schema::target(member).is_some_and(|target| targets.contains(target));
    if !members.iter().all(is_mapped) {
        return None;
    }
    let objects = variants.iter().all(|(_, target)| is_object(&lowering.schemas[target]));
    (objects && !variants.is_empty()).then(|| TaggedUnion {
        name: name.to_owned(),
        description: description.to_owned(),
        tag,
        variants,
    })
}

fn is_object(schema: &Value) -> bool {
    schema.get("properties").is_some() && schema.get("oneOf").is_none() && schema.get("anyOf").is_none()
}

/// Removes the tag from each variant. A variant that is also used outside unions, or with another tag, is copied first.
fn detach_variants(lowering: &mut Lowering) -> Result<()> {
    let mut used_alone: BTreeSet<String> = BTreeSet::new();
    let unions: BTreeSet<String> = lowering.unions.iter().map(|union| union.name.clone()).collect();
    let mut note = |schema: &Value| used_alone.extend(schema::targets(schema));
    for (name, schema) in &lowering.schemas {
        if !unions.contains(name) {
            note(schema);
        }
    }
    for operation in &lowering.operations {
        operation.schemas().into_iter().for_each(&mut note);
    }
    let mut tags: BTreeMap<String, String> = BTreeMap::new();
    let mut names = Names::new(lowering.schemas.keys().cloned());
    for union in &mut lowering.unions {
        for (_, target) in &mut union.variants {
            let clash = tags.get(target).is_some_and(|tag| *tag != union.tag);
            if used_alone.contains(target) || clash {
                let (copy, is_new) = names.take_for(&format!("{target}Variant"), union.tag.clone());
                if is_new {
                    let at = format!("schema {target}");
                    let schema = &lowering.schemas[target];
                    lowering.room.take(size::of(schema), &at)?;
                    let schema = schema.clone();
                    lowering.schemas.insert(copy.clone(), schema);
                    lowering.report.note(at, format!("used alone and in {}: named {copy} there", union.name));
                }
                *target = copy;
            }
            tags.insert(target.clone(), union.tag.clone());
        }
    }
    for (target, tag) in tags {
        let Some(schema) = lowering.schemas.get_mut(&target) else { continue };
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.remove(&tag);
        }
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| name.as_str() != Some(tag.as_str()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering::lowering;

    fn variant(field: &str) -> Value {
        json!({"type": "object", "required": ["kind", field], "properties": {"kind": {"type": "string"}, field: {"type": "string"}}})
    }

    #[test]
    fn the_tag_leaves_the_variants() {
        let mut low = lowering(json!({
            "A": variant("x"), "B": variant("y"),
            "U": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}, {"$ref": "#/components/schemas/A"}],
                  "discriminator": {"propertyName": "kind", "mapping": {"a": "#/components/schemas/A", "b": "#/components/schemas/B"}}},
        }));
        extract(&mut low).unwrap();
        assert_eq!(low.unions[0].variants, [("a".into(), "A".into()), ("b".into(), "B".into())]);
        assert_eq!(
            low.schemas["A"],
            json!({"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}})
        );
        assert_eq!(low.schemas["U"], json!({}));
        assert_eq!(low.report.len(), 0);
    }

    #[test]
    fn a_variant_used_alone_keeps_its_tag() {
        let mut low = lowering(json!({
            "A": variant("x"), "Holder": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"}}},
            "U": {"oneOf": [{"$ref": "#/components/schemas/A"}], "discriminator": {"propertyName": "kind", "mapping": {"a": "#/components/schemas/A"}}},
        }));
        extract(&mut low).unwrap();
        assert_eq!(low.unions[0].variants, [("a".into(), "AVariant".into())]);
        assert!(low.schemas["A"]["properties"].get("kind").is_some());
        assert!(low.schemas["AVariant"]["properties"].get("kind").is_none());
    }

    #[test]
    fn without_a_tag_it_is_any_json() {
        let mut low = lowering(json!({
            "U": {"anyOf": [{"type": "string"}, {"type": "integer"}], "description": "Either."},
            "H": {"type": "object", "properties": {"u": {"$ref": "#/components/schemas/U"}}},
        }));
        extract(&mut low).unwrap();
        assert_eq!(low.schemas["H"]["properties"]["u"], json!({"description": "Either."}));
        assert!(low.report.to_string().contains("any JSON"));
    }
}
