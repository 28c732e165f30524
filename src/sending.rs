//! A call under way, as one type for all operations: an `async fn` of each would be a state machine of its own, which
//! everybody who builds the crate would wait for. It costs an allocation a call.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::answer::{Answer, Trouble};
use crate::call::Draft;
use crate::client::Client;
use crate::error::Error;
use crate::hooks::Exchanged;
use crate::response::Response;

/// A call that is on its way while it is awaited: what `send()` gives.
///
/// ```no_run
/// # #[cfg(feature = "frontend")]
/// # async fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::Error> {
/// let call: ory_sdk::Sending<_> = client.to_session().send();
/// println!("{:?}", call.await?.active);
/// # Ok(())
/// # }
/// ```
///
/// Nothing is sent before it is first polled. Dropped half way, the connection is closed and the client stays usable;
/// whether the server did what was asked is then not known.
#[must_use = "nothing is sent before it is awaited"]
pub struct Sending<T> {
    exchange: Pin<Box<dyn Future<Output = Result<Exchanged, Error>> + Send>>,
    decode: fn(&Answer) -> Result<T, Trouble>,
}

impl<T> Sending<T> {
    /// Sends what was built and makes its answer a value.
    pub(crate) fn new(built: Result<(Client, Draft), Error>, decode: fn(&Answer) -> Result<T, Trouble>) -> Self {
        let exchange = Box::pin(async move {
            let (client, draft) = built?;
            client.exchange(draft).await
        });
        Self { exchange, decode }
    }
}

impl<T> Future for Sending<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let exchanged = ready!(self.exchange.as_mut().poll(context));
        Poll::Ready(exchanged.and_then(|exchanged| exchanged.decode(self.decode)))
    }
}

impl<T> fmt::Debug for Sending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}
