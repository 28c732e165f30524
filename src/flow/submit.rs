//! The body that submits a form.

use serde_json::{Map, Value};

use super::form::Form;

impl Form {
    /// The body that submits the form by a method: `method`, the CSRF token, and every hidden input that the flow requires.
    ///
    /// Add what the user filled in, and send it with `.json_body(..)`.
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
    pub fn submit_body(&self, method: &str) -> Map<String, Value> {
        let mut body = Map::new();
        let hidden = self.nodes.iter().filter(|node| node.input_type == "hidden" && !node.name.is_empty());
        for node in hidden.filter(|node| node.group == "default" || node.group == method) {
            if node.value != Value::Null && node.value != Value::String(String::new()) {
                put(&mut body, &node.name, node.value.clone(), DEEPEST);
            }
        }
        body.insert("method".to_owned(), method.into());
        body
    }
}

/// The greatest depth of a dotted name. Traits are never as deep, and JSON parsers go deeper.
const DEEPEST: u8 = 32;

/// Puts a value under a dotted name: `traits.email` is `email` in `traits`. The rest of a name that is too deep becomes
/// one key.
fn put(body: &mut Map<String, Value>, name: &str, value: Value, deepest: u8) {
    match name.split_once('.').filter(|_| deepest > 0) {
        Some((first, rest)) => {
            let inner = body.entry(first.to_owned()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value, deepest - 1);
            }
        }
        None => {
            body.insert(name.to_owned(), value);
        }
    }
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

    #[test]
    fn a_name_of_nothing_but_dots_is_no_abyss() {
        let node =
            json!({"group": "default", "attributes": {"name": ".".repeat(1_000_000), "type": "hidden", "value": "x"}});
        let form = Form::of(&json!({"id": "f", "ui": {"nodes": [node]}}));
        let body = Value::Object(form.submit_body("password"));
        assert_eq!(serde_json::from_str::<Value>(&body.to_string()).unwrap(), body);
    }
}
