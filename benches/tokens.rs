//! What the check of an access token costs: by its signature, here and with `jsonwebtoken`, and by asking Hydra. The keys are
//! those of a stand-in; `ORY_HYDRA_PUBLIC_URL` and `ORY_HYDRA_ADMIN_URL` name a real Hydra to ask instead.

use std::hint::black_box;
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use ory_sdk::Client;
use ory_sdk::jwt::{AccessTokens, Introspection, KeySet};
use ory_sdk::testing::StandIn;
use serde_json::Value;
use tokio::runtime::Runtime;

const API: &str = "https://api.example.org";

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    println!("| a token | checked here | with jsonwebtoken | ratio |");
    println!("| --- | ---: | ---: | ---: |");
    let mut rs256 = Duration::ZERO;
    for algorithm in ["RS256", "PS256", "ES256", "ES384", "EdDSA"] {
        let (ours, theirs) = signature(&runtime, algorithm);
        if algorithm == "RS256" {
            rs256 = ours;
        }
        println!("| {algorithm} | {ours:.1?} | {theirs:.1?} | {:.2} |", ours.as_secs_f64() / theirs.as_secs_f64());
    }
    let (call, cached, what) = introspection(&runtime);
    println!("\n| introspection by {what} | to a signature (RS256) |\n| --- | ---: |");
    println!("| {call:.1?} a call | {:.0} × |", call.as_secs_f64() / rs256.as_secs_f64());
    println!("| {cached:.1?} from the cache | {:.2} × |", cached.as_secs_f64() / rs256.as_secs_f64());
}

/// The time of a check with our verifier and with the other library, each the median of rounds that alternate.
fn signature(runtime: &Runtime, algorithm: &str) -> (Duration, Duration) {
    let (token, keys, issuer) = runtime.block_on(async {
        let ory = StandIn::start().await.expect("a stand-in");
        let draft = ory.access_token().audience([API]).algorithm(algorithm).expect("a key");
        let token = draft.expires_in(Duration::from_secs(3600)).sign();
        let keys = ory.client_builder().build().expect("a client").discover_json_web_keys().await.expect("keys");
        (token, serde_json::to_string(&*keys).expect("JSON"), ory.url().to_owned())
    });
    let tokens = AccessTokens::builder(&KeySet::from_json(&keys).expect("keys")).issuer(&issuer).audience(API);
    let tokens = tokens.build().expect("a verifier");
    let header = decode_header(&token).expect("a header");
    let set: JwkSet = serde_json::from_str(&keys).expect("keys");
    let key = DecodingKey::from_jwk(set.find(header.kid.as_deref().expect("an id")).expect("the key")).expect("a key");
    let mut validation = Validation::new(algorithm.parse::<Algorithm>().expect("an algorithm"));
    validation.set_issuer(&[&issuer]);
    validation.set_audience(&[API]);
    validation.validate_nbf = true;
    let ours = || drop(black_box(runtime.block_on(tokens.check(&token)).expect("a good token")));
    let theirs = || drop(black_box(decode::<Value>(&token, &key, &validation).expect("a good token")));
    alternate(ours, theirs)
}

/// The time of a call, and of a check that finds a cached response.
fn introspection(runtime: &Runtime) -> (Duration, Duration, &'static str) {
    runtime.block_on(async {
        let ory = StandIn::start().await.expect("a stand-in");
        let is_real = std::env::var_os("ORY_HYDRA_ADMIN_URL").is_some();
        let client = if is_real { Client::from_env() } else { ory.client_builder().build() }.expect("a client");
        let created = client.admin_create_oauth2_client();
        let created = created.body_map(|body| body.grant_types(["client_credentials"]).client_secret("a-Long-secret!"));
        let created = created.await.expect("a client");
        let id = created.client_id.as_deref().expect("an id");
        let form = [("grant_type", "client_credentials")];
        let handle = client.with_client_credentials(id, "a-Long-secret!");
        let issued = handle.perform_oauth2_token_flow().form(form).await.expect("a token");
        let token = issued.access_token.as_ref().expect("a token").expose().to_owned();
        let build = |age| Introspection::builder(&client).any_audience().max_age(age).build().expect("a verifier");
        let (fresh, kept) = (build(Duration::ZERO), build(Duration::from_secs(3600)));
        kept.check(&token).await.expect("a good token");
        let mut calls = Vec::new();
        for _ in 0..500 {
            let start = Instant::now();
            fresh.check(&token).await.expect("a good token");
            calls.push(start.elapsed());
        }
        let start = Instant::now();
        for _ in 0..10_000 {
            kept.check(&token).await.expect("a good token");
        }
        let what = if is_real { "a real Hydra" } else { "the stand-in" };
        (median(calls), start.elapsed() / 10_000, what)
    })
}

fn alternate(one: impl Fn(), other: impl Fn()) -> (Duration, Duration) {
    const ROUNDS: usize = 41;
    const TIMES: u32 = 100;
    let time = |work: &dyn Fn()| {
        let start = Instant::now();
        (0..TIMES).for_each(|_| work());
        start.elapsed() / TIMES
    };
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ones.push(time(&one));
        others.push(time(&other));
    }
    (median(ones), median(others))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
