//! A flow as Kratos writes it.

use serde_json::{Map, Value, json};

use crate::testing::clock::rfc3339;
use crate::testing::kratos::identities;
use crate::testing::model::{Display, Flow, FlowKind, Message, MessageKind, Node, Step};
use crate::testing::random;
use crate::testing::state::State;

pub(crate) fn flow(flow: &Flow, state: &State) -> Value {
    let mut body = json!({
        "id": flow.id,
        "type": if flow.is_browser { "browser" } else { "api" },
        "expires_at": rfc3339(flow.expires_at),
        "issued_at": rfc3339(flow.issued_at),
        "request_url": flow.request_url,
        "ui": ui(flow, &state.url),
        "state": step(flow),
    });
    if let Some(url) = &flow.return_to {
        body["return_to"] = json!(url);
    }
    if let Some(method) = flow.active {
        body["active"] = json!(method);
    }
    if let Some(code) = &flow.exchange_code {
        body["session_token_exchange_code"] = json!(code);
    }
    match flow.kind {
        FlowKind::Registration => body["organization_id"] = Value::Null,
        FlowKind::Login => {
            body["organization_id"] = Value::Null;
            body["created_at"] = json!(rfc3339(flow.issued_at));
            body["updated_at"] = json!(rfc3339(flow.issued_at));
            body["refresh"] = json!(flow.refresh);
            body["requested_aal"] = json!(if flow.aal2 { "aal2" } else { "aal1" });
        }
        FlowKind::Settings => {
            let identity = flow.identity.and_then(|id| state.identities.get(id));
            body["identity"] = json!(identity.map(|identity| identities::json::public(identity, &state.url)));
        }
        FlowKind::Recovery | FlowKind::Verification => {}
    }
    body
}

fn step(flow: &Flow) -> &'static str {
    match (flow.kind, flow.step) {
        (FlowKind::Settings, _) if flow.saved => "success",
        (FlowKind::Settings, _) => "show_form",
        (_, Step::ChooseMethod) => "choose_method",
        (_, Step::SentEmail) => "sent_email",
        (_, Step::Passed) => "passed_challenge",
    }
}

fn ui(flow: &Flow, url: &str) -> Value {
    let nodes: Option<Vec<Value>> =
        flow.form.nodes.as_ref().map(|nodes| nodes.iter().map(|one| node(one, flow.is_browser)).collect());
    let (method, action) = match &flow.form.leads_to {
        Some(url) => ("GET", url.clone()),
        None => ("POST", format!("{url}/self-service/{}?flow={}", flow.kind.name(), flow.id)),
    };
    let mut ui = json!({"action": action, "method": method, "nodes": nodes});
    if !flow.form.messages.is_empty() {
        ui["messages"] = messages(&flow.form.messages);
    }
    ui
}

fn node(node: &Node, is_browser: bool) -> Value {
    let (kind, attributes) = match &node.display {
        None => ("input", input(node, is_browser)),
        Some(Display::Image(url)) => {
            ("img", json!({"src": url, "id": node.name, "width": 256, "height": 256, "node_type": "img"}))
        }
        Some(Display::Text(text)) => ("text", json!({"text": message(text), "id": node.name, "node_type": "text"})),
        Some(Display::Link(url, title)) => {
            ("a", json!({"href": url, "title": message(title), "id": node.name, "node_type": "a"}))
        }
        Some(Display::Script { url, integrity }) => ("script", script(&node.name, url, integrity)),
    };
    let meta = node.label.as_ref().map_or(json!({}), |label| json!({"label": message(label)}));
    json!({
        "type": kind,
        "group": node.group,
        "attributes": attributes,
        "messages": messages(&node.messages),
        "meta": meta,
    })
}

fn input(node: &Node, is_browser: bool) -> Value {
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
    if node.is_code {
        add("pattern", json!("[0-9]+"));
        add("maxlength", json!(6));
    }
    if let Some(autocomplete) = node.autocomplete {
        add("autocomplete", json!(autocomplete));
    }
    if let Some((event, function)) = node.trigger {
        add(&format!("{event}Trigger"), json!(function));
        // A native app has no window.
        if is_browser {
            let value = node.value.as_ref().and_then(Value::as_str).unwrap_or_default();
            add(event, json!(format!("window.{function}({value})")));
        }
    }
    Value::Object(attributes)
}

fn script(id: &str, url: &str, integrity: &str) -> Value {
    json!({
        "src": url,
        "async": true,
        "referrerpolicy": "no-referrer",
        "crossorigin": "anonymous",
        "integrity": integrity,
        "type": "text/javascript",
        "id": id,
        "nonce": random::uuid(),
        "node_type": "script",
    })
}

fn messages(messages: &[Message]) -> Value {
    messages.iter().map(message).collect()
}

pub(super) fn message(message: &Message) -> Value {
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
