//! Descriptions become doc comments: what rustdoc would take for a link, a tag or a test is escaped.

use serde_json::Value;

use super::Lowering;
use crate::build::walk;

/// Escapes every description of schemas and operations.
pub fn escape(lowering: &mut Lowering) {
    lowering.each_root_mut(&mut |root| {
        walk::each_mut(root, &mut |schema| {
            if let Some(Value::String(text)) = schema.get_mut("description") {
                *text = doc_text(text);
            }
        });
    });
    for operation in &mut lowering.operations {
        operation.summary = doc_text(&operation.summary);
        operation.description = doc_text(&operation.description);
        for parameter in &mut operation.parameters {
            parameter.description = doc_text(&parameter.description);
        }
        if let Some(body) = &mut operation.body {
            body.description = doc_text(&body.description);
        }
        for (_, text) in &mut operation.errors {
            *text = doc_text(text);
        }
    }
}

/// Markdown as rustdoc takes it without a warning and without running it.
pub fn doc_text(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut fenced = false;
    for line in text.trim().lines() {
        // Four blanks would make a code block, which rustdoc compiles.
        let line = line.trim();
        if let Some(info) = line.strip_prefix("```") {
            fenced = !fenced;
            out.push(if fenced && info != "json" { "```text".to_owned() } else { line.to_owned() });
        } else if fenced {
            out.push(line.to_owned());
        } else {
            out.push(escape_line(line));
        }
    }
    if fenced {
        out.push("```".to_owned());
    }
    out.join("\n")
}

fn escape_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    // Odd parts stand between backticks; a lone backtick at the end of a line opens nothing.
    let parts: Vec<&str> = line.split('`').collect();
    let closed = parts.len() % 2 == 1;
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(if closed { "`" } else { "\\`" });
        }
        if closed && index % 2 == 1 {
            out.push_str(part);
        } else {
            out.push_str(&escape_words(part));
        }
    }
    out
}

fn escape_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        let start = word.find("https://").or_else(|| word.find("http://"));
        match start {
            // A bare URL: rustdoc wants it in angle brackets.
            Some(at) => {
                let (before, rest) = word.split_at(at);
                let end = rest.find([')', ']', '>', '"', '\'', '*', '|']).unwrap_or(rest.len());
                let end = rest[..end].trim_end_matches(['.', ',', ';', ':']).len();
                let (url, after) = rest.split_at(end);
                out.push_str(&escape_marks(before));
                out.push_str(&format!("<{url}>"));
                out.push_str(&escape_marks(after));
            }
            None => out.push_str(&escape_marks(word)),
        }
    }
    out
}

fn escape_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '[' | ']' | '<' | '>') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_tags_and_links() {
        assert_eq!(doc_text("See [JWA] and <id>, `a[0] <b>`."), "See \\[JWA\\] and \\<id\\>, `a[0] <b>`.");
        assert_eq!(doc_text("At https://a.b/c?d=e."), "At <https://a.b/c?d=e>.");
        assert_eq!(doc_text("[Text](https://a.b/c)"), "\\[Text\\](<https://a.b/c>)");
        assert_eq!(doc_text("a ` lone"), "a \\` lone");
    }

    #[test]
    fn code_is_never_compiled() {
        assert_eq!(doc_text("x\n    indented\n```\nlet a;\n"), "x\nindented\n```text\nlet a;\n```");
        assert_eq!(doc_text("```json\n{}\n```"), "```json\n{}\n```");
    }
}
