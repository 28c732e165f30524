//! The mails that flows write.

use uuid::Uuid;

use super::{forms, nodes};
use crate::testing::kratos::call::Call;
use crate::testing::model::{CODE_LIFESPAN, CodeForm, Flow, FlowKind, MailContent, Message, Node, Step};
use crate::testing::state::State;

/// Mails a code or a link for a recovery or a verification, if the address is anybody's, and shows the form that comes
/// after it. Nobody learns whether it is.
pub(super) fn mail(state: &mut State, flow: &mut Flow, owner: Option<Uuid>, address: &str, by_link: bool) {
    let to = address.to_lowercase();
    match owner {
        Some(owner) if by_link => mail_link(state, flow, owner, &to),
        Some(owner) => mail_code(state, flow, Some(owner), &to),
        None => {}
    }
    if by_link {
        show_link_sent(flow, address);
    } else {
        show_code_sent(flow, address);
    }
}

/// Mails a code for a flow.
pub(super) fn mail_code(state: &mut State, flow: &Flow, identity: Option<Uuid>, address: &str) {
    let to = Some(address.to_owned());
    let code = state.codes.issue(&state.clock, CodeForm::Digits, flow.id, identity, to, CODE_LIFESPAN);
    let content = match flow.kind {
        FlowKind::Registration => MailContent::registration_code(code),
        FlowKind::Recovery => MailContent::recovery_code(code),
        FlowKind::Verification => {
            let link = format!("{}/self-service/verification?code={code}&flow={}", state.url, flow.id);
            MailContent::verification_code(code, link)
        }
        FlowKind::Login | FlowKind::Settings => MailContent::login_code(code),
    };
    send(state, flow, address, content);
}

/// Mails a link for a flow.
fn mail_link(state: &mut State, flow: &Flow, identity: Uuid, address: &str) {
    let to = Some(address.to_owned());
    let token = state.codes.issue(&state.clock, CodeForm::Link, flow.id, Some(identity), to, CODE_LIFESPAN);
    let link = link(state, flow, &token);
    let content = match flow.kind {
        FlowKind::Verification => MailContent::verification_link(link),
        _ => MailContent::recovery_link(link),
    };
    send(state, flow, address, content);
}

/// The link with a token.
pub(crate) fn link(state: &State, flow: &Flow, token: &str) -> String {
    format!("{}/self-service/{}?flow={}&token={token}", state.url, flow.kind.name(), flow.id)
}

fn send(state: &mut State, flow: &Flow, address: &str, content: MailContent) {
    state.mails.send(&state.clock, address.to_owned(), content);
    let owner = state.identities.by_verifiable_address(address).map(|owner| owner.id);
    if let Some(owner) = owner.filter(|_| flow.kind == FlowKind::Verification) {
        state.identities.change(owner, |owner, _| owner.mailed(address));
    }
}

/// Mails a code for the first address of an identity that is neither verified nor mailed, as the server does after a
/// registration and after every change in settings.
pub(super) fn verify_new_address(state: &mut State, call: &Call, identity: Uuid, is_browser: bool) {
    let Some(address) = state.identities.get(identity).and_then(|identity| identity.unmailed_address()) else { return };
    let request_url = format!("{}{}", state.url, call.target);
    let mut flow = Flow::new(&state.clock, FlowKind::Verification, request_url, None);
    flow.is_browser = is_browser;
    flow.csrf = is_browser.then(|| call.csrf.clone());
    forms::fill(state, &mut flow);
    show_code_sent(&mut flow, &address);
    mail_code(state, &flow, Some(identity), &address);
    state.flows.insert(flow);
}

/// Shows the form of a recovery or a verification that asks for the code.
fn show_code_sent(flow: &mut Flow, address: &str) {
    flow.step = Step::SentEmail;
    flow.active = Some("code");
    flow.tries = 0;
    let (what, id, label) = match flow.kind {
        FlowKind::Recovery => ("recovery", 1_060_003, Message::info(1_070_010, "Recovery code")),
        _ => ("verification", 1_080_003, Message::info(1_070_011, "Verification code")),
    };
    let is_recovery = flow.kind == FlowKind::Recovery;
    let mut inputs = vec![
        Node { is_code: is_recovery, ..nodes::text("code", "code", label) },
        nodes::hidden_method("code"),
        nodes::submit("code", nodes::continue_label()),
        nodes::button("code", "email", address, nodes::resend_label()),
    ];
    if is_recovery || flow.is_browser {
        inputs.insert(0, nodes::csrf_token(flow));
    }
    flow.form.nodes = Some(inputs);
    let text = format!(
        "An email containing a {what} code has been sent to the email address you provided. If you have not received an \
         email, check the spelling of the address and make sure to use the address you registered with."
    );
    flow.form.messages = vec![Message::info(id, text)];
}

/// Shows the form of a recovery or a verification that mailed a link.
fn show_link_sent(flow: &mut Flow, address: &str) {
    flow.step = Step::SentEmail;
    flow.active = Some("link");
    let (what, id) = match flow.kind {
        FlowKind::Recovery => ("recovery", 1_060_002),
        _ => ("verification", 1_080_001),
    };
    flow.form.remove("code");
    flow.form.upsert(nodes::csrf_token(flow));
    flow.form.upsert(Node { value: Some(address.into()), ..nodes::email("link") });
    let text = format!(
        "An email containing a {what} link has been sent to the email address you provided. If you have not received an \
         email, check the spelling of the address and make sure to use the address you registered with."
    );
    flow.form.messages = vec![Message::info(id, text)];
}
