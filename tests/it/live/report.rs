//! A table of the responses to each operation.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Mutex;

use http::StatusCode;
use ory_sdk::Error;
use ory_sdk::contract::{Area, Operation};
use serde_json::Value;

use crate::support::dispatch::Success;

/// One line for each method of the client.
#[derive(Default)]
pub struct Report {
    lines: Mutex<BTreeMap<&'static str, Line>>,
}

#[derive(Default)]
struct Line {
    /// How often each status came.
    statuses: BTreeMap<String, usize>,
    successes: usize,
    failed: bool,
    /// Why it did not succeed, if it did not have to.
    excused: bool,
    decoded: Vec<String>,
    notes: Vec<String>,
}

impl Report {
    pub fn success(&self, method: &'static str, status: StatusCode, ty: String, success: &Success) {
        let decoded = match (&success.location, &success.body) {
            (Some(_), _) => format!("{ty} (redirect)"),
            (None, Value::Array(items)) => format!("{ty} of {}", items.len()),
            (None, _) => ty,
        };
        self.line(method, |line| {
            line.successes += 1;
            *line.statuses.entry(status.as_str().to_owned()).or_default() += 1;
            push_new(&mut line.decoded, decoded);
        });
    }

    /// Records an expected error.
    pub fn refusal(&self, method: &'static str, error: &Error) {
        let status = error.status().map_or("-".to_owned(), |status| status.as_str().to_owned());
        // Only the name of the step, since its fields may hold a URL with a secret.
        let next = error.next_step().map(|next| format!("{next:?}").split([' ', '(']).next().unwrap().to_owned());
        self.line(method, |line| {
            *line.statuses.entry(status).or_default() += 1;
            push_new(&mut line.decoded, format!("error: {}", next.unwrap_or("no next step".to_owned())));
        });
    }

    /// Records an unexpected error.
    pub fn failure(&self, method: &'static str, error: &Error) {
        self.line(method, |line| {
            line.failed = true;
            line.notes.push(format!("FAILED: {error}"));
        });
    }

    /// Records how a server differs from the others.
    pub fn note(&self, method: &'static str, note: &str) {
        assert!(operations().any(|operation| operation.name == method), "{method} is no operation");
        self.line(method, |line| push_new(&mut line.notes, note.to_owned()));
    }

    /// Records why an operation cannot succeed on these servers.
    pub fn excuse(&self, method: &'static str, why: &str) {
        self.note(method, why);
        self.line(method, |line| line.excused = true);
    }

    /// Records that the server is older than an operation. Only those that some supported server lacks may be.
    pub fn absent(&self, method: &'static str, error: &Error) {
        assert!(error.is_unknown_route(), "{error}");
        let since = operations().find(|operation| operation.name == method).and_then(|operation| operation.since);
        let since = since.unwrap_or_else(|| panic!("every server has {method}: {error}"));
        self.refusal(method, error);
        self.excuse(method, &format!("not on this server: {since}"));
    }

    /// The operations that never succeeded, and have no excuse.
    pub fn without_success(&self) -> Vec<&'static str> {
        let lines = self.lines.lock().unwrap();
        let names = operations().map(|operation| operation.name);
        names.filter(|name| lines.get(name).is_none_or(|line| line.successes == 0 && !line.excused)).collect()
    }

    /// Writes the table directly to stdout, since the test harness captures what a passing test prints.
    pub fn print(&self, versions: &str) {
        let lines = self.lines.lock().unwrap();
        let mut text = format!("\n{versions}\n\n| operation | status | decoded | note |\n| --- | --- | --- | --- |\n");
        let (mut called, mut passed, mut excused, mut calls) = (0, 0, 0, 0);
        for operation in operations() {
            let Some(line) = lines.get(operation.name) else {
                text.push_str(&format!("| {} | - | not called | |\n", operation.name));
                continue;
            };
            let count = |(status, count): (&String, &usize)| match count {
                1 => status.clone(),
                _ => format!("{status} ×{count}"),
            };
            let statuses: Vec<_> = line.statuses.iter().map(count).collect();
            let (decoded, notes) = (line.decoded.join("; "), line.notes.join("; "));
            text.push_str(&format!("| {} | {} | {decoded} | {notes} |\n", operation.name, statuses.join(", ")));
            called += usize::from(!line.statuses.is_empty());
            let has_passed = line.successes > 0 && !line.failed;
            passed += usize::from(has_passed);
            excused += usize::from(!has_passed && !line.failed && line.excused);
            calls += line.statuses.values().sum::<usize>();
        }
        let all = operations().count();
        text.push_str(&format!(
            "\n{all} operations: {called} called, {passed} passed, {excused} cannot pass here, {calls} responses\n"
        ));
        std::io::stdout().write_all(text.as_bytes()).unwrap();
    }

    fn line(&self, method: &'static str, change: impl FnOnce(&mut Line)) {
        change(self.lines.lock().unwrap().entry(method).or_default());
    }
}

/// The operations that can be self-hosted: all except those that only the Ory Network has.
fn operations() -> impl Iterator<Item = &'static Operation> {
    ory_sdk::contract::operations().iter().copied().filter(|operation| operation.since != Some("Ory Network"))
}

fn push_new(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}

/// The name of a type, without its modules.
pub fn type_name<T>() -> String {
    let parts = std::any::type_name::<T>().split_inclusive(['<', '>', ',', ' ']);
    parts.map(|part| part.rsplit("::").next().unwrap()).collect()
}

#[test]
fn names_of_types() {
    assert_eq!(type_name::<Vec<Option<std::time::Duration>>>(), "Vec<Option<Duration>>");
    assert_eq!(type_name::<()>(), "()");
}

#[test]
fn there_are_119_operations_to_host() {
    assert_eq!(operations().count(), 119);
    // The areas of the console and of API keys are the Network's, and only these.
    let network = [Area::Project, Area::Workspace, Area::Events, Area::ApiKeys];
    assert!(operations().all(|operation| !network.contains(&operation.area)));
}

#[test]
fn an_excuse_is_no_success_but_enough() {
    let report = Report::default();
    let missing = report.without_success().len();
    report.excuse("exchange_session_token", "needs a third party");
    assert_eq!(report.without_success().len(), missing - 1);
    assert!(!report.without_success().contains(&"exchange_session_token"));
}
