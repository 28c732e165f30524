//! The Ory Permission Language: whether a text follows it. The stand-in applies none of its rules.

mod check;
mod fault;
mod lexer;
mod parser;

pub(crate) use check::check;
pub(crate) use fault::OplError;

/// The deepest nesting of an expression.
const DEEPEST: usize = 10;
