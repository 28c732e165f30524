//! What a check of a session costs: cached and not, alone and behind the layer. Instructions by callgrind as in `counts`,
//! throughput and memory in this process.

use std::alloc::{GlobalAlloc, Layout, System};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use futures_util::future::join_all;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use ory_sdk::Client;
use ory_sdk::sessions::{Check, Credential, Sessions};
use ory_sdk::web::SessionLayer;
use ory_sdk::web::axum::Person;
use ory_sdk_benches::data;
use ory_sdk_benches::server::{Server, serve_if_asked};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::runtime::{Builder, Runtime};
use tower::layer::util::Identity;

/// The system allocator, which knows how much is in use.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const HOUR: Duration = Duration::from_secs(3600);

/// What is run N times and 2 N times, and how often.
const CASES: [(&str, usize); 9] = [
    ("call", 50),
    ("check, uncached", 50),
    ("check, fresh, in a shared call", 50),
    ("check, cached", 1000),
    ("public route", 200),
    ("public route, with a layer that does nothing", 200),
    ("public route, with the layer", 200),
    ("route with a call", 50),
    ("route with the layer, uncached", 50),
];

fn main() {
    serve_if_asked();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["run", case, times, url] => run(case, times.parse().expect("a number"), url),
        _ => report(),
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn client(url: &str) -> Client {
    Client::builder().kratos_public_url(url).build().expect("a client")
}

fn run(case: &str, times: usize, url: &str) {
    let client = client(url);
    let who = Credential::session_token(data::TOKEN);
    runtime().block_on(async {
        let build = |max_age| Sessions::builder(&client).max_age(max_age).build().expect("sessions");
        let (uncached, cached) = (build(Duration::ZERO), build(HOUR));
        let layer = SessionLayer::builder(&uncached).public_url("https://app.example.org").build().expect("a layer");
        let mut bare_app = Connection::to(app(&client));
        let mut idle_app = Connection::to(app(&client).layer(Identity::new()));
        let mut layered_app = Connection::to(app(&client).layer(layer));
        // Connections and caches are warm.
        cached.check(&who).await.expect("a session");
        uncached.check(&who).await.expect("a session");
        for connection in [&mut bare_app, &mut idle_app, &mut layered_app] {
            connection.get("/public").await;
            connection.get("/call").await;
        }
        for _ in 0..times {
            match case {
                "call" => drop(client.with_session_token(data::TOKEN).to_session().await.expect("a session")),
                "check, uncached" => drop(uncached.check(&who).await.expect("a session")),
                "check, fresh, in a shared call" => {
                    drop(cached.check_with(&who, Check::new().fresh()).await.expect("a session"));
                }
                "check, cached" => drop(cached.check(&who).await.expect("a session")),
                "public route" => bare_app.get("/public").await,
                "public route, with a layer that does nothing" => idle_app.get("/public").await,
                "public route, with the layer" => layered_app.get("/public").await,
                "route with a call" => bare_app.get("/call").await,
                "route with the layer, uncached" => layered_app.get("/person").await,
                other => panic!("{other} is no case"),
            }
        }
    });
}

fn app(client: &Client) -> Router {
    async fn call(State(client): State<Client>, headers: HeaderMap) -> Result<String, StatusCode> {
        let session = client.forwarding(&headers).to_session().await.map_err(|_| StatusCode::UNAUTHORIZED)?;
        Ok(session.id.to_string())
    }
    Router::new()
        .route("/public", get(|| async { "public" }))
        .route("/call", get(call))
        .route("/person", get(|Person(person): Person| async move { person.id.to_string() }))
        .with_state(client.clone())
}

/// A connection to a service in this process.
struct Connection {
    stream: DuplexStream,
    buffer: Vec<u8>,
}

impl Connection {
    fn to(app: Router) -> Self {
        let (stream, server) = tokio::io::duplex(64 << 10);
        let connection = hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(server), TowerToHyperService::new(app));
        tokio::spawn(connection);
        Self { stream, buffer: Vec::new() }
    }

    async fn get(&mut self, path: &str) {
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nx-session-token: {}\r\n\r\n", data::TOKEN);
        self.stream.write_all(request.as_bytes()).await.expect("sent");
        self.buffer.clear();
        // The bodies are short, and come at once with their head or right after it.
        while !is_complete(&self.buffer) {
            self.stream.read_buf(&mut self.buffer).await.expect("received");
        }
        assert!(self.buffer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&self.buffer));
    }
}

/// Whether a response has all of its body.
fn is_complete(response: &[u8]) -> bool {
    const LENGTH: &[u8] = b"content-length: ";
    let Some(end) = response.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let length = response.windows(LENGTH.len()).position(|window| window == LENGTH).expect("a length");
    let digits = response[length + LENGTH.len()..].iter().take_while(|byte| byte.is_ascii_digit());
    let length = digits.fold(0, |length, digit| 10 * length + usize::from(digit - b'0'));
    response.len() >= end + 4 + length
}

fn report() {
    let server = Server::start(0);
    println!("| case | instructions |\n| --- | ---: |");
    let counts = CASES.map(|(case, times)| {
        let count = instructions(case, times, &server.url);
        println!("| {case} | {count} |");
        count as f64
    });
    let [call, uncached, shared, cached, route, idle, layered, route_call, route_layered] = counts;
    println!("\ncached / call: 1/{:.0} (goal: 1/30)", call / cached);
    println!("uncached / call: {:.3}; in a shared call: {:.3}", uncached / call, shared / call);
    println!(
        "layer / none, public route: {:.3} (goal: 1.02); / one that does nothing: {:.3}",
        layered / route,
        layered / idle
    );
    println!("layer / call by hand, uncached: {:.3} (goal: 1.05)", route_layered / route_call);
    runtime().block_on(async {
        throughput(&server.url).await;
        hot(&server.url).await;
        memory(&server.url).await;
    });
}

fn instructions(case: &str, times: usize, url: &str) -> u64 {
    let program = std::env::current_exe().expect("this program");
    let count = |times: usize| {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(&program);
        let output = valgrind.args(["run", case, &times.to_string(), url]).output().expect("valgrind is installed");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let count = said.split("Collected : ").nth(1).and_then(|rest| rest.lines().next()?.trim().parse::<u64>().ok());
        count.unwrap_or_else(|| panic!("callgrind said: {said}"))
    };
    let (once, twice) = (count(times), count(2 * times));
    (twice - once) / times as u64
}

/// 64 checks in flight, cached and by a call each.
async fn throughput(url: &str) {
    let client = client(url);
    let sessions = Sessions::builder(&client).max_age(HOUR).build().expect("sessions");
    let who = Credential::session_token(data::TOKEN);
    let user = client.with_session_token(data::TOKEN);
    let (mut calls, mut checks) = (Vec::new(), Vec::new());
    for _ in 0..15 {
        let start = Instant::now();
        for _ in 0..10 {
            join_all((0..64).map(|_| async { user.to_session().await.expect("a session") })).await;
        }
        calls.push(start.elapsed());
        let start = Instant::now();
        for _ in 0..10 {
            join_all((0..64).map(|_| async { sessions.check(&who).await.expect("a session") })).await;
        }
        checks.push(start.elapsed());
    }
    let mut ratios: Vec<f64> =
        calls.iter().zip(&checks).map(|(call, check)| call.as_secs_f64() / check.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    println!("cached throughput / whoami, 64 in flight: {:.0} × (goal: 20 ×)", ratios[ratios.len() / 2]);
}

/// One person who comes all the time.
async fn hot(url: &str) {
    let (max_age, time) = (Duration::from_millis(50), Duration::from_secs(2));
    let sessions = Sessions::builder(&client(url)).max_age(max_age).build().expect("sessions");
    let who = Credential::session_token(data::TOKEN);
    let start = Instant::now();
    while start.elapsed() < time {
        sessions.check(&who).await.expect("a session");
    }
    let (stats, most) = (sessions.stats(), time.as_millis() / max_age.as_millis() + 1);
    println!(
        "{} checks of one person in {time:?} with max_age {max_age:?}: {} calls (goal: {most})",
        stats.checks, stats.calls
    );
}

/// What a session takes in the cache.
async fn memory(url: &str) {
    const PERSONS: usize = 5000;
    let sessions = Sessions::builder(&client(url)).max_age(HOUR).build().expect("sessions");
    let check = async |number: usize| {
        let who = Credential::session_token(format!("{}{number}", data::TOKEN));
        sessions.check(&who).await.expect("a session");
    };
    check(PERSONS).await;
    let before = IN_USE.load(Ordering::Relaxed);
    for number in 0..PERSONS {
        check(number).await;
    }
    let taken = (IN_USE.load(Ordering::Relaxed) - before) as f64 / PERSONS as f64;
    let json = data::session().len() as f64;
    let estimate = sessions.stats().bytes as f64 / sessions.stats().entries as f64;
    println!(
        "memory of a cached session: {taken:.0} bytes, {:.2} × its JSON (goal: 3); estimate {estimate:.0}",
        taken / json
    );
}
