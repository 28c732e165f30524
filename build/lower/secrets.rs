//! Texts that nobody may see in a log: `format: password` becomes the crate's secret type.

use serde_json::Value;

use super::Lowering;
use crate::build::walk;

/// The component that stands for the crate's secret type; no contract names a schema like this.
pub const SECRET: &str = "OrySdkSecret";

pub fn is_reserved(name: &str) -> bool {
    name == SECRET
}

/// Refers every secret text to the secret type.
pub fn mark(lowering: &mut Lowering) {
    lowering.each_root_mut(&mut |root| {
        walk::each_mut(root, &mut |schema| {
            if schema.get("format").and_then(Value::as_str) == Some("password")
                && let Some(map) = schema.as_object_mut()
            {
                map.retain(|key, _| key == "description" || key == "nullable");
                map.insert("$ref".to_owned(), Value::from(format!("{}{SECRET}", walk::SCHEMAS)));
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::lower::lowering;

    #[test]
    fn passwords_become_secrets() {
        let mut low = lowering(json!({"A": {"type": "object", "properties": {
            "p": {"type": "string", "format": "password", "description": "Hush."},
            "codes": {"type": "array", "items": {"type": "string", "format": "password"}}}}}));
        mark(&mut low);
        let properties = &low.schemas["A"]["properties"];
        assert_eq!(properties["p"], json!({"$ref": "#/components/schemas/OrySdkSecret", "description": "Hush."}));
        assert_eq!(properties["codes"]["items"], json!({"$ref": "#/components/schemas/OrySdkSecret"}));
    }
}
