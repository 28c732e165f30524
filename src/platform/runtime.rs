//! The tokio runtime that a call needs: with timers and I/O.

use std::any::Any;
use std::fmt;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;

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

/// Runs a future that needs a runtime. If the runtime, its timers or its I/O are missing, that is an error and not a panic.
///
/// Nobody can ask tokio whether timers and I/O are there: it panics where they are used. Any other panic goes on.
pub(crate) async fn with_runtime<T>(future: impl Future<Output = T>) -> Result<T, Missing> {
    if Handle::try_current().is_err() {
        return Err(Missing::Runtime);
    }
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(polled) => polled.map(Ok),
        Err(panic) => match message(&*panic).filter(|message| message.contains(OF_TOKIO)) {
            Some(message) if message.contains("timers") => Err(Missing::Timers).into(),
            Some(_) => Err(Missing::Io).into(),
            None => resume_unwind(panic),
        },
    })
    .await
}

fn message(panic: &(dyn Any + Send)) -> Option<&str> {
    panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied())
}
