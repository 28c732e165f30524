//! Repairs JSON that is well-formed but for single values, which JSON libraries refuse together with all that stands around
//! them.
//!
//! People can put half an emoji into a trait (`"\ud83d"`), and servers store and return it. Text of another encoding, a number
//! beyond all floats and a value that is nested too deeply are of the same kind. Each of them costs only itself.

use std::borrow::Cow;

/// serde_json refuses what is nested more deeply.
const DEEPEST: usize = 127;

/// The text with every bad value replaced: half a character and bytes that are not UTF-8 by U+FFFD, a control character by its
/// escape, and a number that is too large or a value that is too deep by null. `None` if nothing was to replace.
pub(crate) fn mend(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let is_foreign = matches!(text, Cow::Owned(_));
    let mut mender = Mender { text: &text, at: 0, mended: String::with_capacity(text.len() + 16), copied: 0, depth: 0 };
    mender.run();
    let is_mended = mender.copied > 0;
    mender.copy_to(text.len());
    (is_foreign || is_mended).then_some(mender.mended)
}

struct Mender<'a> {
    text: &'a str,
    at: usize,
    mended: String,
    /// How much of the text is in `mended`.
    copied: usize,
    depth: usize,
}

impl Mender<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.string(),
                b'-' | b'0'..=b'9' => self.number(),
                b'[' | b'{' if self.depth == DEEPEST => self.too_deep(),
                b'[' | b'{' => {
                    self.depth += 1;
                    self.at += 1;
                }
                b']' | b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Copies what was not replaced.
    fn copy_to(&mut self, end: usize) {
        self.mended.push_str(&self.text[self.copied..end]);
        self.copied = end;
    }

    /// Replaces the text from `start` to the current place, both between characters.
    fn replace_from(&mut self, start: usize, by: &str) {
        self.copy_to(start);
        self.mended.push_str(by);
        self.copied = self.at;
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            let start = self.at;
            self.at += 1;
            match byte {
                b'"' => return,
                b'\\' => self.escape(start),
                0..0x20 => self.replace_from(start, &format!("\\u{byte:04x}")),
                _ => {}
            }
        }
    }

    /// An escape whose backslash is at `start`.
    fn escape(&mut self, start: usize) {
        if self.peek() != Some(b'u') {
            // A character of several bytes is no escape. Its other bytes are passed over as text.
            self.at += usize::from(self.peek().is_some());
            return;
        }
        let Some(first) = self.unit(start) else { return };
        self.at = start + 6;
        match first {
            0xd800..0xdc00 if matches!(self.unit(self.at), Some(0xdc00..0xe000)) => self.at += 6,
            0xd800..0xe000 => self.replace_from(start, "\u{fffd}"),
            _ => {}
        }
    }

    /// The UTF-16 unit that `\uXXXX` stands for.
    fn unit(&self, at: usize) -> Option<u16> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        if is_hex { u16::from_str_radix(digits, 16).ok() } else { None }
    }

    fn number(&mut self) {
        let start = self.at;
        while self.peek().is_some_and(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let is_infinite = self.text[start..self.at].parse::<f64>().is_ok_and(f64::is_infinite);
        if is_infinite {
            self.replace_from(start, "null");
        }
    }

    /// Passes over a value, however deep.
    fn too_deep(&mut self) {
        let (start, outer) = (self.at, self.depth);
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.pass_string();
                    continue;
                }
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' => self.depth -= 1,
                _ => {}
            }
            self.at += 1;
            if self.depth == outer {
                self.replace_from(start, "null");
                return;
            }
        }
    }

    fn pass_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
        self.at = self.at.min(self.text.len());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn mended(text: &str) -> Value {
        assert!(serde_json::from_str::<Value>(text).is_err(), "{text} needs no repair");
        serde_json::from_str(&mend(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn half_a_character() {
        assert_eq!(mended(r#"{"a":"cut \ud83d","b":1}"#), json!({"a": "cut \u{fffd}", "b": 1}));
        assert_eq!(
            mended(r#"["\udE00 x","\ud83d\ud83d\ude00","\ud83dx","\ud83d\n","\\\ud83d"]"#),
            json!(["\u{fffd} x", "\u{fffd}\u{1f600}", "\u{fffd}x", "\u{fffd}\n", "\\\u{fffd}"])
        );
        assert_eq!(mended(r#"{"\ud83d":1}"#), json!({"\u{fffd}": 1}), "a key too");
        assert_eq!(mended(r#"["\ud83dü\ud83d"]"#), json!(["\u{fffd}ü\u{fffd}"]));
    }

    #[test]
    fn bytes_of_another_encoding() {
        let text = mend(b"[\"M\xfcnchen\", 1]").unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), json!(["M\u{fffd}nchen", 1]));
    }

    #[test]
    fn raw_control_characters() {
        assert_eq!(mended("[\"a\nb\tc\u{0}\"]"), json!(["a\nb\tc\u{0}"]));
    }

    #[test]
    fn numbers_beyond_all_floats() {
        assert_eq!(mended(r#"{"a":1e999,"b":[-1E+400,2,"1e999"]}"#), json!({"a": null, "b": [null, 2, "1e999"]}));
    }

    #[test]
    fn values_that_are_too_deep() {
        let deep = |depth: usize| format!("{}\"]\\\"\"{}", "[".repeat(depth), "]".repeat(depth));
        let value = mended(&format!(r#"{{"a":{},"b":1}}"#, deep(5000)));
        assert_eq!(value["b"], 1);
        assert!(value["a"].is_array());
        let fits = deep(127);
        assert!(serde_json::from_str::<Value>(&fits).is_ok());
        assert_eq!(mend(fits.as_bytes()), None);
        assert!(serde_json::from_str::<Value>(&deep(128)).is_err());
    }

    #[test]
    fn what_is_not_json_is_left_to_the_reader() {
        for text in
            ["", "[1,", "{\"a\":\"", "\"\\", "\"\\u12", "\"\\uzzzzäöü\"", "<html>", "[\"a\" 1e5]", "\\ud83d", "]]}}"]
        {
            assert_eq!(mend(text.as_bytes()), None, "{text}");
        }
        for text in ["[1e999", "[[\"\\ud83d", "\"\\ud83d\\u", &"[".repeat(500)] {
            assert!(serde_json::from_str::<Value>(&mend(text.as_bytes()).unwrap_or_default()).is_err(), "{text}");
        }
    }
}
