//! Reads a response, within the limits of time and size.

use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::Incoming;
use crate::contract::Operation;
use crate::error::Error;
use crate::platform::{self, Instant};
use crate::response::RawResponse;

/// The largest `Content-Length` for which memory is reserved before the body arrives.
const LARGEST_RESERVE: usize = 1 << 20;

/// The limits of one response.
pub(super) struct Limits {
    /// How long the server may stay silent.
    pub(super) stall: Duration,
    /// When the call must end.
    pub(super) end: Instant,
    pub(super) success: usize,
    pub(super) error: usize,
}

/// Waits for the server's next bytes, as long as the limits allow. One timer for both limits: reqwest's own for the whole call
/// would be another one, and allocates.
pub(super) async fn listen<T>(
    operation: &'static str,
    limits: &Limits,
    next: impl Future<Output = reqwest::Result<T>>,
) -> Result<T, Error> {
    let left = limits.end.saturating_duration_since(Instant::now());
    match platform::timeout(left.min(limits.stall), next).await {
        Ok(received) => received.map_err(|error| Error::transport(operation, error)),
        Err(_) if left <= limits.stall => Err(Error::out_of_time(operation)),
        Err(_) => Err(Error::silent(operation, limits.stall)),
    }
}

/// Reads the whole body, up to the limit of its kind.
pub(super) async fn read(operation: &Operation, limits: &Limits, mut response: Incoming) -> Result<RawResponse, Error> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let limit = if status.is_success() { limits.success } else { limits.error };
    let mut body = Body::new(response.content_length());
    loop {
        let chunk = match listen(operation.id, limits, response.chunk()).await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            // The status of an error says enough without the rest of its body.
            Err(_) if !status.is_success() => break,
            Err(error) => return Err(error.with_response(RawResponse { status, headers, body: body.finish() })),
        };
        if body.len() + chunk.len() > limit {
            if status.is_success() {
                let response = RawResponse { status, headers, body: body.finish() };
                return Err(Error::too_large(operation.id, limit, response));
            }
            let room = limit - body.len();
            body.push(chunk.slice(..room));
            break;
        }
        body.push(chunk);
    }
    Ok(RawResponse { status, headers, body: body.finish() })
}

/// A body while it arrives. Most bodies are one chunk, which is kept without a copy. Several chunks are copied into one
/// buffer, since each holds on to the buffer that it arrived in, and a server may send a chunk for every byte.
#[derive(Default)]
struct Body {
    first: Bytes,
    rest: BytesMut,
    /// The size to reserve, from `Content-Length`.
    promised: usize,
}

impl Body {
    fn new(promised: Option<u64>) -> Self {
        let promised = promised.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or_default();
        Self { promised: promised.min(LARGEST_RESERVE), ..Self::default() }
    }

    fn len(&self) -> usize {
        if self.rest.is_empty() { self.first.len() } else { self.rest.len() }
    }

    fn push(&mut self, chunk: Bytes) {
        if self.first.is_empty() {
            self.first = chunk;
            return;
        }
        if self.rest.is_empty() {
            self.rest.reserve(self.promised.max(self.first.len() + chunk.len()));
            self.rest.extend_from_slice(&self.first);
        }
        self.rest.extend_from_slice(&chunk);
    }

    fn finish(self) -> Bytes {
        if self.rest.is_empty() { self.first } else { self.rest.freeze() }
    }
}
