//! The HTTP server, which hands each request to Kratos, Hydra or Keto.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::call::post;
use super::http::{Reply, Request};
use super::state::State;
use super::{hydra, keto, kratos, metadata};

/// The largest head of a request, in bytes. A request with more headers than a hundred is refused too.
const LARGEST_HEAD: usize = 64 << 10;

/// Serves until the future is dropped, which also closes all connections.
pub(crate) async fn serve(listener: TcpListener, port: u16, state: Arc<Mutex<State>>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                connections.spawn(serve_connection(stream, peer, port, Arc::clone(&state)));
            }
            // A passing fault, for example too many open files.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve_connection(stream: TcpStream, peer: SocketAddr, port: u16, state: Arc<Mutex<State>>) {
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move {
            // The state is locked only once the whole request is here, so that a slow sender holds up nobody else.
            let reply = match Request::read(request, peer, port).await {
                Ok(request) => {
                    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                    let reply = respond(&mut state, &request);
                    for call in std::mem::take(&mut state.calls) {
                        tokio::spawn(post(call));
                    }
                    reply
                }
                Err(refusal) => refusal,
            };
            Ok::<_, Infallible>(reply.into_response())
        }
    });
    // A caller that hangs up early has its response already, or does not want it. No timer closes idle connections: it
    // would fire at once in a test that pauses tokio's clock.
    let _ = http1::Builder::new().max_buf_size(LARGEST_HEAD).serve_connection(TokioIo::new(stream), service).await;
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
