//! A form that was submitted too late.

use http::StatusCode;
use serde_json::json;

use super::{forms, messages};
use crate::testing::clock::rfc3339;
use crate::testing::error::Error;
use crate::testing::http::Reply;
use crate::testing::kratos::call::{Call, set_csrf};
use crate::testing::kratos::refusal::Refusal;
use crate::testing::kratos::returns;
use crate::testing::model::{Flow, FlowKind};
use crate::testing::state::State;

/// The refusal of an expired flow, which names a new flow to go on with.
pub(super) fn refuse(state: &mut State, call: &Call, old: &Flow) -> Refusal {
    let mut new = old.again(&state.clock);
    if new.kind == FlowKind::Verification {
        // As with the server, even an app gets the flow of a browser here.
        new.is_browser = true;
        new.csrf = Some(call.csrf.clone());
    }
    forms::fill(state, &mut new);
    let since = new.issued_at - old.expires_at;
    let minutes = since.num_milliseconds() as f64 / 60_000.0;
    new.form.messages = vec![messages::expired(old, minutes)];
    let (id, kind) = (new.id, new.kind);
    let page = returns::page_of(state, kind, id);
    state.flows.insert(new);

    let fetch = format!("{}/self-service/{}/flows?id={id}", state.url, kind.name());
    let to = if call.wants_json() { fetch } else { page.clone() };
    let redirect = Reply::redirect(StatusCode::SEE_OTHER, to);
    match kind {
        FlowKind::Verification => return set_csrf(state, redirect, &call.csrf).into(),
        FlowKind::Recovery if old.is_browser => return redirect.into(),
        _ => {}
    }
    let reason = format!("The self-service flow expired {minutes:.2} minutes ago, initialize a new one.");
    let mut error = Error::new(StatusCode::GONE, "self-service flow expired")
        .id("self_service_flow_expired")
        .reason(reason)
        .beside("expired_at", rfc3339(old.expires_at))
        .beside("since", since.num_nanoseconds())
        .beside("use_flow_id", id.to_string());
    if kind == FlowKind::Recovery {
        error = error.details(json!({"continue_with": [{"action": "show_recovery_ui", "flow": {"id": id}}]}));
    }
    if old.is_browser { Refusal::or_page(error, page) } else { Reply::from(error).into() }
}
