//! Schemas that no operation reaches are left out.

use std::collections::BTreeSet;

use super::Lowering;
use crate::build::fault::{Fault, Result};
use crate::build::operations::schemas_of;
use crate::build::walk;

/// Keeps what operations reach. A reference to nothing is an error that names who refers to it.
pub fn unreachable(lowering: &mut Lowering) -> Result<()> {
    let mut open: Vec<(String, String)> = Vec::new();
    for operation in &lowering.operations {
        for schema in schemas_of(operation) {
            references(schema, &format!("operation {}", operation.id), &mut open);
        }
    }
    let mut reached = BTreeSet::new();
    while let Some((from, name)) = open.pop() {
        if super::secrets::is_reserved(&name) || !reached.insert(name.clone()) {
            continue;
        }
        let schema = lowering
            .schemas
            .get(&name)
            .ok_or_else(|| Fault::new(from, format!("reference to the schema {name:?}, which does not exist")))?;
        references(schema, &format!("schema {name}"), &mut open);
        // The variants of a union are reached through it, although its schema no longer says so.
        for union in lowering.unions.iter().filter(|union| union.name == name) {
            open.extend(union.variants.iter().map(|(_, variant)| (format!("schema {name}"), variant.clone())));
        }
    }
    lowering.unions.retain(|union| reached.contains(&union.name));
    lowering.schemas.retain(|name, _| reached.contains(name));
    lowering.enums.retain(|item| reached.contains(&item.name));
    Ok(())
}

fn references(schema: &serde_json::Value, from: &str, open: &mut Vec<(String, String)>) {
    walk::each(schema, &mut |part| {
        if let Some(name) = walk::schema_ref(part) {
            open.push((from.to_owned(), name.to_owned()));
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering;
    use crate::build::operations::read;
    use crate::build::report::Report;

    #[test]
    fn keeps_only_what_is_reached() {
        let mut low = lowering(json!({
            "a": {"properties": {"b": {"$ref": "#/components/schemas/b"}}}, "b": {"type": "string"}, "c": {"type": "string"},
        }));
        let document = json!({"paths": {"/x": {"post": {"operationId": "x",
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/a"}}}}}}}});
        low.operations = read(&document, &mut Report::default()).unwrap();
        unreachable(&mut low).unwrap();
        assert_eq!(low.schemas.keys().collect::<Vec<_>>(), ["a", "b"]);
        low.schemas.remove("b");
        assert_eq!(
            unreachable(&mut low).unwrap_err().to_string(),
            "schema a: reference to the schema \"b\", which does not exist"
        );
    }
}
