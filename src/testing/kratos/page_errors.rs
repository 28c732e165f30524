//! `GET /self-service/errors`, from which the page for errors learns what to show.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::call::Call;
use crate::testing::clock::rfc3339;
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply};
use crate::testing::random;
use crate::testing::state::State;

pub(super) fn get(state: &State, call: &Call) -> HandlerResult {
    let id = call.parameter("id").unwrap_or_default();
    if id == "stub:500" {
        let message = "An internal server error occurred, please contact the system administrator";
        let error = Error::new(StatusCode::INTERNAL_SERVER_ERROR, message).reason("This is a stub error.");
        return Ok(reply(random::uuid(), &error.body(), "0001-01-01T00:00:00Z"));
    }
    let id: Option<Uuid> = id.parse().ok();
    let found = id.and_then(|id| Some((id, state.page_errors.get(id)?)));
    let (id, found) = found.ok_or_else(Error::not_found)?;
    Ok(reply(id, &found.error, &rfc3339(found.created_at)))
}

fn reply(id: Uuid, error: &Value, at: &str) -> Reply {
    Reply::ok(&json!({"id": id, "error": error, "created_at": at, "updated_at": at}))
}
