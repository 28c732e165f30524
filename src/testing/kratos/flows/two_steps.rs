//! The screens of a registration in two steps: one asks for the traits, the next for a credential.

use http::StatusCode;
use serde_json::{Value, json};

use super::{forms, messages, nodes, passkeys, registration, reply};
use crate::testing::kratos::body;
use crate::testing::kratos::call::Call;
use crate::testing::kratos::refusal::Outcome;
use crate::testing::model::{Flow, Form, Message, Node, Step};
use crate::testing::state::State;

/// The screen on which people choose a credential.
pub(super) const CREDENTIALS: &str = "credential-selection";
/// The screen before that one.
const PREVIOUS: &str = "previous";

/// Whether a body asks for one of the screens, and not to be registered.
pub(super) fn asks_for_screen(body: &Value) -> bool {
    body["method"] == "profile" || !body::text(body, "screen").is_empty()
}

/// Shows the screen that a body asks for.
pub(super) fn show(state: &mut State, call: &Call, mut flow: Flow, body: &Value) -> Outcome {
    match body::text(body, "screen").as_str() {
        // The button of the first step names no screen.
        "" | CREDENTIALS => {
            let traits = registration::traits(state, call, &mut flow, body)?;
            show_credentials(state, &mut flow, &traits);
            let more = [reply::payload(body)];
            Ok(reply::go_on(state, call, flow, StatusCode::BAD_REQUEST, &more))
        }
        PREVIOUS => {
            let traits = match &body["traits"] {
                Value::Null => json!({}),
                _ => registration::traits(state, call, &mut flow, body)?,
            };
            forms::fill(state, &mut flow);
            nodes::set_traits(&mut flow.form, &state.identities.schema, &traits);
            Ok(reply::go_on(state, call, flow, StatusCode::BAD_REQUEST, &[]))
        }
        _ => {
            let text = format!("value must be one of \"{CREDENTIALS}\", \"{PREVIOUS}\"");
            flow.form.add_message("profile", "screen", messages::generic(&text));
            Err(reply::refuse(state, call, flow).into())
        }
    }
}

/// Shows the form that asks for a credential. What belongs to no method stays in it, out of sight.
fn show_credentials(state: &State, flow: &mut Flow, traits: &Value) {
    flow.step = Step::ChooseMethod;
    flow.active = None;
    flow.form.upsert(nodes::csrf_token(flow));
    let shown = flow.form.nodes.take().unwrap_or_default().into_iter().filter(|node| node.group == "default");
    let mut inputs: Vec<Node> = shown.map(|node| Node { kind: "hidden", ..node }).collect();
    inputs.extend(forms::credentials());
    inputs.push(nodes::back(PREVIOUS));
    let mut form = forms::sign_up_with_providers(Form::new(inputs), state);
    passkeys::add(&mut form, flow, state);
    nodes::set_traits(&mut form, &state.identities.schema, traits);
    let text = "Please choose a credential to authenticate yourself with.";
    form.messages.push(Message::info(1_040_009, text));
    flow.form = form;
}
