//! Calls that a server makes to applications.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use url::{Host, Url};

use super::state::Outgoing;
use crate::routing::is_loopback;

/// How long an application may take, as with Kratos.
const PATIENCE: Duration = Duration::from_secs(30);

/// The largest response that is read.
const LARGEST: usize = 1 << 20;

/// Posts a form, once. Nobody is told how it went: the servers, too, go on whatever the receiver says.
pub(super) async fn post(outgoing: Outgoing) {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/x-www-form-urlencoded"));
    let _ = send(&outgoing.url, headers, Bytes::from(outgoing.form)).await;
}

/// Posts a body, if its receiver is on this machine: a test sends nothing elsewhere.
pub(super) async fn send(url: &str, headers: HeaderMap, body: Bytes) -> io::Result<Response<Bytes>> {
    let (address, request) = prepare(url, headers, body)?;
    tokio::time::timeout(PATIENCE, exchange(address, request)).await?
}

async fn exchange(address: SocketAddr, request: Request<Full<Bytes>>) -> io::Result<Response<Bytes>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let connection = tokio::spawn(connection);
    let response = async {
        let (head, body) = sender.send_request(request).await.map_err(io::Error::other)?.into_parts();
        let body = Limited::new(body, LARGEST).collect().await.map_err(io::Error::other)?;
        Ok(Response::from_parts(head, body.to_bytes()))
    };
    let response = response.await;
    connection.abort();
    response
}

fn prepare(url: &str, headers: HeaderMap, body: Bytes) -> io::Result<(SocketAddr, Request<Full<Bytes>>)> {
    let refuse = |why: &str| io::Error::new(io::ErrorKind::InvalidInput, format!("the URL of the application {why}"));
    let url = Url::parse(url).map_err(|why| refuse(&format!("cannot be parsed: {why}")))?;
    if url.scheme() != "http" || !is_loopback(&url) {
        return Err(refuse("must be http://127.0.0.1, http://localhost or http://[::1]"));
    }
    let address = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        _ => IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    let port = url.port_or_known_default().unwrap_or(80);
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let host = format!("{}:{port}", url.host_str().unwrap_or_default());
    let request = Request::post(format!("{}{query}", url.path())).header(header::HOST, host);
    let mut request = request.body(Full::new(body)).map_err(io::Error::other)?;
    request.headers_mut().extend(headers);
    Ok((SocketAddr::new(address, port), request))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_called() {
        let prepared = |url: &str| prepare(url, HeaderMap::new(), Bytes::new());
        for url in ["http://localhost:1/a?b=c", "http://127.0.0.1:2/", "http://[::1]/", "http://2130706433:3/"] {
            assert!(prepared(url).is_ok(), "{url}");
        }
        let (address, request) = prepared("http://localhost:1/a?b=c").unwrap();
        assert_eq!((address.port(), request.uri().to_string()), (1, "/a?b=c".to_owned()));
        for url in
            ["https://127.0.0.1/", "http://example.org/", "http://localhost.example.org/", "http://10.0.0.1/", "x"]
        {
            assert!(prepared(url).is_err(), "{url}");
        }
    }
}
