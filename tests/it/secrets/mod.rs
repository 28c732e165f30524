//! Secrets never show in `Debug`, `Display`, error sources, panics or logs.
//!
//! Some tests put a known secret wherever one can be and search the output for it. The others search for the secrets in
//! recordings of real servers.

mod calls;
pub mod documents;
pub mod exports;
mod flows;
mod harvest;
mod logs;
mod marked;
mod others;
mod recordings;
mod types;

use std::error::Error;
use std::fmt::{Debug, Display};

use crate::support::dispatch::shown;

/// Part of every secret that these tests invent.
pub const SECRET: &str = "hunter2";

/// Asserts that no rendering contains the secret.
#[track_caller]
pub fn hidden(what: &str, renderings: &[String]) {
    assert!(!renderings.is_empty(), "{what} was not rendered");
    for text in renderings {
        assert!(!text.contains(SECRET), "{what} shows a secret: {text}");
    }
}

/// `Display` and both forms of `Debug` of an error and its sources.
pub fn chain(error: &dyn Error) -> Vec<String> {
    let mut all = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        all.extend([format!("{error}"), format!("{error:?}"), format!("{error:#?}")]);
        next = error.source();
    }
    all
}

/// The message of a panic.
pub fn panic_of(panics: impl FnOnce()) -> String {
    let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).unwrap_err();
    payload.downcast_ref::<String>().expect("a panic with a text").clone()
}

/// `Display` and both forms of `Debug`.
pub fn displayed(value: &(impl Debug + Display)) -> Vec<String> {
    let mut all = shown(value);
    all.push(value.to_string());
    all
}
