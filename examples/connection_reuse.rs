//! Connections are kept for the next call: by a client, its clones and its handles, and not by another client.
//!
//! ```text
//! cargo run --example connection_reuse
//! ```

#[path = "support/gateway.rs"]
mod gateway;

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::serve::Listener;
use ory_sdk::testing::StandIn;
use ory_sdk::{Client, Secret};
use tokio::net::{TcpListener, TcpStream};

/// Counts the connections that a server accepts.
struct Counter {
    tcp: TcpListener,
    count: Arc<AtomicUsize>,
}

impl Listener for Counter {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let accepted = Listener::accept(&mut self.tcp).await;
        self.count.fetch_add(1, Ordering::SeqCst);
        accepted
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}

/// Who each of these people is: a handle a person, all of them on one client.
async fn check(ory: &Client, tokens: &[Secret]) -> ory_sdk::Result<()> {
    for token in tokens {
        ory.with_session_token(token).to_session().await?;
    }
    Ok(())
}

// With more threads, a call may begin before the connection of the one before it is back, and make one more.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let ory = StandIn::start().await?;
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Counter { tcp: TcpListener::bind("127.0.0.1:0").await?, count: Arc::clone(&count) };
    let url = format!("http://{}", counter.local_addr()?);
    tokio::spawn(axum::serve(counter, gateway::gateway(ory.url())).into_future());
    let connect = || Client::builder().kratos_public_url(&url).build();
    let tokens: Vec<Secret> =
        (0..20).map(|number| ory.sign_in(&format!("{number}@example.org")).token().clone()).collect();

    // Build one client when the program starts, and clone it.
    let client = connect()?;
    check(&client, &tokens).await?;
    check(&client.clone(), &tokens).await?;
    let one = count.swap(0, Ordering::SeqCst);
    println!("one client, 40 calls one after another:   {one} connection");

    let calls: Vec<_> = tokens.iter().map(|token| client.with_session_token(token).to_session().send()).collect();
    let calls: Vec<_> = calls.into_iter().map(tokio::spawn).collect();
    for call in calls {
        call.await??;
    }
    let more = count.swap(0, Ordering::SeqCst);
    println!("one client, 20 calls at the same time:    {more} more, which are kept for 50 seconds");

    for token in &tokens {
        check(&connect()?, std::slice::from_ref(token)).await?;
    }
    let many = count.swap(0, Ordering::SeqCst);
    println!("a new client for each of 20 calls:        {many} connections");
    assert_eq!((one, more, many), (1, 19, 20));
    Ok(())
}
