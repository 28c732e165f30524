//! A form, as a whole.

use super::fields::{self, is_hidden};
use super::tag::Tag;
use super::words;
use crate::flow::{Form, Node};

/// A script that attaches the buttons for passkeys and security keys to the functions of Kratos' `webauthn.js`, which a
/// content security policy without `unsafe-inline` does not let the nodes do themselves.
///
/// ```
/// use ory_sdk::web::forms::TRIGGERS;
/// assert!(TRIGGERS.contains("data-onclick"));
/// ```
///
/// Serve it as `text/javascript`, and name its URL in [`FormHtml::scripts`].
pub const TRIGGERS: &str = "\
const call = (name) => /^ory\\w+$/.test(name) && typeof window[name] === \"function\" && window[name]();
window.addEventListener(\"load\", () => {
  for (const node of document.querySelectorAll(\"[data-onclick]\")) {
    node.addEventListener(\"click\", () => call(node.dataset.onclick));
  }
  document.querySelectorAll(\"[data-onload]\").forEach((node) => call(node.dataset.onload));
});
";

/// Draws a form.
///
/// ```
/// use ory_sdk::flow::Form;
/// use ory_sdk::web::forms::FormHtml;
///
/// let flow = serde_json::json!({"id": "f", "ui": {"action": "/login?flow=f", "method": "POST", "nodes": [{
///     "type": "input", "group": "password", "meta": {"label": {"text": "Password"}},
///     "attributes": {"node_type": "input", "name": "password", "type": "password", "required": true},
/// }]}});
/// let html = FormHtml::new(&Form::of(&flow)).html();
/// assert!(html.contains("<label for=\"password-password\">Password</label>"));
/// ```
///
/// The [module](super) has its classes.
#[derive(Debug, Clone, Copy)]
#[must_use = "nothing is drawn before `html`"]
pub struct FormHtml<'a> {
    form: &'a Form,
    is_apart: bool,
    scripts: Option<(&'a str, &'a str)>,
}

impl<'a> FormHtml<'a> {
    /// Starts to draw a form.
    ///
    /// ```
    /// # fn example(form: &ory_sdk::flow::Form) -> String {
    /// use ory_sdk::web::forms::FormHtml;
    /// FormHtml::new(form).html()
    /// # }
    /// ```
    pub fn new(form: &'a Form) -> Self {
        Self { form, is_apart: false, scripts: None }
    }

    /// Draws each method in a section with a heading and a form of its own, as settings want it.
    ///
    /// ```
    /// # fn example(form: &ory_sdk::flow::Form) -> String {
    /// use ory_sdk::web::forms::FormHtml;
    /// FormHtml::new(form).apart().html()
    /// # }
    /// ```
    ///
    /// Methods that share a field are drawn in one form nevertheless. Methods that each have a field of their own and share none, such as several second factors, are always drawn so: the
    /// key Enter then submits what was filled in.
    pub fn apart(mut self) -> Self {
        self.is_apart = true;
        self
    }

    /// Loads Kratos' script from the URL `webauthn`, and [`TRIGGERS`] from another. Without this, forms have no scripts.
    ///
    /// ```
    /// # fn example(form: &ory_sdk::flow::Form) -> String {
    /// use ory_sdk::web::forms::FormHtml;
    /// FormHtml::new(form).scripts("/webauthn.js", "/triggers.js").html()
    /// # }
    /// ```
    ///
    /// If your service passes the script on (`get_web_authn_java_script`), a content security policy need not allow Kratos.
    /// The browser checks the hash of the script that the form names.
    pub fn scripts(mut self, webauthn: &'a str, triggers: &'a str) -> Self {
        self.scripts = Some((webauthn, triggers));
        self
    }

    /// The HTML: the messages, the forms and the scripts.
    ///
    /// ```
    /// # fn example(form: &ory_sdk::flow::Form) {
    /// use ory_sdk::web::forms::FormHtml;
    /// println!("{} bytes", FormHtml::new(form).html().len());
    /// # }
    /// ```
    ///
    /// It contains the CSRF token, and may contain secrets such as backup codes: send it to the person and nowhere else.
    pub fn html(&self) -> String {
        let form = self.form;
        let mut methods: Vec<&str> = Vec::new();
        for node in form.nodes.iter().filter(|node| node.node_type != "script") {
            if !methods.contains(&node.group.as_str()) {
                methods.push(&node.group);
            }
        }
        let has_fields = |method: &str| form.group(method).any(fields::is_field);
        methods.sort_by_key(|method| {
            let is_default = *method == "default";
            let goes_back = form.group(method).any(|node| node.name == "screen");
            // What is filled in comes before what is only pressed, and the way back is last.
            let is_pressed = !self.is_apart && !is_default && !has_fields(method);
            (!is_default, goes_back, is_pressed, words::rank(method))
        });
        let own: Vec<&str> = methods.iter().copied().filter(|method| *method != "default").collect();
        let is_apart = self.is_apart || own.iter().filter(|method| has_fields(method)).count() > 1;
        let mut html = self.messages();
        // Fields that methods share would be there more than once.
        if is_apart && !has_fields("default") {
            html.extend(own.into_iter().map(|method| self.section(method)));
        } else {
            html.push_str(&self.one(&methods));
        }
        html + &self.script_tags()
    }

    /// The messages about the whole form. An error has the focus if no field has one.
    fn messages(&self) -> String {
        let takes_focus = fields::first_invalid(self.form).is_none();
        let message = |message: &crate::flow::UiMessage| {
            let tag = Tag::new("p").set("class", format!("message {}", words::kind(message)));
            let tag = match message.is_error() {
                true => tag.set("role", "alert").set("tabindex", "-1").flag("autofocus", takes_focus),
                false => tag.set("role", "status"),
            };
            tag.text(&message.text)
        };
        self.form.messages.iter().map(message).collect()
    }

    fn section(&self, method: &str) -> String {
        let id = format!("method-{method}");
        let heading = Tag::new("h2").set("id", &id).text(words::method_name(method));
        let section = Tag::new("section").set("class", "method").set("aria-labelledby", id);
        section.around(&(heading + &self.one(&["default", method])))
    }

    /// A form with these methods.
    fn one(&self, methods: &[&str]) -> String {
        let nodes: Vec<&Node> = methods.iter().flat_map(|method| self.form.group(method)).collect();
        let first = nodes.iter().position(|node| node.input_type == "submit");
        // Where another way to do the same begins.
        let other = first.and_then(|first| {
            let is_other = |node: &&Node| node.group != nodes[first].group && !is_hidden(node);
            nodes.iter().skip(first).position(is_other).map(|at| first + at)
        });
        let focus = fields::first_invalid(self.form);
        let mut html = String::new();
        // The key Enter presses the first button, which must not be one that takes something away. It presses none that is
        // disabled.
        if first.is_some_and(|first| words::takes_away(nodes[first])) && nodes.iter().any(|node| fields::is_field(node))
        {
            html.push_str("<button disabled hidden></button>");
        }
        for (at, node) in nodes.iter().enumerate() {
            if other == Some(at) {
                html.push_str("<p class=\"or\">or</p>");
            }
            let is_it = |node: &Node| focus.is_some_and(|focus| std::ptr::eq(focus, node));
            let has_focus = is_it(node) || self.form.item_nodes(node).any(is_it);
            html.push_str(&fields::draw(self.form, node, first == Some(at), has_focus));
        }
        let form = Tag::new("form").set("class", "fields").set("action", self.form.action.as_str());
        form.set("method", self.form.method.to_ascii_lowercase()).around(&html)
    }

    fn script_tags(&self) -> String {
        let scripts: Vec<&Node> = self.form.nodes.iter().filter(|node| node.node_type == "script").collect();
        let Some((webauthn, triggers)) = self.scripts.filter(|_| !scripts.is_empty()) else { return String::new() };
        let mut html =
            "<noscript><p class=\"message\">Passkeys and security keys need JavaScript.</p></noscript>".to_owned();
        for node in scripts {
            let script = Tag::new("script").set("src", webauthn).maybe("integrity", node.integrity());
            html.push_str(&script.maybe("type", node.script_type()).flag("defer", true).around(""));
        }
        html + &Tag::new("script").set("src", triggers).flag("defer", true).around("")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn draw(nodes: Value, messages: Value) -> String {
        let ui = json!({"action": "/login?flow=f", "method": "POST", "nodes": nodes, "messages": messages});
        FormHtml::new(&Form::of(&json!({"id": "f", "ui": ui}))).scripts("/w.js", "/t.js").html()
    }

    fn input(group: &str, name: &str, kind: &str) -> Value {
        let attributes = json!({"node_type": "input", "name": name, "type": kind});
        json!({"type": "input", "group": group, "attributes": attributes, "meta": {"label": {"text": name}}})
    }

    #[test]
    fn the_key_enter_submits_the_password() {
        let nodes = json!([
            input("default", "csrf_token", "hidden"),
            input("default", "identifier", "text"),
            input("code", "send", "submit"),
            input("password", "password", "password"),
            input("password", "go", "submit"),
        ]);
        let html = draw(nodes, json!([]));
        let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text} in {html}"));
        assert!(at("class=\"primary\" type=\"submit\" name=\"go\"") < at("class=\"or\""));
        assert!(at("class=\"or\"") < at("name=\"send\" value=\"\" formnovalidate"));
        assert_eq!(html.matches("<form").count(), 1);
    }

    #[test]
    fn methods_that_share_no_field_are_apart() {
        let nodes = json!([
            input("default", "csrf_token", "hidden"),
            input("totp", "totp_code", "text"),
            input("totp", "method", "submit"),
            input("lookup_secret", "lookup_secret", "text"),
            input("lookup_secret", "method", "submit"),
        ]);
        let html = draw(nodes, json!([]));
        assert_eq!((html.matches("<form").count(), html.matches("csrf_token").count()), (2, 2));
        assert!(html.contains("<h2 id=\"method-totp\">Authenticator app</h2>"), "{html}");
        assert!(html.contains("autocomplete=\"one-time-code\" inputmode=\"numeric\""), "{html}");
    }

    #[test]
    fn the_second_step_of_a_registration_is_one_form() {
        let nodes = json!([
            input("default", "traits.email", "hidden"),
            input("profile", "screen", "submit"),
            input("code", "send", "submit"),
            input("password", "password", "password"),
            input("password", "go", "submit"),
        ]);
        let html = draw(nodes, json!([]));
        let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text} in {html}"));
        assert!(at("name=\"go\"") < at("class=\"or\"") && at("name=\"send\"") < at("name=\"screen\""), "{html}");
        assert_eq!((html.matches("<form").count(), html.matches("class=\"primary\"").count()), (1, 1));
    }

    #[test]
    fn the_key_enter_takes_nothing_away() {
        let remove = input("webauthn", "webauthn_remove", "submit");
        let nodes = json!([remove.clone(), input("webauthn", "name", "text"), input("webauthn", "add", "button")]);
        let html = draw(nodes, json!([]));
        assert!(
            html.contains("method=\"post\"><button disabled hidden></button><button class=\"secondary danger\""),
            "{html}"
        );
        let html = draw(json!([remove]), json!([]));
        assert!(!html.contains("hidden"), "{html}");
    }

    #[test]
    fn no_message_is_lost() {
        let with_error = |mut node: Value| {
            node["messages"] =
                json!([{"id": 4, "type": "error", "text": format!("no {}", node["attributes"]["name"])}]);
            node
        };
        let nodes = ["hidden", "submit", "button", "checkbox", "text"].map(|kind| with_error(input("x", kind, kind)));
        let mut nodes = nodes.to_vec();
        nodes.extend([input("x", "tags", "text"), with_error(input("x", "tags.0", "text"))]);
        let html = draw(nodes.clone().into(), json!([]));
        for node in nodes {
            let message = format!("no {}", node["attributes"]["name"]).replace('"', "&quot;");
            assert!(node["messages"].is_null() || html.contains(&message), "{message} in {html}");
        }
        let html = draw(json!([input("x", "tags", "text"), with_error(input("x", "tags.0", "text"))]), json!([]));
        assert!(html.contains("aria-label=\"tags 1\" autofocus"), "{html}");
    }

    #[test]
    fn the_first_error_has_the_focus() {
        let mut wrong = input("default", "traits.email", "email");
        wrong["messages"] = json!([{"id": 4, "type": "error", "text": "<no>"}]);
        let wrong_code = |name: &str| {
            let mut node = wrong.clone();
            node["attributes"]["name"] = name.into();
            node
        };
        let html = draw(json!([wrong_code("a"), wrong_code("b")]), json!([{"id": 4, "type": "error", "text": "oh"}]));
        assert_eq!(html.matches("autofocus").count(), 1);
        assert!(html.contains("aria-invalid=\"true\" aria-describedby=\"default-a-messages\" autofocus"), "{html}");
        assert!(html.contains("<div id=\"default-a-messages\"><p class=\"hint error\">&lt;no&gt;</p></div>"), "{html}");
        let html = draw(json!([input("default", "a", "text")]), json!([{"id": 4, "type": "error", "text": "oh"}]));
        assert!(
            html.starts_with("<p class=\"message error\" role=\"alert\" tabindex=\"-1\" autofocus>oh</p>"),
            "{html}"
        );
    }

    #[test]
    fn every_type_of_node() {
        let attributes = |more: Value| json!({"type": more["node_type"], "group": "x", "attributes": more});
        let mut select = input("x", "size", "text");
        select["attributes"]["options"] = json!([{"value": "s"}, {"value": "m"}]);
        select["attributes"]["value"] = "m".into();
        let mut list = input("x", "tags", "text");
        list["attributes"]["value"] = json!(["a"]);
        let mut time = input("x", "at", "datetime-local");
        time["attributes"]["value"] = "2026-12-01T09:30:00Z".into();
        let mut check = input("x", "news", "checkbox");
        check["attributes"]["value"] = true.into();
        let secrets = json!([{"id": 1, "text": "abc"}, {"id": 1_050_014, "text": "Secret was used at .."}]);
        let text = json!({"id": 1, "text": "abc, ..", "context": {"secrets": secrets}});
        let nodes = json!([
            select,
            list,
            time,
            check,
            input("x", "age", "number"),
            input("x", "day", "date"),
            attributes(json!({"node_type": "img", "id": "qr", "src": "data:image/png;base64,AA", "width": 200})),
            attributes(json!({"node_type": "a", "id": "a", "href": "/next", "title": {"id": 1, "text": "On"}})),
            attributes(json!({"node_type": "div", "id": "d", "class": "c", "data": {"site-key": "\"", "x onx": "y"}})),
            attributes(json!({"node_type": "text", "id": "codes", "text": text})),
            attributes(json!({"node_type": "script", "id": "s", "src": "http://k/w.js", "integrity": "sha512-x"})),
            attributes(json!({"node_type": "hologram", "id": "h"})),
        ]);
        let html = draw(nodes, json!([]));
        for part in [
            "<option value=\"m\" selected>m</option>",
            "<legend>tags</legend><input name=\"tags\" value=\"a\" aria-label=\"tags 1\"><input name=\"tags\" value=\"\"",
            "name=\"at\" value=\"2026-12-01T09:30\"",
            "<input type=\"hidden\" name=\"news\" value=\"false\"><input type=\"checkbox\" id=\"x-news\" name=\"news\" value=\"true\" checked>",
            "type=\"number\" id=\"x-age\" name=\"age\" value=\"\" step=\"any\"",
            "<figure><img src=\"data:image/png;base64,AA\" alt=\"Qr\" width=\"200\"></figure>",
            "<a class=\"link\" href=\"/next\">On</a>",
            "<div id=\"d\" class=\"c\" data-site-key=\"&quot;\"></div>",
            "<li><code>abc</code></li><li>used</li>",
            "<script src=\"/w.js\" integrity=\"sha512-x\" defer></script><script src=\"/t.js\" defer></script>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("hologram") && !html.contains("http://k"), "{html}");
    }
}
