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
const ROUNDS: usize = 41;
const TIMES: usize = 50;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    println!("| a token | checked here | with jsonwebtoken | ratio | again here |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let (mut rs256, mut warm) = (Duration::ZERO, Duration::ZERO);
    for algorithm in ["RS256", "PS256", "ES256", "ES384", "EdDSA"] {
        let (ours, theirs, again) = signature(&runtime, algorithm);
        if algorithm == "RS256" {
            (rs256, warm) = (ours, again);
        }
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        println!("| {algorithm} | {ours:.1?} | {theirs:.1?} | {ratio:.2} | {again:.1?} |");
    }
    let (call, cached, what) = introspection(&runtime);
    let times = |one: Duration| call.as_secs_f64() / one.as_secs_f64();
    println!("\nIntrospection by {what}: {call:.1?} a call, {cached:.1?} from the cache.");
    println!(
        "A call takes {:.0} × a signature (RS256), and {:.0} × a token that comes again.",
        times(rs256),
        times(warm)
    );
}

/// The time of the first check with our verifier, of one with the other library, and of another check with ours: each the
/// median of rounds that alternate.
fn signature(runtime: &Runtime, algorithm: &str) -> (Duration, Duration, Duration) {
    let (tokens, keys, issuer) = runtime.block_on(async {
        let ory = StandIn::start().await.expect("a stand-in");
        let draft = || ory.access_token().audience([API]).algorithm(algorithm).expect("a key");
        let sign = |number: usize| draft().expires_in(Duration::from_secs(3600)).claim("number", number).sign();
        let tokens: Vec<String> = (0..ROUNDS * TIMES).map(sign).collect();
        let keys = ory.client_builder().build().expect("a client").discover_json_web_keys().await.expect("keys");
        (tokens, serde_json::to_string(&*keys).expect("JSON"), ory.url().to_owned())
    });
    let access = AccessTokens::builder(&KeySet::from_json(&keys).expect("keys")).issuer(&issuer).audience(API);
    let access = access.build().expect("a verifier");
    let header = decode_header(&tokens[0]).expect("a header");
    let set: JwkSet = serde_json::from_str(&keys).expect("keys");
    let key = DecodingKey::from_jwk(set.find(header.kid.as_deref().expect("an id")).expect("the key")).expect("a key");
    let mut validation = Validation::new(algorithm.parse::<Algorithm>().expect("an algorithm"));
    validation.set_issuer(&[&issuer]);
    validation.set_audience(&[API]);
    validation.validate_nbf = true;
    let ours = |token: &str| drop(black_box(runtime.block_on(access.check(token)).expect("a good token")));
    let theirs = |token: &str| drop(black_box(decode::<Value>(token, &key, &validation).expect("a good token")));
    let time = |work: &dyn Fn(&str), tokens: &[String]| {
        let start = Instant::now();
        tokens.iter().for_each(|token| work(token));
        start.elapsed() / u32::try_from(tokens.len()).expect("few")
    };
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for some in tokens.chunks(TIMES) {
        times[0].push(time(&ours, some));
        times[1].push(time(&theirs, some));
        times[2].push(time(&ours, some));
    }
    let [first, other, again] = times.map(median);
    (first, other, again)
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

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
