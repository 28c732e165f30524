//! Sends recorded requests to a stand-in and compares its responses with the recorded ones.
//!
//! Learns ids and tokens from both responses: where a text varies by its nature, later requests use the stand-in's text
//! in place of the recorded one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex};

use ory_sdk::testing::{StandIn, StandInBuilder};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::recording::{self, Body, Found, Recording};

pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why} in {:?}", self.body))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

pub struct Replay {
    pub stand_in: StandIn,
    recordings: BTreeMap<String, Recording>,
    /// Recorded texts and their replacements. The longest come first, since one may contain another.
    learned: Vec<(String, String)>,
    pub report: Report,
    /// The cookies of the browser, which replace those of recorded requests.
    cookies: Mutex<BTreeMap<String, String>>,
}

/// The result of a comparison.
#[derive(Debug, Default)]
pub struct Report {
    /// The ids of the compared operations.
    pub compared: BTreeSet<String>,
    /// The names of the compared recordings.
    pub names: BTreeSet<String>,
    /// A message for each response that is not as recorded.
    pub wrong: Vec<String>,
}

impl Report {
    pub fn add(&mut self, other: Self) {
        self.compared.extend(other.compared);
        self.names.extend(other.names);
        self.wrong.extend(other.wrong);
    }
}

impl Replay {
    /// Starts a stand-in, to compare it with the recordings of a server.
    pub async fn start(server: &str) -> Self {
        Self::start_with(server, StandIn::builder()).await
    }

    /// The same, with a stand-in that has other settings.
    pub async fn start_with(server: &str, builder: StandInBuilder) -> Self {
        // Reading them takes longer than most replays.
        static OWN: LazyLock<Vec<Found>> = LazyLock::new(recording::own);
        let of_server = OWN.iter().filter(|found| found.place.contains(&format!("/{server}.")));
        let recordings = of_server.map(|found| {
            let recording = found.recording.as_ref().unwrap_or_else(|why| panic!("{} {why}", found.place)).clone();
            (format!("{}.{}", recording.operation, recording.case), recording)
        });
        let recordings = recordings.collect();
        let stand_in = builder.start().await.unwrap();
        let ports = ["4433", "4434", "4444", "4445", "18433", "18434", "18444", "18445"];
        let encoded = |url: &str| url.replace(':', "%3A").replace('/', "%2F");
        let learned = ports.iter().flat_map(|port| {
            let (recorded, here) = (format!("http://127.0.0.1:{port}"), stand_in.url());
            [(encoded(&recorded), encoded(here)), (recorded, here.to_owned())]
        });
        Self { learned: learned.collect(), stand_in, recordings, report: Report::default(), cookies: Mutex::default() }
    }

    pub fn finish(self) -> Report {
        self.report
    }

    pub fn recorded(&self, name: &str) -> &Recording {
        self.recordings.get(name).unwrap_or_else(|| panic!("no recording {name}"))
    }

    /// The names of all recordings.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.recordings.keys()
    }

    /// Whether a recording is among those in `tests/data`.
    pub fn has(&self, name: &str) -> bool {
        self.recordings.contains_key(name)
    }

    /// Removes a key from a recorded response that comes only with other data than the stand-in's.
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

    /// Replaces the recorded texts by those learned. Works in one pass, since a replacement may look like a recorded
    /// text: the stand-in's port may begin like a recorded one.
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

    /// Learns a query parameter of a recorded request, such as its flow id.
    pub fn learn_query(&mut self, name: &str, key: &str, here: &str) {
        let (_, value) = self.recorded(name).request.path.split_once(&format!("{key}=")).unwrap();
        let value = value.split('&').next().unwrap().to_owned();
        self.learn(&value, here);
    }

    /// Learns a segment of a recorded path, counted from 1, such as an id.
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

    /// Sends any request.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Reply {
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
        let headers: Vec<_> = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        for (_, cookie) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        Reply { status, headers, body: body.to_owned() }
    }

    /// The cookies of the browser, as a header.
    pub fn cookies(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Makes the browser another one, without cookies.
    pub fn forget_cookies(&self) {
        self.cookies.lock().unwrap().clear();
    }

    /// Sends JSON and expects a success.
    pub async fn json(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Value {
        let response = self.send(method, path, headers, Some(&body.to_string())).await;
        assert!((200..300).contains(&response.status), "{method} {path}: {} {}", response.status, response.body);
        response.json()
    }

    /// Gets JSON and expects a 200.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Value {
        let response = self.send("GET", path, headers, None).await;
        assert_eq!(response.status, 200, "{path}: {}", response.body);
        response.json()
    }

    /// Sends the recorded requests. The responses must be as recorded.
    pub async fn same(&mut self, names: &[&str]) {
        for name in names {
            self.same_but(name, &[]).await;
        }
    }

    /// Like [`Replay::same`], but the texts and numbers of these keys may differ.
    pub async fn same_but(&mut self, name: &str, free: &[&str]) -> Reply {
        let recording = self.recorded(name).clone();
        let request = &recording.request;
        let headers: Vec<(&str, String)> =
            request.headers.iter().map(|(name, value)| (name.as_str(), self.header_here(name, value))).collect();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = request.body.as_ref().map(|body| self.here(&String::from_utf8(body.bytes()).unwrap()));
        let response = self.send(&request.method, &self.here(&request.path), &headers, body.as_deref()).await;
        self.compare(name, &recording, &response, free);
        self.report.compared.insert(recording.operation);
        self.report.names.insert(name.to_owned());
        response
    }

    fn header_here(&self, name: &str, value: &str) -> String {
        if name.eq_ignore_ascii_case("cookie") && value.contains("ory_hydra") {
            self.cookies()
        } else {
            self.here(value)
        }
    }
}
