//! The path to the value that a decode failed at, such as `rows[3].id`.
//!
//! A reader notes its own step when a value in it fails, so the innermost step comes first. A decode that succeeds never
//! gets here and pays nothing.

use std::cell::RefCell;
use std::fmt::Write;

thread_local! {
    static STEPS: RefCell<Vec<Step>> = const { RefCell::new(Vec::new()) };
}

/// No key of Ory's is longer. Keys of free JSON may be as long as a body.
const LONGEST_KEY: usize = 64;

enum Step {
    Key(String),
    Index(usize),
}

/// Notes the key whose value failed. The key may come from anywhere, so it is escaped and cut.
#[cold]
#[inline(never)]
pub(crate) fn note_key(key: &str) {
    let mut step: String = key.chars().take(LONGEST_KEY).flat_map(char::escape_debug).collect();
    if key.chars().nth(LONGEST_KEY).is_some() {
        step.push_str("..");
    }
    STEPS.with_borrow_mut(|steps| steps.push(Step::Key(step)));
}

/// Notes the index of the item that failed.
#[cold]
#[inline(never)]
pub(crate) fn note_index(index: usize) {
    STEPS.with_borrow_mut(|steps| steps.push(Step::Index(index)));
}

/// Runs a decode. Returns the path along with its error.
pub(crate) fn traced<T, E>(decode: impl FnOnce() -> Result<T, E>) -> Result<T, (String, E)> {
    let before = STEPS.take();
    let result = decode();
    let steps = STEPS.replace(before);
    result.map_err(|error| (join(&steps), error))
}

/// Runs a decode whose failure is no failure of the whole, and forgets its path.
pub(crate) fn attempt<T, E>(decode: impl FnOnce() -> Result<T, E>) -> Option<T> {
    traced(decode).ok()
}

fn join(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps.iter().rev() {
        match step {
            Step::Index(index) => drop(write!(path, "[{index}]")),
            Step::Key(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(key: &str) -> Result<(), &'static str> {
        note_key(key);
        Err("why")
    }

    #[test]
    fn the_innermost_step_comes_first() {
        let failed = traced(|| {
            note_key("id");
            note_index(3);
            assert_eq!(attempt(|| fail("forgotten")), None);
            fail("rows")
        });
        assert_eq!(failed, Err(("rows[3].id".to_owned(), "why")));
        assert_eq!(traced(|| Err::<(), _>("why")), Err((String::new(), "why")), "nothing is left over");
    }

    #[test]
    fn foreign_keys_are_one_short_line() {
        let path = |key: &str| traced(|| fail(key)).unwrap_err().0;
        assert_eq!(path("a\nb\u{1b}[31m"), r"a\nb\u{1b}[31m");
        assert_eq!(path(&"k".repeat(1 << 20)), format!("{}..", "k".repeat(64)));
    }
}
