//! Ory for development, without a server: a stand-in for Kratos, Hydra and Keto as a program, for browsers and for
//! programs in other languages.
//!
//! ```text
//! cargo run --example stand_in -- --port 4433 --seed people.json
//! ```
//!
//! | option | meaning |
//! | --- | --- |
//! | `--port PORT` | the port to listen on; 4433 if missing |
//! | `--listen ADDRESS` | the address to listen on; 127.0.0.1 if missing |
//! | `--seed FILE` | people to create: `[{"email": "..", "password": "..", "traits": {}, "verified": true}]` |
//! | `--pages URL` | where your own pages for login, registration and so on are; `http://127.0.0.1:4455` if missing |
//! | `--oauth2-pages URL` | where your login and consent app for OAuth2 is; `http://127.0.0.1:3000` if missing |
//!
//! One URL serves all: set `ORY_SDK_URL` to it. Everything is kept in memory and lost at the end.

use std::error::Error;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ory_sdk::testing::StandIn;
use serde_json::Value;

pub struct Options {
    address: SocketAddr,
    seed: Option<String>,
    pages: Option<String>,
    oauth2_pages: Option<String>,
}

/// Reads the options of the command line.
pub fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, Box<dyn Error>> {
    let (mut ip, mut port) = (IpAddr::V4(Ipv4Addr::LOCALHOST), 4433);
    let (mut seed, mut pages, mut oauth2_pages) = (None, None, None);
    while let Some(option) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{option} needs a value"))?;
        match option.as_str() {
            "--port" => port = value.parse().map_err(|_| format!("expected a port, but got {value:?}"))?,
            "--listen" => ip = value.parse().map_err(|_| format!("expected an IP address, but got {value:?}"))?,
            "--seed" => seed = Some(value),
            "--pages" => pages = Some(value),
            "--oauth2-pages" => oauth2_pages = Some(value),
            _ => return Err(format!("unknown option {option}: see the top of examples/stand_in.rs").into()),
        }
    }
    Ok(Options { address: SocketAddr::new(ip, port), seed, pages, oauth2_pages })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = options(std::env::args().skip(1))?;
    let _ory = start(options, &mut io::stdout()).await?; // Until the program is interrupted.
    std::future::pending().await
}

/// Starts the stand-in, and prints where it is and who can sign in.
pub async fn start(options: Options, out: &mut dyn Write) -> Result<StandIn, Box<dyn Error>> {
    let mut builder = StandIn::builder().address(options.address);
    if let Some(url) = options.pages {
        builder = builder.self_service_url(url);
    }
    if let Some(url) = options.oauth2_pages {
        builder = builder.oauth2_url(url);
    }
    let ory = builder.start().await.map_err(|why| format!("cannot listen on {}: {why}", options.address))?;
    writeln!(out, "Kratos, Hydra and Keto are at {}", ory.url())?;
    writeln!(out, "export ORY_SDK_URL={}", ory.url())?;
    if !options.address.ip().is_loopback() {
        let what = "other machines can reach this, and nothing in it is secure: anybody can sign in as anybody";
        writeln!(out, "WARNING: {what}")?;
    }
    match options.seed {
        Some(file) => seed(&ory, &file, out)?,
        None => {
            ory.person("ada@example.org").password("a-Long-passw0rd!").verified().create();
            writeln!(out, "ada@example.org can sign in with the password a-Long-passw0rd!")?;
        }
    }
    Ok(ory)
}

/// Creates the people of a file.
fn seed(ory: &StandIn, file: &str, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let text = std::fs::read_to_string(file).map_err(|why| format!("{file}: {why}"))?;
    let people: Vec<Value> = serde_json::from_str(&text).map_err(|why| format!("{file}: {why}"))?;
    for (at, person) in people.iter().enumerate() {
        let email = person["email"].as_str().ok_or_else(|| format!("{file}: item {at} has no `email`"))?;
        let mut new = ory.person(email).traits(person["traits"].clone());
        if let Some(password) = person["password"].as_str() {
            new = new.password(password);
        }
        if person["verified"] == true { new.verified() } else { new }.create();
        let how =
            person["password"].as_str().map_or("a code by mail".to_owned(), |text| format!("the password {text}"));
        writeln!(out, "{email} can sign in with {how}")?;
    }
    Ok(())
}
