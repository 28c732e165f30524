//! Faults in a response's body.

use std::time::Duration;

use ory_sdk::contract::Repeat;
use ory_sdk::retry::Retry;
use ory_sdk::{ClientBuilder, ErrorKind};
use serde_json::json;

use super::fault::{CALLS, Fault, builder, check, send};
use super::peer::Step::{Close, Drip, Flood, Read, Reset, Wait};
use super::peer::{Peer, Step, well, write};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
/// The most that loopback sockets buffer between a server that writes and a client that stopped reading.
const BUFFERS: u64 = 48 << 20;

fn sized(length: &str, body: &str) -> Step {
    write(format!("{HEAD}Content-Length: {length}\r\n\r\n{body}"))
}

fn chunked(body: &str) -> Step {
    write(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{body}"))
}

#[tokio::test]
async fn bodies_that_break_off() {
    check(&[
        Fault::new(
            "cut short",
            || vec![Read, sized("100", "[{\"id\":"), Close],
            "200 OK: the response broke off: end of file before message length reached",
        )
        .status(200),
        Fault::new(
            "no byte of it",
            || vec![Read, sized("100", ""), Close],
            "200 OK: the response broke off: end of file before message length reached",
        )
        .status(200),
        Fault::new("cut in a chunk", || vec![Read, chunked("ff\r\n[{\"id"), Close], "200 OK: the response broke off: ")
            .status(200),
        Fault::new(
            "cut between chunks",
            || vec![Read, chunked("2\r\n[]\r\n"), Close],
            "200 OK: the response broke off: ",
        )
        .status(200),
        Fault::new("a chunk without size", || vec![Read, chunked("zz\r\n[]\r\n")], "200 OK: the response broke off: ")
            .status(200),
        Fault::new(
            "a chunk beyond 64 bits",
            || vec![Read, chunked("fffffffffffffffff\r\n[]\r\n")],
            "200 OK: the response broke off: ",
        )
        .status(200),
        Fault::new(
            "reset",
            || vec![Read, sized("100", "[{\"id\":"), Wait(Duration::from_millis(250)), Reset],
            "200 OK: the response broke off: Connection reset by peer",
        )
        .status(200),
    ])
    .await;
}

/// The status of an error says enough, even without the rest of its body.
#[tokio::test]
async fn errors_whose_bodies_break_off() {
    check(&[
        Fault::new(
            "cut short",
            || vec![Read, write("HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n{\"error\":"), Close],
            "404 Not Found",
        )
        .response(ErrorKind::Api, 404),
        Fault::new(
            "silent",
            || vec![Read, write("HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n{\"error\":")],
            "404 Not Found",
        )
        .response(ErrorKind::Api, 404)
        .with(|builder| builder.stall_timeout(Duration::from_secs(1))),
    ])
    .await;
}

#[tokio::test]
async fn silence_in_the_body() {
    const SILENT: &str = "200 OK: timed out: the server was silent for 1s";
    let faults = [
        Fault::new("in a body with a length", || vec![Read, sized("100", "[{\"id\":")], SILENT),
        Fault::new("in a chunk", || vec![Read, chunked("ff\r\n[{\"id\":")], SILENT),
        Fault::new("without an end", || vec![Read, write(format!("{HEAD}\r\n[]"))], SILENT),
    ];
    let stall = |fault: Fault| fault.status(200).timeout(|builder| builder.stall_timeout(Duration::from_secs(1)));
    check(&faults.map(stall)).await;
}

/// The server is never silent for long, so only the timeout of the whole call ends it.
#[tokio::test]
async fn drops_of_a_body_end_with_the_call() {
    check(&[Fault::new(
        "a byte now and then",
        || vec![Read, sized("1000000", "["), Drip(vec![b' '], Duration::from_millis(20))],
        "200 OK: timed out before the whole response arrived",
    )
    .status(200)
    .timeout(|builder| builder.timeout(Duration::from_millis(1500)).stall_timeout(Duration::from_secs(1)))
    .last()])
    .await;
}

#[tokio::test]
async fn bodies_that_are_no_value() {
    const NO_VALUE: &str = "200 OK: the response cannot be decoded";
    check(&[
        // The bytes beyond the length must not become the response to the next call.
        Fault::new(
            "a length that is too short",
            || vec![Read, sized("3", "[{\"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")],
            NO_VALUE,
        )
        .response(ErrorKind::Decode, 200),
        Fault::new("brackets", || vec![Read, sized("1000000", &"[".repeat(1_000_000))], NO_VALUE)
            .response(ErrorKind::Decode, 200)
            .whole(),
    ])
    .await;
    // Free-form JSON may be nested, but not so deeply that the stack overflows.
    let traits = format!(r#"{{"id":"9f425a8d-7efc-4768-8f23-7647a74fdf13","traits":{}"#, "[".repeat(1_000_000));
    let peer = Peer::start(move |_| vec![Read, sized(&traits.len().to_string(), &traits)]).await;
    let error = builder(peer.url()).build().unwrap().admin_get_identity().id("x").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("recursion limit exceeded"), "{error}");
}

/// A bit stream, packed as in DEFLATE.
#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn push(&mut self, code: u32, length: u32) {
        self.0.extend((0..length).rev().map(|bit| code >> bit & 1 == 1));
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.chunks(8).map(|byte| byte.iter().rev().fold(0, |sum, bit| sum << 1 | u8::from(*bit))).collect()
    }
}

/// 1 GiB of spaces as 6.8 MB of gzip: one space, then "258 more" over and over.
pub fn bomb() -> Vec<u8> {
    const EIGHTS: usize = 520_226;
    let more = |bits: &mut Bits| {
        bits.push(0b1100_0101, 8);
        bits.push(0, 5);
    };
    let mut start = Bits::default();
    start.push(0b110, 3); // the last block, with fixed codes
    start.push(0x30 + u32::from(b' '), 8);
    more(&mut start);
    let mut eight = Bits::default();
    (0..8).for_each(|_| more(&mut eight));
    let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    gzip.extend(start.bytes());
    gzip.extend(eight.bytes().repeat(EIGHTS));
    gzip.push(0); // the end of the block
    gzip.extend(CRC_OF_THE_BOMB.to_le_bytes());
    gzip.extend((1 + 258 * (1 + 8 * EIGHTS as u32)).to_le_bytes());
    gzip
}

const CRC_OF_THE_BOMB: u32 = 0xace3_1ec2;

fn bombed(status: &str) -> Vec<Step> {
    let gzip = bomb();
    let head = format!("HTTP/1.1 {status}\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", gzip.len());
    vec![Read, write(head), Step::Write(gzip)]
}

/// A client as it is without the feature `gzip`.
fn without_gzip(builder: ClientBuilder) -> ClientBuilder {
    builder.customize(|http| http.no_gzip())
}

#[tokio::test]
async fn without_gzip_a_bomb_is_named_and_not_expanded() {
    const NAMED: &str = "200 OK: the response cannot be decoded: expected JSON, found a compressed body, which was not \
                         asked for";
    check(&[
        Fault::new("in a success", || bombed("200 OK"), NAMED)
            .with(without_gzip)
            .response(ErrorKind::Decode, 200)
            .whole(),
        Fault::new(
            "in an error",
            || bombed("404 Not Found"),
            "404 Not Found: the response is a compressed body, which was not asked for",
        )
        .with(without_gzip)
        .response(ErrorKind::Api, 404),
    ])
    .await;
    let peer = Peer::start(|_| [bombed("200 OK"), vec![Step::Again]].concat()).await;
    let client = without_gzip(builder(peer.url()).kratos_public_url(peer.url())).build().unwrap();
    let error = client.admin_list_identities().send().await.unwrap_err();
    assert!(error.body() == &bomb()[..], "it is kept as it came");
    // Nor is a compressed body accepted as text.
    let error = client.get_web_authn_java_script().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "getWebAuthnJavaScript: 200 OK: the response cannot be decoded: expected text, found a compressed body, which \
         was not asked for"
    );
}

const GIB: &str = "1073741824";

fn flood_of_chunks() -> Step {
    Flood([b"10000\r\n", &[b' '; 65_536][..], b"\r\n"].concat())
}

#[tokio::test]
async fn a_body_without_end_stops_at_the_limit() {
    const LARGE: &str = "200 OK: the response is larger than 67108864 bytes";
    let faults = [
        Fault::new("a length of 1 GiB", || vec![Read, sized(GIB, ""), Flood(vec![b' '; 65_536])], LARGE),
        Fault::new("chunks", || vec![Read, chunked(""), flood_of_chunks()], LARGE),
        Fault::new("no length", || vec![Read, write(format!("{HEAD}\r\n")), Flood(vec![b' '; 65_536])], LARGE),
    ];
    for fault in &faults {
        let script = fault.script;
        let peer = Peer::start(move |_| script()).await;
        let error = send(&builder(peer.url()).build().unwrap(), Repeat::Safe).await.unwrap_err();
        assert!(error.body().len() <= 64 << 20, "{}", error.body().len());
        peer.all_closed().await;
        assert!(peer.written() < (64 << 20) + BUFFERS, "{}: {}", fault.name, peer.written());
    }
    // Again with a smaller limit, for every kind of call.
    let small = |fault: Fault| {
        Fault { says: "200 OK: the response is larger than 100000 bytes", ..fault }
            .response(ErrorKind::TooLarge, 200)
            .with(|builder| builder.success_limit(100_000))
    };
    check(&faults.map(small)).await;
}

#[tokio::test]
async fn an_error_without_end_stops_at_the_limit() {
    const FAILED: &str = "500 Internal Server Error";
    let head = "HTTP/1.1 500 Internal Server Error\r\n";
    let scripts = [
        vec![Read, write(format!("{head}Content-Length: {GIB}\r\n\r\n")), Flood(vec![b' '; 65_536])],
        vec![Read, write(format!("{head}Transfer-Encoding: chunked\r\n\r\n")), flood_of_chunks()],
        vec![Read, write(format!("{head}\r\n")), Flood(vec![b' '; 65_536])],
    ];
    for script in scripts {
        let peer = Peer::start(move |_| script.clone()).await;
        let client = builder(peer.url()).build().unwrap();
        for call in CALLS {
            let error = send(&client, call).await.unwrap_err();
            assert_eq!((error.kind(), error.body().len(), error.tries()), (ErrorKind::Api, 1 << 20, 1));
            assert!(error.to_string().ends_with(FAILED), "{error}");
        }
        peer.all_closed().await;
        assert!(peer.written() < 3 * BUFFERS, "{}", peer.written());
    }
}

/// Endless chunk extensions or trailers.
#[tokio::test]
async fn floods_beside_the_body() {
    check(&[
        Fault::new(
            "an extension of a chunk",
            || vec![Read, chunked("2;"), Flood(vec![b'a'; 8192])],
            "200 OK: the response broke off: ",
        )
        .status(200),
        Fault::new("trailers", || vec![Read, chunked("2\r\n[]\r\n0\r\n"), Flood(b"a: b\r\n".repeat(1000))], "200 OK: ")
            .status(200),
    ])
    .await;
}

/// A body after a response that has none must not become the response to the next call.
#[tokio::test]
async fn a_body_behind_a_response_without_one() {
    let planted = r#"[{"id":"00000000-0000-4000-8000-000000000000"}]"#;
    let planted = format!("{HEAD}Content-Length: {}\r\n\r\n{planted}", planted.len());
    for response in
        ["204 No Content\r\n\r\n", "204 No Content\r\nContent-Length: 9\r\n\r\n", "200 OK\r\nContent-Length: 0\r\n\r\n"]
    {
        let bytes = format!("HTTP/1.1 {response}{planted}");
        let peer = Peer::start(move |number| if number % 2 == 0 { vec![Read, write(&bytes)] } else { well() }).await;
        // Sometimes the next request is already on its way. It is then sent again on another connection.
        let client = builder(peer.url()).build().unwrap();
        for _ in 0..50 {
            client.admin_delete_identity().id("x").send().await.unwrap();
            let identities = client.admin_list_identities().send().await.unwrap();
            assert!(identities.is_empty(), "the planted response was taken");
        }
        drop(client);
        peer.all_closed().await;
    }
}

/// 304 and 205 have no body, whatever their headers say.
#[tokio::test]
async fn headers_that_promise_a_body_that_cannot_come() {
    let peer = Peer::start(|_| vec![Read, write("HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n")]).await;
    let client = builder(peer.url()).retry(Retry::off()).build().unwrap();
    let error = client.admin_create_identity().json_body(json!({})).send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Redirect, 304), "{error}");
}
