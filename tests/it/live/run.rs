//! One run: the client, what it created, and the report.

use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use ory_sdk::contract::Endpoint;
use ory_sdk::{Client, Error, Response};
use serde_json::Value;

use super::report::{Report, type_name};
use super::{guard, sweep::Made};
use crate::support::dispatch::Success;
use crate::support::spec::Spec;
use crate::wire::equality::differences;

pub struct Run {
    pub client: Client,
    /// Whether there is a Keto.
    pub has_keto: bool,
    pub report: Report,
    pub made: Mutex<Vec<Made>>,
    /// Part of every name that the run gives, so that runs do not collide.
    id: String,
    spec: Spec,
}

impl Run {
    pub fn from_env() -> Self {
        let client = Client::from_env().unwrap_or_else(|why| panic!("the environment names no servers: {why}"));
        let anywhere = std::env::var("ORY_SDK_LIVE_ANYWHERE").is_ok_and(|value| value == "1");
        if let Some(why) = guard::refusal(&client, anywhere) {
            panic!("{why}");
        }
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        Self::new(client, is_set("ORY_KETO_READ_URL") && is_set("ORY_KETO_WRITE_URL"))
    }

    pub fn new(client: Client, has_keto: bool) -> Self {
        let id = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros().to_string();
        Self { client, has_keto, report: Report::default(), made: Mutex::default(), id, spec: Spec::load() }
    }

    /// A unique name.
    pub fn name(&self, what: &str) -> String {
        format!("live-{what}-{}", self.id)
    }

    /// Whether a text contains a name from this run.
    pub fn named(&self, text: &str) -> bool {
        text.contains(&self.id)
    }

    /// Registers a thing for deletion at the end, in case its chapter fails before deleting it.
    pub fn made(&self, thing: Made) {
        self.made.lock().unwrap().push(thing);
    }

    /// The versions that the servers report. Servers built by hand report nothing useful.
    pub async fn versions(&self) -> String {
        let mut versions = Vec::new();
        let mut servers = vec![("Kratos", Endpoint::KratosAdmin), ("Hydra", Endpoint::HydraAdmin)];
        if self.has_keto {
            servers.push(("Keto", Endpoint::KetoRead));
        }
        for (name, endpoint) in servers {
            let url = self.client.endpoint(&endpoint).unwrap();
            let version = self.client.get_version().endpoint(endpoint).send().await;
            let version = version.map_or("?".to_owned(), |found| found.version.clone());
            versions.push(format!("{name} {version} at {url}"));
        }
        versions.join(", ")
    }

    /// Records a success, and checks that the decoded value says the same as the body.
    #[track_caller]
    pub fn passed<T: Clone>(
        &self,
        method: &'static str,
        result: Result<Response<T>, Error>,
        kind: fn(Response<T>) -> Success,
    ) -> Response<T> {
        let response = match result {
            Ok(response) => response,
            Err(error) => {
                self.report.failure(method, &error);
                panic!("{error}");
            }
        };
        let success = kind(response.clone());
        self.compare(method, &success);
        self.report.success(method, success.status, type_name::<T>(), &success);
        response
    }

    /// Like `passed`, for an operation that this server may lack. Then the table says so.
    #[track_caller]
    pub fn passed_if_there<T: Clone>(
        &self,
        method: &'static str,
        result: Result<Response<T>, Error>,
        kind: fn(Response<T>) -> Success,
    ) -> Option<Response<T>> {
        match result {
            Err(error) if error.is_unknown_route() => {
                self.report.absent(method, &error);
                None
            }
            other => Some(self.passed(method, other, kind)),
        }
    }

    /// Like `refused`, for an operation that this server may lack.
    #[track_caller]
    pub fn refused_if_there<T>(&self, method: &'static str, result: Result<Response<T>, Error>) -> Option<Error> {
        match result {
            Err(error) if error.is_unknown_route() => {
                self.report.absent(method, &error);
                None
            }
            other => Some(self.refused(method, other)),
        }
    }

    /// Records the error of a call that the server must refuse.
    #[track_caller]
    pub fn refused<T>(&self, method: &'static str, result: Result<Response<T>, Error>) -> Error {
        match result {
            Ok(response) => panic!("{method} was to be refused, but succeeded with {}", response.status()),
            Err(error) if error.status().is_none_or(|status| status.is_success()) => {
                self.report.failure(method, &error);
                panic!("{error}");
            }
            Err(error) => {
                self.report.refusal(method, &error);
                error
            }
        }
    }

    /// Compares the decoded value, encoded again, with the body as it came.
    #[track_caller]
    fn compare(&self, method: &str, success: &Success) {
        if success.location.is_some() {
            return;
        }
        let id = ory_sdk::contract::operations().iter().find(|operation| operation.name == method).unwrap().id;
        let operations = self.spec.operations();
        let operation = operations.iter().find(|operation| operation.id == id).unwrap();
        let Some(content) = operation.success(&self.spec, success.status.as_u16()).and_then(|one| one.get("content"))
        else {
            return;
        };
        let (schema, sent) = match serde_json::from_slice(&success.raw) {
            Ok(json) => (&content["application/json"]["schema"], json),
            Err(_) => (&Value::Null, Value::from(String::from_utf8_lossy(&success.raw))),
        };
        let found = differences(&self.spec, schema, &sent, &success.body);
        assert!(found.is_empty(), "{method} lost something of the response: {found:?}");
    }
}
