//! The tokio runtime that a call needs: with timers and I/O.

use std::any::Any;
use std::fmt;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::Poll;

use tokio::runtime::Handle;

/// What every panic of tokio says that is about a missing part of the runtime.
const OF_TOKIO: &str = "Tokio 1.x";

/// The part of the runtime that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Runtime,
    Timers,
    Io,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::Runtime => "there is none",
            Self::Timers => "its timers are disabled",
            Self::Io => "its I/O is disabled",
        };
        write!(f, "expected a tokio runtime with timers and I/O, but {what}: build it with `enable_all`")
    }
}

/// Polls a future that needs a runtime. If the runtime, its timers or its I/O are missing, the output is that of
/// `otherwise`, and there is no panic.
///
/// Nobody can ask tokio whether timers and I/O are there: it panics where they are used. Any other panic goes on. The
/// future is pinned by the caller, since passing a large one by value copies it.
pub(crate) fn with_runtime<T>(
    mut future: Pin<&mut impl Future<Output = T>>,
    otherwise: impl Fn(Missing) -> T,
) -> impl Future<Output = T> {
    poll_fn(move |context| {
        if Handle::try_current().is_err() {
            return Poll::Ready(otherwise(Missing::Runtime));
        }
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(polled) => polled,
            Err(panic) => match message(&*panic).filter(|message| message.contains(OF_TOKIO)) {
                Some(message) if message.contains("timers") => Poll::Ready(otherwise(Missing::Timers)),
                Some(_) => Poll::Ready(otherwise(Missing::Io)),
                None => resume_unwind(panic),
            },
        }
    })
}

fn message(panic: &(dyn Any + Send)) -> Option<&str> {
    panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied())
}
