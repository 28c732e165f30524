//! Writes tags, with everything escaped.

use std::borrow::Cow;

use crate::web::html::escape;

/// A tag that is being written.
pub(super) struct Tag(String);

impl Tag {
    pub(super) fn new(name: &str) -> Self {
        Self(format!("<{name}"))
    }

    /// Adds an attribute.
    pub(super) fn set(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.0.push_str(&format!(" {name}=\"{}\"", escape(value.as_ref())));
        self
    }

    /// Adds an attribute if there is a value.
    pub(super) fn maybe<'a>(self, name: &str, value: Option<impl Into<Cow<'a, str>>>) -> Self {
        match value {
            Some(value) => self.set(name, value.into()),
            None => self,
        }
    }

    /// Adds an attribute that has no value.
    pub(super) fn flag(mut self, name: &str, is_set: bool) -> Self {
        if is_set {
            self.0.push_str(&format!(" {name}"));
        }
        self
    }

    /// A tag without content.
    pub(super) fn empty(self) -> String {
        format!("{}>", self.0)
    }

    /// The tag around HTML.
    pub(super) fn around(self, html: &str) -> String {
        let name = self.0.trim_start_matches('<').split(' ').next().unwrap_or_default().to_owned();
        format!("{}>{html}</{name}>", self.0)
    }

    /// The tag around text.
    pub(super) fn text(self, text: &str) -> String {
        self.around(&escape(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_escaped() {
        let tag =
            Tag::new("p").set("class", "\"><b>").flag("hidden", true).flag("inert", false).maybe("id", None::<&str>);
        assert_eq!(tag.text("<i>"), "<p class=\"&quot;&gt;&lt;b&gt;\" hidden>&lt;i&gt;</p>");
        assert_eq!(Tag::new("br").empty(), "<br>");
    }
}
