//! The server: sends canned responses over loopback, with one thread per connection. It is a separate process, so that
//! it is not counted and does not slow down the caller's runtime.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;

use crate::data;

/// Tells a bench program to be the server, with this many identities.
const ROLE: &str = "ORY_BENCH_IDENTITIES";

/// The server's process. It ends when this is dropped.
pub struct Server {
    pub url: String,
    process: Child,
    lifeline: Option<ChildStdin>,
}

impl Server {
    /// Starts this program again, as the server.
    pub fn start(identities: usize) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        command.env(ROLE, identities.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("the server starts");
        let lifeline = process.stdin.take();
        let mut url = String::new();
        let stdout = process.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut url).expect("its address");
        Self { url: url.trim().to_owned(), process, lifeline }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.process.wait();
    }
}

/// Serves until the parent is gone, if this process was started as the server. Every bench program calls this first.
pub fn serve_if_asked() {
    let Some(identities) = std::env::var(ROLE).ok().and_then(|count| count.parse().ok()) else { return };
    let responses = Arc::new(Responses::new(identities));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("http://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let responses = Arc::clone(&responses);
            std::thread::spawn(move || serve(stream, &responses));
        }
    });
    let _ = std::io::stdin().read(&mut [0]);
    std::process::exit(0);
}

/// Whole responses, built once.
struct Responses {
    session: Vec<u8>,
    refusal: Vec<u8>,
    login_flow: Vec<u8>,
    pages: Vec<Vec<u8>>,
    nothing: Vec<u8>,
}

impl Responses {
    fn new(identities: usize) -> Self {
        let pages = identities / data::PAGE;
        let page = |number: usize| {
            let link = if number + 1 < pages {
                let next = data::id((number + 1) * data::PAGE);
                format!("Link: </admin/identities?page_size={}&page_token={next}>; rel=\"next\"\r\n", data::PAGE)
            } else {
                String::new()
            };
            response("200 OK", &link, &data::page(number * data::PAGE, data::PAGE))
        };
        Self {
            session: response("200 OK", "Vary: Cookie\r\n", &data::session()),
            refusal: response("401 Unauthorized", "Ory-Error-Id: \r\nVary: Cookie\r\n", &data::refusal()),
            login_flow: response("200 OK", "Vary: Cookie\r\n", &data::login_flow()),
            pages: (0..pages).map(page).collect(),
            nothing: response("200 OK", "", b"[]"),
        }
    }

    fn to(&self, head: &str) -> &[u8] {
        let target = head.split(' ').nth(1).unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        match path {
            "/sessions/whoami" if head.contains(data::TOKEN) => &self.session,
            "/self-service/login/flows" => &self.login_flow,
            "/admin/identities" => {
                // The page token, if given, starts with the row number in hexadecimal. Otherwise pages count from 0.
                let value = |key: &str| query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='));
                let by_token = value("page_token").map(|id| usize::from_str_radix(&id[..8], 16).unwrap_or(0));
                let by_number = value("page").and_then(|page| page.parse().ok()).unwrap_or(0);
                let number = by_token.map_or(by_number, |row| row / data::PAGE);
                self.pages.get(number).unwrap_or(&self.nothing)
            }
            _ => &self.refusal,
        }
    }
}

fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nCache-Control: private, no-cache, no-store, must-revalidate\r\n\
         Content-Type: application/json; charset=utf-8\r\n{headers}Date: Sun, 22 Nov 2026 13:49:01 GMT\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Responds to the requests of one connection. None of them has a body.
fn serve(mut stream: TcpStream, responses: &Responses) {
    let _ = stream.set_nodelay(true);
    let (mut head, mut chunk) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = stream.read(&mut chunk) {
        head.extend_from_slice(&chunk[..count]);
        if !head.ends_with(b"\r\n\r\n") {
            continue;
        }
        let response = responses.to(&String::from_utf8_lossy(&head));
        if stream.write_all(response).is_err() {
            return;
        }
        head.clear();
    }
}
