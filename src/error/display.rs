//! An error as one line for an operator.

use std::fmt;

use super::failure::Error;
use super::kind::ErrorKind;
use crate::privacy::without_queries;

/// The longest text of a server that is shown, in characters.
const LONGEST: usize = 400;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.inner;
        if inner.kind == ErrorKind::Argument {
            return f.write_str(&inner.text);
        }
        let mut separator = "";
        let mut part = |f: &mut fmt::Formatter<'_>, text: &dyn fmt::Display| -> fmt::Result {
            write!(f, "{separator}{text}")?;
            separator = ": ";
            Ok(())
        };
        if let Some(operation) = inner.operation {
            part(f, &operation)?;
        }
        if let Some(status) = inner.status {
            part(f, &status)?;
        }
        if !inner.text.is_empty() {
            part(f, &inner.text)?;
        }
        if let Some(id) = inner.parsed.id.as_ref().or(inner.parsed.oauth_error.as_ref()) {
            part(f, &one_line(id))?;
        }
        if let Some(reason) = inner.parsed.reason.as_ref().or(inner.parsed.message.as_ref()) {
            part(f, &one_line(&without_queries(reason)))?;
        }
        if inner.tries > 1 {
            write!(f, " (after {} tries)", inner.tries)?;
        }
        Ok(())
    }
}

/// The innermost cause, which says what happened. The causes before it name parts of the HTTP library.
pub(crate) fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    one_line(&without_queries(&last.to_string()))
}

/// A text of a server as one line of limited length, without control characters.
pub(super) fn one_line(text: &str) -> String {
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.retain(|c| !c.is_control());
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}..", &line[..end]),
        None => line,
    }
}
