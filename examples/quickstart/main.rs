//! A user registers, signs in and changes a trait; an OAuth2 client gets a token; a permission is checked if there is a Keto.
//! Then everything is deleted.
//!
//! ```text
//! cargo run --example quickstart
//! ```
//!
//! runs against a stand-in in this process. Set `ORY_SDK_URL`, or `ORY_KRATOS_PUBLIC_URL`, `ORY_KRATOS_ADMIN_URL`,
//! `ORY_HYDRA_PUBLIC_URL` and `ORY_HYDRA_ADMIN_URL`, to run it against real servers. Their identity schema needs the
//! traits `email`, `name.first`, `name.last` and `newsletter`. With `ORY_KETO_READ_URL` and `ORY_KETO_WRITE_URL`, or with
//! `ORY_SDK_URL`, it also gives the user the relation `owner` to an object in Keto, and checks it.

mod made;
mod oauth2;
pub mod people;
mod permission;

use std::error::Error;
use std::io::{self, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use made::Made;
use ory_sdk::contract::Endpoint;
use ory_sdk::testing::StandIn;
use ory_sdk::{Client, Secret};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, stand_in) = connect().await?;
    let out = &mut io::stdout();
    let servers = if stand_in.is_some() { "a stand-in in this process" } else { "the servers in the environment" };
    writeln!(out, "calling {servers}")?;
    run(&client, out).await
}

/// A client for the servers in the environment, or for a stand-in, which stops when it is dropped.
async fn connect() -> Result<(Client, Option<StandIn>), Box<dyn Error>> {
    let single = ["KRATOS_PUBLIC", "KRATOS_ADMIN", "HYDRA_PUBLIC", "HYDRA_ADMIN"].map(|name| format!("ORY_{name}_URL"));
    let is_set = |name: &String| std::env::var_os(name).is_some_and(|url| !url.is_empty());
    if is_set(&"ORY_SDK_URL".to_owned()) || single.iter().any(is_set) {
        return Ok((Client::from_env()?, None));
    }
    let stand_in = StandIn::start().await?;
    stand_in.set_namespaces(["File"]);
    let client = stand_in.client_builder().build()?;
    Ok((client, Some(stand_in)))
}

/// Runs all steps, and prints a line for each. Deletes what it made, even if a step fails.
pub async fn run(client: &Client, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    for endpoint in [Endpoint::KratosPublic, Endpoint::KratosAdmin, Endpoint::HydraPublic, Endpoint::HydraAdmin] {
        let url = client.endpoint(&endpoint).ok_or_else(|| format!("{endpoint} is not configured: set its URL"))?;
        writeln!(out, "{endpoint} is at {url}")?;
    }
    let mut made = Made::default();
    let outcome = steps(client, &mut made, out).await;
    let cleaned = made::clean_up(client, &made, out).await;
    outcome.and(cleaned)
}

async fn steps(client: &Client, made: &mut Made, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let unique = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
    let email = format!("quickstart-{unique}@example.org");
    let password: String = std::iter::repeat_with(fastrand::alphanumeric).take(24).collect();
    let password = Secret::from(password);

    people::register(client, &email, &password, made, out).await?;
    let token = people::sign_in(client, &email, &password, out).await?;
    // Calls with this handle send the user's token in `X-Session-Token`.
    let user = client.with_session_token(token.clone());
    let session = user.to_session().await?;
    let identity = session.into_body().identity.ok_or("the session has no identity")?;
    writeln!(out, "asked whose session it is: identity {}", identity.id)?;
    let id = identity.id;
    people::subscribe(&user, identity, out).await?;

    let (pages, identities) = people::list(client).await?;
    writeln!(out, "listed identities: {identities} on {pages} page(s), of at most two")?;

    oauth2::token(client, made, out).await?;
    permission::check(client, &id.to_string(), made, out).await?;
    people::sign_out(&user, token, out).await
}
