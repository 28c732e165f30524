//! Bodies from a real server, taken from the recordings of the tests.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

const RECORDINGS: &str = include_str!("../../tests/data/wire/kratos-26.2.0.jsonl");

/// A token that the server accepts.
pub const TOKEN: &str = "ory_st_CO4EHkPQ0BSgdBVkEQZ41qhoFSkXIVm6";
/// A token that it refuses.
pub const STALE_TOKEN: &str = "ory_st_nobody";
/// The page size of lists.
pub const PAGE: usize = 500;

/// A body as the server wrote it, with the order of its keys.
fn body(operation: &str, case: &str) -> &'static RawValue {
    #[derive(Deserialize)]
    struct Record<'a> {
        operation: String,
        case: String,
        #[serde(borrow)]
        response: Response<'a>,
    }
    #[derive(Deserialize)]
    struct Response<'a> {
        #[serde(borrow)]
        body: Option<Body<'a>>,
    }
    #[derive(Deserialize)]
    struct Body<'a> {
        #[serde(borrow)]
        json: Option<&'a RawValue>,
    }
    let recordings = RECORDINGS.lines().map(|line| serde_json::from_str::<Record>(line).expect("a recording"));
    let mut found = recordings.filter(|record| record.operation == operation && record.case == case);
    found.next().and_then(|record| record.response.body?.json).expect("a recording with a JSON body")
}

/// A session that ends in 2099, since one that has ended is not cached.
pub fn session() -> Vec<u8> {
    let recorded = body("toSession", "ok").get();
    let own: Value = serde_json::from_str(recorded).expect("a session");
    recorded.replacen(own["expires_at"].as_str().expect("a time"), "2099-01-01T00:00:00.000000000Z", 1).into()
}

/// The response to an invalid token.
pub fn refusal() -> Vec<u8> {
    body("toSession", "no-session").get().into()
}

/// A browser's login flow with nine nodes.
pub fn login_flow() -> Vec<u8> {
    body("getSelfServiceLoginFlow", "browser").get().into()
}

/// The id of the identity in a row.
pub fn id(row: usize) -> String {
    format!("{row:08x}-0000-4000-8000-000000000000")
}

/// A page of recorded identities, each with a unique id.
pub fn page(first: usize, size: usize) -> Vec<u8> {
    let recorded = body("adminListIdentities", "five").get();
    let recorded: Vec<&RawValue> = serde_json::from_str(recorded).expect("a list");
    let rows = (first..first + size).map(|row| {
        let identity = recorded[row % recorded.len()].get();
        let own: Value = serde_json::from_str(identity).expect("an identity");
        identity.replacen(own["id"].as_str().expect("an id"), &id(row), 1)
    });
    format!("[{}]", rows.collect::<Vec<_>>().join(",")).into_bytes()
}
