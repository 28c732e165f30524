//! The body of a response, which may break off half way.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};

/// A whole body, or one that ends with an error before it is complete.
pub(crate) struct SentBody {
    rest: Full<Bytes>,
    /// The length that the response announces.
    length: u64,
    end: End,
}

/// What comes after the bytes.
enum End {
    Complete,
    /// Nothing for a moment, so that the connection writes what it has.
    Pause,
    Broken,
}

impl SentBody {
    pub(crate) fn whole(body: Bytes) -> Self {
        Self { length: body.len() as u64, rest: Full::new(body), end: End::Complete }
    }

    /// Sends the first half, and then closes the connection.
    pub(crate) fn cut(body: &Bytes) -> Self {
        // An empty body has no half, so that one byte is announced which never comes.
        Self { length: (body.len() as u64).max(1), rest: Full::new(body.slice(..body.len() / 2)), end: End::Pause }
    }
}

impl Body for SentBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let polled: Poll<Option<Result<Frame<Bytes>, Infallible>>> = Pin::new(&mut self.rest).poll_frame(context);
        match polled {
            Poll::Ready(Some(Ok(frame))) => Poll::Ready(Some(Ok(frame))),
            Poll::Ready(None) => match self.end {
                End::Complete => Poll::Ready(None),
                End::Pause => {
                    self.end = End::Broken;
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
                End::Broken => Poll::Ready(Some(Err(io::Error::other("a test asked for a cut body")))),
            },
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.end, End::Complete) && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
