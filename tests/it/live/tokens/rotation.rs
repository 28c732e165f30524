//! Hydra signs with another key while services get tokens and check them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ory_sdk::jwt::{AccessTokens, KeySet, Refusal};
use serde_json::{Value, json};

use crate::live::scene::{API, Scene, Service, alone};

const SET: &str = "hydra.jwt.access-token";
const CALLERS: usize = 6;

/// How many tokens were checked.
#[derive(Debug, Default)]
struct Counts {
    old_key: AtomicUsize,
    new_key: AtomicUsize,
    /// That name the old key and were signed with the new one, and came before the new one was known here.
    of_two_keys: AtomicUsize,
}

/// No good token is refused before, while and after the key changes, and the new key is used.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers of live::tokens"]
async fn no_good_token_is_refused() {
    alone(|scene| async move {
        let service = Arc::new(scene.service("rotation", json!({})).await);
        for algorithm in ["RS256", "ES256", "EdDSA", "PS512"] {
            let kid = scene.run.name(&algorithm.to_lowercase());
            let counts = rotate(&scene, &service, algorithm, &kid).await;
            println!("{algorithm}: {counts:?}");
            // From here on, Hydra signs with the key that was there before.
            scene.client.admin_delete_json_web_key().set(SET).kid(&kid).await.unwrap();
        }
    })
    .await;
}

async fn rotate(scene: &Arc<Scene>, service: &Arc<Service>, algorithm: &str, kid: &str) -> Arc<Counts> {
    let tokens = scene.access_tokens();
    let counts = Arc::new(Counts::default());
    let is_over = Arc::new(AtomicBool::new(false));
    let callers = (0..CALLERS).map(|_| {
        let (scene, service, counts) = (Arc::clone(scene), Arc::clone(service), Arc::clone(&counts));
        let (tokens, is_over, kid) = (tokens.clone(), Arc::clone(&is_over), kid.to_owned());
        tokio::spawn(async move {
            let (mut first, mut refused) = (None, Vec::new());
            while !is_over.load(Ordering::Relaxed) {
                let sent = service.token().await;
                let sent = sent.expose();
                let count = match tokens.check(sent).await {
                    Ok(_) if header(sent)["kid"] == kid => &counts.new_key,
                    Ok(_) => &counts.old_key,
                    // Until the new key is known here.
                    Err(Refusal::Invalid(_)) if is_of_two_keys(&scene, sent).await => {
                        refused.push(sent.to_owned());
                        &counts.of_two_keys
                    }
                    Err(refusal) => panic!("a good token: {refusal:?}"),
                };
                count.fetch_add(1, Ordering::Relaxed);
                // Tokens of the old key stay good.
                let old = first.get_or_insert(sent.to_owned());
                tokens.check(old).await.unwrap_or_else(|refusal| panic!("an old token: {refusal:?}"));
            }
            refused
        })
    });
    let callers: Vec<tokio::task::JoinHandle<Vec<String>>> = callers.collect();
    tokio::time::sleep(Duration::from_millis(700)).await;
    let body = scene.client.admin_create_json_web_key_set().set(SET);
    let made = body.body_map(|body| body.alg(algorithm).use_("sig").kid(kid)).await.unwrap();
    assert_eq!(made.keys[0].alg.as_deref(), Some(algorithm));
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    is_over.store(true, Ordering::Relaxed);
    for caller in callers {
        for sent in caller.await.unwrap() {
            tokens.check(&sent).await.unwrap_or_else(|refusal| panic!("a token of two keys: {refusal:?}"));
        }
    }
    let count = |count: &AtomicUsize| count.load(Ordering::Relaxed);
    assert!(count(&counts.old_key) > CALLERS && count(&counts.new_key) > CALLERS, "{algorithm}: {counts:?}");
    assert!(count(&counts.of_two_keys) <= CALLERS, "only in the moment of the change: {counts:?}");
    counts
}

/// Whether another published key signed the token than the one that it names.
async fn is_of_two_keys(scene: &Scene, token: &str) -> bool {
    let published = scene.client.discover_json_web_keys().await.unwrap();
    let named = header(token)["kid"].clone();
    for key in &published.keys {
        let mut key = serde_json::to_value(key).unwrap();
        if key["kid"] == named {
            continue;
        }
        key["kid"] = named.clone();
        let keys = KeySet::from_json(json!({"keys": [key]}).to_string()).unwrap();
        let tokens = AccessTokens::builder(&keys).issuer(&scene.issuer).audience(API).build().unwrap();
        if tokens.check(token).await.is_ok() {
            return true;
        }
    }
    false
}

fn header(token: &str) -> Value {
    serde_json::from_slice(&BASE64.decode(token.split('.').next().unwrap()).unwrap()).unwrap()
}
