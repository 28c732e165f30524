//! What the build dropped or changed to compile a contract.

use std::fmt;

/// Lines of "where: what", in the order of the changes.
#[derive(Debug, Default, Clone)]
pub struct Report {
    lines: Vec<(String, String)>,
}

impl Report {
    pub fn note(&mut self, at: impl Into<String>, what: impl Into<String>) {
        self.lines.push((at.into(), what.into()));
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|(at, what)| writeln!(f, "{at}: {what}"))
    }
}
