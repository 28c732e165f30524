//! A program of a user, with HTTP clients that are not this crate's. The argument says which client comes first.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;

/// Serves plain http until the process ends. A session is active if its request did not ask for a compressed response.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut bytes = [0; 1024];
                match stream.read(&mut bytes).unwrap() {
                    0 => break,
                    read => request.extend_from_slice(&bytes[..read]),
                }
            }
            let asks_for_gzip = String::from_utf8_lossy(&request).to_lowercase().contains("accept-encoding");
            let body = format!(r#"{{"id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","active":{}}}"#, !asks_for_gzip);
            let length = body.len();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
            write!(stream, "{head}Content-Length: {length}\r\n\r\n{body}").unwrap();
        }
    });
    url
}

/// This crate's client, as built for https, and once more as changed by hand. reqwest could decompress, since the other
/// client may, but this one has not the feature `gzip`.
async fn ours(url: &str) {
    for is_changed in [false, true] {
        let builder = ory_sdk::Client::builder().kratos_public_url(url).kratos_admin_url("https://auth.example.org");
        let builder = if is_changed { builder.customize(|http| http.tcp_nodelay(true)) } else { builder };
        let client = builder.build().unwrap();
        assert_eq!(client.to_session().await.unwrap().active, Some(true));
    }
}

/// A client of another crate, which chose to have no TLS.
async fn theirs(url: &str) {
    let client = reqwest::Client::new();
    assert_eq!(client.get(url).send().await.unwrap().status(), 200);
}

/// A configuration of rustls that leaves the choice of its cryptography to rustls.
fn rustls_alone() {
    let roots = rustls::RootCertStore::empty();
    let config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    drop(Arc::new(config));
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let order = std::env::args().nth(1).unwrap();
    let url = server();
    match order.as_str() {
        "ours-first" => {
            ours(&url).await;
            theirs(&url).await;
        }
        "theirs-first" => {
            theirs(&url).await;
            ours(&url).await;
        }
        "rustls-first" => {
            rustls_alone();
            ours(&url).await;
            theirs(&url).await;
        }
        "rustls-last" => {
            ours(&url).await;
            assert!(CryptoProvider::get_default().is_none(), "something was installed for the whole process");
            rustls_alone();
        }
        // A program that installs its cryptography ends if somebody else has done so.
        "install-first" => {
            rustls::crypto::aws_lc_rs::default_provider().install_default().unwrap();
            ours(&url).await;
            theirs(&url).await;
        }
        "install-last" => {
            ours(&url).await;
            theirs(&url).await;
            rustls::crypto::aws_lc_rs::default_provider().install_default().unwrap();
            theirs(&url).await;
            ours(&url).await;
        }
        order => panic!("{order}"),
    }
    println!("{order}: ok");
}
