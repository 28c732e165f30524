//! Many sessions at once. Release 26.2 lacks this operation; its replies are those of a later snapshot.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::state::State;

/// The most ids of a request.
const MOST: usize = 500;

pub(crate) fn manage(state: &mut State, request: &Request) -> HandlerResult {
    let invalid = |message: String| Error::new(StatusCode::BAD_REQUEST, message).reason("Invalid JSON body.");
    let body = request.json_object().map_err(|why| invalid(request.json_fault(&why)))?;
    let deletes = match body["action"].as_str() {
        Some("delete") => true,
        Some("disable") => false,
        _ => return Err(Error::bad_request("The 'action' field must be one of 'disable' or 'delete'.").into()),
    };
    let (sessions, identities) = (ids(&body, "sessions")?, ids(&body, "identities")?);
    let chosen: Vec<Uuid> = match (sessions.as_slice(), identities.as_slice()) {
        ([], []) | ([_, ..], [_, ..]) => {
            let reason = "Exactly one of 'identities' or 'sessions' must be a non-empty array.";
            return Err(Error::bad_request(reason).into());
        }
        ([], ["*"]) => state.sessions.newest_first().map(|session| session.id).collect(),
        ([], ids) => {
            let owners = uuids("identities", ids)?;
            let all = state.sessions.newest_first();
            all.filter(|session| owners.contains(&session.identity)).map(|session| session.id).collect()
        }
        (ids, []) => uuids("sessions", ids)?,
    };
    let change = |id: &&Uuid| if deletes { state.sessions.remove(**id) } else { state.sessions.revoke(**id) };
    let processed = chosen.iter().filter(change).count();
    Ok(Reply::ok(&json!({"processed": processed, "more": false})))
}

/// The texts of a list.
fn ids<'a>(body: &'a Value, key: &str) -> Result<Vec<&'a str>, Error> {
    let items = body[key].as_array().map(Vec::as_slice).unwrap_or_default();
    let texts = items.iter().map(|item| {
        item.as_str().ok_or_else(|| {
            let kind = if item.is_number() { "number" } else { "value" };
            let message =
                format!("json: cannot unmarshal {kind} into Go struct field ManageSessionsBody.{key} of type string");
            Error::new(StatusCode::BAD_REQUEST, message).reason("Invalid JSON body.")
        })
    });
    texts.collect()
}

fn uuids(field: &str, ids: &[&str]) -> Result<Vec<Uuid>, Error> {
    let refuse = |why: &str| Error::bad_request(format!("Could not parse '{field}' field: {why}"));
    if ids.len() > MOST {
        return Err(refuse(&format!("at most {MOST} IDs may be provided per call")));
    }
    if ids.contains(&"*") {
        return Err(refuse("the wildcard '*' is not accepted here"));
    }
    ids.iter().map(|id| id.parse().map_err(|_| refuse(&format!("{id:?} is no UUID")))).collect()
}
