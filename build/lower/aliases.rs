//! Schemas that only rename a text, number or list are written out where they are used: `UiTexts` is `Vec<UiText>`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::lowering::Lowering;
use crate::build::fault::Result;
use crate::build::one_line::short;
use crate::build::report::Report;
use crate::build::schema::{self, has_properties, is_text_enum, is_union};
use crate::build::size::{self, DEEPEST, Room};

/// Replaces every reference to an alias by its schema.
pub fn inline(lowering: &mut Lowering) -> Result<()> {
    let aliases: Map<String, Value> =
        lowering.schemas.iter().filter(|(_, schema)| is_alias(schema)).map(|(n, s)| (n.clone(), s.clone())).collect();
    let Lowering { room, report, .. } = lowering;
    let mut unfold = Unfold { aliases: &aliases, open: Vec::new(), room, report };
    // Aliases may refer to aliases, so these are unfolded first.
    let mut flat: BTreeMap<String, (Value, usize)> = BTreeMap::new();
    for name in aliases.keys() {
        let mut schema = schema::reference(name);
        unfold.within(&mut schema, 0)?;
        let size = size::of(&schema);
        flat.insert(name.clone(), (schema, size));
    }
    lowering.schemas.retain(|name, _| !flat.contains_key(name));
    let mut room = std::mem::take(&mut lowering.room);
    let mut result = Ok(());
    lowering.each_place_mut(&mut |root, schema, _| {
        if result.is_ok() {
            result = replace(schema, &flat, &mut room, root.at, 0);
        }
    });
    lowering.room = room;
    result
}

struct Unfold<'a> {
    aliases: &'a Map<String, Value>,
    /// The aliases that are being unfolded, each inside the one before it.
    open: Vec<String>,
    room: &'a mut Room,
    report: &'a mut Report,
}

impl Unfold<'_> {
    /// Replaces the references to aliases in a schema. Where an alias contains itself it is any JSON, because no type can be
    /// named there.
    fn within(&mut self, schema: &mut Value, level: usize) -> Result<()> {
        let at = |open: &[String]| format!("schema {}", short(open.first().map_or("", String::as_str)));
        if level + self.open.len() > DEEPEST {
            size::check_levels(level + self.open.len(), &at(&self.open))?;
        }
        let target = schema::target(schema).filter(|target| self.aliases.contains_key(*target)).map(str::to_owned);
        let Some(target) = target else {
            for (_, inner) in schema::parts_mut(schema) {
                self.within(inner, level + 1)?;
            }
            return Ok(());
        };
        if self.open.contains(&target) {
            if self.open[0] == target {
                self.report.note(at(&self.open), "an alias that contains itself: any JSON there");
            }
            put(schema, &Value::Object(Map::new()));
            return Ok(());
        }
        self.open.push(target);
        let alias = &self.aliases[&self.open[self.open.len() - 1]];
        self.room.take(size::of(alias), &at(&self.open))?;
        let mut inner = alias.clone();
        self.within(&mut inner, level)?;
        self.open.pop();
        put(schema, &inner);
        Ok(())
    }
}

/// Replaces the references to aliases in a schema, when the aliases refer to no others any more.
fn replace(
    schema: &mut Value,
    flat: &BTreeMap<String, (Value, usize)>,
    room: &mut Room,
    at: &str,
    level: usize,
) -> Result<()> {
    if let Some((inner, size)) = schema::target(schema).and_then(|name| flat.get(name)) {
        room.take(*size, at)?;
        size::check_levels(level + size::levels(inner), at)?;
        put(schema, inner);
        return Ok(());
    }
    for (_, inner) in schema::parts_mut(schema) {
        replace(inner, flat, room, at, level + 1)?;
    }
    Ok(())
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
    fn what_outgrows_memory_or_the_stack_is_refused() {
        let fault =
            |schemas: Map<String, Value>| inline(&mut lowering(Value::Object(schemas))).unwrap_err().to_string();
        let chain = |count: usize, wrap: &dyn Fn(Value) -> Value| -> Map<String, Value> {
            (0..count).map(|index| (format!("A{index}"), wrap(schema::reference(&format!("A{}", index + 1))))).collect()
        };
        // Each alias names the next one twice, so that the number doubles at each step.
        let twice = chain(25, &|next| json!({"type": "array", "items": next, "additionalProperties": next}));
        assert_eq!(fault(twice), "schema A0: the contract takes more than 32 MiB");
        let deep = "schema A0: is nested deeper than 64 levels";
        assert_eq!(fault(chain(10_000, &|next| json!({"type": "array", "items": next}))), deep);
        assert_eq!(fault(chain(10_000, &|next| next)), deep);
        // One alias of a megabyte that is used often.
        let mut often: Map<String, Value> = chain(100, &|_| json!({"properties": {"p": schema::reference("long")}}));
        often.insert("long".to_owned(), json!({"type": "string", "description": "x".repeat(1 << 20)}));
        assert!(fault(often).ends_with("the contract takes more than 32 MiB"));
        // Aliases and objects that are deep only together.
        let nested = |levels: usize, inner: Value| (0..levels).fold(inner, |inner, _| json!({"items": inner}));
        let mut together = Map::new();
        together.insert("A".to_owned(), nested(40, json!({"type": "string"})));
        together.insert("B".to_owned(), json!({"properties": {"p": nested(40, schema::reference("A"))}}));
        assert_eq!(fault(together), "schema B: is nested deeper than 64 levels");
    }

    #[test]
    fn a_circle_ends_in_any_json() {
        let mut low = lowering(json!({
            "A": {"type": "array", "items": {"$ref": "#/components/schemas/A"}},
            "B": {"$ref": "#/components/schemas/C"}, "C": {"$ref": "#/components/schemas/B"},
            "H": {"properties": {"a": {"$ref": "#/components/schemas/A"}, "b": {"$ref": "#/components/schemas/B"}}},
        }));
        inline(&mut low).unwrap();
        assert_eq!(low.schemas["H"]["properties"], json!({"a": {"type": "array", "items": {}}, "b": {}}));
        assert_eq!(low.report.len(), 3, "{}", low.report);
    }
}
