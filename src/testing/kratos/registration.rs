//! Registration of native apps, with a password.

use http::StatusCode;
use serde_json::json;

use super::error::Error;
use super::flows::{self, Flow, Kind};
use super::identity::Identity;
use super::sessions;
use super::ui;
use crate::testing::http::{Answer, Reply, Request};
use crate::testing::state::State;

pub(super) fn start(state: &mut State, request: &Request) -> Answer {
    if sessions::caller(state, request).is_some() {
        let error = Error::new(StatusCode::BAD_REQUEST, "you are already logged in").id("session_already_available");
        return Err(error.reason("A valid session was detected and thus registration is not possible.").into());
    }
    let mut nodes = vec![ui::csrf_token()];
    nodes.extend(ui::traits(&state.schema, "default"));
    nodes.push(ui::password("new-password"));
    nodes.push(ui::submit("password", ui::message(1_040_001, "info", "Sign up")));
    Ok(Flow::new(state, request, Kind::Registration, nodes).show(state, StatusCode::OK))
}

pub(super) fn submit(state: &mut State, request: &Request) -> Answer {
    let mut flow = flows::submitted(state, request, Kind::Registration)?;
    let mut body = flows::opened(state, request, &mut flow)?;
    let mut traits = body["traits"].take();
    if traits.is_null() {
        traits = json!({});
    }
    if body["method"] != "password" {
        let text = "Could not find a strategy to sign you up with. Did you fill out the form correctly?";
        return Err(flow.refuse_with(state, ui::message(4_010_003, "error", text)));
    }
    let violations = state.schema.violations(&traits);
    if !violations.is_empty() {
        ui::set_traits(flow.nodes(), &state.schema, &traits);
        ui::say_violations(flow.nodes(), "default", &violations);
        return Err(flow.refuse(state));
    }
    let Some(password) = flow.password(&body) else {
        ui::set_traits(flow.nodes(), &state.schema, &traits);
        return Err(flow.refuse(state));
    };
    state.schema.complete(&mut traits);
    if Identity::is_taken(state, &traits, None) {
        return Err(flow.refuse_with(state, ui::taken()));
    }
    let mut identity = Identity::new(state, traits);
    identity.set_password(password);
    let (id, public) = (identity.id, identity.body(&state.url));
    state.identities.insert(id, identity);
    let session = sessions::begin(state, request, id);
    let token = session.token.clone();
    let session = session.body(state);
    Ok(Reply::ok(&json!({
        "session_token": token,
        "session": session,
        "identity": public,
        "continue_with": [{"action": "set_ory_session_token", "ory_session_token": token}],
    })))
}
