//! The secrets of a recorded exchange, told by the name that they have or the place where they stand.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::recording::{Body, Recording, base64};

/// Keys of JSON, fields of forms, names of inputs and parameters of URLs whose text is secret wherever it stands.
pub const NAMES: [&str; 46] = [
    // Sessions and flows.
    "csrf_token",
    "logout_token",
    "ory_session_token",
    "session_token",
    "session_token_exchange_code",
    "tokenized",
    // What a person proves with.
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
    "challenge",
    "client_assertion",
    "client_secret",
    "code_verifier",
    "consent_challenge",
    "consent_verifier",
    "device_challenge",
    "device_code",
    "device_verifier",
    "id_token",
    "id_token_hint",
    "initial_access_token",
    "initial_id_token",
    "initial_refresh_token",
    "login_challenge",
    "login_verifier",
    "logout_challenge",
    "logout_verifier",
    "oauth2_login_challenge",
    "refresh_token",
    "registration_access_token",
    "user_code",
];

/// Private members of a JSON Web Key.
const PRIVATE: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

/// Shorter texts stand in anything by chance.
const SHORTEST: usize = 6;

/// Secrets by their kind, each as often as it was found.
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
                Body::Text(text) if text.starts_with("eyJ") => harvest.note("signed answer", text),
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

    /// The secret parameters of a URL's query and fragment, as they stand there and decoded.
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
                // A URL within a URL.
                self.url(&decoded);
            }
        }
    }

    /// The inputs of a page, and where it leads.
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
        // An input has its name beside its value.
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
        // A mail: links are found in every text, codes stand alone.
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

    /// The text or texts that a secret name stands for. What it names as an object is a thing, such as a credential.
    fn all(&mut self, kind: &str, value: &Value) {
        match value {
            Value::String(text) => self.note(kind, text),
            Value::Array(items) => items.iter().for_each(|item| self.all(kind, item)),
            _ => {}
        }
    }
}
