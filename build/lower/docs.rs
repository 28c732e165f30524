//! Descriptions become doc comments, so they become Markdown that is safe there.

use serde_json::Value;

use super::lowering::Lowering;
use crate::build::markdown::{block, line};
use crate::build::schema;

/// Rewrites every description of schemas and operations.
pub fn rewrite(lowering: &mut Lowering) {
    lowering.each_root_mut(&mut |root| {
        schema::each_mut(root, &mut |schema| {
            if let Some(Value::String(text)) = schema.get_mut("description") {
                *text = block(text);
            }
        });
    });
    for operation in &mut lowering.operations {
        operation.summary = line(&operation.summary);
        operation.description = block(&operation.description);
        for parameter in &mut operation.parameters {
            parameter.description = block(&parameter.description);
        }
        if let Some(body) = &mut operation.body {
            body.description = block(&body.description);
        }
        for (_, text) in &mut operation.errors {
            *text = line(text);
        }
    }
}
