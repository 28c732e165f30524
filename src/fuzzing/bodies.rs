//! Bodies of responses: errors of every shape, flows and their forms.

use std::fmt::Debug;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::seed::{PLANTED, choice};
use crate::error::ErrorBody;
use crate::flow::Form;
use crate::response::{RawResponse, decode};
use crate::wire::read::Read;
use crate::{Error, ErrorKind, types};

fn raw_response(status: u16, headers: HeaderMap, body: &[u8]) -> RawResponse {
    let status = StatusCode::from_u16(status).unwrap();
    RawResponse { status, headers, body: Bytes::copy_from_slice(body) }
}

/// An error repeats what the server said in one line, and shows no secret, wherever the body has one.
///
/// The first byte chooses the status, the second the operation.
pub fn error(data: &[u8]) {
    let (status, rest) = choice(data);
    let (operation, body) = choice(rest);
    let status = [400, 401, 403, 404, 409, 410, 422, 429, 500, 503][status % 10];
    let operations =
        ["submitSelfServiceLoginFlow", "toSession", "adminGetOAuth2LoginRequest", "performOAuth2TokenFlow"];
    let operation = operations[operation % 4];
    let operation = crate::contract::operations().iter().find(|known| known.id == operation).unwrap();

    let error = Error::api(operation, raw_response(status, HeaderMap::new(), body));
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, status));
    assert_eq!(error.body(), body);
    let line = shown(&error);

    // Some servers send two documents. The first one counts.
    let two = [body, b"\n{}"].concat();
    if error.json().is_some() {
        assert_eq!(ErrorBody::read(&two), ErrorBody::read(body));
    }

    let Some(mut json) = error.json().cloned() else { return };
    // The fuzzer may find the word without help. The line counts too, since it drops control characters.
    if line.contains(PLANTED) || json.to_string().contains(PLANTED) {
        return;
    }
    plant(&mut json, "");
    let mut headers = HeaderMap::new();
    for name in ["set-cookie", "x-session-token", "location"] {
        headers.insert(name, HeaderValue::from_static(PLANTED));
    }
    let planted = Error::api(operation, raw_response(status, headers, json.to_string().as_bytes()));
    let line = shown(&planted);
    assert!(!line.contains(PLANTED), "{line}");
    assert_eq!(planted.next_step().is_some(), error.next_step().is_some());
}

/// Plants the secret in every text: in the query of a URL where an error shows the text, alone everywhere else.
fn plant(json: &mut Value, key: &str) {
    match json {
        Value::Object(map) => map.iter_mut().for_each(|(key, value)| plant(value, key)),
        Value::Array(items) => items.iter_mut().for_each(|item| plant(item, "")),
        // `next_step` treats an empty text as missing, so a planted one would change its result.
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

/// Calls the methods of an error, checks its line, and returns all texts that show the error.
fn shown(error: &Error) -> String {
    let line = error.to_string();
    assert!(!line.contains(char::is_control) && line.chars().count() < 1000, "{line:?}");
    assert!(line.starts_with(error.operation().unwrap()));
    let _ = (error.id().map(|id| id.to_string()), error.oauth2_error().map(|code| code.to_string()));
    let _ = (error.reason(), error.message(), error.request_id(), error.redirect_to(), error.redirect_browser_to());
    let _ = (error.use_flow_id(), error.expired_at(), error.since(), error.continue_with(), error.wait());
    let _ = error.flow::<types::SelfServiceLoginFlow>().map(|flow| format!("{flow:?}"));
    if let Some(form) = error.form() {
        check_form(&form);
    }
    format!("{line} {error:?} {:?} {:?}", error.id(), error.oauth2_error())
}

/// A decoded value is the same after encoding and decoding it; a decode error quotes nothing; a form shows no value.
///
/// The first byte chooses the type, the second the text in which a secret is planted.
pub fn flow(data: &[u8]) {
    let (kind, rest) = choice(data);
    let (place, body) = choice(rest);
    match kind % 10 {
        0 => check_type::<types::SelfServiceLoginFlow>(body, place),
        1 => check_type::<types::SelfServiceRegistrationFlow>(body, place),
        2 => check_type::<types::SelfServiceRecoveryFlow>(body, place),
        3 => check_type::<types::SelfServiceSettingsFlow>(body, place),
        4 => check_type::<types::SelfServiceVerificationFlow>(body, place),
        5 => check_type::<types::Session>(body, place),
        6 => check_type::<types::SuccessfulSelfServiceLoginWithoutBrowser>(body, place),
        7 => check_type::<types::SelfServiceError>(body, place),
        8 => check_type::<types::OAuth2LoginRequest>(body, place),
        _ => check_type::<types::OAuth2Client>(body, place),
    }
}

fn check_type<T: for<'a> Read<'a> + DeserializeOwned + Serialize + PartialEq + Debug>(body: &[u8], place: usize) {
    let response = raw_response(200, HeaderMap::new(), body);
    match decode::json::<T>(&response, &mut Vec::new()) {
        Ok(value) => {
            let text = serde_json::to_string(&value).unwrap();
            let again: T = serde_json::from_str(&text).unwrap();
            let (first, second) = (pruned(&text), pruned(&serde_json::to_string(&again).unwrap()));
            assert_eq!(first.1, second.1, "{text}");
            // An object that has only unknown keys is written as an empty one, which counts as nothing.
            assert!(first.0 || again == value, "{value:?} was written as {text}");
            let _ = format!("{value:#?}");
        }
        Err(failure) => {
            let line = Error::decode("toSession", response, &failure).to_string();
            assert!(!line.contains('\n'), "{line:?}");
        }
    }
    check_list(body);
    let Ok(mut json) = serde_json::from_slice::<Value>(body) else { return };
    let form = Form::of(&json);
    check_form(&form);
    if json.to_string().contains(PLANTED) {
        return;
    }
    for node in json.pointer_mut("/ui/nodes").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(value) = node.pointer_mut("/attributes/value") {
            *value = PLANTED.into();
        }
    }
    assert!(!format!("{:?}", Form::of(&json)).contains(PLANTED));
    // If another text makes the decoder fail, its error must not show this text.
    let mut left = place;
    replace_text(&mut json, &mut left);
    let response = raw_response(200, HeaderMap::new(), json.to_string().as_bytes());
    if let Err(failure) = decode::json::<T>(&response, &mut Vec::new()) {
        let error = Error::decode("toSession", response, &failure);
        assert!(!format!("{error} {error:?}").contains(PLANTED), "{error}");
    }
}

/// Every row of a list is either read or reported.
fn check_list(body: &[u8]) {
    let mut unreadable = Vec::new();
    let response = raw_response(200, HeaderMap::new(), body);
    let read = decode::list::<types::Session>(&response, &mut unreadable);
    let Ok(Value::Array(rows)) = serde_json::from_slice(body) else { return };
    let rows = rows.iter().filter(|row| !row.is_null()).count();
    assert_eq!(read.unwrap().len() + unreadable.len(), rows);
    for row in unreadable {
        assert!(!row.to_string().contains(char::is_control), "{row}");
    }
}

/// The JSON without nulls and empty values, and whether it had any.
fn pruned(text: &str) -> (bool, Value) {
    let mut json = serde_json::from_str(text).unwrap();
    let had_empty = prune(&mut json);
    (had_empty, json)
}

fn prune(json: &mut Value) -> bool {
    let is_empty = |value: &Value| [json!(null), json!(""), json!([]), json!({})].contains(value);
    let mut found = false;
    match json {
        Value::Object(map) => {
            map.values_mut().for_each(|value| found |= prune(value));
            let count = map.len();
            map.retain(|_, value| !is_empty(value));
            found |= map.len() < count;
        }
        Value::Array(items) => items.iter_mut().for_each(|item| found |= prune(item)),
        _ => {}
    }
    found
}

/// Plants the secret in the text that comes after `left` others.
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

/// The methods of a form agree with each other, and the body of a submission is valid JSON.
fn check_form(form: &Form) {
    let _ = format!("{form:?}");
    assert_eq!(form.is_rejected(), form.all_messages().any(crate::flow::UiMessage::is_error));
    for node in &form.nodes {
        assert!(form.node(&node.name).is_some() && form.group(&node.group).count() > 0);
    }
    let body = Value::Object(form.submit_body("password"));
    assert_eq!(body["method"], "password");
    assert_eq!(serde_json::from_str::<Value>(&body.to_string()).unwrap(), body);
    let _ = form.csrf_token();
}
