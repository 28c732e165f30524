//! A call under way, as one type for all operations: an `async fn` for each would be a state machine of its own, which
//! takes long to compile. It costs one allocation per call.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::handle::Client;
use crate::call::Draft;
use crate::error::Error;
use crate::platform::BoxFuture;
use crate::response::{Decode, Response, Show};
use crate::transport::Exchanged;

/// A call under way: what `send()` returns.
///
/// ```no_run
/// # #[cfg(feature = "frontend")]
/// # async fn example(client: &ory_sdk::Client) -> ory_sdk::Result<()> {
/// let call: ory_sdk::Sending<_> = client.to_session().send();
/// println!("{:?}", call.await?.active);
/// # Ok(())
/// # }
/// ```
///
/// It needs a tokio runtime with timers and I/O (`enable_all`, or `#[tokio::main]`); without one it is an error of the kind
/// `Configuration`. Nothing is sent before the first poll. If it is dropped half way, the connection is closed and the client keeps
/// working, but it is unknown whether the server did what was asked.
#[must_use = "nothing is sent until it is awaited"]
pub struct Sending<T> {
    exchange: BoxFuture<'static, Result<Exchanged, Error>>,
    decode: Decode<T>,
    show: Show<T>,
}

impl<T> Sending<T> {
    /// Sends the draft and decodes the response.
    pub(crate) fn new(client: Client, draft: Result<Draft, Error>, decode: Decode<T>, show: Show<T>) -> Self {
        let exchange = Box::pin(async move {
            let Client { transport, caller } = client;
            Arc::as_ref(&transport).exchange(&caller, draft?).await
        });
        Self { exchange, decode, show }
    }
}

impl<T> Future for Sending<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let exchanged = ready!(self.exchange.as_mut().poll(context));
        Poll::Ready(exchanged.and_then(|exchanged| exchanged.decode(self.decode, self.show)))
    }
}

impl<T> fmt::Debug for Sending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}
