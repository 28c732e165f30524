//! Calls that a server makes to applications.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use bytes::Bytes;
use http::{Request, header};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use url::{Host, Url};

use super::state::Outgoing;

/// Posts a form, once, if its receiver is on this machine: a test sends nothing elsewhere.
///
/// Nobody is told how it went. The servers, too, go on whatever the receiver says.
pub(super) async fn post(outgoing: Outgoing) {
    let Some((address, request)) = prepare(outgoing) else { return };
    let Ok(stream) = TcpStream::connect(address).await else { return };
    let Ok((mut sender, connection)) = http1::handshake(TokioIo::new(stream)).await else { return };
    let connection = tokio::spawn(connection);
    let _ = sender.send_request(request).await;
    connection.abort();
}

fn prepare(outgoing: Outgoing) -> Option<(SocketAddr, Request<Full<Bytes>>)> {
    let url = Url::parse(&outgoing.url).ok().filter(|url| url.scheme() == "http")?;
    let address = match url.host()? {
        Host::Domain(name) => (name == "localhost").then_some(IpAddr::V4(Ipv4Addr::LOCALHOST))?,
        Host::Ipv4(address) => IpAddr::V4(address),
        Host::Ipv6(address) => IpAddr::V6(address),
    };
    let port = url.port_or_known_default()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let request = Request::post(format!("{}{query}", url.path()))
        .header(header::HOST, format!("{}:{port}", url.host_str()?))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::from(outgoing.form)))
        .ok()?;
    address.is_loopback().then_some((SocketAddr::new(address, port), request))
}
