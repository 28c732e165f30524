//! How much memory faults take, measured in a child process: this test binary again, with the URL to call in an
//! environment variable.

use ory_sdk::ClientBuilder;

use super::fault::{CALLS, builder, send};
use super::peer::Step::{Flood, Read};
use super::peer::{Peer, Step, well, write};

const TARGET: &str = "TARGET_OF_THE_MEMORY_CHILD";
const LIMIT: usize = 256 << 10;

fn limited(url: &str) -> ClientBuilder {
    builder(url).success_limit(LIMIT).error_limit(LIMIT)
}

/// The peak memory of this process, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

#[tokio::test]
#[ignore = "is run by the tests of memory"]
async fn child_that_calls() {
    let Ok(target) = std::env::var(TARGET) else { return };
    let client = limited(&target).build().unwrap();
    // Allocates what is allocated only once, here or in libraries.
    send(&client, CALLS[0]).await.unwrap();
    let before = peak();
    for call in CALLS {
        send(&client, call).await.unwrap_err();
    }
    // The body, the growth of its buffer, and the buffers of connections.
    let most = 16 * LIMIT;
    assert!(peak() - before < most, "{} bytes more", peak() - before);
}

async fn stays_small(name: &str, script: Vec<Step>) {
    let peer = Peer::start(move |number| match number {
        0 => [&well()[..2], &[Step::Close]].concat(),
        _ => script.clone(),
    })
    .await;
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["transport::faults::memory::child_that_calls", "--exact", "--ignored"]).env(TARGET, peer.url());
    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{name}: {text}");
    assert!(peer.accepted() > 3, "{name}");
}

fn head(more: &str) -> Step {
    write(format!("HTTP/1.1 200 OK\r\n{more}\r\n"))
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_take_little() {
    let chunked = || head("Transfer-Encoding: chunked\r\n");
    let gib = || head("Content-Length: 1073741824\r\n");
    // Each chunk is one byte: the overhead per chunk must not add up.
    stays_small("crumbs", vec![Read, chunked(), Flood(b"1\r\n \r\n".repeat(10_000))]).await;
    stays_small("chunks", vec![Read, chunked(), Flood([b"10000\r\n", &[b' '; 65_536][..], b"\r\n"].concat())]).await;
    stays_small("1 GiB", vec![Read, gib(), Flood(vec![b' '; 65_536])]).await;
    stays_small("no length", vec![Read, head(""), Flood(vec![b' '; 65_536])]).await;
    stays_small("a header", vec![Read, write("HTTP/1.1 200 OK\r\na: "), Flood(vec![b'a'; 65_536])]).await;
    let trailers = write("2\r\n[]\r\n0\r\n");
    stays_small("trailers", vec![Read, chunked(), trailers, Flood(b"a: b\r\n".repeat(1000))]).await;
    // A length alone must not allocate memory.
    stays_small("a length alone", vec![Read, gib(), write("[1,"), Step::Close]).await;
}
