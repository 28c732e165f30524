//! A flow as Kratos writes it.

use serde_json::{Map, Value, json};

use crate::testing::clock::rfc3339;
use crate::testing::kratos::identities;
use crate::testing::model::{Flow, FlowKind, Message, MessageKind, Node};
use crate::testing::state::State;

pub(super) fn flow(flow: &Flow, state: &State) -> Value {
    let mut body = json!({
        "id": flow.id,
        "type": "api",
        "expires_at": rfc3339(flow.expires_at),
        "issued_at": rfc3339(flow.issued_at),
        "request_url": flow.request_url,
        "ui": ui(flow, &state.url),
    });
    if let Some(url) = &flow.return_to {
        body["return_to"] = json!(url);
    }
    match flow.kind {
        FlowKind::Registration => {
            body["organization_id"] = Value::Null;
            body["state"] = json!("choose_method");
        }
        FlowKind::Login => {
            body["organization_id"] = Value::Null;
            body["state"] = json!("choose_method");
            body["created_at"] = json!(rfc3339(flow.issued_at));
            body["updated_at"] = json!(rfc3339(flow.issued_at));
            body["refresh"] = json!(flow.refresh);
            body["requested_aal"] = json!(if flow.aal2 { "aal2" } else { "aal1" });
            if flow.passed {
                body["active"] = json!("password");
            }
        }
        FlowKind::Settings => {
            let identity = flow.identity.and_then(|id| state.identities.get(id));
            body["identity"] = json!(identity.map(|identity| identities::json::public(identity, &state.url)));
            body["state"] = json!(if flow.saved { "success" } else { "show_form" });
        }
    }
    body
}

fn ui(flow: &Flow, url: &str) -> Value {
    let nodes: Option<Vec<Value>> = flow.form.nodes.as_ref().map(|nodes| nodes.iter().map(node).collect());
    let mut ui = json!({
        "action": format!("{url}/self-service/{}?flow={}", flow.kind.name(), flow.id),
        "method": "POST",
        "nodes": nodes,
    });
    if !flow.form.messages.is_empty() {
        ui["messages"] = messages(&flow.form.messages);
    }
    ui
}

fn node(node: &Node) -> Value {
    let mut attributes = Map::new();
    let mut add = |key: &str, value: Value| attributes.insert(key.to_owned(), value);
    add("node_type", json!("input"));
    add("name", json!(node.name));
    add("type", json!(node.kind));
    add("disabled", json!(false));
    if let Some(value) = &node.value {
        add("value", value.clone());
    }
    if node.required {
        add("required", json!(true));
    }
    if let Some(autocomplete) = node.autocomplete {
        add("autocomplete", json!(autocomplete));
    }
    let meta = node.label.as_ref().map_or(json!({}), |label| json!({"label": message(label)}));
    json!({
        "type": "input",
        "group": node.group,
        "attributes": attributes,
        "messages": messages(&node.messages),
        "meta": meta,
    })
}

fn messages(messages: &[Message]) -> Value {
    messages.iter().map(message).collect()
}

fn message(message: &Message) -> Value {
    let kind = match message.kind {
        MessageKind::Info => "info",
        MessageKind::Error => "error",
        MessageKind::Success => "success",
    };
    let mut body = json!({"id": message.id, "text": message.text, "type": kind});
    if let Some(context) = &message.context {
        body["context"] = context.clone();
    }
    body
}
