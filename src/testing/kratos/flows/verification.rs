//! Verification of an address by a mailed code or link.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::reply::{refuse, refuse_with};
use super::{codes, forms, messages, nodes, reply, start, submission};
use crate::testing::error::Error;
use crate::testing::http::Reply;
use crate::testing::kratos::body;
use crate::testing::kratos::call::{Call, set_csrf};
use crate::testing::kratos::refusal::{Outcome, Refusal};
use crate::testing::kratos::returns;
use crate::testing::model::{Entered, Flow, FlowKind, Message, OneTimeCode, Step};
use crate::testing::schema::is_email;
use crate::testing::state::State;

pub(crate) fn start(state: &mut State, call: &Call) -> Outcome {
    let mut flow = start::new_flow(state, call, FlowKind::Verification)?;
    forms::fill(state, &mut flow);
    Ok(reply::show(state, call, flow))
}

/// A submitted form, or a link that somebody opened.
pub(crate) fn submit(state: &mut State, call: &Call) -> Outcome {
    let mut flow = submission::find(state, call, FlowKind::Verification)?;
    if let Some(token) = call.parameter("token").filter(|token| !token.is_empty()) {
        return Ok(by_token(state, call, flow, token));
    }
    if call.method == Method::GET {
        return Ok(open_code(state, call, flow));
    }
    let body = submission::open(state, call, &mut flow)?;
    let email = body::text(&body, "email");
    match body["method"].as_str().unwrap_or_default() {
        "code" | "link" if flow.step == Step::Passed => {
            let text = "The request was already completed successfully and can not be retried.";
            Err(replaced(state, call, &flow, Message::error(4_070_002, text)))
        }
        "code" if flow.step == Step::SentEmail && email.is_empty() => enter_code(state, call, flow, &body),
        "code" => mail(state, call, flow, &body, false),
        "link" => mail(state, call, flow, &body, true),
        _ => {
            flow.active = Some("default");
            flow.form.set_value("email", json!(""));
            let text = "Could not find a strategy to verify your account with. Did you fill out the form correctly?";
            Err(refuse_with(state, call, flow, Message::error(4_010_006, text)).into())
        }
    }
}

fn mail(state: &mut State, call: &Call, mut flow: Flow, body: &Value, by_link: bool) -> Outcome {
    let group = if by_link { "link" } else { "code" };
    let Some(address) = submission::required(&mut flow, body, group, "email") else {
        flow.form.set_value("email", json!(""));
        return Err(refuse(state, call, flow).into());
    };
    if !is_email(&address) {
        flow.form.add_message(group, "email", messages::not_an_email(&address));
        return Err(reply::go_on(state, call, flow, StatusCode::BAD_REQUEST, &[]).into());
    }
    let owner = state.identities.by_verifiable_address(&address.to_lowercase()).map(|owner| owner.id);
    codes::mail(state, &mut flow, owner, &address, by_link);
    Ok(reply::show(state, call, flow))
}

fn enter_code(state: &mut State, call: &Call, mut flow: Flow, body: &Value) -> Outcome {
    match state.codes.enter(&state.clock, flow.id, &body::text(body, "code")) {
        Entered::Accepted(code) => {
            pass(state, &mut flow, &code, "code");
            Ok(reply::show(state, call, flow))
        }
        Entered::Used | Entered::Wrong => {
            let text = "The verification code is invalid or has already been used. Please try again.";
            flow.form.messages = vec![Message::error(4_070_006, text)];
            Ok(reply::go_on(state, call, flow, StatusCode::OK, &[reply::payload(body)]))
        }
    }
}

/// Verifies the address that a code was mailed to. The form then has nothing but a link.
fn pass(state: &mut State, flow: &mut Flow, code: &OneTimeCode, method: &'static str) {
    let address = code.address.clone().unwrap_or_default();
    if let Some(identity) = code.identity {
        state.identities.change(identity, |identity, _| identity.verify(&state.clock, &address));
    }
    let url = returns::after(state, flow);
    flow.step = Step::Passed;
    flow.active = Some(method);
    flow.form.nodes = Some(vec![nodes::csrf_token(flow), nodes::continue_link(method, &url)]);
    flow.form.messages = vec![Message::success(1_080_002, "You successfully verified your email address.")];
    flow.form.leads_to = Some(url);
}

/// Names a new flow to go on with.
fn replaced(state: &mut State, call: &Call, old: &Flow, message: Message) -> Refusal {
    let id = begin_again(state, call, old, message);
    if !call.wants_json() {
        return go_to(state, call, id).into();
    }
    let error = Error::new(StatusCode::GONE, "self-service flow replaced")
        .id("self_service_flow_replaced")
        .reason("An error occured, please use the new flow.")
        .beside("use_flow_id", id.to_string());
    set_csrf(state, error.into(), &call.csrf).into()
}

fn begin_again(state: &mut State, call: &Call, old: &Flow, message: Message) -> Uuid {
    let mut new = old.again(&state.clock);
    new.csrf = new.is_browser.then(|| call.csrf.clone());
    forms::fill(state, &mut new);
    new.form.messages = vec![message];
    let id = new.id;
    state.flows.insert(new);
    id
}

fn go_to(state: &State, call: &Call, flow: Uuid) -> Reply {
    let page = returns::page_of(state, FlowKind::Verification, flow);
    set_csrf(state, returns::see_other(call, &page), &call.csrf)
}

fn by_token(state: &mut State, call: &Call, mut flow: Flow, token: &str) -> Reply {
    let is_late = flow.is_expired(&state.clock);
    match state.codes.enter(&state.clock, flow.id, token) {
        Entered::Accepted(code) if !is_late => {
            pass(state, &mut flow, &code, "link");
            if call.method == Method::GET {
                let page = returns::page_of(state, FlowKind::Verification, flow.id);
                state.flows.insert(flow);
                return returns::see_other(call, &page);
            }
            reply::show(state, call, flow)
        }
        _ => {
            let text = "The verification token is invalid or has already been used. Please retry the flow.";
            let id = begin_again(state, call, &flow, Message::error(4_070_001, text));
            go_to(state, call, id)
        }
    }
}

/// Somebody opened the link of a mail with a code: the page has the code filled in.
fn open_code(state: &mut State, call: &Call, mut flow: Flow) -> Reply {
    let page = returns::page_of(state, FlowKind::Verification, flow.id);
    if let Some(code) = call.parameter("code").filter(|_| flow.step == Step::SentEmail) {
        flow.form.set_value("code", json!(code));
        // The browser that opens the mail need not be the one that asked for it.
        flow.is_browser = true;
        flow.csrf = Some(call.csrf.clone());
        flow.form.upsert(nodes::csrf_token(&flow));
        state.flows.insert(flow);
    }
    set_csrf(state, returns::see_other(call, &page), &call.csrf)
}
