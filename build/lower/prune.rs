//! Schemas that no operation needs are left out.

use std::collections::{BTreeMap, BTreeSet};

use super::lowering::{Lowering, TaggedUnion};
use crate::build::fault::{Fault, Result};
use crate::build::one_line::short;
use crate::build::schema;

/// Keeps what operations need. A reference to a missing schema is a fault that names where the reference is.
pub fn unreachable(lowering: &mut Lowering) -> Result<()> {
    let mut open: Vec<(String, String)> = Vec::new();
    let unions: BTreeMap<&str, &TaggedUnion> =
        lowering.unions.iter().map(|union| (union.name.as_str(), union)).collect();
    for operation in &lowering.operations {
        let from = operation.at();
        for schema in operation.schemas() {
            open.extend(schema::targets(schema).into_iter().map(|name| (from.clone(), name)));
        }
    }
    let mut reached = BTreeSet::new();
    while let Some((from, name)) = open.pop() {
        if super::own_types::is_reserved(&name) || !reached.insert(name.clone()) {
            continue;
        }
        let schema = lowering
            .schemas
            .get(&name)
            .ok_or_else(|| Fault::new(from, format!("reference to the schema {name:?}, which does not exist")))?;
        let from = format!("schema {}", short(&name));
        open.extend(schema::targets(schema).into_iter().map(|target| (from.clone(), target)));
        // A union needs its variants, although its schema no longer refers to them.
        if let Some(union) = unions.get(name.as_str()) {
            open.extend(union.variants.iter().map(|(_, variant)| (from.clone(), variant.clone())));
        }
    }
    lowering.unions.retain(|union| reached.contains(&union.name));
    lowering.schemas.retain(|name, _| reached.contains(name));
    lowering.enums.retain(|item| reached.contains(&item.name));
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering::lowering;
    use crate::build::operation::{Operation, ResponseBody, Success};

    #[test]
    fn keeps_only_what_is_reached() {
        let mut low = lowering(json!({
            "a": {"properties": {"b": {"$ref": "#/components/schemas/b"}}}, "b": {"type": "string"}, "c": {"type": "string"},
        }));
        let body = ResponseBody::Json(schema::reference("a"));
        let success = Success { body, optional: false, redirect: false, statuses: Vec::new() };
        low.operations = vec![Operation { success, ..Operation::example() }];
        unreachable(&mut low).unwrap();
        assert_eq!(low.schemas.keys().collect::<Vec<_>>(), ["a", "b"]);
        low.schemas.remove("b");
        assert_eq!(
            unreachable(&mut low).unwrap_err().to_string(),
            "schema a: reference to the schema \"b\", which does not exist"
        );
    }
}
