//! Bodies that a real server sent, from the recordings of the tests.

use serde_json::{Value, json};

const RECORDINGS: &str = include_str!("../../tests/data/wire/kratos-26.2.0.jsonl");

/// The token that the server knows.
pub const TOKEN: &str = "ory_st_CO4EHkPQ0BSgdBVkEQZ41qhoFSkXIVm6";
/// A token that it refuses.
pub const STALE_TOKEN: &str = "ory_st_nobody";
/// The page size of the lists.
pub const PAGE: usize = 500;

fn body(operation: &str, case: &str) -> Value {
    let recordings = RECORDINGS.lines().map(|line| serde_json::from_str::<Value>(line).expect("a recording"));
    let mut found = recordings.filter(|record| record["operation"] == operation && record["case"] == case);
    found.next().expect("the recording")["response"]["body"]["json"].take()
}

/// A session.
pub fn session() -> Vec<u8> {
    body("toSession", "ok").to_string().into_bytes()
}

/// The answer to a token that is none.
pub fn refusal() -> Vec<u8> {
    body("toSession", "no-session").to_string().into_bytes()
}

/// A browser's login flow with nine nodes.
pub fn login_flow() -> Vec<u8> {
    body("getSelfServiceLoginFlow", "browser").to_string().into_bytes()
}

/// The id of a row.
pub fn id(row: usize) -> String {
    format!("{row:08x}-0000-4000-8000-000000000000")
}

/// A page of identities: recorded ones, each with an id of its own.
pub fn page(first: usize, size: usize) -> Vec<u8> {
    let recorded = body("adminListIdentities", "five");
    let recorded = recorded.as_array().expect("a list");
    let rows = (first..first + size).map(|row| {
        let mut identity = recorded[row % recorded.len()].clone();
        identity["id"] = json!(id(row));
        identity
    });
    Value::Array(rows.collect()).to_string().into_bytes()
}
