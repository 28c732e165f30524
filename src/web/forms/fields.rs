//! The nodes of a form.

use std::borrow::Cow;

use super::tag::Tag;
use super::words::{self, label};
use crate::flow::{Form, Node, UiMessage};

/// The first field that must be filled in anew.
pub(super) fn first_invalid(form: &Form) -> Option<&Node> {
    form.nodes.iter().find(|node| is_invalid(node) && is_field(node))
}

pub(super) fn is_hidden(node: &Node) -> bool {
    node.input_type == "hidden"
}

/// Whether it is something to fill in.
pub(super) fn is_field(node: &Node) -> bool {
    node.node_type == "input" && !is_hidden(node) && !is_button(node)
}

fn is_button(node: &Node) -> bool {
    matches!(node.input_type.as_str(), "submit" | "button")
}

fn is_invalid(node: &Node) -> bool {
    node.messages.iter().any(UiMessage::is_error)
}

/// Draws a node. `is_first` is for the first button of a form, and `has_focus` for the first field with an error.
pub(super) fn draw(form: &Form, node: &Node, is_first: bool, has_focus: bool) -> String {
    match (node.node_type.as_str(), node.input_type.as_str()) {
        _ if form.is_item(node) => String::new(),
        ("input", "hidden") if form.items(node).is_some() => {
            let hidden = |item: &Cow<'_, str>| {
                Tag::new("input").set("type", "hidden").set("name", &node.name).set("value", item).empty()
            };
            form.items(node).iter().flatten().map(hidden).collect()
        }
        ("input", "hidden") => {
            let tag = named(Tag::new("input").set("type", "hidden"), node);
            tag.maybe("data-onload", node.on_load_trigger()).empty() + &messages(node)
        }
        ("input", "submit" | "button") => button(node, is_first),
        ("input", "checkbox") => checkbox(node, has_focus),
        ("input", _) if node.options().next().is_some() => field(node, &label(node), &select(node, has_focus)),
        ("input", _) if form.items(node).is_some() => list(form, node, has_focus),
        // What is posted has no zone, and is taken for UTC: see `complete`.
        ("input", "datetime-local") => {
            field(node, &format!("{} (UTC)", label(node)), &input(node, "datetime-local", has_focus))
        }
        ("input", kind) => field(node, &label(node), &input(node, kind, has_focus)),
        ("text", _) => text(node),
        ("img", _) => {
            let size = |size: Option<u64>| size.map(|size| size.to_string());
            let image = Tag::new("img").maybe("src", node.src()).set("alt", label(node));
            let image = image.maybe("width", size(node.width())).maybe("height", size(node.height()));
            Tag::new("figure").around(&image.empty())
        }
        ("a", _) => {
            let link =
                Tag::new("a").set("class", "link").maybe("href", node.href().map(|href| href.as_str().to_owned()));
            link.text(&node.title().map_or_else(|| label(node).into_owned(), |title| title.text))
        }
        ("div", _) => {
            // A place that a script fills.
            let division = Tag::new("div").set("id", &node.name).maybe("class", node.class());
            let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            let data = node.data().filter(|(name, _)| is_name(name));
            data.fold(division, |division, (name, value)| division.set(&format!("data-{name}"), value)).around("")
        }
        // Scripts are drawn apart. Servers add types of nodes: what is not known is left out.
        _ => String::new(),
    }
}

fn named(tag: Tag, node: &Node) -> Tag {
    tag.set("name", &node.name).set("value", node.value_text())
}

/// Only the first button lets the browser check the fields: another method does not need them.
fn button(node: &Node, is_first: bool) -> String {
    let class = words::button(node, is_first);
    let tag = named(Tag::new("button").set("class", class).set("type", &node.input_type), node);
    let tag = tag.flag("disabled", node.is_disabled()).flag("formnovalidate", !is_first && node.input_type == "submit");
    let tag = tag.maybe("data-onclick", node.on_click_trigger()).maybe("data-onload", node.on_load_trigger());
    tag.text(&label(node)) + &messages(node)
}

/// A browser does not send a checkbox that is not checked. Of two fields with one name, the last counts.
fn checkbox(node: &Node, has_focus: bool) -> String {
    let no = Tag::new("input").set("type", "hidden").set("name", &node.name).set("value", "false").empty();
    let tag = described(Tag::new("input").set("type", "checkbox"), node, has_focus).set("value", "true");
    let input = tag.flag("checked", node.is_checked()).empty();
    let label = Tag::new("label").set("for", id(node)).text(&label(node));
    Tag::new("div").set("class", "check").around(&[no, input, label, messages(node)].concat())
}

fn field(node: &Node, label: &str, input: &str) -> String {
    let label = Tag::new("label").set("for", id(node)).text(label);
    Tag::new("div").set("class", "field").around(&[&label, input, &messages(node)].concat())
}

fn input(node: &Node, kind: &str, has_focus: bool) -> String {
    let is_code = ["code", "totp_code"].contains(&node.name.as_str());
    // Kratos writes a time with its zone, and a browser without.
    let value = node.value_text();
    let value = if kind == "datetime-local" { value.get(..16).unwrap_or_default().into() } else { value };
    described(Tag::new("input").set("type", kind), node, has_focus)
        .set("value", value)
        .maybe("autocomplete", node.autocomplete().or(is_code.then_some("one-time-code")))
        .maybe("inputmode", is_code.then_some("numeric"))
        .maybe("pattern", node.pattern())
        .maybe("maxlength", node.max_length().map(|length| length.to_string()))
        .maybe("step", (kind == "number").then_some("any"))
        .empty()
}

fn select(node: &Node, has_focus: bool) -> String {
    let value = node.value_text();
    let mut options = String::new();
    if value.is_empty() || !node.required {
        options.push_str("<option value=\"\">Please choose</option>");
    }
    for option in node.options() {
        options.push_str(&Tag::new("option").set("value", &option).flag("selected", option == value).text(&option));
    }
    described(Tag::new("select"), node, has_focus).around(&options)
}

/// A field for each item of a list, and one for a new item.
fn list(form: &Form, node: &Node, has_focus: bool) -> String {
    let items = form.items(node).unwrap_or_default();
    let input = |(at, item): (usize, &str)| {
        let tag = Tag::new("input").set("name", &node.name).set("value", item).flag("disabled", node.is_disabled());
        tag.set("aria-label", format!("{} {}", label(node), at + 1)).flag("autofocus", has_focus && at == 0).empty()
    };
    let inputs: String = items.iter().map(AsRef::as_ref).chain([""]).enumerate().map(input).collect();
    let legend = Tag::new("legend").text(&label(node));
    let about_items: String = form.item_nodes(node).map(messages).collect();
    let tag = Tag::new("fieldset").set("class", "field").maybe("aria-describedby", described_by(node));
    tag.around(&[legend, inputs, messages(node), about_items].concat())
}

fn text(node: &Node) -> String {
    let text = node.text().unwrap_or_default();
    let id = format!("{}-{}", node.group, node.name);
    let shown = match text.context["secrets"].as_array() {
        Some(codes) => {
            let code = |code: &serde_json::Value| match code["text"].as_str().filter(|_| code["id"] != USED) {
                Some(text) => Tag::new("li").around(&Tag::new("code").text(text)),
                None => "<li>used</li>".to_owned(),
            };
            let codes: String = codes.iter().map(code).collect();
            Tag::new("ul").set("class", "codes").set("id", id).around(&codes)
        }
        None => Tag::new("p").around(&Tag::new("code").set("id", id).text(&text.text)),
    };
    Tag::new("div").set("class", "text").around(&(Tag::new("p").text(&label(node)) + &shown))
}

/// The message that stands for a backup code that was used.
const USED: i64 = 1_050_014;

/// What a field has beside its value.
fn described(tag: Tag, node: &Node, has_focus: bool) -> Tag {
    let tag = tag.set("id", id(node)).set("name", &node.name).flag("required", node.required);
    let tag = tag.flag("disabled", node.is_disabled()).maybe("aria-invalid", is_invalid(node).then_some("true"));
    tag.maybe("aria-describedby", described_by(node)).flag("autofocus", has_focus)
}

fn messages(node: &Node) -> String {
    if node.messages.is_empty() {
        return String::new();
    }
    let message =
        |message: &UiMessage| Tag::new("p").set("class", format!("hint {}", words::kind(message))).text(&message.text);
    let messages: String = node.messages.iter().map(message).collect();
    Tag::new("div").maybe("id", described_by(node)).around(&messages)
}

/// Two methods may have a field with the same name.
fn id(node: &Node) -> String {
    format!("{}-{}", node.group, node.name)
}

fn described_by(node: &Node) -> Option<String> {
    (!node.messages.is_empty()).then(|| format!("{}-messages", id(node)))
}
