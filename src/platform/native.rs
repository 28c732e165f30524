//! An operating system, with tokio.

use std::pin::Pin;

pub(crate) use std::time::Instant;
pub(crate) use tokio::time::{sleep, timeout};

/// A future of any type. It may move between threads.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Whether no connection was made, so that nothing was sent.
pub(crate) fn is_connect(error: &reqwest::Error) -> bool {
    error.is_connect()
}
