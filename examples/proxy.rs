//! Calls through a proxy, which a company may ask for on the way out of its network.
//!
//! ```text
//! cargo run --example proxy
//! ```

#[path = "support/https.rs"]
mod https;

use std::error::Error;
use std::sync::{Arc, Mutex};

use ory_sdk::Client;
use ory_sdk::reqwest::{Certificate, Proxy};
use ory_sdk::testing::StandIn;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

type Heard = Arc<Mutex<Vec<String>>>;

/// A proxy that knows where `ory.test` is. It keeps what it can read of each connection, and passes on the rest.
async fn proxy(heard: Heard) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(tunnel(stream, Arc::clone(&heard)));
        }
    });
    Ok(url)
}

async fn tunnel(stream: TcpStream, heard: Heard) -> std::io::Result<()> {
    let mut client = BufReader::new(stream);
    let mut port = String::new();
    loop {
        let mut line = String::new();
        client.read_line(&mut line).await?;
        if let Some(rest) = line.strip_prefix("CONNECT ory.test:") {
            port = rest.split(' ').next().unwrap_or_default().to_owned();
        }
        match line.trim() {
            "" => break,
            line => heard.lock().into_iter().for_each(|mut heard| heard.push(line.to_owned())),
        }
    }
    let mut server = TcpStream::connect(format!("127.0.0.1:{port}")).await?;
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let ory = StandIn::start().await?;
    let port = https::serve(ory.url()).await?;
    let heard = Heard::default();

    // Without this, the variables HTTPS_PROXY, ALL_PROXY and NO_PROXY count. `no_proxy()` ignores them.
    let proxy = Proxy::https(proxy(Arc::clone(&heard)).await?)?.basic_auth("reports", "a-password-of-the-proxy");
    let authority = Certificate::from_pem(https::AUTHORITY)?;
    let client = Client::builder()
        .kratos_public_url(format!("https://ory.test:{port}"))
        // Plain http never goes through a proxy, so this server needs no exception.
        .kratos_admin_url(ory.url())
        .customize(move |http| http.proxy(proxy.clone()).tls_certs_only([authority.clone()]))
        .build()?;

    let ada = ory.sign_in("ada@example.org");
    let session = client.with_session_token(ada.token()).to_session().await?;
    println!("signed in through the proxy: session {}", session.id);
    println!("without it: {} identity", client.admin_list_identities().await?.len());

    println!("the proxy could read:");
    let heard = heard.lock().map_err(|_| "the proxy broke")?;
    heard.iter().for_each(|line| println!("  {}", line.split("Basic ").next().unwrap_or_default()));
    assert!(heard.iter().any(|line| line.starts_with("CONNECT ory.test:")));
    assert!(!heard.iter().any(|line| line.contains(ada.token().expose())), "a token of a user");
    Ok(())
}
