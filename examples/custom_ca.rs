//! A server whose certificate comes from the authority of a company, and not from one that the machine trusts.
//!
//! ```text
//! cargo run --example custom_ca
//! ```

#[path = "support/https.rs"]
mod https;

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};

use ory_sdk::reqwest::Certificate;
use ory_sdk::retry::Retry;
use ory_sdk::testing::StandIn;
use ory_sdk::{Client, ClientBuilder};

/// A client for Kratos at this port. `ory.test` is a name that only this program knows, so it says where that is.
fn client(port: u16, authority: Option<&[u8]>) -> Result<Client, Box<dyn Error>> {
    let builder: ClientBuilder = Client::builder()
        .kratos_public_url(format!("https://ory.test:{port}"))
        // A certificate that is not trusted now is not trusted at a second try.
        .retry(Retry::off());
    let authority = authority.map(Certificate::from_pem).transpose()?;
    let client = builder.customize(move |http| {
        let http = http.resolve("ory.test", SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        match &authority {
            // No other authority. To trust those of the machine too, use `tls_certs_merge`.
            Some(authority) => http.tls_certs_only([authority.clone()]),
            None => http,
        }
    });
    Ok(client.build()?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let ory = StandIn::start().await?;
    let port = https::serve(ory.url()).await?;
    let ada = ory.sign_in("ada@example.org");

    let stranger = client(port, None)?.with_session_token(ada.token());
    let error = stranger.to_session().await.err().ok_or("a certificate of an unknown authority was trusted")?;
    println!("without the authority: {error}");
    assert!(error.is_connect(), "nothing was sent");

    let colleague = client(port, Some(https::AUTHORITY))?.with_session_token(ada.token());
    println!("with it:               signed in, session {}", colleague.to_session().await?.id);
    assert_eq!(ory.calls_of("to_session")?.len(), 1);
    Ok(())
}
