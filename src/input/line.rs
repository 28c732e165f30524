//! Texts of callers inside messages.

/// The text on one line: control characters are escaped.
pub(super) fn on_one_line(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    let escape = |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() };
    text.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::on_one_line;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(on_one_line("a `größe` \"b\"".to_owned()), "a `größe` \"b\"");
        assert_eq!(on_one_line("x\r\ny\u{1b}[2J\0".to_owned()), "x\\r\\ny\\u{1b}[2J\\0");
    }
}
