//! The same tokens read by another library, `jsonwebtoken`: what it refuses, we refuse.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use ory_sdk::jwt::AccessTokens;
use ory_sdk::testing::StandIn;
use serde_json::Value;

use super::support::{API, keys};

/// What the other library says of a token. It checks no kind.
fn peer(keys: &JwkSet, issuer: &str, token: &str) -> Result<Value, String> {
    let header = decode_header(token).map_err(|why| why.to_string())?;
    let key = keys.find(header.kid.as_deref().unwrap_or_default()).ok_or("no such key")?;
    let algorithm: Algorithm =
        key.common.key_algorithm.ok_or("no algorithm")?.to_string().parse().map_err(|_| "algorithm")?;
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[API]);
    validation.leeway = 30;
    validation.validate_nbf = true;
    let key = DecodingKey::from_jwk(key).map_err(|why| why.to_string())?;
    decode::<Value>(token, &key, &validation).map(|data| data.claims).map_err(|why| why.to_string())
}

#[tokio::test]
async fn mutated_tokens_are_good_for_both_or_for_neither() {
    let ory = StandIn::start().await.unwrap();
    let mut tokens: Vec<String> = ["RS256", "PS384", "ES256", "ES384", "EdDSA"]
        .iter()
        .map(|algorithm| ory.access_token().audience([API]).algorithm(algorithm).unwrap().sign())
        .collect();
    tokens.push(ory.access_token().audience(["other"]).sign());
    tokens.push(ory.access_token().audience([API]).expired().sign());
    let client = ory.client_builder().build().unwrap();
    let public = serde_json::to_value(&*client.discover_json_web_keys().await.unwrap()).unwrap();
    let public: JwkSet = serde_json::from_value(public).unwrap();
    let ours = AccessTokens::builder(&keys(&ory)).issuer(ory.url()).audience(API).build().unwrap();
    let mut random = fastrand::Rng::with_seed(19);
    let (mut good, mut tried, mut stricter) = (0, 0, 0);
    for token in &tokens {
        for round in 0..600 {
            let mutant = if round == 0 { token.clone() } else { mutate(token, &mut random) };
            let (here, there) = (ours.check(&mutant).await, peer(&public, ory.url(), &mutant));
            tried += 1;
            match (&here, &there) {
                (Ok(token), Ok(claims)) => {
                    assert_eq!(serde_json::to_value(token.claims()).unwrap(), *claims);
                    good += 1;
                }
                (Ok(_), Err(why)) => panic!("only we accept {mutant}: {why}"),
                // It reads a token with a key twice, and others that we refuse.
                (Err(_), Ok(_)) => stricter += 1,
                (Err(_), Err(_)) => {}
            }
        }
    }
    assert!(good >= 5 && stricter == 0, "{good} good, {stricter} refused only by us, of {tried}");
}

/// Changes one thing: a byte, a part, a claim or a member of the header.
fn mutate(token: &str, random: &mut fastrand::Rng) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let part = random.usize(..3);
    match random.u8(..6) {
        0 => {
            let mut bytes = parts[part].clone().into_bytes();
            let at = random.usize(..bytes.len());
            bytes[at] = *random.choice(b"ABab09-_=.").unwrap();
            parts[part] = String::from_utf8(bytes).unwrap();
        }
        1 => drop(parts[part].pop()),
        2 => parts[part].push('A'),
        3 => drop(parts.remove(part)),
        4 => {
            let mut json: Value = serde_json::from_slice(&BASE64.decode(&parts[part % 2]).unwrap()).unwrap();
            let names: Vec<String> = json.as_object().unwrap().keys().cloned().collect();
            let name = random.choice(&names).unwrap();
            let odd = ["null", "1", "\"x\"", "[]", "{}", "true", "\"RS256\"", "\"none\"", "1e99", "-1"];
            json[name] = serde_json::from_str(random.choice(odd).unwrap()).unwrap();
            parts[part % 2] = BASE64.encode(json.to_string());
        }
        _ => {
            let mut raw = BASE64.decode(&parts[part]).unwrap();
            let at = random.usize(..raw.len());
            raw[at] ^= 1 << random.u8(..8);
            parts[part] = BASE64.encode(raw);
        }
    }
    parts.join(".")
}
