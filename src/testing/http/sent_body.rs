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
    is_cut: bool,
}

impl SentBody {
    pub(crate) fn whole(body: Bytes) -> Self {
        Self { length: body.len() as u64, rest: Full::new(body), is_cut: false }
    }

    /// Sends the first half, and then closes the connection.
    pub(crate) fn cut(body: &Bytes) -> Self {
        // An empty body has no half, so that one byte is announced which never comes.
        Self { length: (body.len() as u64).max(1), rest: Full::new(body.slice(..body.len() / 2)), is_cut: true }
    }
}

impl Body for SentBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let polled: Poll<Option<Result<Frame<Bytes>, Infallible>>> = Pin::new(&mut self.rest).poll_frame(context);
        polled.map(|frame| match frame {
            Some(Ok(frame)) => Some(Ok(frame)),
            None if self.is_cut => Some(Err(io::Error::other("the body is cut"))),
            None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        !self.is_cut && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
