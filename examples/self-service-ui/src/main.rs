//! ```text
//! cargo run --manifest-path examples/self-service-ui/Cargo.toml
//! ```
//!
//! With `ORY_KRATOS_PUBLIC_URL` and the other variables of `Client::from_env` it is in front of real servers, and without
//! in front of Ory in memory. `LISTEN` is the address (`127.0.0.1:4455`), and `PUBLIC_URL` the URL behind a proxy.

use std::error::Error;
use std::sync::Arc;

use ory_sdk::Client;
use ory_sdk::testing::StandIn;
use self_service_ui::{demo, site};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:4455".to_owned());
    let listener = TcpListener::bind(&address).await.map_err(|why| format!("cannot listen on {address}: {why}"))?;
    let url = std::env::var("PUBLIC_URL").unwrap_or(format!("http://{}", listener.local_addr()?));
    let is_real = ["ORY_KRATOS_PUBLIC_URL", "ORY_SDK_URL"].iter().any(|name| std::env::var_os(name).is_some());
    let site = if is_real {
        site(&Client::from_env()?, &url, None)?
    } else {
        let ory = StandIn::builder().self_service_url(&url).oauth2_url(format!("{url}/oauth2")).start().await?;
        let client = ory.client_builder().build()?;
        let pages = demo::set_up(Arc::new(ory), &client, &url).await?;
        let who = "jane@example.org and admin@example.org sign in with the password";
        println!("{who} {}, and their mails are at {url}/mails", demo::PASSWORD);
        site(&client, &url, Some(pages))?
    };
    println!("The pages are at {url}");
    Ok(axum::serve(listener, site).await?)
}
