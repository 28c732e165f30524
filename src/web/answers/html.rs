//! The page that says why a browser is not let in.

use crate::privacy::Location;

/// A page with this title and text, and a link.
pub(super) fn page(title: &str, text: &str, link: Option<&Location>) -> String {
    let link = link.map(|to| format!("<p><a href=\"{}\">Continue</a></p>\n", escape(to.as_str()))).unwrap_or_default();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<h1>{title}</h1>\n\
         <p>{}</p>\n{link}</html>\n",
        escape(text)
    )
}

/// A text of HTML, also inside a quoted attribute.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
