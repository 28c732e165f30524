//! A program of a user with the feature `rustls-ring`.

use ory_sdk::Client;

fn main() {
    let https = || Client::builder().kratos_public_url("https://auth.example.org");
    let plain = || Client::builder().kratos_public_url("http://127.0.0.1:1");
    https().build().unwrap();
    plain().customize(|http| http.tcp_nodelay(true)).build().unwrap();
    // A client that is changed by hand takes its cryptography from the process, and nobody has installed any.
    let refused = https().customize(|http| http.tcp_nodelay(true)).build().unwrap_err();
    println!("{refused}");
    rustls::crypto::ring::default_provider().install_default().unwrap();
    https().customize(|http| http.tcp_nodelay(true)).build().unwrap();
    drop(reqwest::Client::new());
}
