//! Recovery that an administrator starts for somebody.

use std::time::Duration;

use chrono::TimeDelta;
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{body, flows, returns};
use crate::input::GoDuration;
use crate::testing::clock::{after, rfc3339};
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::{CODE_LIFESPAN, CodeForm, Flow, FlowKind};
use crate::testing::state::State;

/// Makes a code, and a page where the person enters it.
pub(super) fn code(state: &mut State, request: &Request) -> HandlerResult {
    let body = decode(request)?;
    let identity = identity(&body)?;
    let future = |text: &str| {
        let text = if text.ends_with('h') { format!("{text}0m0s") } else { text.to_owned() };
        format!("Value from \"expires_in\" must result to a future time: {text}")
    };
    let lifespan = lifespan(&body, future)?;
    if identity.and_then(|id| state.identities.get(id)).is_none() {
        return Err(Error::not_found().reason("could not find identity").into());
    }
    let mut flow = new_flow(state, request, lifespan);
    flows::recovery::ask_for_code(&mut flow);
    let code = state.codes.issue(&state.clock, CodeForm::Digits, flow.id, identity, None, lifespan);
    let link = returns::page_of(state, FlowKind::Recovery, flow.id);
    let body = json!({"recovery_link": link, "recovery_code": code, "expires_at": rfc3339(flow.expires_at)});
    state.flows.insert(flow);
    Ok(Reply::json(StatusCode::CREATED, &body))
}

/// Makes a link that signs the person in.
pub(super) fn link(state: &mut State, request: &Request) -> HandlerResult {
    let body = decode(request)?;
    let identity = identity(&body)?;
    let future = |text: &str| format!("Value from \"expires_in\" must be result to a future time: {text}");
    let lifespan = lifespan(&body, future)?;
    if identity.and_then(|id| state.identities.get(id)).is_none() {
        return Err(Error::bad_request("The requested identity id does not exist.").into());
    }
    let mut flow = new_flow(state, request, lifespan);
    flows::recovery::ask_for_email(state, &mut flow);
    let token = state.codes.issue(&state.clock, CodeForm::Link, flow.id, identity, None, lifespan);
    let link = flows::link(state, &flow, &token);
    let body = json!({"recovery_link": link, "expires_at": rfc3339(flow.expires_at)});
    state.flows.insert(flow);
    Ok(Reply::ok(&body))
}

/// A flow for whichever browser comes.
fn new_flow(state: &State, request: &Request, lifespan: TimeDelta) -> Flow {
    let request_url = format!("{}{}", state.url, request.target);
    let mut flow = Flow::new(&state.clock, FlowKind::Recovery, request_url, None);
    flow.is_browser = true;
    flow.expires_at = after(flow.issued_at, lifespan);
    flow
}

fn decode(request: &Request) -> Result<Value, Error> {
    body::check_not_empty(request)?;
    let fault = |why| Error::bad_request(format!("Unable to decode JSON payload: {}", request.json_fault(&why)));
    request.json_object().map_err(fault)
}

fn identity(body: &Value) -> Result<Option<Uuid>, Error> {
    let text = body["identity_id"].as_str().filter(|text| !text.is_empty());
    let parse = |text: &str| {
        let fault = |_| Error::bad_request(format!("Unable to decode JSON payload: {}", body::uuid_fault(text)));
        text.parse().map_err(fault)
    };
    text.map(parse).transpose()
}

/// How long the code or the link is valid.
fn lifespan(body: &Value, future: impl Fn(&str) -> String) -> Result<TimeDelta, Error> {
    let Some(text) = body["expires_in"].as_str().filter(|text| !text.is_empty()) else { return Ok(CODE_LIFESPAN) };
    let unread = || {
        let format = "[0-9]+(ns|us|ms|s|m|h)";
        Error::bad_request(format!(
            "Unable to parse \"expires_in\" whose format should match \"{format}\" but did not: {text}"
        ))
    };
    let lifespan = duration(text).ok_or_else(unread)?;
    if lifespan > TimeDelta::zero() { Ok(lifespan) } else { Err(Error::bad_request(future(text))) }
}

/// A duration as Go writes it, such as `1h30m`, but in whole numbers. It may be negative.
fn duration(text: &str) -> Option<TimeDelta> {
    let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let is_whole = !rest.contains(['.', '+']) && !rest.ends_with(|c: char| c.is_ascii_digit());
    let duration: GoDuration = rest.parse().ok().filter(|_| is_whole)?;
    let nanoseconds = i64::try_from(Duration::from(duration).as_nanos()).ok()?;
    Some(TimeDelta::nanoseconds(sign * nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(duration("12h"), Some(TimeDelta::hours(12)));
        assert_eq!(duration("1h30m"), Some(TimeDelta::minutes(90)));
        assert_eq!(duration("-1h"), Some(TimeDelta::hours(-1)));
        for wrong in ["soon", "", "-", "12", "h", "1h30", "99999999999999h", "1x"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
