//! Many new identities at once, each of which succeeds or fails on its own.

use serde_json::{Value, json};
use uuid::Uuid;

use super::content::{check, check_import, check_keys};
use super::operations::{TAKEN, is_taken, make};
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::kratos::body;
use crate::testing::state::State;

/// The most identities of a request.
const MOST: usize = 1000;

pub(crate) fn create_many(state: &mut State, request: &Request) -> HandlerResult {
    let patches = read(request)?;
    if patches.len() > MOST {
        let reason =
            format!("The maximum number of identities per request that can be created or deleted at once is {MOST}.");
        return Err(Error::bad_request(reason).into());
    }
    for patch in &patches {
        check_import(&patch["create"])?;
    }
    let results: Vec<Value> = patches.iter().map(|patch| create(state, patch)).collect();
    Ok(Reply::ok(&json!({"identities": results})))
}

/// The patches of a body. Anything that has not their form is refused as a whole.
fn read(request: &Request) -> Result<Vec<Value>, Error> {
    let mut body = request.json().map_err(|why| Error::unexpected(request.json_fault(&why)))?;
    if !body.is_object() {
        let kind = if body.is_array() { "array" } else { "value" };
        let message = format!("json: cannot unmarshal {kind} into Go value of type identity.BatchPatchIdentitiesBody");
        return Err(Error::unexpected(message));
    }
    known_keys(&body, &["identities"])?;
    let patches = match body["identities"].take() {
        Value::Array(patches) => patches,
        _ => Vec::new(),
    };
    for patch in &patches {
        known_keys(patch, &["create", "patch_id"])?;
        if let Some(id) = patch["patch_id"].as_str() {
            id.parse::<Uuid>().map_err(|_| Error::unexpected(body::uuid_fault(id)))?;
        }
    }
    Ok(patches)
}

fn known_keys(object: &Value, known: &[&str]) -> Result<(), Error> {
    let mut keys = object.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    match keys.find(|key| !known.contains(key)) {
        Some(key) => Err(Error::unexpected(format!("json: unknown field \"{key}\""))),
        None => Ok(()),
    }
}

/// Creates the identity of a patch, and says how that went. A patch that creates nothing has null for a result.
fn create(state: &mut State, patch: &Value) -> Value {
    let wanted = &patch["create"];
    if !wanted.is_object() {
        return Value::Null;
    }
    let mut result = match check_keys(wanted).and_then(|()| check(state, wanted)) {
        Err(error) => json!({"action": "error", "error": error.body()}),
        Ok(()) if is_taken(state, wanted) => {
            let error = Error::new(http::StatusCode::CONFLICT, TAKEN);
            json!({"action": "error", "error": error.body()})
        }
        Ok(()) => {
            let identity = make(state, wanted);
            let id = identity.id;
            state.identities.insert(identity);
            json!({"action": "create", "identity": id})
        }
    };
    if let Some(id) = patch["patch_id"].as_str() {
        result["patch_id"] = json!(id);
    }
    result
}
