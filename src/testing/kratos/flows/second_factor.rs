//! Login with a second factor, in the session of the first one.

use super::{messages, reply, sign_in, submission};
use crate::testing::http::Reply;
use crate::testing::kratos::call::Call;
use crate::testing::kratos::refusal::{Outcome, Refusal};
use crate::testing::model::{Flow, Lookup, Message, Session};
use crate::testing::state::State;
use serde_json::Value;

/// Takes the code of an authenticator app.
pub(super) fn totp(state: &mut State, call: &Call, mut flow: Flow, body: &Value, session: &Session) -> Outcome {
    flow.form.clear_value("totp_code");
    let Some(code) = submission::required(&mut flow, body, "totp", "totp_code") else {
        return Err(refuse(state, call, flow));
    };
    let totp = state.identities.get(session.identity).and_then(|owner| owner.totp.as_ref());
    let Some(totp) = totp else {
        let message = Message::error(4_000_015, "You have no TOTP device set up.");
        return Err(reply::refuse_with(state, call, flow, message).into());
    };
    if !totp.accepts(&code, state.clock.now()) {
        return Err(reply::refuse_with(state, call, flow, messages::wrong_totp()).into());
    }
    sign_in::log_in(state, call, &flow, session.identity, "totp")
}

/// Takes a lookup secret, which then is used.
pub(super) fn lookup_secret(
    state: &mut State,
    call: &Call,
    mut flow: Flow,
    body: &Value,
    session: &Session,
) -> Outcome {
    flow.form.clear_value("lookup_secret");
    let Some(secret) = submission::required(&mut flow, body, "lookup_secret", "lookup_secret") else {
        return Err(refuse(state, call, flow));
    };
    let now = state.clock.now();
    let mut result = None;
    state.identities.change(session.identity, |owner, _| {
        result = owner.lookup_secrets.as_mut().map(|secrets| secrets.enter(&secret, now));
        owner.updated_at = now;
    });
    let message = match result {
        Some(Lookup::Accepted) => {
            return sign_in::log_in(state, call, &flow, session.identity, "lookup_secret");
        }
        Some(Lookup::Used) => Message::error(4_000_012, "This backup recovery code has already been used."),
        Some(Lookup::Unknown) => Message::error(4_000_016, "The backup recovery code is not valid."),
        None => Message::error(4_000_014, "You have no backup recovery codes set up."),
    };
    Err(reply::refuse_with(state, call, flow, message).into())
}

fn refuse(state: &mut State, call: &Call, flow: Flow) -> Refusal {
    let reply: Reply = reply::refuse(state, call, flow);
    reply.into()
}
