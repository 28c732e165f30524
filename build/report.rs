//! What the build dropped or changed to compile a contract.

use std::fmt;

use super::one_line::one_line;

/// The longest place, and the longest description of a change, in characters.
const LONGEST: (usize, usize) = (200, 500);

/// Lines of "where: what", in the order of the changes.
#[derive(Debug, Default, Clone)]
pub struct Report {
    lines: Vec<(String, String)>,
}

impl Report {
    pub fn note(&mut self, at: impl AsRef<str>, what: impl AsRef<str>) {
        self.lines.push((one_line(at.as_ref(), LONGEST.0), one_line(what.as_ref(), LONGEST.1)));
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
