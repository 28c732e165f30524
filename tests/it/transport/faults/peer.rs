//! A peer that follows a script, byte by byte, and counts connections, requests and bytes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::server;

/// A step of the peer on a connection. At the end of its script it waits until the client closes.
#[derive(Debug, Clone)]
pub enum Step {
    /// Waits until a request arrives, but does not read it.
    Hear,
    /// Reads a whole request.
    Read,
    /// Responds to the last request as a healthy Kratos does.
    Respond,
    /// Like `Respond`, but with `Connection: close`.
    RespondAndClose,
    Write(Vec<u8>),
    /// Writes the same bytes over and over until a write fails.
    Flood(Vec<u8>),
    /// Like `Flood`, but with a pause before each write.
    Drip(Vec<u8>, Duration),
    Wait(Duration),
    /// Closes the connection properly (FIN).
    Close,
    /// Closes the connection as a crash or a firewall does (RST).
    Reset,
    /// Restarts the script.
    Again,
    /// Continues with these steps instead if the last request was a GET.
    OnGet(Vec<Step>),
}

pub fn write(text: impl AsRef<[u8]>) -> Step {
    Step::Write(text.as_ref().to_vec())
}

/// The script of a healthy server.
pub fn well() -> Vec<Step> {
    vec![Step::Read, Step::Respond, Step::Again]
}

#[derive(Default)]
struct Counts {
    accepted: AtomicUsize,
    open: AtomicUsize,
    requests: AtomicUsize,
    written: AtomicU64,
}

/// The peer. It stops accepting connections when dropped.
pub struct Peer {
    pub address: SocketAddr,
    counts: Arc<Counts>,
    task: tokio::task::JoinHandle<()>,
}

impl Peer {
    /// Calls `script` with the number of each connection, counted from 0, and follows the returned steps on it.
    pub async fn start(script: impl Fn(usize) -> Vec<Step> + Send + 'static) -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap(), script).await
    }

    /// Like `start`, at this address.
    pub async fn start_at(address: SocketAddr, script: impl Fn(usize) -> Vec<Step> + Send + 'static) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let counts = Arc::new(Counts::default());
        let shared = Arc::clone(&counts);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let steps = script(shared.accepted.fetch_add(1, SeqCst));
                shared.open.fetch_add(1, SeqCst);
                let counts = Arc::clone(&shared);
                tokio::spawn(async move {
                    follow(stream, steps, &counts).await;
                    counts.open.fetch_sub(1, SeqCst);
                });
            }
        });
        Self { address, counts, task }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections were made.
    pub fn accepted(&self) -> usize {
        self.counts.accepted.load(SeqCst)
    }

    /// How many whole requests arrived.
    pub fn requests(&self) -> usize {
        self.counts.requests.load(SeqCst)
    }

    /// How many bytes of responses were sent.
    pub fn written(&self) -> u64 {
        self.counts.written.load(SeqCst)
    }

    pub fn open(&self) -> usize {
        self.counts.open.load(SeqCst)
    }

    /// Waits until all connections are closed.
    pub async fn all_closed(&self) {
        until("a connection is left open", || self.open() == 0).await;
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Waits until `done` is true. Panics with `otherwise` after 20 seconds.
pub async fn until(otherwise: &str, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(20), "{otherwise}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn follow(mut stream: TcpStream, script: Vec<Step>, counts: &Counts) {
    let mut buffer = Vec::new();
    let mut method = String::new();
    let (mut steps, mut at) = (script.clone(), 0);
    while let Some(step) = steps.get(at).cloned() {
        at += 1;
        let gone = match step {
            Step::Hear => !stream.peek(&mut [0]).await.is_ok_and(|count| count > 0),
            Step::Read => match server::read(&mut stream, &mut buffer).await {
                Some(request) => {
                    counts.requests.fetch_add(1, SeqCst);
                    method = request.method;
                    false
                }
                None => true,
            },
            Step::Respond => put(&mut stream, response(&method, "").as_bytes(), counts).await.is_err(),
            Step::RespondAndClose => {
                put(&mut stream, response(&method, "Connection: close\r\n").as_bytes(), counts).await.is_err()
            }
            Step::Write(bytes) => put(&mut stream, &bytes, counts).await.is_err(),
            Step::Flood(bytes) => {
                while put(&mut stream, &bytes, counts).await.is_ok() {}
                true
            }
            Step::Drip(bytes, pause) => loop {
                tokio::time::sleep(pause).await;
                if put(&mut stream, &bytes, counts).await.is_err() {
                    break true;
                }
            },
            Step::Wait(time) => {
                tokio::time::sleep(time).await;
                false
            }
            Step::Close => true,
            Step::Reset => {
                stream.set_zero_linger().unwrap();
                true
            }
            Step::Again => {
                (steps, at) = (script.clone(), 0);
                false
            }
            Step::OnGet(instead) => {
                if method == "GET" {
                    (steps, at) = (instead, 0);
                }
                false
            }
        };
        if gone {
            return;
        }
    }
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await.is_ok_and(|count| count > 0) {}
}

async fn put(stream: &mut TcpStream, mut bytes: &[u8], counts: &Counts) -> std::io::Result<()> {
    while !bytes.is_empty() {
        let count = stream.write(bytes).await?;
        counts.written.fetch_add(count as u64, SeqCst);
        bytes = &bytes[count..];
    }
    Ok(())
}

const IDENTITY: &str =
    r#"{"id":"9f425a8d-7efc-4768-8f23-7647a74fdf13","schema_id":"default","schema_url":"","traits":{}}"#;

fn response(method: &str, more: &str) -> String {
    let (status, body) = match method {
        "GET" => ("200 OK", "[]"),
        "POST" => ("201 Created", IDENTITY),
        _ => ("200 OK", IDENTITY),
    };
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{more}\r\n{body}")
}
