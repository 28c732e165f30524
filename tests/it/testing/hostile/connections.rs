//! Requests without an end: bodies, headers, and clients that are slow.

use std::time::Duration;

use ory_sdk::testing::StandIn;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{PATIENCE, address, lives, parse, raw, request};

const LARGEST: usize = 1 << 20;

/// Sends a beginning, then the same piece again and again, until there is a response or the server hangs up.
async fn endless(stand_in: &StandIn, beginning: &str, piece: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address(stand_in)).await.unwrap();
    stream.write_all(beginning.as_bytes()).await.unwrap();
    let piece = piece.repeat((64 << 10) / piece.len() + 1);
    let (mut response, mut buffer) = (Vec::new(), vec![0; 64 << 10]);
    let talk = async {
        let (mut writes, mut at) = (true, 0);
        loop {
            tokio::select! {
                biased;
                ready = stream.readable() => {
                    ready.unwrap();
                    match stream.try_read(&mut buffer) {
                        Ok(0) => return,
                        Ok(count) => response.extend_from_slice(&buffer[..count]),
                        Err(why) if why.kind() == std::io::ErrorKind::WouldBlock => {}
                        Err(_) => return,
                    }
                }
                ready = stream.writable(), if writes => {
                    ready.unwrap();
                    match stream.try_write(&piece.as_bytes()[at..]) {
                        Ok(count) => at = (at + count) % piece.len(),
                        Err(why) if why.kind() == std::io::ErrorKind::WouldBlock => {}
                        Err(_) => writes = false,
                    }
                }
            }
        }
    };
    assert!(tokio::time::timeout(PATIENCE, talk).await.is_ok(), "no end of the response to {beginning:?}");
    parse(&response).unwrap_or_else(|| panic!("no response to {beginning:?}"))
}

#[tokio::test]
async fn bodies_have_a_limit() {
    let stand_in = StandIn::start().await.unwrap();
    let host = address(&stand_in);
    let text = |bytes: usize| format!("\"{}\"", "x".repeat(bytes - 2)).into_bytes();
    let send = async |body: &[u8]| raw(&stand_in, &request(&stand_in, "POST", "/admin/clients", "", body)).await;
    assert_eq!(send(&text(LARGEST)).await.0, 400, "a body of the largest size is read");
    for bytes in [LARGEST + 1, 2 * LARGEST, 12 * LARGEST] {
        let (status, text) = send(&text(bytes)).await;
        assert!(status == 413 && text.contains("more than 1048576 bytes"), "{bytes}: {status} {text}");
    }
    let head = format!("POST /admin/clients HTTP/1.1\r\nHost: {host}\r\n");
    let piece = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let (status, text) = endless(&stand_in, &format!("{head}Transfer-Encoding: chunked\r\n\r\n"), &piece).await;
    assert!(status == 413 && text.contains("more than 1048576 bytes"), "{status} {text}");
    let promised = format!("{head}Content-Length: 99999999999\r\n\r\n");
    assert_eq!(endless(&stand_in, &promised, "x").await.0, 413);
    let small = format!("40\r\n{}\r\n", "x".repeat(0x40));
    assert_eq!(endless(&stand_in, &format!("{head}Transfer-Encoding: chunked\r\n\r\n"), &small).await.0, 413);
    lives(&stand_in).await;
}

#[tokio::test]
async fn routes_without_a_body_have_the_same_limit() {
    let stand_in = StandIn::start().await.unwrap();
    let body = vec![b'x'; LARGEST + 1];
    for (method, path) in [("GET", "/admin/identities"), ("DELETE", "/sessions"), ("GET", "/nothing"), ("POST", "/")] {
        let (status, _) = raw(&stand_in, &request(&stand_in, method, path, "", &body)).await;
        assert_eq!(status, 413, "{method} {path}");
    }
    lives(&stand_in).await;
}

#[tokio::test]
async fn bodies_that_are_framed_wrongly() {
    let stand_in = StandIn::start().await.unwrap();
    let host = address(&stand_in);
    let head = format!("POST /admin/clients HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for rest in [
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        "Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n",
        "Transfer-Encoding: gzip\r\n\r\nx",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 1e3\r\n\r\n",
        "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "Content-Length: 99999999999999999999\r\n\r\n",
    ] {
        assert_eq!(raw(&stand_in, format!("{head}{rest}").as_bytes()).await.0, 400, "{rest:?}");
    }
    for endless_part in ["Transfer-Encoding: chunked\r\n\r\n1;", "Transfer-Encoding: chunked\r\n\r\n0\r\nX-A: "] {
        let (status, _) = endless(&stand_in, &format!("{head}{endless_part}"), "x").await;
        assert_eq!(status, 400, "{endless_part:?}");
    }
    lives(&stand_in).await;
}

#[tokio::test]
async fn headers_have_a_limit() {
    let stand_in = StandIn::start().await.unwrap();
    let host = address(&stand_in);
    let head = format!("GET /admin/identities HTTP/1.1\r\nHost: {host}\r\n");
    for (beginning, piece) in [
        (head.clone(), "X-More: x\r\n"),
        (format!("{head}X-More: "), "x"),
        (head.clone(), "x"),
        ("GET /".to_owned(), "x"),
        (String::new(), "G"),
    ] {
        let (status, _) = endless(&stand_in, &beginning, piece).await;
        assert!([400, 414, 431].contains(&status), "{beginning:?} and {piece:?}: {status}");
    }
    let many = |count: usize| format!("{head}Connection: close\r\n{}\r\n", "X-More: x\r\n".repeat(count));
    assert_eq!(raw(&stand_in, many(98).as_bytes()).await.0, 200);
    assert_eq!(raw(&stand_in, many(99).as_bytes()).await.0, 431);
    lives(&stand_in).await;
}

#[tokio::test]
async fn slow_clients_hold_up_nobody() {
    let stand_in = StandIn::start().await.unwrap();
    let host = address(&stand_in);
    let mut slow = Vec::new();
    for beginning in [
        "",
        "GET /admin",
        "POST /admin/clients HTTP/1.1\r\nHost: HOST\r\nX-Half",
        "POST /admin/clients HTTP/1.1\r\nHost: HOST\r\nContent-Length: 9\r\n\r\n{",
        "POST /admin/clients HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
    ] {
        for _ in 0..20 {
            let mut stream = TcpStream::connect(host).await.unwrap();
            stream.write_all(beginning.replace("HOST", host).as_bytes()).await.unwrap();
            slow.push(stream);
        }
    }
    // Let the server read what there is.
    tokio::time::sleep(Duration::from_millis(50)).await;
    lives(&stand_in).await;
    // They may still finish.
    let mut last = slow.pop().unwrap();
    last.write_all(b"    \r\n1\r\n}\r\n0\r\n\r\n").await.unwrap();
    let mut buffer = [0; 12];
    tokio::io::AsyncReadExt::read_exact(&mut last, &mut buffer).await.unwrap();
    assert_eq!(&buffer, b"HTTP/1.1 201");
}
