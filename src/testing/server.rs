//! The HTTP server, which hands each request to Kratos or Hydra.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::http::{Reply, Request};
use super::state::State;
use super::{hydra, kratos};

/// Serves until the future is dropped, which also closes all connections.
pub(crate) async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                connections.spawn(serve_connection(stream, peer, Arc::clone(&state)));
            }
            // A passing fault, for example too many open files.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve_connection(stream: TcpStream, peer: SocketAddr, state: Arc<Mutex<State>>) {
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move {
            let request = Request::read(request, peer).await?;
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            Ok::<_, hyper::Error>(respond(&mut state, &request).into_response())
        }
    });
    // A caller that hangs up early has its response already, or does not want it.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// One URL serves both servers, so the path decides.
fn respond(state: &mut State, request: &Request) -> Reply {
    if hydra::owns(&request.path()) { hydra::respond(state, request) } else { kratos::respond(state, request) }
}
