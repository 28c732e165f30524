//! Finds the secrets in a recorded exchange by their names or places.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::support::recording::{self, Body, Recording, base64};
use crate::support::spec::Spec;

/// JSON keys, form fields, input names and URL parameters that always hold a secret.
pub const NAMES: [&str; 52] = [
    // Sessions and flows.
    "csrf_token",
    "init_code",
    "logout_token",
    "ory_session_token",
    "return_to_code",
    "session_token",
    "session_token_exchange_code",
    "tokenized",
    // User credentials.
    "code",
    "hashed_password",
    "lookup_secret",
    "passkey_create_data",
    "passkey_login",
    "passkey_register",
    "passkey_settings_register",
    "password",
    "recovery_code",
    "recovery_link",
    "secret",
    "token",
    "totp_code",
    "totp_url",
    "webauthn_login",
    "webauthn_register",
    // OAuth2 clients and grants.
    "access_token",
    "assertion",
    "c_nonce",
    "challenge",
    "client_assertion",
    "client_secret",
    "code_verifier",
    "consent_challenge",
    "consent_verifier",
    "credential_draft_00",
    "device_challenge",
    "device_code",
    "device_verifier",
    "id_token",
    "id_token_hint",
    "initial_access_token",
    "initial_id_token",
    "initial_refresh_token",
    "jwt",
    "login_challenge",
    "login_verifier",
    "logout_challenge",
    "logout_verifier",
    "oauth2_login_challenge",
    "refresh_token",
    "registration_access_token",
    "user_code",
    "verification_uri_complete",
];

/// Private members of a JSON Web Key.
const PRIVATE: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

/// Shorter texts would also occur by chance.
const SHORTEST: usize = 6;

/// The secrets by kind, with duplicates.
#[derive(Default)]
pub struct Harvest {
    pub found: BTreeMap<String, Vec<String>>,
}

impl Harvest {
    pub fn of(recording: &Recording) -> Self {
        let mut harvest = Self::default();
        let request = &recording.request;
        harvest.url(&request.path);
        for (name, value) in &request.headers {
            harvest.header(&name.to_ascii_lowercase(), value);
        }
        for (name, value) in recording.response.headers() {
            harvest.header(&name.to_ascii_lowercase(), value);
        }
        for body in [&request.body, &recording.response.body].into_iter().flatten() {
            match body {
                Body::Json(value) => harvest.value(value),
                Body::Form(text) => harvest.pairs(text),
                Body::Text(text) if text.starts_with("eyJ") => harvest.note("signed response", text),
                Body::Text(text) => harvest.page(text),
                Body::Base64(_) => {}
            }
        }
        harvest
    }

    fn note(&mut self, kind: &str, text: &str) {
        if text.len() >= SHORTEST {
            self.found.entry(kind.to_owned()).or_default().push(text.to_owned());
        }
    }

    fn header(&mut self, name: &str, value: &str) {
        match name {
            "authorization" => match value.split_once(' ') {
                Some(("Basic", pair)) => {
                    self.note("Authorization", pair);
                    let pair = String::from_utf8(base64(pair)).unwrap();
                    self.note("Authorization", pair.split_once(':').unwrap().1);
                }
                Some((_, token)) => self.note("Authorization", token),
                None => self.note("Authorization", value),
            },
            "x-session-token" => self.note("X-Session-Token", value),
            "cookie" => value.split(';').for_each(|pair| self.cookie("Cookie", pair)),
            "set-cookie" => self.cookie("Set-Cookie", value.split(';').next().unwrap_or_default()),
            "location" | "link" => self.url(value),
            _ => {}
        }
    }

    fn cookie(&mut self, kind: &str, pair: &str) {
        self.note(kind, pair.split_once('=').map_or("", |(_, value)| value).trim());
    }

    /// Notes the secret parameters in a URL's query and fragment, both raw and decoded.
    fn url(&mut self, url: &str) {
        url.split(['?', '#']).skip(1).for_each(|part| self.pairs(part));
    }

    fn pairs(&mut self, text: &str) {
        for pair in text.split('&') {
            let Some((key, raw)) = pair.split_once('=') else { continue };
            let decoded = url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned());
            let decoded = decoded.unwrap_or_default();
            if NAMES.contains(&key) {
                self.note(key, &decoded);
                self.note(key, raw);
            } else {
                // The value may be a URL with its own parameters.
                self.url(&decoded);
            }
        }
    }

    /// Notes the secret inputs and links of an HTML page.
    fn page(&mut self, html: &str) {
        for tag in html.split('<') {
            let attribute = |name: &str| tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next();
            if let (Some(name), Some(value)) = (attribute("name"), attribute("value"))
                && NAMES.contains(&name)
            {
                self.note(name, value);
            }
            for url in ["href", "action", "src"].into_iter().filter_map(attribute) {
                self.url(&url.replace("&amp;", "&"));
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Object(map) => self.object(map),
            Value::Array(items) => items.iter().for_each(|item| self.value(item)),
            Value::String(text) => self.url(text),
            _ => {}
        }
    }

    fn object(&mut self, map: &Map<String, Value>) {
        let text = |key: &str| map.get(key).and_then(Value::as_str).unwrap_or_default();
        for (key, value) in map {
            if NAMES.contains(&key.as_str()) || (map.contains_key("kty") && PRIVATE.contains(&key.as_str())) {
                self.all(key, value);
            }
            self.value(value);
        }
        // That of a script is public.
        if !map.contains_key("crossorigin") {
            self.note("nonce", text("nonce"));
        }
        // An input node has its name and value in separate keys.
        if NAMES.contains(&text("name")) {
            self.all(text("name"), map.get("value").unwrap_or(&Value::Null));
        }
        match text("id") {
            "totp_secret_key" => self.note("totp_secret_key", map["text"]["text"].as_str().unwrap()),
            "lookup_secret_codes" => {
                for code in map["text"]["text"].as_str().unwrap().split(", ") {
                    self.note("lookup_secret_codes", code);
                }
            }
            "totp_qr" => self.note("totp_qr", text("src")),
            _ => {}
        }
        // A mail: its texts contain links, and codes as separate words.
        if map.contains_key("recipient") {
            for text in [text("subject"), text("body")] {
                self.note("mail", text);
                for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
                    if word.bytes().all(|byte| byte.is_ascii_digit()) {
                        self.note("mail", word);
                    }
                }
                text.split_whitespace().for_each(|word| self.url(word));
            }
        }
    }

    /// Notes the text or texts under a secret name. An object under such a name is not a secret, but for example a
    /// credential.
    fn all(&mut self, kind: &str, value: &Value) {
        match value {
            Value::String(text) => self.note(kind, text),
            Value::Array(items) => items.iter().for_each(|item| self.all(kind, item)),
            _ => {}
        }
    }
}

/// The harvest looks for every name that the contract marks as a password.
#[test]
fn every_password_of_the_contract_is_looked_for() {
    // Found by their place: headers, and URLs in which only the query is secret.
    let mut known = vec!["Cookie", "Set-Cookie", "X-Session-Token", "nonce"];
    known.extend(["logout_url", "redirect_browser_to", "redirect_to", "request_url", "src"]);
    // Only the Network has these, and it was not recorded: API keys, the keys of devices, and where events go.
    known.extend(["value", "credential", "raw_key", "ciphertext", "enc", "pin_proof", "signature", "https_endpoint"]);
    known.extend(NAMES);
    known.extend(PRIVATE);
    let mut missing = BTreeSet::new();
    passwords(&Spec::load().document, "", &mut missing);
    assert!(missing.len() > 30, "{missing:?}");
    missing.retain(|name| !known.contains(&name.as_str()));
    assert!(missing.is_empty(), "{missing:?}");
}

/// Collects the names of properties and parameters with the format `password`, or with items of that format.
fn passwords(value: &Value, name: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if map.get("format").is_some_and(|format| format == "password") {
                found.insert(name.to_owned());
            }
            let own = map.get("name").and_then(Value::as_str).unwrap_or(name);
            for (key, inner) in map {
                match (key.as_str(), inner) {
                    ("properties" | "headers", Value::Object(properties)) => {
                        properties.iter().for_each(|(name, inner)| passwords(inner, name, found));
                    }
                    // A whole response has no name.
                    ("content", _) => {}
                    _ => passwords(inner, own, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| passwords(item, name, found)),
        _ => {}
    }
}

/// The harvest finds everything that looks like an Ory token or a JWT, wherever it occurs.
#[test]
fn the_harvest_misses_no_token() {
    let mut tokens = BTreeSet::new();
    for found in recording::own() {
        let recording = found.recording.unwrap();
        let harvest = Harvest::of(&recording);
        for token in tokens_of(&recording) {
            let held = harvest.found.values().flatten().any(|secret| secret.contains(&token));
            assert!(held, "{} {}: {token}", recording.operation, recording.case);
            tokens.insert(token);
        }
    }
    assert!(tokens.len() > 100, "{} tokens", tokens.len());
}

/// Every word of an exchange that has the shape of a token.
pub fn tokens_of(recording: &Recording) -> BTreeSet<String> {
    let mut text = recording.request.path.clone();
    for (name, value) in &recording.request.headers {
        text += &format!("\n{name} {value}");
    }
    for (name, value) in recording.response.headers() {
        text += &format!("\n{name} {value}");
    }
    for body in [&recording.request.body, &recording.response.body].into_iter().flatten() {
        text += &format!("\n{}", String::from_utf8_lossy(&body.bytes()));
    }
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !"_-.".contains(c));
    let tokens = words.filter(|word| {
        // ory_st_.., ory_at_.. and so on. A JWT has three parts, and the first is a JSON object in base64.
        let ours = word.strip_prefix("ory_").is_some_and(|rest| rest.find('_') == Some(2));
        word.len() > 20 && (ours || (word.starts_with("eyJ") && word.matches('.').count() == 2))
    });
    tokens.map(str::to_owned).collect()
}
