//! Hosts that are not the stand-in's: what a web page sends that resolves its own name to 127.0.0.1.

use ory_sdk::testing::StandIn;

use super::{address, lives, raw};

#[tokio::test]
async fn only_the_own_host_is_served() {
    let stand_in = StandIn::start().await.unwrap();
    let port = address(&stand_in).rsplit(':').next().unwrap();
    let get = async |target: &str, headers: &str| {
        let head = format!("GET {target} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
        raw(&stand_in, head.replace("PORT", port).as_bytes()).await
    };
    for host in ["127.0.0.1:PORT", "localhost:PORT", "LOCALHOST:PORT", "[::1]:PORT", "127.3.2.1:PORT"] {
        let headers = format!("Host: {host}\r\n");
        assert_eq!(get("/admin/identities", &headers).await.0, 200, "{host}");
        assert_eq!(get(&format!("http://{host}/admin/identities"), &headers).await.0, 200, "{host}");
    }
    for host in [
        "evil.test",
        "evil.test:PORT",
        "localhost.evil.test:PORT",
        "a.localhost:PORT",
        "127.0.0.1.evil.test:PORT",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost",
        "0.0.0.0:PORT",
        "10.0.0.1:PORT",
        "evil.test@127.0.0.1:PORT",
        "",
    ] {
        let (status, text) = get("/admin/identities", &format!("Host: {host}\r\n")).await;
        assert_eq!(status, 421, "{host}: {text}");
        assert!(text.contains(&format!("expected the host 127.0.0.1:{port} or localhost:{port}, but got")), "{text}");
    }
    // A whole URL as the target counts as well as the header.
    let own = "Host: 127.0.0.1:PORT\r\n";
    assert_eq!(get("http://evil.test:PORT/admin/identities", own).await.0, 421);
    assert_eq!(get("http://127.0.0.1:PORT/admin/identities", "Host: evil.test:PORT\r\n").await.0, 421);
    assert_eq!(get("http://127.0.0.1:PORT/admin/identities", "").await.0, 200);
    for headers in ["", &format!("{own}{own}"), &format!("{own}Host: evil.test:PORT\r\n")] {
        let (status, text) = get("/admin/identities", headers).await;
        assert!(status == 400 && text.contains("`Host` header"), "{headers}: {status} {text}");
    }
    // Other methods and targets get no further.
    for head in ["CONNECT evil.test:443", "OPTIONS *", "POST /self-service/login", "GET /nothing", "PUT /admin/clients"]
    {
        let request = format!("{head} HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n");
        assert_eq!(raw(&stand_in, request.as_bytes()).await.0, 421, "{head}");
    }
    let request = "GET /admin/identities HTTP/1.0\r\n\r\n";
    assert_eq!(raw(&stand_in, request.as_bytes()).await.0, 400);
    lives(&stand_in).await;
}

#[tokio::test]
async fn a_foreign_host_is_shown_cut_and_on_one_line() {
    let stand_in = StandIn::start().await.unwrap();
    let long = "a".repeat(10_000);
    let request = format!("GET / HTTP/1.1\r\nHost: \u{e9}\t{long}\r\nConnection: close\r\n\r\n");
    let (status, text) = raw(&stand_in, request.as_bytes()).await;
    assert_eq!(status, 421);
    assert!(text.len() < 400 && !text.contains('\n') && !text.contains('\t'), "{text}");
}
