//! The little HTML that this crate writes itself.

use crate::privacy::Location;

/// A whole document around this content.
pub(super) fn document(title: &str, content: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n\
         {content}\n</body>\n</html>\n"
    )
}

/// A page that says why a browser does not get what it asked for, and a link with its text.
pub(super) fn message(title: &str, text: &str, link: Option<(&str, &Location)>) -> String {
    let link = link.map(|(text, to)| format!("\n<p><a href=\"{}\">{}</a></p>", escape(to.as_str()), escape(text)));
    document(title, &format!("<p>{}</p>{}", escape(text), link.unwrap_or_default()))
}

/// A field that a person does not see.
#[cfg(feature = "oauth2")]
pub(super) fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escape(value))
}

/// Text inside an element or a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_texts() {
        assert_eq!(escape("<a href='x' title=\"y\">&"), "&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&amp;");
        assert!(document("<Shop>", "<p>x</p>").contains("<title>&lt;Shop&gt;</title>"));
        let page = message("<", "&", Some(("'", &"/a?b=\"><script>".into())));
        assert!(
            page.contains("<h1>&lt;</h1>\n<p>&amp;</p>\n<p><a href=\"/a?b=&quot;&gt;&lt;script&gt;\">&#39;</a></p>")
        );
    }

    #[cfg(feature = "oauth2")]
    #[test]
    fn a_value_stays_a_value() {
        let field = hidden("a", "\"><script>");
        assert_eq!(field, "<input type=\"hidden\" name=\"a\" value=\"&quot;&gt;&lt;script&gt;\">\n");
    }
}
