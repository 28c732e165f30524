//! Words, texts and symbols.

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Word,
    Text,
    Symbol,
    /// The end of the text.
    End,
    /// Nothing can be read from here on. The token's text says why.
    Fault,
    /// What comes after the end or a fault.
    Nothing,
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub kind: Kind,
    pub text: String,
    /// Byte offsets.
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub(super) fn is(&self, symbol: &str) -> bool {
        matches!(self.kind, Kind::Symbol | Kind::Word) && self.text == symbol
    }

    pub(super) fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Text)
    }
}

/// The longest symbols come first.
const SYMBOLS: [&str; 19] =
    ["=>", "||", "&&", "(", ")", "{", "}", "[", "]", "<", ">", "!", ".", ":", ",", ";", "=", "|", "&"];

pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    is_over: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, is_over: false }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn next(&mut self) -> Token {
        if self.is_over {
            return Token { kind: Kind::Nothing, text: "broken state".to_owned(), start: 0, end: 0 };
        }
        if let Some(unclosed) = self.skip() {
            return unclosed;
        }
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            self.is_over = true;
            return self.token(Kind::End, 0);
        };
        if first.is_ascii_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            return self.token(Kind::Word, end);
        }
        if first == '"' || first == '\'' {
            return self.quoted(first);
        }
        match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            Some(symbol) => self.token(Kind::Symbol, symbol.len()),
            None => self.fault(self.at, self.at, &format!("at {rest:?}: unexpected token {first}")),
        }
    }

    /// Skips white space and comments. Returns the fault if a comment has no end.
    fn skip(&mut self) -> Option<Token> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if trimmed.starts_with("//") {
                self.at += trimmed.find('\n').unwrap_or(trimmed.len());
            } else if trimmed.starts_with("/*") {
                match trimmed.find("*/") {
                    Some(end) => self.at += end + 2,
                    None => {
                        let start = self.at;
                        self.at = self.text.len();
                        return Some(self.fault(start, self.text.len(), "at \"\": unclosed comment"));
                    }
                }
            } else {
                return None;
            }
        }
    }

    fn quoted(&mut self, quote: char) -> Token {
        let start = self.at;
        match self.rest().get(1..).and_then(|rest| rest.find(quote)) {
            Some(length) => {
                let mut token = self.token(Kind::Text, length + 2);
                token.text = token.text.trim_matches(quote).to_owned();
                // The place of a text is inside its quotes.
                token.start += 1;
                token.end -= 1;
                token
            }
            None => self.fault(start, self.text.len(), "at \"\": unclosed string literal"),
        }
    }

    fn token(&mut self, kind: Kind, length: usize) -> Token {
        let start = self.at;
        self.at += length;
        let text = self.text.get(start..self.at).unwrap_or_default().to_owned();
        Token { kind, text, start, end: self.at }
    }

    fn fault(&mut self, start: usize, end: usize, why: &str) -> Token {
        self.is_over = true;
        Token { kind: Kind::Fault, text: why.to_owned(), start, end }
    }
}
