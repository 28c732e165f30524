//! Calls of Kratos and Hydra to a service.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::seed::{PLANTED, choice};
use crate::actions::{
    Action, ActionAuth, ActionMessage, ActionRefused, CourierMessage, Decision, FlowContext, Interrupt,
    PasswordMigration, RefreshTokenHook, TokenClaims, TokenDecision, TokenHook,
};

/// Keys whose texts `Debug` may show, or whose text must stay what it is for the body to be read.
const SHOWN: [&str; 26] = [
    "id",
    "type",
    "state",
    "active",
    "schema_id",
    "organization_id",
    "client_id",
    "requested_scopes",
    "granted_scopes",
    "granted_audience",
    "grant_types",
    "template_type",
    "via",
    "status",
    "method",
    "aal",
    "authenticator_assurance_level",
    "expires_at",
    "issued_at",
    "created_at",
    "updated_at",
    "verified_at",
    "authenticated_at",
    "completed_at",
    "iat",
    "rat",
];

/// A call is read as any type or refused in one line, without a secret. Without the key nothing is read. Claims that nobody
/// changed come back as they were. Any text is a pointer on the wire or refused.
///
/// The first byte chooses the media type. A line of headers comes next, then the body.
pub fn actions(data: &[u8]) {
    let (media_type, rest) = choice(data);
    let (line, body) = rest.split_at(rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()));
    let body = body.strip_prefix(b"\n").unwrap_or(body);
    who(line);
    pointer(&String::from_utf8_lossy(line));
    let mut headers = HeaderMap::new();
    let types =
        ["application/json", "application/x-www-form-urlencoded", "application/json; charset=UTF-8", "text/plain"];
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(types[media_type % 4]));
    if let Ok(value) = HeaderValue::from_bytes(line) {
        headers.insert("ory-webhook-trigger-id", value);
    }
    everything(&headers, body, None);
    let Ok(mut json) = serde_json::from_slice::<Value>(body) else { return };
    // The fuzzer may find the word without help, also as a key, which is no secret.
    if json.to_string().contains(PLANTED) {
        return;
    }
    plant(&mut json);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.remove("ory-webhook-trigger-id");
    everything(&headers, json.to_string().as_bytes(), Some(PLANTED));
}

fn everything(headers: &HeaderMap, body: &[u8], secret: Option<&str>) {
    read::<FlowContext>(headers, body, secret);
    read::<PasswordMigration>(headers, body, secret);
    read::<CourierMessage>(headers, body, secret);
    read::<Value>(headers, body, secret);
    if let Some(hook) = read::<TokenHook>(headers, body, secret) {
        let session = hook.session.clone();
        unchanged(hook.claims(), &session.access_token_claims.into(), &session.id_token_claims.into());
    }
    if let Some(hook) = read::<RefreshTokenHook>(headers, body, secret) {
        let session = hook.session.clone();
        unchanged(hook.claims(), &session.access_token_claims.into(), &session.id_token_claims.into());
    }
}

/// A call, with `Debug` of the call and of its body, which shows no secret.
fn read<T: DeserializeOwned + std::fmt::Debug + MayShow>(
    headers: &HeaderMap,
    body: &[u8],
    secret: Option<&str>,
) -> Option<Action<T>> {
    let auth = ActionAuth::header("x-key", "right").unwrap();
    let send = |headers: &HeaderMap| Action::<T>::read(&auth, headers, Bytes::copy_from_slice(body));
    assert_eq!(send(headers).unwrap_err().status(), 401);
    let mut headers = headers.clone();
    headers.insert("x-key", HeaderValue::from_static("right"));
    match send(&headers) {
        Ok(call) => {
            let shown = if T::MAY_SHOW { format!("{call:?}") } else { format!("{call:?} {:?}", *call) };
            assert!(secret.is_none_or(|secret| !shown.contains(secret)), "{shown}");
            Some(call)
        }
        Err(refused) => {
            let shown = format!("{refused} {refused:?}");
            assert!(!refused.to_string().contains(char::is_control), "{shown}");
            assert!(secret.is_none_or(|secret| !shown.contains(secret)), "{shown}");
            is_no_decision(refused);
            None
        }
    }
}

/// Whether `Debug` of the type itself shows what is in it.
trait MayShow {
    const MAY_SHOW: bool = false;
}

impl MayShow for Value {
    const MAY_SHOW: bool = true;
}

impl MayShow for FlowContext {}
impl MayShow for PasswordMigration {}
impl MayShow for CourierMessage {}
impl MayShow for TokenHook {}
impl MayShow for RefreshTokenHook {}

/// Neither Kratos nor Hydra may take a refusal for a decision.
fn is_no_decision(refused: ActionRefused) {
    let response = refused.into_response();
    assert!(response.status().is_client_error() && response.status() != 403);
    let body: Value = serde_json::from_str(response.body()).unwrap();
    assert!(body.get("messages").is_none() && body.as_object().unwrap().len() == 1);
}

fn unchanged(claims: TokenClaims, access_token: &Value, id_token: &Value) {
    let response = TokenDecision::from(claims).into_response();
    let body: Value = serde_json::from_str(response.body()).unwrap();
    // Floats may differ in the last digit once: reading them is not exact.
    let is_exact = !access_token.to_string().contains(['.', 'e']) && !id_token.to_string().contains(['.', 'e']);
    let session = &body["session"];
    assert!(!is_exact || (&session["access_token"] == access_token && &session["id_token"] == id_token), "{body}");
}

/// Nobody is let in by a header, a cookie or a password that is not the right one.
fn who(line: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(line) else { return };
    let mut headers = HeaderMap::new();
    for name in ["x-key", "cookie", "authorization"] {
        headers.insert(name, value.clone());
    }
    let auth = ActionAuth::header("x-key", PLANTED).unwrap().or(ActionAuth::cookie("hook", PLANTED).unwrap());
    let auth = auth.or(ActionAuth::basic("ory", PLANTED).unwrap());
    let is_in = auth.check(&headers).is_ok();
    let text = String::from_utf8_lossy(line);
    // In base64 it is not visible.
    let is_basic = text.trim().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic"));
    assert!(!is_in || text.contains(PLANTED) || is_basic, "{text:?}");
    assert!(!format!("{auth:?}").contains(PLANTED));
    // What cannot be sent is refused in one line, and never shown.
    for setting in
        [ActionAuth::header("x-key", &*text), ActionAuth::cookie("hook", &*text), ActionAuth::basic("a", &*text)]
    {
        if let Err(why) = setting {
            assert!(!why.to_string().contains(char::is_control));
        }
    }
}

fn pointer(text: &str) {
    match Interrupt::at(text, ActionMessage::error(1, "x")) {
        Ok(interrupt) => {
            let response = Decision::from(interrupt).into_response();
            let body: Value = serde_json::from_str(response.body()).unwrap();
            let sent = body["messages"][0]["instance_ptr"].as_str().unwrap();
            assert!(sent.starts_with("#/") && sent.len() > 2, "{sent:?}");
            // Sent back, it is the same.
            let again = Interrupt::at(sent, ActionMessage::error(1, "x")).unwrap();
            assert_eq!(Decision::from(again).into_response().body(), response.body());
        }
        Err(why) => assert!(!why.to_string().contains(char::is_control)),
    }
}

fn plant(json: &mut Value) {
    match json {
        Value::Object(map) => {
            map.iter_mut().filter(|(key, _)| !SHOWN.contains(&key.as_str())).for_each(|(_, value)| plant(value));
        }
        Value::Array(items) => items.iter_mut().for_each(plant),
        Value::String(text) => PLANTED.clone_into(text),
        _ => {}
    }
}
