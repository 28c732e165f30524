//! The page that says why a browser does not get what it asked for.

use crate::privacy::Location;

/// A page with this title and text, and a link with its text.
pub(super) fn page(title: &str, text: &str, link: Option<(&str, &Location)>) -> String {
    let link = link.map(|(text, to)| format!("<p><a href=\"{}\">{text}</a></p>\n", escape(to.as_str())));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<h1>{title}</h1>\n\
         <p>{}</p>\n{}</html>\n",
        escape(text),
        link.unwrap_or_default()
    )
}

/// A text of HTML, also inside a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
