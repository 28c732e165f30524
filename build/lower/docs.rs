//! Descriptions become doc comments, so what rustdoc would read as a link, a tag or a test is escaped.

use serde_json::Value;

use super::lowering::Lowering;
use crate::build::schema;

/// Escapes every description of schemas and operations.
pub fn escape(lowering: &mut Lowering) {
    lowering.each_root_mut(&mut |root| {
        schema::each_mut(root, &mut |schema| {
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

/// Markdown that rustdoc accepts without a warning and does not run as a test.
pub fn doc_text(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    // The fence of the open code block.
    let mut fence: Option<&str> = None;
    for line in text.trim().lines() {
        // Four spaces would make a code block, which rustdoc compiles.
        let line = line.trim();
        let signs = ["```", "~~~"].into_iter().find(|signs| line.starts_with(signs));
        match (fence, signs) {
            (None, Some(signs)) => {
                fence = Some(signs);
                out.push(if line == "```json" { line.to_owned() } else { format!("{signs}text") });
            }
            (Some(open), Some(signs)) if open == signs => {
                fence = None;
                out.push(signs.to_owned());
            }
            (Some(_), _) => out.push(line.to_owned()),
            (None, None) => out.push(escape_line(line)),
        }
    }
    out.extend(fence.map(str::to_owned));
    out.join("\n")
}

fn escape_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    // Odd parts are between backticks. If a backtick is not closed, none of the line is code.
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
    let mut rest = text;
    // Rustdoc wants angle brackets around a bare URL.
    while let Some(at) = ["https://", "http://"].iter().filter_map(|start| rest.find(start)).min() {
        let (before, after) = rest.split_at(at);
        let is_end = |c: char| {
            c.is_whitespace()
                || c.is_control()
                || matches!(c, ')' | ']' | '[' | '>' | '<' | '"' | '\'' | '*' | '|' | '\\')
        };
        let end = after.find(is_end).unwrap_or(after.len());
        let url = after[..end].trim_end_matches(['.', ',', ';', ':']);
        out.push_str(&escape_marks(before));
        out.push_str(&format!("<{url}>"));
        rest = &after[url.len()..];
    }
    out.push_str(&escape_marks(rest));
    out
}

fn escape_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let is_mark = |sign: char| matches!(sign, '[' | ']' | '<' | '>');
        match sign {
            // Not escaped twice.
            '\\' if signs.peek().copied().is_some_and(is_mark) => {}
            sign if is_mark(sign) => out.extend(['\\', sign]),
            sign if sign.is_control() && sign != '\t' => {}
            sign => out.push(sign),
        }
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
        assert_eq!(doc_text("\\[x\\](y)"), "\\[x\\](y)");
        assert_eq!(doc_text("[https://a.b](https://a.b)"), "\\[<https://a.b>\\](<https://a.b>)");
    }

    #[test]
    fn code_is_never_compiled() {
        assert_eq!(doc_text("x\n    indented\n```\nlet a;\n"), "x\nindented\n```text\nlet a;\n```");
        assert_eq!(doc_text("```json\n{}\n```"), "```json\n{}\n```");
        assert_eq!(doc_text("~~~rust\nlet a;\n```\n~~~"), "~~~text\nlet a;\n```\n~~~");
    }
}
