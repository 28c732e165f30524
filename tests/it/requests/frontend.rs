//! Helpers for the self-service cases.

use ory_sdk::types::UiContainer;
use serde_json::{Value, json};
use uuid::Uuid;

/// Checks that a flow decoded to what was recorded: its id, the URL of its form, and the type and group of each node.
#[track_caller]
pub fn same_flow(id: Uuid, ui: &UiContainer, recorded: &Value) {
    assert_eq!(id.to_string(), recorded["id"]);
    assert_eq!(ui.action, recorded["ui"]["action"]);
    let nodes: Vec<Value> = ui.nodes.iter().map(|node| json!([node.type_, node.group])).collect();
    let expected = recorded["ui"]["nodes"].as_array().into_iter().flatten();
    let expected: Vec<Value> = expected.map(|node| json!([node["type"], node["group"]])).collect();
    assert_eq!(nodes, expected);
}
