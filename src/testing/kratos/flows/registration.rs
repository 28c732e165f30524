//! Registration: with a password or with a mailed code, at once or after a step for the traits.

use http::StatusCode;
use serde_json::{Value, json};

use super::reply::{refuse, refuse_with};
use super::{codes, forms, login, messages, nodes, reply, sign_in, start, submission, two_steps};
use crate::testing::http::Reply;
use crate::testing::kratos::call::{Call, renew_csrf};
use crate::testing::kratos::refusal::Outcome;
use crate::testing::kratos::{body, caller, identities, returns, sessions};
use crate::testing::model::{Entered, Flow, FlowKind, Identity, Message, Step};
use crate::testing::state::State;

pub(crate) fn start(state: &mut State, call: &Call) -> Outcome {
    login::check_challenge(call)?;
    let mut flow = start::new_flow(state, call, FlowKind::Registration)?;
    check_session(state, call, returns::after(state, &flow))?;
    forms::fill(state, &mut flow);
    Ok(reply::show(state, call, flow))
}

fn check_session(state: &State, call: &Call, to: String) -> Outcome<()> {
    match caller::session(state, call) {
        Some(_) => Err(sign_in::already("you are already logged in", "registration", "", to)),
        None => Ok(()),
    }
}

pub(crate) fn submit(state: &mut State, call: &Call) -> Outcome {
    let mut flow = submission::find(state, call, FlowKind::Registration)?;
    if flow.is_browser {
        check_session(state, call, returns::home(state))?;
    }
    let body = submission::open(state, call, &mut flow)?;
    // The server looks for a screen before it looks at the method.
    if state.two_steps && two_steps::asks_for_screen(&body) {
        return two_steps::show(state, call, flow, &body);
    }
    submission::check_method(&body)?;
    match body["method"].as_str().unwrap_or_default() {
        "password" => by_password(state, call, flow, &body),
        "code" => by_code(state, call, flow, &body),
        _ => {
            let text = "Could not find a strategy to sign you up with. Did you fill out the form correctly?";
            Err(refuse_with(state, call, flow, Message::error(4_010_003, text)).into())
        }
    }
}

/// The traits of a body. If the schema refuses them, so does this, and the form shows why.
pub(super) fn traits(state: &mut State, call: &Call, flow: &mut Flow, body: &Value) -> Outcome<Value> {
    let schema = &state.identities.schema;
    let mut traits = body.get("traits").filter(|traits| !traits.is_null()).cloned().unwrap_or_else(|| json!({}));
    let violations = schema.violations(&traits);
    if violations.is_empty() {
        schema.complete(&mut traits);
        return Ok(traits);
    }
    nodes::set_traits(&mut flow.form, schema, &traits);
    messages::add_violations(&mut flow.form, "default", &violations);
    Err(refuse(state, call, flow.clone()).into())
}

fn by_password(state: &mut State, call: &Call, mut flow: Flow, body: &Value) -> Outcome {
    let traits = traits(state, call, &mut flow, body)?;
    let Some(password) = submission::new_password(&mut flow, body) else {
        nodes::set_traits(&mut flow.form, &state.identities.schema, &traits);
        return Err(refuse(state, call, flow).into());
    };
    if state.identities.is_taken(&traits, None) {
        return Err(refuse_with(state, call, flow, messages::taken()).into());
    }
    let mut identity = Identity::new(&state.clock, &state.identities.schema, traits);
    identity.set_password(password);
    Ok(register(state, call, &flow, identity, "password"))
}

fn by_code(state: &mut State, call: &Call, mut flow: Flow, body: &Value) -> Outcome {
    let traits = traits(state, call, &mut flow, body)?;
    let resends = !body::text(body, "resend").is_empty();
    if flow.step == Step::SentEmail && !resends {
        return enter_code(state, call, flow, body, traits);
    }
    let schema = &state.identities.schema;
    let Some(address) = schema.identifiers(&traits).into_iter().next() else {
        let text = "Could not find any login identifiers. Did you forget to set them? This could also be caused by a \
                    server misconfiguration.";
        return Err(refuse_with(state, call, flow, messages::generic(text)).into());
    };
    codes::mail_code(state, &flow, None, &address);
    show_code_sent(state, &mut flow, &traits);
    let more = [reply::payload(body)];
    Ok(reply::go_on(state, call, flow, StatusCode::BAD_REQUEST, &more))
}

/// Shows the form that asks for the code. The traits stay in it, out of sight.
fn show_code_sent(state: &State, flow: &mut Flow, traits: &Value) {
    flow.step = Step::SentEmail;
    flow.active = Some("code");
    let schema = &state.identities.schema;
    let mut inputs = vec![nodes::csrf_token(flow)];
    inputs.extend(nodes::traits(schema, "default"));
    for input in inputs.iter_mut() {
        input.kind = "hidden";
    }
    inputs.extend([
        nodes::hidden_method("code"),
        nodes::text("code", "code", Message::info(1_070_012, "Registration code")),
        nodes::submit("code", nodes::continue_label()),
        nodes::button("code", "resend", "code", nodes::resend_label()),
    ]);
    if state.two_steps {
        inputs.push(nodes::back(two_steps::CREDENTIALS));
    }
    flow.form.nodes = Some(inputs);
    nodes::set_traits(&mut flow.form, schema, traits);
    let text = "A code has been sent to the address(es) you provided. If you have not received a message, check the \
                spelling of the address and retry the registration.";
    flow.form.messages = vec![Message::info(1_040_005, text)];
}

fn enter_code(state: &mut State, call: &Call, mut flow: Flow, body: &Value, traits: Value) -> Outcome {
    let Some(code) = submission::required(&mut flow, body, "code", "code") else {
        return Err(refuse(state, call, flow).into());
    };
    let mailed = state.identities.schema.fields().into_iter().all(|field| {
        let shown = flow.form.node(&field.name()).and_then(|node| node.value.clone());
        shown.as_ref() == traits.pointer(&field.pointer)
    });
    if !mailed {
        let text = "The provided traits do not match the traits previously associated with this flow.";
        return Err(refuse_with(state, call, flow, Message::error(4_000_036, text)).into());
    }
    if state.identities.is_taken(&traits, None) {
        return Err(refuse_with(state, call, flow, messages::taken()).into());
    }
    match state.codes.enter(&state.clock, flow.id, &code) {
        Entered::Accepted(code) => {
            let mut identity = Identity::new(&state.clock, &state.identities.schema, traits);
            identity.verify(&state.clock, &code.address.unwrap_or_default());
            Ok(register(state, call, &flow, identity, "code"))
        }
        Entered::Used | Entered::Wrong => {
            let text = "The registration code is invalid or has already been used. Please try again.";
            Err(refuse_with(state, call, flow, Message::error(4_040_003, text)).into())
        }
    }
}

/// Keeps a new identity and signs it in.
fn register(state: &mut State, call: &Call, flow: &Flow, identity: Identity, method: &'static str) -> Reply {
    let id = identity.id;
    state.identities.insert(identity);
    codes::verify_new_address(state, call, id, flow.is_browser);
    let session = sign_in::begin(state, call, id, method);
    let public = state.identities.get(id).map(|identity| identities::json::public(identity, &state.url));
    let shown = sessions::json::full(&session, state);
    if !flow.is_browser {
        let next = json!([{"action": "set_ory_session_token", "ory_session_token": session.token}]);
        let body = json!({"session_token": session.token, "session": shown, "identity": public, "continue_with": next});
        return Reply::ok(&body);
    }
    let url = returns::after(state, flow);
    let reply = if call.wants_json() {
        let next = json!([{"action": "redirect_browser_to", "redirect_browser_to": url}]);
        Reply::ok(&json!({"session": shown, "identity": public, "continue_with": next}))
    } else {
        returns::see_other(call, &url)
    };
    caller::set_cookie(state, renew_csrf(state, reply), &session)
}
