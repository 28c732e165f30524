//! A request, and the form that its body may be.

use std::net::SocketAddr;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, header};
use hyper::body::Incoming;
use serde_json::Value;

use super::body;
use super::host::{self, Hosts};
use super::reply::HandlerResult;
use crate::testing::nesting::is_shallow;

/// A request, with its whole body.
pub(crate) struct Request {
    pub method: Method,
    /// Path and query as they came.
    pub target: String,
    /// The decoded segments of the path.
    pub segments: Vec<String>,
    /// The decoded query, in the order in which it came.
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub peer: SocketAddr,
}

impl Request {
    /// Reads a request, if it may name its host and its body is not too large.
    pub(crate) async fn read(request: http::Request<Incoming>, peer: SocketAddr, hosts: Hosts) -> HandlerResult<Self> {
        let (head, body) = request.into_parts();
        host::check(&head, hosts)?;
        Ok(Self::of(head, body::read(body).await?, peer))
    }

    /// The request with this head and body.
    pub(crate) fn of(head: Parts, body: Bytes, peer: SocketAddr) -> Self {
        let query = head.uri.query().unwrap_or_default();
        Self {
            method: head.method,
            target: head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned(),
            segments: head.uri.path().trim_start_matches('/').split('/').map(decode_segment).collect(),
            query: decode_pairs(query.as_bytes()),
            headers: head.headers,
            body,
            peer,
        }
    }

    /// The segments of the path, for a `match`.
    pub(crate) fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The first value of a query parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }

    /// Every value of a query parameter.
    pub(crate) fn parameters(&self, name: &'static str) -> impl Iterator<Item = &str> {
        self.query.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a header, unless it holds other bytes than visible ASCII.
    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, read as JSON.
    pub(crate) fn json(&self) -> serde_json::Result<Value> {
        let body = serde_json::from_slice(&self.body)?;
        if is_shallow(&body) { Ok(body) } else { Err(serde::de::Error::custom("json: exceeded max depth")) }
    }

    /// The body, read as a JSON object. Anything else is an error in the words of Go.
    pub(crate) fn json_object(&self) -> serde_json::Result<Value> {
        let body = self.json()?;
        let kind = match &body {
            Value::Object(_) => return Ok(body),
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
        };
        Err(serde::de::Error::custom(format!("json: cannot unmarshal {kind} into Go value of type struct")))
    }

    /// Why the body could not be read as JSON, in the words of Go where they are known.
    pub(crate) fn json_fault(&self, why: &serde_json::Error) -> String {
        let text = String::from_utf8_lossy(&self.body);
        match (text.trim_start().chars().next(), why.is_eof()) {
            (None, _) => "EOF".to_owned(),
            (Some(_), true) => "unexpected EOF".to_owned(),
            (Some(first), false) if why.is_syntax() && !"{[\"-0123456789tfn".contains(first) => {
                format!("invalid character '{first}' looking for beginning of value")
            }
            (Some(_), false) => why.to_string(),
        }
    }

    /// The body, read as a form.
    pub(crate) fn form(&self) -> Form {
        Form(decode_pairs(&self.body))
    }
}

/// The fields of a form.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// The first value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        first(&self.0, name)
    }

    /// All fields in the order in which they came.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The words of a field that holds a list, as `scope` does.
    pub(crate) fn words(&self, name: &str) -> Vec<String> {
        self.get(name).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    }
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn decode_pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// Decodes a segment of a path, where a plus is a plus and not a space.
fn decode_segment(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = (*first == b'%').then(|| tail.get(..2)).flatten();
        let byte = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::decode_segment;

    #[test]
    fn decodes_segments() {
        assert_eq!(decode_segment("a%20b%2Fc%25d+e"), "a b/c%d+e");
        assert_eq!(decode_segment("%C3%A9%"), "é%");
        assert_eq!(decode_segment("%zz%4"), "%zz%4");
    }
}
