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

    /// The operations that never succeeded.
    pub fn without_success(&self) -> Vec<&'static str> {
        let lines = self.lines.lock().unwrap();
        let names = operations().map(|operation| operation.name);
        names.filter(|name| lines.get(name).is_none_or(|line| line.successes == 0)).collect()
    }

    /// Writes the table directly to stdout, since the test harness captures what a passing test prints.
    pub fn print(&self, versions: &str) {
        let lines = self.lines.lock().unwrap();
        let mut text = format!("\n{versions}\n\n| operation | status | decoded | note |\n| --- | --- | --- | --- |\n");
        let (mut called, mut passed, mut calls) = (0, 0, 0);
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
            called += 1;
            passed += usize::from(line.successes > 0 && !line.failed);
            calls += line.statuses.values().sum::<usize>();
        }
        let all = operations().count();
        text.push_str(&format!("\n{all} operations: {called} called, {passed} passed, {calls} responses\n"));
        std::io::stdout().write_all(text.as_bytes()).unwrap();
    }

    fn line(&self, method: &'static str, change: impl FnOnce(&mut Line)) {
        change(self.lines.lock().unwrap().entry(method).or_default());
    }
}

/// The operations that can be self-hosted: all except the console's projects.
fn operations() -> impl Iterator<Item = &'static Operation> {
    ory_sdk::contract::operations().iter().copied().filter(|operation| operation.area != Area::Project)
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
fn there_are_85_operations_to_host() {
    assert_eq!(operations().count(), 85);
}
