//! Inputs for passkeys and security keys, to be drawn alone.

use aws_lc_rs::digest;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD as BASE64_URL};
use serde_json::{Value, json};

use super::nodes;
use crate::testing::kratos::well_known::WEBAUTHN_SCRIPT;
use crate::testing::model::{Display, Flow, FlowKind, Form, Message, Node};
use crate::testing::random;
use crate::testing::state::State;

/// Adds the inputs of a kind of flow, if the stand-in shows them. They stand before the code, as with the server. Browsers
/// also get the script that belongs to them.
pub(super) fn add(form: &mut Form, flow: &Flow, state: &State) {
    if !state.shows_passkeys {
        return;
    }
    let mut inputs = match flow.kind {
        FlowKind::Login => login(),
        FlowKind::Registration => registration(),
        FlowKind::Settings => settings(flow),
        FlowKind::Recovery | FlowKind::Verification => return,
    };
    if flow.is_browser {
        inputs.insert(0, script(&state.url));
    }
    let nodes = form.nodes.get_or_insert_default();
    let place = nodes.iter().position(|node| node.group == "code").unwrap_or(nodes.len());
    nodes.splice(place..place, inputs);
}

fn login() -> Vec<Node> {
    let challenge = json!({"publicKey": {
        "challenge": challenge(),
        "timeout": 300_000,
        "rpId": "localhost",
        "userVerification": "preferred",
    }});
    vec![
        trigger("passkey", "passkey_login_trigger", "oryPasskeyLogin", 1_010_021, "Sign in with passkey"),
        Node {
            trigger: Some(("onload", "oryPasskeyLoginAutocompleteInit")),
            ..Node::new("passkey", "passkey_login", "hidden")
        },
        hidden("passkey_challenge", challenge.to_string()),
    ]
}

fn registration() -> Vec<Node> {
    let options = json!({"credentialOptions": creation(), "displayNameFieldName": "traits.email"});
    vec![
        trigger("passkey", "passkey_register_trigger", "oryPasskeyRegistration", 1_040_007, "Sign up with passkey"),
        Node::new("passkey", "passkey_register", "hidden"),
        hidden("passkey_create_data", options.to_string()),
    ]
}

fn settings(flow: &Flow) -> Vec<Node> {
    let mut inputs = vec![
        trigger("passkey", "passkey_register_trigger", "oryPasskeySettingsRegistration", 1_050_019, "Add passkey"),
        Node::new("passkey", "passkey_settings_register", "hidden"),
        hidden("passkey_create_data", creation().to_string()),
    ];
    if flow.is_browser {
        let label = Message::info(1_050_013, "Name of the security key");
        let name = nodes::text("webauthn", "webauthn_register_displayname", label);
        let register = Node { value: Some(json!("")), ..Node::new("webauthn", "webauthn_register", "hidden") };
        let mut add =
            trigger("webauthn", "webauthn_register_trigger", "oryWebAuthnRegistration", 1_050_012, "Add security key");
        add.value = Some(json!(creation().to_string()));
        inputs.extend([name, register, add]);
    }
    inputs
}

/// A button that runs a function of the script.
fn trigger(group: &'static str, name: &str, function: &'static str, id: u32, label: &str) -> Node {
    Node {
        value: Some(json!("")),
        label: Some(Message::info(id, label)),
        trigger: Some(("onclick", function)),
        ..Node::new(group, name, "button")
    }
}

fn hidden(name: &str, value: String) -> Node {
    Node { value: Some(json!(value)), ..Node::new("passkey", name, "hidden") }
}

fn challenge() -> String {
    BASE64_URL.encode(random::alphanumeric(32))
}

/// What a browser needs to make a key.
fn creation() -> Value {
    json!({"publicKey": {
        "rp": {"name": "stand-in", "id": "localhost"},
        "user": {"name": "stand-in", "displayName": "stand-in", "id": challenge()},
        "challenge": challenge(),
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}],
        "timeout": 300_000,
        "authenticatorSelection": {"residentKey": "required", "userVerification": "preferred"},
    }})
}

fn script(url: &str) -> Node {
    let url = format!("{url}/.well-known/ory/webauthn.js");
    let hash = digest::digest(&digest::SHA512, WEBAUTHN_SCRIPT.as_bytes());
    let integrity = format!("sha512-{}", BASE64_STANDARD.encode(hash));
    Node { display: Some(Display::Script { url, integrity }), ..Node::new("webauthn", "webauthn_script", "") }
}
