//! The body that submits a form.

use serde_json::{Map, Value};

use super::form::Form;
use super::input_name::put;
use super::node::Node;

/// The groups that are methods of Kratos. Inputs of any other group (`default`, `identifier_first`, `captcha`, ..) belong to
/// whatever method is chosen.
const METHODS: [&str; 10] =
    ["password", "oidc", "saml", "code", "link", "totp", "lookup_secret", "webauthn", "passkey", "profile"];

/// Inputs that a browser sends only if they are pressed.
const BUTTONS: [&str; 4] = ["submit", "button", "reset", "image"];

impl Form {
    /// The body that submits the form by a method: `method`, and every input of it that the server filled in, as a browser
    /// would send them: the CSRF token, hidden inputs, and what the user entered in an earlier step.
    ///
    /// Add what the user fills in now, and send it with `.json_body(..)`.
    ///
    /// ```no_run
    /// # #[cfg(feature = "frontend")]
    /// # async fn example(client: &ory_sdk::Client, form: &ory_sdk::flow::Form) -> ory_sdk::Result<()> {
    /// let mut body = form.submit_body("password");
    /// body.insert("identifier".to_owned(), "jane@example.org".into());
    /// body.insert("password".to_owned(), "correct horse battery staple".into());
    /// let login = client.submit_self_service_login_flow().flow(&form.id).json_body(body.into()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Inputs of other methods, disabled ones and empty ones are left out. Names are read as Kratos reads them:
    /// `traits.email` is `email` in `traits`, `traits.tags.0` is the first item of a list, and a backslash before a dot
    /// makes it a part of the name. The value of a number input becomes a number, and that of a checkbox a boolean.
    pub fn submit_body(&self, method: &str) -> Map<String, Value> {
        let mut body = Map::new();
        for node in self.nodes.iter().filter(|node| is_sent(node, method)) {
            put(&mut body, &node.name, typed(node));
        }
        body.insert("method".to_owned(), method.into());
        body
    }
}

fn is_sent(node: &Node, method: &str) -> bool {
    let has_value = node.value != Value::Null && node.value != Value::String(String::new());
    let is_of_method = node.group == method || !METHODS.contains(&node.group.as_str());
    let is_button = BUTTONS.contains(&node.input_type.as_str());
    let is_input = !node.input_type.is_empty() && !node.name.is_empty() && !is_button && !node.is_disabled();
    has_value && is_of_method && is_input
}

/// The value with the type of its input. After a form post, servers return what the browser sent, which is text.
fn typed(node: &Node) -> Value {
    let Value::String(text) = &node.value else { return node.value.clone() };
    let typed = match node.input_type.as_str() {
        "number" | "range" => serde_json::from_str(text.trim()).ok().filter(Value::is_number),
        "checkbox" => text.parse().ok().map(Value::Bool),
        _ => None,
    };
    typed.unwrap_or_else(|| node.value.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_holds_what_the_flow_demands() {
        let form = Form::of(&json!({"id": "f", "ui": {"nodes": [
            {"group": "default", "attributes": {"name": "csrf_token", "type": "hidden", "value": "tok"}},
            {"group": "code", "attributes": {"name": "traits.email", "type": "hidden", "value": "a@b"}},
            {"group": "link", "attributes": {"name": "other", "type": "hidden", "value": "x"}},
            {"group": "code", "attributes": {"name": "code", "type": "text"}},
        ]}}));
        let body = Value::Object(form.submit_body("code"));
        assert_eq!(body, json!({"method": "code", "csrf_token": "tok", "traits": {"email": "a@b"}}));
    }

    fn input(group: &str, kind: &str, name: &str, value: Value) -> Value {
        json!({"type": "input", "group": group,
            "attributes": {"node_type": "input", "name": name, "type": kind, "value": value}})
    }

    fn body(nodes: &[Value], method: &str) -> Value {
        Value::Object(Form::of(&json!({"id": "f", "ui": {"nodes": nodes}})).submit_body(method))
    }

    #[test]
    fn the_second_step_of_identifier_first() {
        let nodes = [
            input("default", "hidden", "csrf_token", json!("tok")),
            input("identifier_first", "hidden", "identifier", json!("jane@example.org")),
            input("password", "password", "password", Value::Null),
            input("password", "submit", "method", json!("password")),
            input("passkey", "hidden", "passkey_challenge", json!("{}")),
            input("code", "submit", "method", json!("code")),
        ];
        let sent = json!({"method": "password", "csrf_token": "tok", "identifier": "jane@example.org"});
        assert_eq!(body(&nodes, "password"), sent);
        assert_eq!(body(&nodes, "passkey")["passkey_challenge"], "{}");
    }

    #[test]
    fn the_second_step_of_a_registration() {
        // Kratos hides them; a page may show them filled in.
        for kind in ["hidden", "text"] {
            let nodes = [
                input("default", kind, "traits.email", json!("jane@example.org")),
                input("default", kind, "traits.tags.0", json!("a")),
                input("default", kind, "traits.tags.1", json!("b")),
                input("default", "number", "traits.age", json!("42")),
                input("default", "number", "traits.size", json!("4e1x")),
                input("default", "checkbox", "traits.newsletter", json!("true")),
                input("default", "checkbox", "traits.agreed", json!(false)),
                input("default", "text", "traits.nickname", json!("")),
                input("profile", "submit", "screen", json!("previous")),
                input("password", "password", "password", Value::Null),
            ];
            let traits = json!({"email": "jane@example.org", "tags": ["a", "b"], "age": 42, "size": "4e1x",
                "newsletter": true, "agreed": false});
            assert_eq!(body(&nodes, "password"), json!({"method": "password", "traits": traits}));
        }
    }

    #[test]
    fn disabled_inputs_and_other_nodes_are_left_out() {
        let mut disabled = input("default", "text", "a", json!("x"));
        disabled["attributes"]["disabled"] = true.into();
        let image =
            json!({"type": "img", "group": "totp", "attributes": {"node_type": "img", "id": "qr", "src": "data:"}});
        assert_eq!(body(&[disabled, image], "totp"), json!({"method": "totp"}));
    }
}
