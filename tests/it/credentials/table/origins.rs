//! Servers on real sockets that keep the bytes of every request. Each speaks http and https on the same port.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A self-signed certificate for `ory.test` and its key, for these tests alone.
const CERTIFICATE: &[u8] = include_bytes!("../../../data/tls/certificate.der");
const KEY: &[u8] = include_bytes!("../../../data/tls/key.der");

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// The scheme and port, as in an origin: `https` and 4433.
    pub scheme: &'static str,
    pub port: u16,
    /// Head and body.
    pub bytes: String,
}

impl Arrived {
    /// The `Host` header.
    pub fn host(&self) -> &str {
        let mut lines = self.bytes.split("\r\n");
        lines.find_map(|line| line.strip_prefix("host: ")).expect("every request has a host")
    }

    /// How many lines of the head start with this header.
    pub fn count(&self, header: &str) -> usize {
        let head = self.bytes.split("\r\n\r\n").next().unwrap();
        head.split("\r\n").filter(|line| line.starts_with(&format!("{header}:"))).count()
    }
}

/// Several servers with one log. Their threads end with the process.
pub struct Origins {
    pub ports: Vec<u16>,
    log: Arc<Mutex<Vec<Arrived>>>,
}

impl Origins {
    pub fn start(count: usize) -> Self {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![CERTIFICATE.into()], key)
            .unwrap();
        let (config, log) = (Arc::new(config), Arc::new(Mutex::new(Vec::new())));
        let ports = (0..count).map(|_| listen(&config, &log)).collect();
        Self { ports, log }
    }

    /// What arrived since the last call. A response comes after its request was logged.
    pub fn take(&self) -> Vec<Arrived> {
        std::mem::take(&mut self.log.lock().unwrap())
    }
}

fn listen(config: &Arc<ServerConfig>, log: &Arc<Mutex<Vec<Arrived>>>) -> u16 {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (config, log) = (Arc::clone(config), Arc::clone(log));
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (config, log) = (Arc::clone(&config), Arc::clone(&log));
            thread::spawn(move || accept(stream, port, config, &log));
        }
    });
    port
}

fn accept(stream: TcpStream, port: u16, config: Arc<ServerConfig>, log: &Mutex<Vec<Arrived>>) {
    stream.set_nodelay(true).unwrap();
    let mut first = [0];
    if !matches!(stream.peek(&mut first), Ok(1)) {
        return;
    }
    // A TLS handshake starts with 22.
    if first[0] == 22 {
        let connection = ServerConnection::new(config).unwrap();
        serve(StreamOwned::new(connection, stream), "https", port, log);
    } else {
        serve(stream, "http", port, log);
    }
}

/// Responds to every request of a connection with an empty object.
fn serve(mut stream: impl Read + Write, scheme: &'static str, port: u16, log: &Mutex<Vec<Arrived>>) {
    let mut buffer = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        while let Some(length) = length(&buffer) {
            let bytes = String::from_utf8_lossy(&buffer[..length]).into_owned();
            buffer.drain(..length);
            log.lock().unwrap().push(Arrived { scheme, port, bytes });
            let response = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
            if stream.write_all(response).and_then(|()| stream.flush()).is_err() {
                return;
            }
        }
        match stream.read(&mut chunk) {
            Ok(count) if count > 0 => buffer.extend_from_slice(&chunk[..count]),
            _ => return,
        }
    }
}

/// The length of the first request, once all of it has arrived.
fn length(buffer: &[u8]) -> Option<usize> {
    let head = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&buffer[..head]).to_lowercase();
    let body = text.split("\r\n").find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    let length = head + body.unwrap_or_default();
    (buffer.len() >= length).then_some(length)
}
