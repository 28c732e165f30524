//! Registration with a password.

use http::StatusCode;
use serde_json::json;

use super::reply::{refuse, refuse_with};
use super::{messages, nodes, reply, start, submission};
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::kratos::{caller, identities, sessions};
use crate::testing::model::{FlowKind, Identity, Message, Node};
use crate::testing::random;
use crate::testing::schema::Schema;
use crate::testing::state::State;

pub(crate) fn start(state: &mut State, request: &Request) -> HandlerResult {
    if caller::session(state, request).is_some() {
        let error = Error::new(StatusCode::BAD_REQUEST, "you are already logged in").id("session_already_available");
        return Err(error.reason("A valid session was detected and thus registration is not possible.").into());
    }
    let form = form(&state.identities.schema);
    let flow = start::new_flow(state, request, FlowKind::Registration, form);
    Ok(reply::show(state, flow))
}

fn form(schema: &Schema) -> Vec<Node> {
    let mut form = vec![nodes::csrf_token()];
    form.extend(nodes::traits(schema, "default"));
    form.push(nodes::password("new-password"));
    form.push(nodes::submit("password", Message::info(1_040_001, "Sign up")));
    form
}

pub(crate) fn submit(state: &mut State, request: &Request) -> HandlerResult {
    let mut flow = submission::find(state, request, FlowKind::Registration)?;
    let mut body = submission::open(state, request, &mut flow)?;
    let mut traits = body["traits"].take();
    if traits.is_null() {
        traits = json!({});
    }
    if body["method"] != "password" {
        let text = "Could not find a strategy to sign you up with. Did you fill out the form correctly?";
        return Err(refuse_with(state, flow, Message::error(4_010_003, text)));
    }
    let schema = &state.identities.schema;
    let violations = schema.violations(&traits);
    if !violations.is_empty() {
        nodes::set_traits(&mut flow.form, schema, &traits);
        messages::add_violations(&mut flow.form, "default", &violations);
        return Err(refuse(state, flow));
    }
    let Some(password) = submission::new_password(&mut flow, &body) else {
        nodes::set_traits(&mut flow.form, schema, &traits);
        return Err(refuse(state, flow));
    };
    schema.complete(&mut traits);
    if state.identities.is_taken(&traits, None) {
        return Err(refuse_with(state, flow, messages::taken()));
    }
    let mut identity = Identity::new(&state.clock, schema, traits);
    identity.set_password(password);
    let session = state.sessions.begin(&state.clock, identity.id, caller::device(request, random::uuid()));
    let public = identities::json::public(&identity, &state.url);
    state.identities.insert(identity);
    Ok(Reply::ok(&json!({
        "session_token": session.token,
        "session": sessions::json::full(&session, state),
        "identity": public,
        "continue_with": [{"action": "set_ory_session_token", "ory_session_token": session.token}],
    })))
}
