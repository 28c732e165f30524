//! Secrets never show: not in `Debug`, `Display`, chains of sources, panics or logs.
//!
//! One half puts a known secret wherever one can stand and looks for it; the other looks for those that real servers
//! were recorded with.

mod calls;
mod harvest;
mod logs;
mod marked;
mod others;
mod recordings;
mod types;

use std::error::Error;
use std::fmt::{Debug, Display};

use crate::dispatch::shown;

/// Part of every secret that these tests make up.
pub const SECRET: &str = "hunter2";

/// Nothing that was rendered holds the secret.
#[track_caller]
pub fn hidden(what: &str, renderings: &[String]) {
    assert!(!renderings.is_empty(), "{what} was not rendered");
    for text in renderings {
        assert!(!text.contains(SECRET), "{what} shows a secret: {text}");
    }
}

/// An error and its sources, each in three forms.
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
