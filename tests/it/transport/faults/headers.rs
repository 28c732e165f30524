//! Faults up to the end of a response's headers.

use std::time::Duration;

use ory_sdk::ErrorKind;

use super::fault::{Fault, builder, check, send};
use super::peer::Step::{Close, Drip, Flood, Hear, Read, Reset, Wait};
use super::peer::{Peer, Step, write};

#[tokio::test]
async fn no_response_or_half_of_its_headers() {
    check(&[
        Fault::new(
            "closed without a response",
            || vec![Read, Close],
            "the request failed: connection closed before message completed",
        ),
        Fault::new("reset without a response", || vec![Read, Reset], "the request failed: Connection reset by peer"),
        Fault::new("closed before the request is read", || vec![Hear, Close], "the request failed: "),
        Fault::new("reset before the request is read", || vec![Hear, Reset], "the request failed: "),
        Fault::new(
            "closed in the headers",
            || vec![Read, write("HTTP/1.1 200 OK\r\nContent-Ty"), Close],
            "the request failed: connection closed before message completed",
        ),
        Fault::new(
            "reset in the headers",
            || vec![Read, write("HTTP/1.1 200 OK\r\nContent-Ty"), Wait(Duration::from_millis(50)), Reset],
            "the request failed: Connection reset by peer",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_is_no_http() {
    check(&[
        Fault::new(
            "another protocol",
            || vec![Read, write("SSH-2.0-OpenSSH_9.2\r\n")],
            "the request failed: invalid HTTP",
        ),
        Fault::new("bytes", || vec![Read, write([0xff, 0, 0x80, 7, 10, 13])], "the request failed: invalid HTTP"),
        Fault::new(
            "a page without headers",
            || vec![Read, write("<html>hello</html>\r\n\r\n"), Close],
            "the request failed: invalid HTTP",
        ),
        Fault::new(
            "a version of the future",
            || vec![Read, write("HTTP/9.7 200 OK\r\n\r\n[]")],
            "the request failed: invalid HTTP version parsed",
        ),
        Fault::new(
            "a status of two digits",
            || vec![Read, write("HTTP/1.1 20 OK\r\n\r\n[]")],
            "the request failed: invalid HTTP status-code parsed",
        ),
        Fault::new(
            "a header that is none",
            || vec![Read, write("HTTP/1.1 200 OK\r\nA\0: b\r\n\r\n[]")],
            "the request failed: invalid HTTP header parsed",
        ),
        // The alert that a TLS server sends if it does not get a handshake.
        Fault::new(
            "plain http to a TLS port",
            || vec![Read, write([0x15, 3, 1, 0, 2, 2, 0x46]), Close],
            "the request failed: invalid HTTP",
        ),
        Fault::new(
            "plain http to a TLS port that knows http",
            || {
                let says = "Client sent an HTTP request to an HTTPS server.\n";
                vec![Read, write(format!("HTTP/1.0 400 Bad Request\r\n\r\n{says}")), Close]
            },
            "400 Bad Request",
        )
        .response(ErrorKind::Api, 400),
    ])
    .await;
}

#[tokio::test]
async fn lengths_that_are_none() {
    const NONE: &str = "the request failed: invalid content-length parsed";
    check(&[
        Fault::new("negative", || vec![Read, write("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n[]")], NONE),
        Fault::new("a word", || vec![Read, write("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n[]")], NONE),
        Fault::new(
            "beyond 64 bits",
            || vec![Read, write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n[]")],
            NONE,
        ),
        Fault::new(
            "two different ones",
            || vec![Read, write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n[] ")],
            NONE,
        ),
    ])
    .await;
}

fn hundred_thousand() -> Vec<Step> {
    let headers: String = (0..100_000).map(|number| format!("x-{number}: y\r\n")).collect();
    vec![Read, write("HTTP/1.1 200 OK\r\n"), write(headers), write("\r\n[]")]
}

#[tokio::test]
async fn floods_of_headers() {
    const LARGE: &str = "the request failed: message head is too large";
    check(&[
        Fault::new("a hundred thousand", hundred_thousand, LARGE),
        Fault::new("without end", || vec![Read, write("HTTP/1.1 200 OK\r\n"), Flood(b"a: b\r\n".repeat(1000))], LARGE),
        Fault::new("one without end", || vec![Read, write("HTTP/1.1 200 OK\r\na: "), Flood(vec![b'a'; 8192])], LARGE),
    ])
    .await;
    // The sockets buffer some megabytes, but the client stops at the first of them.
    let peer = Peer::start(|_| vec![Read, write("HTTP/1.1 200 OK\r\na: "), Flood(vec![b'a'; 8192])]).await;
    let client = builder(peer.url()).retry(ory_sdk::retry::Retry::off()).build().unwrap();
    send(&client, ory_sdk::contract::Repeat::Safe).await.unwrap_err();
    peer.all_closed().await;
    assert!(peer.written() < 32 << 20, "{}", peer.written());
}

#[tokio::test]
async fn silence_in_the_headers() {
    const HINT: &[u8] = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    const SILENT: &str = "timed out: the server was silent for 1s";
    let faults = [
        Fault::new("no response", || vec![Read], SILENT),
        Fault::new("half a header", || vec![Read, write("HTTP/1.1 200 OK\r\nContent-Ty")], SILENT),
        // Endless early hints are not a response either.
        Fault::new("hints", || vec![Read, Drip(HINT.to_vec(), Duration::from_millis(20))], SILENT),
    ];
    check(&faults.map(|fault| fault.timeout(|builder| builder.stall_timeout(Duration::from_secs(1))))).await;
}

#[tokio::test]
async fn drops_of_a_header_end_with_the_call() {
    check(&[Fault::new(
        "a byte now and then",
        || vec![Read, write("HTTP/1.1 200 OK\r\na: "), Drip(vec![b'a'], Duration::from_millis(20))],
        "timed out before the whole response arrived",
    )
    .timeout(|builder| builder.timeout(Duration::from_secs(1)))
    .last()])
    .await;
}

/// Interim responses are not a fault.
#[tokio::test]
async fn interim_responses_before_the_final_one() {
    for before in ["100 Continue\r\n", "103 Early Hints\r\nLink: </style.css>\r\n", "102 Processing\r\n"] {
        let before = format!("HTTP/1.1 {before}\r\n").repeat(3);
        let peer = Peer::start(move |_| vec![Read, write(&before), Step::Respond, Step::Again]).await;
        let client = builder(peer.url()).build().unwrap();
        for call in super::fault::CALLS {
            send(&client, call).await.unwrap();
        }
        assert_eq!((peer.accepted(), peer.requests()), (1, 3));
    }
}

#[tokio::test]
async fn an_upgrade_that_nobody_asked_for() {
    let upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n";
    let peer = Peer::start(move |_| vec![Read, write(upgrade)]).await;
    let client = builder(peer.url()).build().unwrap();
    for call in super::fault::CALLS {
        let error = send(&client, call).await.unwrap_err();
        assert_eq!((error.tries(), error.is_timeout()), (1, false), "{error:?}");
    }
    peer.all_closed().await;
}
