//! HTTP/2 over https, with the feature `http2`.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::service::service_fn;
use hyper::{Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use ory_sdk::bytes::Bytes;
use ory_sdk::reqwest::Certificate;
use ory_sdk::retry::Retry;
use ory_sdk::{Client, ErrorKind};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::Acceptor;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

/// A certificate for `ory.test`, its key, and the authority that signed it.
const CERTIFICATE: &[u8] = include_bytes!("../../data/tls/server.der");
const KEY: &[u8] = include_bytes!("../../data/tls/server_key.der");
const AUTHORITY: &[u8] = include_bytes!("../../data/tls/authority.pem");

const SESSION: &str = r#"{"id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","active":true}"#;

/// A server for https that speaks HTTP/2 alone.
struct Server {
    port: u16,
    accepted: Arc<AtomicUsize>,
    versions: Arc<Mutex<Vec<Version>>>,
}

impl Server {
    async fn start() -> Self {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
        let config = builder.unwrap().with_no_client_auth().with_single_cert(vec![CERTIFICATE.into()], key);
        let mut config = config.unwrap();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (accepted, versions) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (count, log) = (Arc::clone(&accepted), Arc::clone(&versions));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, SeqCst);
                let (acceptor, log) = (acceptor.clone(), Arc::clone(&log));
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                        log.lock().unwrap().push(request.version());
                        async { Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(SESSION.as_bytes())))) }
                    });
                    let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                    let _ = server.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { port, accepted, versions }
    }
}

/// A client that trusts the authority and finds `ory.test` at this port of this machine.
fn client(port: u16) -> Client {
    let builder = Client::builder().kratos_public_url(format!("https://ory.test:{port}")).retry(Retry::off());
    let changed = builder.stall_timeout(Duration::from_secs(60)).customize(|http| {
        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        http.tls_certs_only(Certificate::from_pem(AUTHORITY)).resolve("ory.test", here)
    });
    changed.build().unwrap()
}

#[tokio::test]
async fn calls_at_the_same_time_share_one_connection() {
    let server = Server::start().await;
    let client = client(server.port);
    assert_eq!(client.to_session().await.unwrap().active, Some(true));
    let calls: Vec<_> = (0..20).map(|_| tokio::spawn(client.to_session().send())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(*server.versions.lock().unwrap(), [Version::HTTP_2; 21]);
    assert_eq!(server.accepted.load(SeqCst), 1);
}

/// A client that nobody changed asks for both, since it builds its TLS itself.
#[tokio::test]
async fn https_offers_both_versions() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let client = Client::builder().kratos_public_url(url).retry(Retry::off()).build().unwrap();
    let call = tokio::spawn(client.to_session().send());
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut acceptor = Acceptor::default();
    let offered: Vec<Vec<u8>> = loop {
        let mut bytes = Vec::new();
        stream.read_buf(&mut bytes).await.unwrap();
        acceptor.read_tls(&mut bytes.as_slice()).unwrap();
        if let Some(accepted) = acceptor.accept().map_err(|(why, _)| why).unwrap() {
            break accepted.client_hello().alpn().unwrap().map(<[u8]>::to_vec).collect();
        }
    };
    assert_eq!(offered, [b"h2".to_vec(), b"http/1.1".to_vec()]);
    drop(stream);
    assert!(call.await.unwrap().unwrap_err().is_connect());
}

/// The port of a network that carries what the client and the server send, until its first connection is cut without a word.
async fn network(to: u16, cut: Arc<Notify>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut cuts = vec![cut];
        while let Ok((mut client, _)) = listener.accept().await {
            let cut = cuts.pop().unwrap_or_default();
            tokio::spawn(async move {
                let mut server = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                    () = cut.notified() => std::future::pending().await,
                }
            });
        }
    });
    port
}

/// Pings find out that a connection is dead, so that it costs the calls in flight but none after them.
#[tokio::test]
async fn a_dead_connection_is_given_up() {
    let (server, cut) = (Server::start().await, Arc::new(Notify::new()));
    let client = client(network(server.port, Arc::clone(&cut)).await);
    client.to_session().await.unwrap();
    cut.notify_one();
    let start = Instant::now();
    let error = client.to_session().await.unwrap_err();
    assert_eq!((error.kind(), error.tries()), (ErrorKind::Transport, 1), "{error}");
    assert!(start.elapsed() < Duration::from_secs(30), "before the limit of silence: {:?}", start.elapsed());
    client.to_session().await.unwrap();
    assert_eq!(server.accepted.load(SeqCst), 2);
}
