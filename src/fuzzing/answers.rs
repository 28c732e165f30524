//! Bodies of answers: errors of every shape, flows and what they hold.

use std::fmt::Debug;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{PLANTED, choice};
use crate::answer::{self, Answer};
use crate::error_body::ErrorBody;
use crate::{Error, ErrorKind, Form, types};

fn answered(status: u16, headers: HeaderMap, body: &[u8]) -> Answer {
    let status = StatusCode::from_u16(status).unwrap();
    Answer { status, headers, body: Bytes::copy_from_slice(body) }
}

/// An error says what the server said in one line, and nothing of what is secret, wherever that stands.
///
/// The first byte chooses the status, the second the operation.
pub fn error(data: &[u8]) {
    let (status, rest) = choice(data);
    let (operation, body) = choice(rest);
    let status = [400, 401, 403, 404, 409, 410, 422, 429, 500, 503][status % 10];
    let operations =
        ["submitSelfServiceLoginFlow", "toSession", "adminGetOAuth2LoginRequest", "performOAuth2TokenFlow"];
    let operation = operations[operation % 4];
    let operation = crate::operations().iter().find(|known| known.id == operation).unwrap();

    let error = Error::api(operation, answered(status, HeaderMap::new(), body));
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, status));
    assert_eq!(error.body(), body);
    let line = seen(&error);

    // The first document counts; some servers send two.
    let two = [body, b"\n{}"].concat();
    if error.json().is_some() {
        assert_eq!(ErrorBody::read(&two), ErrorBody::read(body));
    }

    let Some(mut json) = error.json() else { return };
    // Fuzzers find the word by themselves; a line leaves control characters within it out.
    if line.contains(PLANTED) || json.to_string().contains(PLANTED) {
        return;
    }
    plant(&mut json, "");
    let mut headers = HeaderMap::new();
    for name in ["set-cookie", "x-session-token", "location"] {
        headers.insert(name, HeaderValue::from_static(PLANTED));
    }
    let planted = Error::api(operation, answered(status, headers, json.to_string().as_bytes()));
    let line = seen(&planted);
    assert!(!line.contains(PLANTED), "{line}");
    assert_eq!(planted.next().is_some(), error.next().is_some());
}

/// Plants a secret in every text: behind a URL's `?` in those that are shown, whole in all others.
fn plant(json: &mut Value, key: &str) {
    match json {
        Value::Object(map) => map.iter_mut().for_each(|(key, value)| plant(value, key)),
        Value::Array(items) => items.iter_mut().for_each(|item| plant(item, "")),
        // Nothing says nothing, also to `next()`.
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => match key {
            "id" | "error" | "action" => {}
            "reason" | "message" | "error_description" | "text" => {
                text.push_str(" https://a.example/b?code=");
                text.push_str(PLANTED);
            }
            _ => PLANTED.clone_into(text),
        },
        _ => {}
    }
}

/// Everything that an error tells, and its line.
fn seen(error: &Error) -> String {
    let line = error.to_string();
    assert!(!line.contains(char::is_control) && line.chars().count() < 1000, "{line:?}");
    assert!(line.starts_with(error.operation()));
    let _ = (error.id().map(|id| id.to_string()), error.oauth_error().map(|code| code.to_string()));
    let _ = (error.reason(), error.message(), error.request_id(), error.redirect_to(), error.redirect_browser_to());
    let _ = (error.use_flow_id(), error.expired_at(), error.since(), error.continue_with(), error.wait());
    let _ = error.flow::<types::SelfServiceLoginFlow>().map(|flow| format!("{flow:?}"));
    if let Some(form) = error.form() {
        whole(&form);
    }
    format!("{line} {error:?} {:?} {:?}", error.id(), error.oauth_error())
}

/// What is decoded is written and decoded alike; what is not is an error that quotes nothing; a form shows no value.
///
/// The first byte chooses the type, the second the text in which a secret is planted.
pub fn flow(data: &[u8]) {
    let (kind, rest) = choice(data);
    let (place, body) = choice(rest);
    match kind % 10 {
        0 => decodes::<types::SelfServiceLoginFlow>(body, place),
        1 => decodes::<types::SelfServiceRegistrationFlow>(body, place),
        2 => decodes::<types::SelfServiceRecoveryFlow>(body, place),
        3 => decodes::<types::SelfServiceSettingsFlow>(body, place),
        4 => decodes::<types::SelfServiceVerificationFlow>(body, place),
        5 => decodes::<types::Session>(body, place),
        6 => decodes::<types::SuccessfulSelfServiceLoginWithoutBrowser>(body, place),
        7 => decodes::<types::SelfServiceError>(body, place),
        8 => decodes::<types::OAuth2LoginRequest>(body, place),
        _ => decodes::<types::OAuth2Client>(body, place),
    }
}

fn decodes<T: DeserializeOwned + Serialize + PartialEq + Debug>(body: &[u8], place: usize) {
    let answer = answered(200, HeaderMap::new(), body);
    match answer::json::<T>(&answer) {
        Ok(value) => {
            let text = serde_json::to_string(&value).unwrap();
            let again: T = serde_json::from_str(&text).unwrap();
            let (first, second) = (pruned(&text), pruned(&serde_json::to_string(&again).unwrap()));
            assert_eq!(first.1, second.1, "{text}");
            // An object of which only unknown keys were known is written empty, and that is nothing.
            assert!(first.0 || again == value, "{value:?} was written as {text}");
            let _ = format!("{value:#?}");
        }
        Err(trouble) => {
            let line = Error::decode("toSession", answer, &trouble).to_string();
            assert!(!line.contains('\n'), "{line:?}");
        }
    }
    let Ok(mut json) = serde_json::from_slice::<Value>(body) else { return };
    let form = Form::of(&json);
    whole(&form);
    if json.to_string().contains(PLANTED) {
        return;
    }
    for node in json.pointer_mut("/ui/nodes").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(value) = node.pointer_mut("/attributes/value") {
            *value = PLANTED.into();
        }
    }
    assert!(!format!("{:?}", Form::of(&json)).contains(PLANTED));
    // One text is another: where that is refused, nobody learns what it was.
    let mut left = place;
    replace_text(&mut json, &mut left);
    let answer = answered(200, HeaderMap::new(), json.to_string().as_bytes());
    if let Err(trouble) = answer::json::<T>(&answer) {
        let error = Error::decode("toSession", answer, &trouble);
        assert!(!format!("{error} {error:?}").contains(PLANTED), "{error}");
    }
}

/// JSON without what is nothing (null and empty), and whether there was any.
fn pruned(text: &str) -> (bool, Value) {
    let mut json = serde_json::from_str(text).unwrap();
    let had_nothing = prune(&mut json);
    (had_nothing, json)
}

fn prune(json: &mut Value) -> bool {
    let nothing = |value: &Value| [json!(null), json!(""), json!([]), json!({})].contains(value);
    let mut found = false;
    match json {
        Value::Object(map) => {
            map.values_mut().for_each(|value| found |= prune(value));
            let count = map.len();
            map.retain(|_, value| !nothing(value));
            found |= map.len() < count;
        }
        Value::Array(items) => items.iter_mut().for_each(|item| found |= prune(item)),
        _ => {}
    }
    found
}

/// Plants the secret in the text that so many others come before.
fn replace_text(json: &mut Value, left: &mut usize) {
    match json {
        Value::Object(map) => map.values_mut().for_each(|value| replace_text(value, left)),
        Value::Array(items) => items.iter_mut().for_each(|item| replace_text(item, left)),
        Value::String(text) => {
            if *left == 0 {
                PLANTED.clone_into(text);
            }
            *left = left.wrapping_sub(1);
        }
        _ => {}
    }
}

/// A form's helpers agree with each other, and what is submitted is JSON that a server can read.
fn whole(form: &Form) {
    let _ = format!("{form:?}");
    assert_eq!(form.is_rejected(), form.all_messages().any(crate::Message::is_error));
    for node in &form.nodes {
        assert!(form.node(&node.name).is_some() && form.group(&node.group).count() > 0);
    }
    let body = Value::Object(form.submit_body("password"));
    assert_eq!(body["method"], "password");
    assert_eq!(serde_json::from_str::<Value>(&body.to_string()).unwrap(), body);
    let _ = form.csrf_token();
}
