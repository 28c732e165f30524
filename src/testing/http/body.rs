//! Reads the body of a request, up to a limit.

use bytes::{Bytes, BytesMut};
use http::{StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;

use super::refusal::refuse;
use super::reply::HandlerResult;

/// The largest body, in bytes.
const LARGEST: usize = 1 << 20;

/// How much of a larger body is read and dropped. A sender that is still busy sending would lose the response.
const DROPPED: usize = 16 * LARGEST;

/// The whole body, whichever way its length is given. Trailers are ignored.
pub(super) async fn read(mut body: Incoming) -> HandlerResult<Bytes> {
    let mut kept = BytesMut::new();
    let mut length: usize = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| refuse(StatusCode::BAD_REQUEST, "the body broke off or is framed wrongly"))?;
        let Ok(data) = frame.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length <= LARGEST {
            kept.extend_from_slice(&data);
        } else if length > DROPPED {
            break;
        } else {
            kept.clear();
        }
    }
    if length <= LARGEST {
        return Ok(kept.freeze());
    }
    let reason = format!("the body has more than {LARGEST} bytes");
    Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, reason).header(header::CONNECTION, "close"))
}
