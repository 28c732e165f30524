//! Sends a recorded request to a stand-in and holds its answer against the recorded one.
//!
//! Ids and tokens of the recording are learned: where both answers have a text at the same place that varies by its
//! nature, the one takes the other's place in all later requests.

use std::collections::{BTreeMap, BTreeSet};

use ory_sdk::testing::StandIn;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::recording::{self, Body, Recording};

/// Keys whose texts and numbers differ from run to run; their types are compared all the same.
const VARYING: [&str; 29] = [
    // Made up by the server.
    "id",
    "identity_id",
    "client_id",
    "client_secret",
    "kid",
    "n",
    "session_token",
    "ory_session_token",
    "access_token",
    "registration_access_token",
    "use_flow_id",
    "hashed_password",
    // The time, in words, in nanoseconds and in seconds.
    "created_at",
    "updated_at",
    "issued_at",
    "expires_at",
    "expired_at",
    "authenticated_at",
    "completed_at",
    "state_changed_at",
    "verified_at",
    "since",
    "expired_at_unix",
    "exp",
    "iat",
    "nbf",
    "expires_in",
    // The caller's port.
    "ip_address",
    // Counts the changes of a credential.
    "version",
];

/// Headers that belong to the transport, or to a browser that a native app is not.
const TRANSPORT: [&str; 5] = ["connection", "content-length", "date", "set-cookie", "transfer-encoding"];

/// Methods that the recorded server has and a stand-in has not: their nodes are missing in its forms.
const OTHER_METHODS: [&str; 6] = ["code", "passkey", "totp", "lookup_secret", "webauthn", "oidc"];

pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why} in {:?}", self.body))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

pub struct Replay {
    pub stand_in: StandIn,
    recordings: BTreeMap<String, Recording>,
    /// A text of the recordings, and what it is here. The longest first, since one may hold another.
    learned: Vec<(String, String)>,
    report: Report,
}

/// What comparing came to.
#[derive(Debug, Default)]
pub struct Report {
    /// The operations.
    pub compared: BTreeSet<String>,
    /// Each answer that is not as recorded.
    pub wrong: Vec<String>,
}

impl Report {
    pub fn add(&mut self, other: Self) {
        self.compared.extend(other.compared);
        self.wrong.extend(other.wrong);
    }
}

impl Replay {
    /// A new stand-in, to be held against the recordings of a server.
    pub async fn start(server: &str) -> Self {
        let of_server = recording::own().into_iter().filter(|found| found.place.contains(&format!("/{server}.")));
        let recordings = of_server.map(|found| {
            let recording = found.recording.unwrap_or_else(|why| panic!("{} {why}", found.place));
            (format!("{}.{}", recording.operation, recording.case), recording)
        });
        let recordings = recordings.collect();
        let stand_in = StandIn::start().await.unwrap();
        let ports = ["4433", "4434", "4444", "4445"];
        let encoded = |url: &str| url.replace(':', "%3A").replace('/', "%2F");
        let learned = ports.iter().flat_map(|port| {
            let (recorded, here) = (format!("http://127.0.0.1:{port}"), stand_in.url());
            [(encoded(&recorded), encoded(here)), (recorded, here.to_owned())]
        });
        Self { learned: learned.collect(), stand_in, recordings, report: Report::default() }
    }

    pub fn finish(self) -> Report {
        self.report
    }

    pub fn recorded(&self, name: &str) -> &Recording {
        self.recordings.get(name).unwrap_or_else(|| panic!("no recording {name}"))
    }

    /// Forgets a key of a recording that other data would not have.
    pub fn without(&mut self, name: &str, key: &str) {
        let body = &mut self.recordings.get_mut(name).unwrap().response.body;
        let Some(Body::Json(Value::Object(body))) = body else { panic!("{name} has no object") };
        body.remove(key).unwrap();
    }

    pub fn learn(&mut self, recorded: &str, here: &str) {
        if recorded != here && !recorded.is_empty() && self.here(recorded) != here {
            self.learned.retain(|(known, _)| known != recorded);
            self.learned.push((recorded.to_owned(), here.to_owned()));
            self.learned.sort_by_key(|(known, _)| std::cmp::Reverse(known.len()));
        }
    }

    /// A text of the recordings as it would be here. In one pass, since what is put in may look like something that
    /// was recorded: the stand-in's own port may begin like a recorded one.
    pub fn here(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            match self.learned.iter().find(|(recorded, _)| rest.starts_with(recorded.as_str())) {
                Some((recorded, here)) => {
                    out.push_str(here);
                    rest = &rest[recorded.len()..];
                }
                None => {
                    out.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
        }
        out
    }

    /// Learns the query parameter of a recorded request, such as the flow that it names.
    pub fn learn_query(&mut self, name: &str, key: &str, here: &str) {
        let (_, value) = self.recorded(name).request.path.split_once(&format!("{key}=")).unwrap();
        let value = value.split('&').next().unwrap().to_owned();
        self.learn(&value, here);
    }

    /// Learns a segment of a recorded path, counted from 1, such as the id that it names.
    pub fn learn_segment(&mut self, name: &str, number: usize, here: &str) {
        let path = self.recorded(name).request.path.split('?').next().unwrap();
        let segment = path.split('/').nth(number).unwrap().to_owned();
        self.learn(&segment, here);
    }

    /// Learns a header of a recorded request.
    pub fn learn_header(&mut self, name: &str, header: &str, here: &str) {
        let mut headers = self.recorded(name).request.headers.iter();
        let (_, value) = headers.find(|(known, _)| known == header).unwrap().clone();
        self.learn(&value, here);
    }

    /// Learns a field of a recorded form or JSON object.
    pub fn learn_field(&mut self, name: &str, field: &str, here: &str) {
        let value = match self.recorded(name).request.body.as_ref().unwrap() {
            Body::Json(body) => body[field].as_str().unwrap().to_owned(),
            Body::Form(form) => {
                let mut pairs = form.split('&').filter_map(|pair| pair.split_once('='));
                pairs.find(|(known, _)| *known == field).unwrap().1.to_owned()
            }
            other => panic!("{name} has no fields but {other:?}"),
        };
        self.learn(&value, here);
    }

    /// Sends anything.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Answer {
        let address = self.stand_in.url().strip_prefix("http://").unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(body) = body {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(format!("{head}\r\n{}", body.unwrap_or_default()).as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|line| line.split_once(": ").unwrap_or((line.trim_end_matches(':'), "")));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        Answer { status, headers, body: body.to_owned() }
    }

    /// Sends JSON and wants a success.
    pub async fn json(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Value {
        let answer = self.send(method, path, headers, Some(&body.to_string())).await;
        assert!((200..300).contains(&answer.status), "{method} {path}: {} {}", answer.status, answer.body);
        answer.json()
    }

    /// Gets JSON and wants a success.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Value {
        let answer = self.send("GET", path, headers, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    /// Sends each recorded request; the answers must be the recorded ones.
    pub async fn same(&mut self, names: &[&str]) {
        for name in names {
            self.same_but(name, &[]).await;
        }
    }

    /// As [`Replay::same`], but the texts and numbers of these keys may differ.
    pub async fn same_but(&mut self, name: &str, free: &[&str]) {
        let recording = self.recorded(name).clone();
        let request = &recording.request;
        let headers: Vec<(&str, String)> =
            request.headers.iter().map(|(name, value)| (name.as_str(), self.here(value))).collect();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = request.body.as_ref().map(|body| self.here(&String::from_utf8(body.bytes()).unwrap()));
        let answer = self.send(&request.method, &self.here(&request.path), &headers, body.as_deref()).await;
        self.compare(name, &recording, &answer, free);
        self.report.compared.insert(recording.operation);
    }

    /// Holds an answer against the one of a recording.
    pub fn compare(&mut self, name: &str, recording: &Recording, answer: &Answer, free: &[&str]) {
        let expected = &recording.response;
        let mut wrong = Vec::new();
        if expected.status != answer.status {
            wrong.push(format!("status {} instead of {}", answer.status, expected.status));
        }
        match &expected.body {
            Some(Body::Json(body)) => self.values(body, &answer.json(), "", free, &mut wrong),
            body => {
                let text = body.as_ref().map(|body| String::from_utf8(body.bytes()).unwrap()).unwrap_or_default();
                if text != answer.body {
                    wrong.push(format!("the text {:?} instead of {text:?}", answer.body));
                }
            }
        }
        self.headers(recording, answer, &mut wrong);
        if !wrong.is_empty() {
            self.report.wrong.push(format!("{name}:\n    {}", wrong.join("\n    ")));
        }
    }

    fn headers(&mut self, recording: &Recording, answer: &Answer, wrong: &mut Vec<String>) {
        // Hydra 2.0 forbids caches with every method, 26.2 and Kratos with GET alone.
        let is_old = |value: &str| value.starts_with("private, no-cache") && recording.request.method != "GET";
        let expected: Vec<(String, &str)> = recording
            .response
            .headers()
            .filter(|(_, value)| !is_old(value))
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .filter(|(name, _)| !TRANSPORT.contains(&name.as_str()))
            .collect();
        for (key, value) in &expected {
            let Some(here) = answer.header(key) else {
                wrong.push(format!("no header {key}"));
                continue;
            };
            let same = match key.as_str() {
                "link" => self.same_links(value, here),
                _ => self.here(value) == here,
            };
            if !same {
                wrong.push(format!("{key}: {here} instead of {value}"));
            }
        }
        for (key, value) in &answer.headers {
            if !TRANSPORT.contains(&key.as_str()) && !expected.iter().any(|(name, _)| name == key) {
                wrong.push(format!("a header too many: {key}: {value}"));
            }
        }
    }

    /// The same paths, queries and relations; tokens are learned.
    fn same_links(&mut self, expected: &str, here: &str) -> bool {
        let (expected, here) = (links(&self.here(expected)), links(here));
        for (expected, here) in expected.iter().zip(&here) {
            self.learn(&expected.token, &here.token);
        }
        expected == here
    }

    /// The same type, the same keys, and the same texts and numbers unless they vary.
    fn values(&mut self, expected: &Value, here: &Value, path: &str, free: &[&str], wrong: &mut Vec<String>) {
        let key = path.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or_default();
        // The ids of errors and messages have a meaning.
        let meaningful = path == "/error/id" || (key == "id" && expected.is_number());
        let varying = VARYING.contains(&key) && !meaningful;
        match (expected, here) {
            (Value::Object(expected), Value::Object(here)) => {
                let keys: BTreeSet<&String> = expected.keys().chain(here.keys()).collect();
                for key in keys {
                    let path = format!("{path}/{key}");
                    match (expected.get(key), here.get(key)) {
                        (Some(expected), Some(here)) if key == "nodes" && expected.is_array() => {
                            self.nodes(expected, here, &path, free, wrong);
                        }
                        (Some(expected), Some(here)) => self.values(expected, here, &path, free, wrong),
                        (Some(_), None) => wrong.push(format!("{path} is missing")),
                        (None, _) => wrong.push(format!("{path} is too many")),
                    }
                }
            }
            (Value::Array(expected), Value::Array(here)) => {
                if expected.len() != here.len() {
                    wrong.push(format!("{path} has {} items instead of {}", here.len(), expected.len()));
                }
                for (at, (expected, here)) in expected.iter().zip(here).enumerate() {
                    self.values(expected, here, &format!("{path}/{at}"), free, wrong);
                }
            }
            (Value::String(expected), Value::String(here)) => {
                if key.ends_with("_at") && chrono::DateTime::parse_from_rfc3339(here).is_err() {
                    wrong.push(format!("{path} is no time: {here}"));
                }
                let known = match key {
                    // A stand-in sends no mail.
                    "status" => (expected.as_str(), here.as_str()) == ("sent", "pending"),
                    // The other methods of the recorded server complete other things too.
                    "autocomplete" => expected.starts_with(here),
                    _ => free.contains(&key),
                };
                if varying {
                    self.learn(expected, here);
                } else if !known && self.here(expected) != *here {
                    wrong.push(format!("{path} is {here:?} instead of {expected:?}"));
                }
            }
            (Value::Number(_), Value::Number(_)) if varying || free.contains(&key) => {}
            _ if expected == here => {}
            _ => wrong.push(format!("{path} is {here} instead of {expected}")),
        }
    }

    /// The nodes of a form, in any order.
    fn nodes(&mut self, expected: &Value, here: &Value, path: &str, free: &[&str], wrong: &mut Vec<String>) {
        let by_name = |nodes: &Value| -> BTreeMap<String, Value> {
            let nodes = nodes.as_array().cloned().unwrap_or_default();
            let wanted = nodes.into_iter().filter(|node| !OTHER_METHODS.iter().any(|method| node["group"] == *method));
            wanted
                .map(|node| {
                    let attributes = &node["attributes"];
                    let is_button = attributes["type"] == "submit";
                    let value = if is_button { attributes["value"].as_str().unwrap() } else { "" };
                    (format!("{}={value}", attributes["name"].as_str().unwrap()), node)
                })
                .collect()
        };
        self.values(&json!(by_name(expected)), &json!(by_name(here)), path, free, wrong);
    }
}

/// A link, compared without its token.
struct Link {
    url: String,
    rel: String,
    token: String,
}

impl PartialEq for Link {
    fn eq(&self, other: &Self) -> bool {
        (&self.url, &self.rel) == (&other.url, &other.rel)
    }
}

fn links(text: &str) -> Vec<Link> {
    text.split(',')
        .map(|link| {
            let (url, rel) = link.trim().strip_prefix('<').unwrap().split_once(">; ").unwrap();
            let token = url.split_once("page_token=").map_or("", |(_, rest)| rest.split('&').next().unwrap());
            let url = url.replace(&format!("page_token={token}"), "page_token=..");
            Link { url, rel: rel.to_owned(), token: token.to_owned() }
        })
        .collect()
}
