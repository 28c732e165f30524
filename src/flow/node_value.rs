//! The values of an input, as HTML writes them.

use std::borrow::Cow;

use serde_json::Value;

use super::node::Node;

impl Node {
    /// The value of an input, as its attribute `value` has it. Empty if there is none.
    ///
    /// ```
    /// # fn example(node: &ory_sdk::flow::Node) {
    /// // `36` for the number 36, and `true` for a checkbox that is checked.
    /// println!("{} characters", node.value_text().len());
    /// # }
    /// ```
    ///
    /// It is not escaped, and may be secret.
    pub fn value_text(&self) -> Cow<'_, str> {
        html_text(&self.value)
    }

    /// Whether a checkbox is checked.
    ///
    /// ```
    /// # fn example(node: &ory_sdk::flow::Node) {
    /// let checked = if node.is_checked() { " checked" } else { "" };
    /// // A browser does not send a checkbox that is not checked, so that a field before it says `false`.
    /// println!("<input type=hidden name={0} value=false><input type=checkbox name={0} value=true{checked}>", node.name);
    /// # }
    /// ```
    ///
    /// Of two fields with one name, Kratos takes the last.
    pub fn is_checked(&self) -> bool {
        self.value == true
    }

    /// The values that an input accepts, if its schema lists them: draw a `<select>`.
    ///
    /// ```
    /// # fn example(node: &ory_sdk::flow::Node) {
    /// for option in node.options() {
    ///     println!("<option value=\"{option}\"{}>", if option == node.value_text() { " selected" } else { "" });
    /// }
    /// # }
    /// ```
    ///
    /// Only newer servers send them.
    pub fn options(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let options = self.attributes.get("options").and_then(Value::as_array);
        options.into_iter().flatten().filter_map(|option| option.get("value")).map(html_text)
    }
}

/// A text as it is, and anything else as JSON. Null is nothing.
pub(super) fn html_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn node(attributes: Value) -> Node {
        Node::of::<serde_json::Error>(json!({"type": "input", "attributes": attributes})).unwrap()
    }

    #[test]
    fn values_are_texts() {
        for (value, text) in [
            (json!("a \"b\""), "a \"b\""),
            (json!(36), "36"),
            (json!(true), "true"),
            (json!(null), ""),
            (json!({"a": 1}), "{\"a\":1}"),
        ] {
            assert_eq!(node(json!({"value": value})).value_text(), text);
        }
        assert!(node(json!({"value": true})).is_checked());
        assert!(!node(json!({"value": "true"})).is_checked() && !node(json!({})).is_checked());
    }

    #[test]
    fn options() {
        let select = node(json!({"options": [{"value": "a"}, {"value": 2}, {}, 3], "value": "a"}));
        assert_eq!(select.options().collect::<Vec<_>>(), ["a", "2"]);
        assert_eq!(node(json!({})).options().count(), 0);
    }
}
