//! The stand-in's HTTP: a request as the handlers read it, a reply as they write it, and the server between them.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::state::State;
use super::{hydra, kratos};

/// A request, read whole.
pub(super) struct Request {
    pub method: Method,
    /// Path and query as they came.
    pub target: String,
    /// The path's segments, decoded.
    pub segments: Vec<String>,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub peer: SocketAddr,
}

impl Request {
    async fn read(request: hyper::Request<Incoming>, peer: SocketAddr) -> Result<Self, hyper::Error> {
        let (head, body) = request.into_parts();
        let query = head.uri.query().unwrap_or_default();
        Ok(Self {
            method: head.method,
            target: head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned(),
            segments: head.uri.path().trim_start_matches('/').split('/').map(decode).collect(),
            query: pairs(query.as_bytes()),
            headers: head.headers,
            body: body.collect().await?.to_bytes(),
            peer,
        })
    }

    /// The path's segments, for a `match`.
    pub(super) fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The first value of a query parameter.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a query parameter.
    pub(super) fn queries(&self, name: &'static str) -> impl Iterator<Item = &str> {
        self.query.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The fields of a form body.
    pub(super) fn form(&self) -> Form {
        Form(pairs(&self.body))
    }
}

/// The fields of a form.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The words of a field that holds several.
    pub(super) fn words(&self, name: &str) -> Vec<String> {
        self.get(name).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    }
}

/// A reply. What is no legal header is left out.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    body: String,
}

impl Reply {
    pub(super) fn empty(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    pub(super) fn text(status: StatusCode, content_type: &str, body: impl Into<String>) -> Self {
        Self { body: body.into(), ..Self::empty(status).header(header::CONTENT_TYPE, content_type) }
    }

    /// A success as both servers write it.
    pub(super) fn json(status: StatusCode, body: &Value) -> Self {
        Self::text(status, "application/json; charset=utf-8", body.to_string())
    }

    pub(super) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    pub(super) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn into_response(self) -> hyper::Response<Full<Bytes>> {
        let mut response = hyper::Response::new(Full::new(Bytes::from(self.body)));
        *response.status_mut() = self.status;
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

/// What a handler gives: both are replies, so that a refusal can leave early with `?`.
pub(super) type Answer = Result<Reply, Reply>;

/// Serves until it is dropped, and all connections with it.
pub(super) async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                connections.spawn(converse(stream, peer, Arc::clone(&state)));
            }
            // Such as too many open files, which pass.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(stream: TcpStream, peer: SocketAddr, state: Arc<Mutex<State>>) {
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move {
            let request = Request::read(request, peer).await?;
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            Ok::<_, hyper::Error>(answer(&mut state, &request).into_response())
        }
    });
    // A caller that breaks off has its answer already, or does not want it.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// One URL serves everything: the path tells whose operation it is.
fn answer(state: &mut State, request: &Request) -> Reply {
    if hydra::owns(&request.path()) { hydra::answer(state, request) } else { kratos::answer(state, request) }
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// Decodes a path segment, in which a plus is a plus.
fn decode(segment: &str) -> String {
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
    use super::decode;

    #[test]
    fn segments_are_decoded() {
        assert_eq!(decode("a%20b%2Fc%25d+e"), "a b/c%d+e");
        assert_eq!(decode("%C3%A9%"), "é%");
        assert_eq!(decode("%zz%4"), "%zz%4");
    }
}
