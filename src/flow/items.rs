//! Lists in a form: an input for the list, and inputs for its items.

use std::borrow::Cow;

use super::form::Form;
use super::node::Node;
use super::node_value::html_text;

impl Form {
    /// The items of an input that stands for a list, as texts. `None` if it stands for none, as far as the form says.
    ///
    /// ```
    /// # fn example(form: &ory_sdk::flow::Form) {
    /// for node in form.nodes.iter().filter(|node| !form.is_item(node)) {
    ///     let Some(items) = form.items(node) else { continue };
    ///     // One input for each item, and one for a new item, all with the same name.
    ///     for item in items.iter().map(AsRef::as_ref).chain([""]) {
    ///         println!("<input name=\"{}\" value=\"{item}\">", node.name);
    ///     }
    /// }
    /// # }
    /// ```
    ///
    /// Kratos sends the list `traits.tags` without a value, and each item as an input of its own (`traits.tags.0`), but it reads
    /// only what is submitted as `traits.tags`, as often as there are items. A list without items looks like a text.
    pub fn items<'a>(&'a self, node: &'a Node) -> Option<Vec<Cow<'a, str>>> {
        if let Some(items) = node.value.as_array() {
            return Some(items.iter().map(html_text).collect());
        }
        let items: Vec<_> = self.item_nodes(node).map(Node::value_text).collect();
        (!items.is_empty()).then_some(items)
    }

    /// The inputs of the items of a list, such as `traits.tags.0`. They have the messages about the items.
    ///
    /// ```
    /// # fn example(form: &ory_sdk::flow::Form) {
    /// let tags = form.node("traits.tags").into_iter().flat_map(|tags| form.item_nodes(tags));
    /// println!("{} messages", tags.flat_map(|item| &item.messages).count());
    /// # }
    /// ```
    pub fn item_nodes<'a>(&'a self, node: &'a Node) -> impl Iterator<Item = &'a Node> {
        let is_item = |item: &&Node| item.node_type == "input" && list_of(&item.name) == Some(&node.name);
        self.nodes.iter().filter(is_item)
    }

    /// Whether an input is an item of a list that has an input itself, with which it is drawn.
    ///
    /// ```
    /// # fn example(form: &ory_sdk::flow::Form) {
    /// for node in form.nodes.iter().filter(|node| !form.is_item(node)) {
    ///     println!("{}", node.name);
    /// }
    /// # }
    /// ```
    pub fn is_item(&self, node: &Node) -> bool {
        list_of(&node.name).is_some_and(|list| self.node(list).is_some())
    }
}

/// `traits.tags` for `traits.tags.0`.
fn list_of(name: &str) -> Option<&str> {
    let (list, index) = name.rsplit_once('.')?;
    (!index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit())).then_some(list)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn items_belong_to_their_list() {
        let input = |name: &str, value: Value| json!({"type": "input", "attributes": {"name": name, "value": value}});
        let nodes = json!([
            input("traits.tags", json!(null)),
            input("traits.tags.0", json!("a")),
            input("traits.tags.1", json!(2)),
            input("traits.size", json!("m")),
            input("traits.all", json!(["x", null])),
            input("traits.lone.0", json!("y")),
        ]);
        let form = Form::of(&json!({"id": "f", "ui": {"nodes": nodes}}));
        let items = |name: &str| form.items(form.node(name).unwrap()).map(|items| items.join(","));
        assert_eq!(items("traits.tags").as_deref(), Some("a,2"));
        assert_eq!(items("traits.all").as_deref(), Some("x,"));
        assert_eq!((items("traits.size"), items("traits.lone.0")), (None, None));
        let drawn: Vec<&str> = form.nodes.iter().filter(|node| !form.is_item(node)).map(|node| &*node.name).collect();
        assert_eq!(drawn, ["traits.tags", "traits.size", "traits.all", "traits.lone.0"]);
    }
}
