//! The HTTP server, which hands each request to Kratos, Hydra or Keto.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::call::Call;
use super::fault::FaultKind;
use super::http::{Hosts, Reply, Request, SentBody};
use super::operation;
use super::outgoing::post;
use super::state::State;
use super::{hydra, keto, kratos, metadata};

/// The largest head of a request, in bytes. A request with more headers than a hundred is refused too.
const LARGEST_HEAD: usize = 64 << 10;

/// Serves until the future is dropped, which also closes all connections.
pub(crate) async fn serve(listener: TcpListener, hosts: Hosts, state: Arc<Mutex<State>>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                connections.spawn(serve_connection(stream, peer, hosts, Arc::clone(&state)));
            }
            // A passing fault, for example too many open files.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve_connection(stream: TcpStream, peer: SocketAddr, hosts: Hosts, state: Arc<Mutex<State>>) {
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move {
            // The state is locked only once the whole request is here, so that a slow sender holds up nobody else.
            match Request::read(request, peer, hosts).await {
                Ok(request) => serve_request(request, &state).await,
                Err(refusal) => Ok(refusal.into_response()),
            }
        }
    });
    // A caller that hangs up early has its response already, or does not want it. No timer closes idle connections: it
    // would fire at once in a test that pauses tokio's clock.
    let _ = http1::Builder::new().max_buf_size(LARGEST_HEAD).serve_connection(TokioIo::new(stream), service).await;
}

/// Responds to a request, unless a test wants a fault. An error closes the connection without a response.
async fn serve_request(request: Request, state: &Mutex<State>) -> io::Result<http::Response<SentBody>> {
    let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
    let operation = operation::called(&request.method, &request.segments);
    let fault = lock().faults.take(operation);
    if let Some(fault) = fault.as_ref().filter(|fault| !fault.delay.is_zero()) {
        tokio::time::sleep(fault.delay).await;
    }
    let kind = fault.map_or(FaultKind::Usual, |fault| fault.kind);
    let is_cut = matches!(kind, FaultKind::Cut);
    let mut state = lock();
    let reply = match kind {
        FaultKind::Respond(reply) => Some(reply),
        FaultKind::Closed => None,
        FaultKind::Lost => {
            respond_and_call(&mut state, &request);
            None
        }
        FaultKind::Cut | FaultKind::Usual => Some(respond_and_call(&mut state, &request)),
    };
    state.calls.add(Call::new(operation, request, reply.as_ref().map(Reply::status)));
    match reply {
        None => Err(io::Error::other("a test asked for a closed connection")),
        Some(reply) if is_cut => Ok(reply.into_cut_response()),
        Some(reply) => Ok(reply.into_response()),
    }
}

/// Responds, and makes the calls to applications that follow from the request.
fn respond_and_call(state: &mut State, request: &Request) -> Reply {
    let reply = respond(state, request);
    for outgoing in std::mem::take(&mut state.outgoing) {
        tokio::spawn(post(outgoing));
    }
    reply
}

/// One URL serves all servers, so the path decides.
pub(super) fn respond(state: &mut State, request: &Request) -> Reply {
    if let Some(reply) = metadata::respond(request) {
        return reply;
    }
    let path = request.path();
    if keto::owns(&path) {
        keto::respond(state, request)
    } else if hydra::owns(&path) {
        hydra::respond(state, request)
    } else {
        kratos::respond(state, request)
    }
}
