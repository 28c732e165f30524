//! The Ory Permission Language: whether a text follows it. The stand-in applies none of its rules.

mod check;
mod lexer;
mod parser;

pub(crate) use check::check;

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OplError {
    pub message: String,
    /// Byte offsets. `None` for what comes after the end of the text.
    pub place: Option<(usize, usize)>,
}

/// The deepest nesting of an expression.
const DEEPEST: usize = 10;
