//! The bodies that submit recorded forms.

use ory_sdk::flow::Form;
use serde_json::Value;

use crate::support::recording::{self, Body};

/// Every flow in every recording: in a success, in an error, and inside either.
fn flows() -> Vec<Value> {
    let mut found = Vec::new();
    for recording in recording::own().into_iter().map(|found| found.recording.unwrap()) {
        if let Some(Body::Json(body)) = &recording.response.body {
            collect(body, &mut found);
        }
    }
    found
}

fn collect(json: &Value, found: &mut Vec<Value>) {
    match json {
        Value::Object(map) => {
            if map.contains_key("ui") && map.contains_key("id") {
                found.push(json.clone());
            }
            map.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

/// The methods that a flow offers: the values of its buttons and hidden inputs named `method`.
fn methods(flow: &Value) -> Vec<&str> {
    let nodes = flow["ui"]["nodes"].as_array().into_iter().flatten();
    let buttons = nodes.filter(|node| node["attributes"]["name"] == "method");
    buttons.filter_map(|node| node["attributes"]["value"].as_str()).collect()
}

/// A browser sends all hidden inputs with whatever button the user presses. Those of the method, and those that belong to
/// no method, must be in the body, at the place that their name says.
#[test]
fn what_the_server_filled_in_goes_back() {
    let (mut bodies, mut inputs, mut filled_in) = (0, 0, 0);
    for flow in flows() {
        for method in methods(&flow) {
            let body = Value::Object(Form::of(&flow).submit_body(method));
            assert_eq!(body["method"], method);
            bodies += 1;
            for node in flow["ui"]["nodes"].as_array().unwrap() {
                let attributes = &node["attributes"];
                let (name, value) = (attributes["name"].as_str().unwrap_or_default(), &attributes["value"]);
                let kind = attributes["type"].as_str().unwrap_or_default();
                let is_button = matches!(kind, "submit" | "button");
                let belongs = ["default", method].contains(&node["group"].as_str().unwrap());
                if name == "method"
                    || is_button
                    || node["type"] != "input"
                    || !belongs
                    || value.is_null()
                    || value == ""
                {
                    continue;
                }
                let sent = body.pointer(&format!("/{}", name.replace('.', "/")));
                let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                assert_eq!(sent.map(text), Some(text(value)), "{name} of {method}");
                // What a user typed into a number input may be anything.
                let is_number = kind == "number" && text(value).parse::<f64>().is_ok();
                assert!(!is_number || sent.unwrap().is_number(), "{name} of {method}");
                inputs += 1;
                filled_in += usize::from(kind != "hidden");
            }
        }
    }
    assert!(bodies > 100 && inputs > 100 && filled_in > 20, "{bodies} bodies, {inputs} inputs, {filled_in} filled in");
}
