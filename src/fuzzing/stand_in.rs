//! Requests to the stand-in, one after the other.

use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;

use crate::testing::Exchange;

/// Any sequence of requests gets a response each, and none of them panics.
///
/// Requests are separated by a line with `---`. Each has a line with method and target, header lines, an empty line and a body.
/// `ID`, `FLOW` and `TOKEN` stand for those of the last response that had one, so that seeds reach what lies behind a flow.
pub fn stand_in(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut exchange = Exchange::new();
    let mut known = [("ID", String::new()), ("FLOW", String::new()), ("TOKEN", String::new())];
    for part in text.split("\n---\n").take(16) {
        let mut part = part.to_owned();
        for (word, value) in &known {
            part = part.replace(word, value);
        }
        let (head, body) = part.split_once("\n\n").unwrap_or((&part, ""));
        let Some(parts) = parts(head) else { continue };
        let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
        let (status, json) = exchange.send(parts, Bytes::from(body.to_owned()), peer);
        assert!((200..600).contains(&status), "{status}");
        for ((_, value), pointers) in known.iter_mut().zip([
            ["/identity/id", "/session/identity/id", "/id"],
            ["/id", "/flow", "/ui/id"],
            ["/session_token", "/access_token", "/client_secret"],
        ]) {
            let found = pointers.iter().find_map(|pointer| json.pointer(pointer)?.as_str());
            if let Some(found) = found {
                found.clone_into(value);
            }
        }
    }
}

/// The head of a request, unless HTTP does not allow it.
fn parts(head: &str) -> Option<http::request::Parts> {
    let mut lines = head.split('\n');
    let (method, target) = lines.next()?.split_once(' ')?;
    let mut request = http::Request::builder().method(method).uri(target);
    for line in lines {
        let (name, value) = line.split_once(':')?;
        request = request.header(name, value.trim());
    }
    Some(request.body(()).ok()?.into_parts().0)
}
