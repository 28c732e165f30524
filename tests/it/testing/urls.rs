//! Compares URLs, and learns what varies in them.

use super::replay::{Replay, Reply};

/// Parameters whose values differ from run to run.
const VARYING: [&str; 16] = [
    "login_challenge",
    "consent_challenge",
    "logout_challenge",
    "device_challenge",
    "login_verifier",
    "consent_verifier",
    "logout_verifier",
    "device_verifier",
    "code",
    "access_token",
    "id_token",
    "expires_in",
    "client_id",
    "user_code",
    "sid",
    "flow",
];

impl Replay {
    /// Whether two URLs are the same but for values that vary. Learns those, both as they stand and decoded.
    pub fn same_urls(&mut self, expected: &str, here: &str) -> bool {
        let (base, pairs) = split(expected);
        let (here_base, here_pairs) = split(here);
        let mut same = self.here(base) == here_base && pairs.len() == here_pairs.len();
        for ((key, value), (here_key, here_value)) in pairs.iter().zip(&here_pairs) {
            if VARYING.contains(key) && self.here(value) != **here_value {
                self.learn_encoded(value, here_value);
            }
            same &= key == here_key && self.here(value) == **here_value;
        }
        same
    }

    /// Learns a value of a query, both as it stands and decoded.
    pub fn learn_encoded(&mut self, recorded: &str, here: &str) {
        self.learn(&decode(recorded), &decode(here));
        self.learn(recorded, here);
    }

    /// Learns a parameter of a recorded path from a URL of the stand-in.
    pub fn learn_parameter(&mut self, name: &str, key: &str, url: &str) {
        let path = self.recorded(name).request.path.clone();
        let recorded = parameter(&path, key).unwrap_or_else(|| panic!("no {key} in {path}"));
        let here = parameter(url, key).unwrap_or_else(|| panic!("no {key} in {url}"));
        self.learn_encoded(&recorded, &here);
    }

    /// Goes where a URL of the stand-in leads, as a browser, and returns the next URL.
    pub async fn follow(&self, url: &str) -> String {
        let reply = self.visit(url).await;
        reply.header("location").unwrap_or_else(|| panic!("{url}: {} {}", reply.status, reply.body)).to_owned()
    }

    /// Visits a URL of the stand-in as a browser.
    pub async fn visit(&self, url: &str) -> Reply {
        let path = url.strip_prefix(self.stand_in.url()).unwrap_or(url);
        self.send("GET", path, &[("Cookie", &self.cookies())], None).await
    }
}

/// A parameter of a URL's query or fragment, as it stands.
pub fn parameter(url: &str, key: &str) -> Option<String> {
    split(url).1.into_iter().find(|(known, _)| *known == key).map(|(_, value)| value.to_owned())
}

fn split(url: &str) -> (&str, Vec<(&str, &str)>) {
    let (base, rest) = url.split_once(['?', '#']).unwrap_or((url, ""));
    (base, rest.split('&').filter_map(|pair| pair.split_once('=')).collect())
}

fn decode(text: &str) -> String {
    let pair = format!("x={text}");
    url::form_urlencoded::parse(pair.as_bytes()).next().unwrap().1.into_owned()
}
