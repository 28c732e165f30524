//! Replays every recorded exchange with its cookies, tokens, query and body. The builder, the response and the error
//! show none of its secrets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use ory_sdk::flow::Form;
use ory_sdk::web::forms::FormHtml;
use ory_sdk::{Client, Error, ErrorKind, types};
use serde_json::{Map, Value};

use super::calls::{client, everything};
use super::harvest::{Harvest, tokens_of};
use super::types::show_as;
use crate::support::dispatch::{self, Called, Given, shown};
use crate::support::recording::{self, Body, Recording};
use crate::support::server::{Reply, Server};

/// The fields, headers and places that hold secrets in the recordings. The harvest must find each of them.
const KINDS: [&str; 46] = [
    "Authorization",
    "Cookie",
    "Set-Cookie",
    "X-Session-Token",
    "access_token",
    "assertion",
    "c_nonce",
    "client_secret",
    "code",
    "code_verifier",
    "consent_challenge",
    "consent_verifier",
    "credential_draft_00",
    "csrf_token",
    "d",
    "device_challenge",
    "device_code",
    "device_verifier",
    "dp",
    "dq",
    "hashed_password",
    "id_token",
    "init_code",
    "jwt",
    "login_challenge",
    "login_verifier",
    "logout_challenge",
    "logout_token",
    "logout_verifier",
    "lookup_secret",
    "lookup_secret_codes",
    "mail",
    "p",
    "password",
    "q",
    "qi",
    "recovery_code",
    "recovery_link",
    "refresh_token",
    "return_to_code",
    "session_token",
    "session_token_exchange_code",
    "tokenized",
    "totp_secret_key",
    "user_code",
    "verification_uri_complete",
];

#[tokio::test]
async fn no_recording_shows_its_secrets() {
    let next = Arc::new(Mutex::new(Reply::new(500, &[], "")));
    let responses = Arc::clone(&next);
    let server = Server::start(move |_| responses.lock().unwrap().clone()).await;
    let client = client(&server.url());
    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut leaks, mut tokens) = (BTreeSet::new(), BTreeSet::new());
    let (mut exchanges, mut renderings) = (0, 0);
    for found in recording::own() {
        let recording = found.recording.unwrap();
        exchanges += 1;
        *next.lock().unwrap() = recording.response.reply();
        let texts = replay(&client, &recording).await;
        renderings += texts.len();
        tokens.extend(tokens_of(&recording));
        for (kind, secrets) in Harvest::of(&recording).found {
            for secret in secrets {
                // Searches for the plain text and for the text as `Debug` escapes it.
                let escaped = format!("{secret:?}");
                let escaped = escaped.trim_matches('"');
                for text in texts.iter().filter(|text| text.contains(&secret) || text.contains(escaped)) {
                    leaks
                        .insert(format!("{kind} {secret:.40} {} {}: {text:.300}", recording.operation, recording.case));
                }
                kinds.entry(kind.clone()).or_default().insert(secret);
            }
        }
    }
    let total = kinds.values().flatten().collect::<BTreeSet<_>>().len();
    for (kind, secrets) in &kinds {
        println!("{kind}: {}", secrets.len());
    }
    println!("{exchanges} exchanges hold {total} secrets; {renderings} renderings show {}", leaks.len());
    assert!(leaks.is_empty(), "{leaks:#?}");
    for kind in KINDS {
        assert!(kinds.contains_key(kind), "no {kind} was found");
    }
    // A lower bound: everything with the shape of a token, plus every cookie that a server sets.
    let least = tokens.len() + kinds["Set-Cookie"].len();
    assert!(total >= least, "{total} secrets, but at least {least} are there");
}

/// Sends a recorded request and renders the builder, the response and the error.
async fn replay(client: &Client, recording: &Recording) -> Vec<String> {
    let operation =
        ory_sdk::contract::operations().iter().find(|operation| operation.id == recording.operation).unwrap();
    let mut given = given(recording);
    let (token, cookie) = (has(&given, "x-session-token"), has(&given, "cookie"));
    let mut texts = Vec::new();
    if token && cookie {
        // The client refuses a token and a cookie together, so the cookie is removed afterwards.
        let Called { builder, response: result } = dispatch::call_with(client, operation.name, &given).await.unwrap();
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        texts.extend(builder);
        texts.extend(everything(&error));
        given.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("cookie"));
    }
    let Called { builder, response: result } = dispatch::call_with(client, operation.name, &given).await.unwrap();
    texts.extend(builder);
    let status = match result {
        Ok(success) => {
            texts.extend(success.shown);
            success.status
        }
        Err(error) => {
            texts.extend(everything(&error));
            texts.extend(flows(&error));
            error.status().unwrap_or_else(|| panic!("{}: {error}", recording.case))
        }
    };
    let response = &recording.response;
    let within = response.status_within().filter(|_| response.status == 200);
    assert_eq!(status.as_u16(), within.unwrap_or(response.status));
    if let Some(Body::Json(value)) = &recording.response.body {
        let form = Form::of(value);
        texts.extend(shown(&form));
        texts.extend(shown(&FormHtml::new(&form)));
    }
    // The body as its request type, as a caller would build it.
    if let (Some(body), Some(json)) = (operation.body, &given.json) {
        texts.extend(show_as(body.ty.rsplit("::").next().unwrap(), json).unwrap_or_default());
    }
    texts
}

fn has(given: &Given, header: &str) -> bool {
    given.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(header))
}

/// The recorded query, credentials and body. Form fields are sent as JSON, which makes no difference here.
fn given(recording: &Recording) -> Given {
    let request = &recording.request;
    let pairs = |text: &str| {
        let pairs = url::form_urlencoded::parse(text.as_bytes()).into_owned();
        pairs.collect::<Vec<(String, String)>>()
    };
    let carried = ["authorization", "cookie", "x-session-token"];
    let credentials = request.headers.iter().filter(|(name, _)| carried.contains(&name.to_ascii_lowercase().as_str()));
    Given {
        query: request.path.split_once('?').map(|(_, query)| pairs(query)).unwrap_or_default(),
        headers: credentials.cloned().collect(),
        json: request.body.as_ref().map(|body| match body {
            Body::Json(value) => value.clone(),
            Body::Form(text) => {
                pairs(text).into_iter().map(|(key, value)| (key, value.into())).collect::<Map<_, _>>().into()
            }
            other => Value::from(String::from_utf8_lossy(&other.bytes())),
        }),
        endpoint: request.endpoint.endpoint(),
        ..Given::default()
    }
}

/// Renders the flow in an error as each flow type.
fn flows(error: &Error) -> Vec<String> {
    let mut all = shown(&error.flow::<types::SelfServiceLoginFlow>());
    all.extend(shown(&error.flow::<types::SelfServiceRegistrationFlow>()));
    all.extend(shown(&error.flow::<types::SelfServiceSettingsFlow>()));
    all.extend(shown(&error.flow::<types::SelfServiceRecoveryFlow>()));
    all.extend(shown(&error.flow::<types::SelfServiceVerificationFlow>()));
    all
}
