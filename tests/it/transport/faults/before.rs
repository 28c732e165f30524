//! Faults before a request is sent. The server has done nothing yet, so even calls that may do harm twice are retried.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ory_sdk::retry::Retry;
use ory_sdk::{ClientBuilder, ErrorKind};
use reqwest::dns::{Name, Resolve, Resolving};
use tokio::net::{TcpListener, TcpStream};

use super::fault::{CALLS, builder, send};
use super::peer::Step::{Close, Read, Reset};
use super::peer::{Peer, Step, well, write};

/// Checks that every call is tried three times and fails with this text.
async fn check(name: &str, client: ClientBuilder, says: &str, timeout: bool) {
    let client = client.build().unwrap();
    for call in CALLS {
        let error = send(&client, call).await.unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with(&format!("{}: could not connect: {says}", error.operation().unwrap())),
            "{name}: {text}"
        );
        assert!(text.ends_with(" (after 3 tries)"), "{name}: {text}");
        assert_eq!((error.kind(), error.status()), (ErrorKind::Transport, None), "{name}: {error:?}");
        assert_eq!((error.is_connect(), error.is_timeout()), (true, timeout), "{name}: {error:?}");
        assert_eq!((error.tries(), error.outcome_unknown()), (3, false), "{name}: {error:?}");
    }
}

async fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

#[tokio::test]
async fn nobody_listens() {
    let address = free_address().await;
    check("refused", builder(format!("http://{address}")), "Connection refused", false).await;
    check("refused, TLS", builder(format!("https://{address}")), "Connection refused", false).await;
}

#[tokio::test]
async fn a_server_that_starts_late_is_found() {
    let pause = Duration::from_millis(10);
    let patient = Retry::new().tries(5_000).budget(5_000).first_wait(pause).longest_wait(pause);
    for call in CALLS {
        let address = free_address().await;
        let client = builder(format!("http://{address}")).retry(patient.clone()).build().unwrap();
        let waiting = tokio::spawn(async move { send(&client, call).await });
        tokio::time::sleep(Duration::from_millis(100)).await;
        let _peer = Peer::start_at(address, |_| well()).await;
        waiting.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_name_that_nobody_has() {
    // RFC 6761: names in `.invalid` never exist, with or without a network.
    let unknown = builder("http://ory.invalid").allow_insecure_http();
    check("the system's resolver", unknown, "", false).await;

    struct Broken;
    impl Resolve for Broken {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(async { Err("the name service is down".into()) })
        }
    }
    let own = builder("http://ory.test").allow_insecure_http();
    let own = own.customize(|http| http.dns_resolver(Arc::new(Broken)));
    check("a resolver of one's own", own, "the name service is down", false).await;
}

/// A listener with a full queue, so that the next connection hangs. The returned streams keep the queue full.
#[cfg(target_os = "linux")]
async fn full_listener() -> (tokio::net::TcpListener, Vec<TcpStream>) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let mut held = Vec::new();
    loop {
        let connecting = TcpStream::connect(listener.local_addr().unwrap());
        match tokio::time::timeout(Duration::from_millis(500), connecting).await {
            Ok(stream) => held.push(stream.unwrap()),
            Err(_) => return (listener, held),
        }
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_is_never_made() {
    let (listener, _held) = full_listener().await;
    let client = builder(format!("http://{}", listener.local_addr().unwrap()));
    let limited = client.connect_timeout(Duration::from_millis(200));
    check("a full queue", limited, "timed out", true).await;

    // The timeout of the call ends it too.
    let client = builder(format!("http://{}", listener.local_addr().unwrap())).build().unwrap();
    let error = client.admin_list_identities().timeout(Duration::from_millis(200)).send().await.unwrap_err();
    assert_eq!((error.is_timeout(), error.tries()), (true, 1), "{error:?}");
}

/// How a plain HTTP server responds to bytes that are not an HTTP request.
fn plain() -> Vec<Step> {
    vec![Read, write("HTTP/1.1 400 Bad Request\r\n\r\n"), Close]
}

fn tls(peer: &Peer) -> ClientBuilder {
    builder(format!("https://{}", peer.address))
}

#[tokio::test]
async fn tls_to_a_port_that_has_none() {
    // Without `Read`: a TLS handshake has no blank line, so the step would wait for more.
    let peer = Peer::start(|_| plain()[1..].to_vec()).await;
    check("plain", tls(&peer), "", false).await;
    // A customized HTTP client sets up TLS differently.
    check("plain, customized", tls(&peer).customize(|http| http), "", false).await;
    peer.all_closed().await;
    assert_eq!(peer.accepted(), 18);
}

#[tokio::test]
async fn a_handshake_that_breaks_off() {
    for (name, step) in [("closed", Close), ("reset", Reset)] {
        let peer = Peer::start(move |_| vec![step.clone()]).await;
        check(name, tls(&peer), "", false).await;
        peer.all_closed().await;
    }
    let peer = Peer::start(|_| Vec::new()).await;
    let limited = tls(&peer).connect_timeout(Duration::from_millis(200));
    check("silence", limited, "timed out", true).await;
    peer.all_closed().await;
    assert_eq!((peer.accepted(), peer.requests()), (9, 0));
}
