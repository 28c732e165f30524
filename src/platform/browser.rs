//! A browser, or another host of WebAssembly with `fetch` and `setTimeout`.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
/// The clock of the host: that of `std` panics here.
pub(crate) use web_time::Instant;

/// A future of any type. It stays on its thread, as everything that JavaScript owns.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The longest time that `setTimeout` accepts. It fires at once after a longer one.
const LONGEST: Duration = Duration::from_millis(i32::MAX as u64);

/// The time was over before the future was ready.
pub(crate) struct Elapsed;

pub(crate) async fn sleep(time: Duration) {
    let mut left = time;
    while !left.is_zero() {
        let part = left.min(LONGEST);
        TimeoutFuture::new(part.as_millis() as u32).await;
        left -= part;
    }
}

pub(crate) async fn timeout<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    let (mut future, mut timer) = (pin!(future), pin!(sleep(limit)));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Ok(output)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| Err(Elapsed)),
    })
    .await
}

/// `fetch` does not tell whether anything was sent.
pub(crate) fn is_connect(_: &reqwest::Error) -> bool {
    false
}
