//! A gateway for https, with the name `ory.test`.

#[path = "gateway.rs"]
mod gateway;

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::serve::Listener;
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// The authority that signed the certificate of the gateway. No machine trusts it by itself.
pub const AUTHORITY: &[u8] = include_bytes!("../../tests/data/tls/authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("../../tests/data/tls/server.der");
const KEY: &[u8] = include_bytes!("../../tests/data/tls/server_key.der");

struct TlsListener {
    tcp: TcpListener,
    tls: TlsAcceptor,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            // A client that does not trust the certificate ends the handshake.
            if let Ok((stream, address)) = self.tcp.accept().await
                && let Ok(stream) = self.tls.accept(stream).await
            {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}

/// Starts the gateway in front of the server at `url`, and returns its port.
pub async fn serve(url: &str) -> Result<u16, Box<dyn Error>> {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![CERTIFICATE.into()], key)?;
    let listener = TlsListener { tcp: TcpListener::bind("127.0.0.1:0").await?, tls: Arc::new(config).into() };
    let port = listener.local_addr()?.port();
    tokio::spawn(axum::serve(listener, gateway::gateway(url)).into_future());
    Ok(port)
}
