//! Recovery of an account by a mailed code or link, or by one that an administrator made.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::reply::{refuse, refuse_with};
use super::{codes, forms, messages, nodes, reply, settings, sign_in, start, submission};
use crate::testing::error::Error;
use crate::testing::http::Reply;
use crate::testing::kratos::call::{Call, renew_csrf, set_csrf};
use crate::testing::kratos::refusal::{Outcome, Refusal};
use crate::testing::kratos::{body, caller, csrf, returns};
use crate::testing::model::{Entered, Flow, FlowKind, Form, Message, Node, OneTimeCode, Session, Step};
use crate::testing::schema::is_email;
use crate::testing::state::State;

/// How many wrong codes a mail stands.
const MAX_TRIES: u32 = 5;

pub(crate) fn start(state: &mut State, call: &Call) -> Outcome {
    // Unlike the others, this does not look at `return_to` before.
    check_session(state, call)?;
    let mut flow = start::new_flow(state, call, FlowKind::Recovery)?;
    forms::fill(state, &mut flow);
    Ok(reply::show(state, call, flow))
}

/// The form of a flow for which an administrator has a code.
pub(crate) fn ask_for_code(flow: &mut Flow) {
    flow.step = Step::SentEmail;
    flow.active = Some("code");
    let label = Message::info(1_070_010, "Recovery code");
    let code = Node { is_code: true, ..nodes::text("code", "code", label) };
    flow.form = Form::new(vec![code, nodes::submit("code", nodes::continue_label())]);
}

/// The form of a flow for which an administrator has a link.
pub(crate) fn ask_for_email(state: &State, flow: &mut Flow) {
    forms::fill(state, flow);
    flow.step = Step::SentEmail;
}

fn check_session(state: &State, call: &Call) -> Outcome<()> {
    let message = "The request was malformed or contained invalid parameters";
    match caller::session(state, call) {
        Some(_) => Err(sign_in::already(message, "recovery", "", returns::home(state))),
        None => Ok(()),
    }
}

/// A submitted form, or a link that somebody opened.
pub(crate) fn submit(state: &mut State, call: &Call) -> Outcome {
    let mut flow = submission::find(state, call, FlowKind::Recovery)?;
    if let Some(token) = call.parameter("token").filter(|token| !token.is_empty()) {
        return Ok(by_token(state, call, &flow, token));
    }
    if call.method == Method::GET {
        return Ok(returns::see_other(call, &returns::page_of(state, FlowKind::Recovery, flow.id)));
    }
    let body = submission::open(state, call, &mut flow).map_err(|refusal| with_csrf(state, call, refusal))?;
    let method = body["method"].as_str().unwrap_or_default();
    if flow.step != Step::ChooseMethod && body::text(&body, "email").is_empty() && method != "link" {
        return enter_code(state, call, flow, &body);
    }
    check_session(state, call)?;
    match method {
        "code" | "link" => mail(state, call, flow, &body, method == "link"),
        _ => {
            flow.active = Some("default");
            let text = "Could not find a strategy to recover your account with. Did you fill out the form correctly?";
            Err(refuse_with(state, call, flow, Message::error(4_010_005, text)).into())
        }
    }
}

/// As with the server, a refusal for want of the CSRF token gives the browser a new one.
fn with_csrf(state: &State, call: &Call, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Error(error, _) if call.wants_json() && error.has_id("security_csrf_violation") => {
            set_csrf(state, (*error).into(), &csrf::token()).into()
        }
        other => other,
    }
}

fn mail(state: &mut State, call: &Call, mut flow: Flow, body: &Value, by_link: bool) -> Outcome {
    if flow.step == Step::Passed {
        let text = "The request was already completed successfully and can not be retried.";
        return Ok(retry(state, call, &flow, Message::error(4_060_001, text), text));
    }
    let group = if by_link { "link" } else { "code" };
    let Some(address) = submission::required(&mut flow, body, group, "email") else {
        return Err(refuse(state, call, flow).into());
    };
    if !is_email(&address) {
        flow.form.add_message(group, "email", messages::not_an_email(&address));
        return Err(refuse(state, call, flow).into());
    }
    let owner = state.identities.by_recovery_address(&address.to_lowercase()).map(|owner| owner.id);
    codes::mail(state, &mut flow, owner, &address, by_link);
    Ok(reply::go_on(state, call, flow, StatusCode::OK, &[reply::payload(body)]))
}

fn enter_code(state: &mut State, call: &Call, mut flow: Flow, body: &Value) -> Outcome {
    if flow.tries >= MAX_TRIES {
        let text = "The request was submitted too often. Please request another code.";
        return Ok(retry(state, call, &flow, messages::generic(text), text));
    }
    match state.codes.enter(&state.clock, flow.id, &body::text(body, "code")) {
        Entered::Accepted(code) => recover_by_code(state, call, flow, body, &code),
        Entered::Used => {
            let text = "The code was already used. Please request another code.";
            Ok(retry(state, call, &flow, messages::generic(text), text))
        }
        Entered::Wrong => {
            flow.tries += 1;
            flow.step = Step::SentEmail;
            let text = "The recovery code is invalid or has already been used. Please try again.";
            flow.form.messages = vec![Message::error(4_060_006, text)];
            Ok(reply::go_on(state, call, flow, StatusCode::OK, &[reply::payload(body)]))
        }
    }
}

/// Names a new flow to go on with.
fn retry(state: &mut State, call: &Call, old: &Flow, message: Message, reason: &str) -> Reply {
    let id = begin_again(state, call, old, message);
    let reply = if call.wants_json() {
        let next = json!([{"action": "show_recovery_ui", "flow": {"id": id}}]);
        Error::bad_request(reason).details(json!({"continue_with": next})).into()
    } else {
        returns::see_other(call, &returns::page_of(state, FlowKind::Recovery, id))
    };
    set_csrf(state, reply, &call.csrf)
}

fn begin_again(state: &mut State, call: &Call, old: &Flow, message: Message) -> Uuid {
    let mut new = old.again(&state.clock);
    new.request_url = format!("{}{}", state.url, call.target);
    forms::fill(state, &mut new);
    // As with the server, even an app gets a CSRF token here.
    let owned = Flow { csrf: Some(call.csrf.clone()), ..new.clone() };
    new.form.upsert(nodes::csrf_token(&owned));
    if new.is_browser {
        new.csrf = owned.csrf;
    }
    new.form.messages = vec![message];
    let id = new.id;
    state.flows.insert(new);
    id
}

fn recover_by_code(state: &mut State, call: &Call, mut flow: Flow, body: &Value, code: &OneTimeCode) -> Outcome {
    let session = recover(state, call, code)?;
    flow.step = Step::Passed;
    flow.form.clear_messages();
    let new_csrf = csrf::token();
    if flow.is_browser {
        flow.csrf = Some(new_csrf.clone());
        flow.form.upsert(nodes::csrf_token(&flow));
    }
    let settings = settings::after_recovery(state, call, &flow, &session);
    let url = returns::page_of(state, FlowKind::Settings, settings);
    let mut next = vec![json!({"action": "show_settings_ui", "flow": {"id": settings, "url": url}})];
    let is_browser = flow.is_browser;
    if !is_browser {
        next.insert(0, json!({"action": "set_ory_session_token", "ory_session_token": session.token}));
    }
    let reply = if is_browser && !call.wants_json() {
        state.flows.insert(flow);
        returns::see_other(call, &url)
    } else {
        let more = [("continue_with", json!(next)), reply::payload(body)];
        reply::go_on(state, call, flow, StatusCode::OK, &more)
    };
    if !is_browser {
        return Ok(reply);
    }
    Ok(caller::set_cookie(state, set_csrf(state, reply, &new_csrf), &session))
}

/// Signs in whom a code or a link belongs to, and verifies the address that it was mailed to.
fn recover(state: &mut State, call: &Call, code: &OneTimeCode) -> Outcome<Session> {
    let identity = code.identity.ok_or_else(Error::not_found)?;
    if !state.identities.get(identity).is_some_and(|identity| identity.is_active()) {
        return Err(Error::unauthorized("identity is disabled").details(json!({"identity_id": identity})).into());
    }
    if let Some(address) = &code.address {
        state.identities.change(identity, |identity, _| identity.verify(&state.clock, address));
    }
    Ok(sign_in::begin(state, call, identity, "code_recovery"))
}

/// A link always leads to a page, even if the caller wants JSON.
fn by_token(state: &mut State, call: &Call, flow: &Flow, token: &str) -> Reply {
    let entered =
        if flow.is_expired(&state.clock) { Entered::Wrong } else { state.codes.enter(&state.clock, flow.id, token) };
    let session = match &entered {
        Entered::Accepted(code) => recover(state, call, code).ok(),
        Entered::Used | Entered::Wrong => None,
    };
    let Some(session) = session else {
        let text = "The recovery token is invalid or has already been used. Please retry the flow.";
        let id = begin_again(state, call, flow, Message::error(4_060_004, text));
        let page = returns::page_of(state, FlowKind::Recovery, id);
        return set_csrf(state, returns::see_other(call, &page), &call.csrf);
    };
    let mut passed = flow.clone();
    passed.step = Step::Passed;
    passed.form.clear_messages();
    let browser = Flow { is_browser: true, csrf: Some(call.csrf.clone()), ..passed.clone() };
    state.flows.insert(passed);
    let settings = settings::after_recovery(state, call, &browser, &session);
    let reply = returns::see_other(call, &returns::page_of(state, FlowKind::Settings, settings));
    caller::set_cookie(state, renew_csrf(state, reply), &session)
}
