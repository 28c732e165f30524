//! The form with which each kind of flow begins.

use serde_json::json;

use super::{nodes, passkeys, qr};
use crate::testing::model::{Display, Flow, FlowKind, Form, Identity, Message, Node, Totp};
use crate::testing::schema::Schema;
use crate::testing::state::State;

/// Gives a flow the form with which it begins.
pub(super) fn fill(state: &State, flow: &mut Flow) {
    let schema = &state.identities.schema;
    let owner = flow.identity.and_then(|id| state.identities.get(id));
    flow.form = match flow.kind {
        FlowKind::Login if flow.aal2 => second_factor(flow, owner),
        FlowKind::Login => with_providers(login(flow, schema), &state.providers, 1_010_002, "Sign in with"),
        FlowKind::Registration if state.two_steps => sign_up_with_providers(traits(flow, schema), state),
        FlowKind::Registration => sign_up_with_providers(registration(flow, schema), state),
        FlowKind::Settings => {
            flow.lookup_secrets = None;
            flow.totp = owner.filter(|owner| owner.totp.is_none()).map(|_| Totp::new(state.clock.now()));
            settings(flow, schema, owner)
        }
        FlowKind::Recovery => {
            flow.active = Some("code");
            Form::new(vec![nodes::csrf_token(flow), nodes::email("code"), mail_button()])
        }
        FlowKind::Verification => {
            flow.active = Some("code");
            let mut form = Form::new(vec![nodes::email("code"), mail_button()]);
            if flow.is_browser {
                form.upsert(nodes::csrf_token(flow));
            }
            form
        }
    };
    // The first of two steps offers no credentials but those of third parties, which bring the traits.
    let asks_for_traits = flow.kind == FlowKind::Registration && state.two_steps;
    if !flow.aal2 && !asks_for_traits {
        let mut form = std::mem::replace(&mut flow.form, Form::new(Vec::new()));
        passkeys::add(&mut form, flow, state);
        flow.form = form;
    }
}

fn mail_button() -> Node {
    nodes::submit("code", nodes::continue_label())
}

fn login(flow: &Flow, schema: &Schema) -> Form {
    let label = if flow.refresh { (1_010_001, "Sign in") } else { (1_010_022, "Sign in with password") };
    let mut form = Form::new(vec![
        nodes::csrf_token(flow),
        nodes::identifier(schema, (!flow.refresh).then_some("username")),
        nodes::submit("code", Message::info(1_010_015, "Send sign in code")),
        nodes::password("current-password"),
        nodes::submit("password", Message::info(label.0, label.1)),
    ]);
    if flow.refresh {
        form.messages.push(confirm());
    }
    form
}

/// Adds a button for each third party to a form that registers.
pub(super) fn sign_up_with_providers(form: Form, state: &State) -> Form {
    with_providers(form, &state.providers, 1_040_002, "Sign up with")
}

/// Adds a button for each third party.
fn with_providers(mut form: Form, providers: &[String], id: u32, text: &str) -> Form {
    let button = |provider: &String| {
        let context = json!({"provider": provider, "provider_id": provider});
        nodes::button("oidc", "provider", provider, Message::info(id, format!("{text} {provider}")).context(context))
    };
    form.nodes.get_or_insert_default().splice(0..0, providers.iter().map(button));
    form
}

fn confirm() -> Message {
    Message::info(1_010_003, "Please confirm this action by verifying that it is you.")
}

fn second_factor(flow: &Flow, owner: Option<&Identity>) -> Form {
    let mut inputs = vec![nodes::csrf_token(flow)];
    let has_totp = owner.is_some_and(|owner| owner.totp.is_some());
    let has_secrets = owner.is_some_and(|owner| owner.lookup_secrets.is_some());
    let empty = |node: Node| Node { value: Some(json!("")), ..node };
    if has_totp {
        inputs.push(empty(nodes::text("totp", "totp_code", Message::info(1_010_006, "Authentication code"))));
        inputs.push(nodes::submit("totp", Message::info(1_010_009, "Use Authenticator")));
    }
    if has_secrets {
        let label = Message::info(1_010_007, "Backup recovery code");
        inputs.push(empty(nodes::text("lookup_secret", "lookup_secret", label)));
        inputs.push(nodes::submit("lookup_secret", Message::info(1_010_010, "Use backup recovery code")));
    }
    let mut form = Form::new(inputs);
    if !has_totp && !has_secrets && !flow.is_browser {
        // As with the server, an app gets null where a browser gets the CSRF token alone.
        form.nodes = None;
    }
    let challenge = || Message::info(1_010_004, "Please complete the second authentication challenge.");
    form.messages.push(if flow.refresh { confirm() } else { challenge() });
    form
}

fn sign_up() -> Message {
    Message::info(1_040_001, "Sign up")
}

fn registration(flow: &Flow, schema: &Schema) -> Form {
    let mut form = vec![nodes::csrf_token(flow)];
    form.extend(nodes::traits(schema, "default"));
    form.extend(credentials());
    Form::new(form)
}

/// The first step of a registration in two steps.
fn traits(flow: &Flow, schema: &Schema) -> Form {
    let mut form = vec![nodes::csrf_token(flow)];
    form.extend(nodes::traits(schema, "default"));
    form.push(nodes::submit("profile", sign_up()));
    Form::new(form)
}

/// The credentials that a new person may choose from.
pub(super) fn credentials() -> [Node; 3] {
    [
        nodes::submit("code", Message::info(1_040_006, "Send sign up code")),
        nodes::password("new-password"),
        nodes::submit("password", sign_up()),
    ]
}

fn save() -> Message {
    Message::info(1_070_003, "Save")
}

fn settings(flow: &Flow, schema: &Schema, owner: Option<&Identity>) -> Form {
    let mut inputs = vec![nodes::csrf_token(flow)];
    inputs.extend(nodes::traits(schema, "profile"));
    inputs.extend([
        nodes::submit("profile", save()),
        nodes::password("new-password"),
        nodes::submit("password", save()),
    ]);
    if owner.is_some_and(|owner| owner.lookup_secrets.is_some()) {
        let label = Message::info(1_050_007, "Reveal backup recovery codes");
        inputs.push(nodes::button("lookup_secret", "lookup_secret_reveal", "true", label));
        inputs.push(disable_lookup());
    } else {
        inputs.push(regenerate_lookup());
    }
    let account = owner.and_then(|owner| owner.identifiers(schema).into_iter().next()).unwrap_or_default();
    match &flow.totp {
        Some(totp) => inputs.extend(link_totp(totp, &account)),
        None => {
            let label = Message::info(1_050_004, "Unlink TOTP Authenticator App");
            inputs.push(Node { required: true, ..nodes::button("totp", "totp_unlink", "true", label) });
        }
    }
    let mut form = Form::new(inputs);
    if let Some(owner) = owner {
        nodes::set_traits(&mut form, schema, &owner.traits);
    }
    form
}

pub(super) fn regenerate_lookup() -> Node {
    let label = Message::info(1_050_008, "Generate new backup recovery codes");
    nodes::button("lookup_secret", "lookup_secret_regenerate", "true", label)
}

pub(super) fn disable_lookup() -> Node {
    let label = Message::info(1_050_016, "Disable this method");
    nodes::button("lookup_secret", "lookup_secret_disable", "true", label)
}

/// What somebody needs to set up an authenticator app.
fn link_totp(totp: &Totp, account: &str) -> [Node; 4] {
    let secret = totp.secret();
    let text = Message::info(1_050_006, secret.clone()).context(json!({"secret": secret}));
    let typed = "This is your authenticator app secret. Use it if you can not scan the QR code.";
    [
        Node::display(
            "totp",
            "totp_qr",
            Display::Image(qr::data_url(&totp.url(account))),
            Message::info(1_050_005, "Authenticator app QR code"),
        ),
        Node::display("totp", "totp_secret_key", Display::Text(text), Message::info(1_050_017, typed)),
        nodes::text("totp", "totp_code", Message::info(1_070_006, "Verify code")),
        nodes::submit("totp", save()),
    ]
}
