//! What the lowering dropped or changed, for whoever wants to know what was compiled.

use std::fmt;

/// Lines of "where: what", in the order in which they happened.
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
