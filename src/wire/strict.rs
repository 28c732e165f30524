//! Whether unknown keys are refused. Servers may add keys, so a response skips those that a type lacks. In JSON that a
//! caller passes for a typed body, a skipped key would be lost without a word.

use std::cell::Cell;

thread_local! {
    static STRICT: Cell<bool> = const { Cell::new(false) };
}

/// Whether the running decode refuses unknown keys.
pub(crate) fn is_strict() -> bool {
    STRICT.get()
}

/// Runs a decode that refuses unknown keys.
pub(crate) fn strictly<T>(decode: impl FnOnce() -> T) -> T {
    /// Restores the mode, even if the decode panics.
    struct Restore(bool);

    impl Drop for Restore {
        fn drop(&mut self) {
            STRICT.set(self.0);
        }
    }

    let _restore = Restore(STRICT.replace(true));
    decode()
}
