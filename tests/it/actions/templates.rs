//! The Jsonnet templates make bodies that the types read, out of what Kratos passes them.
//!
//! `tests/data/templates` holds what go-jsonnet, which Kratos uses too, made of recorded contexts. If its program `jsonnet` is
//! installed, it evaluates the templates here once more, for all of them. To write the files after a change of a template:
//!
//! `ORY_SDK_WRITE_BODIES=1 cargo test --test it write_bodies -- --ignored`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use ory_sdk::actions::{CourierMessage, FlowContext};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{RECORDED, body, named, read_text};

const FLOW: &str = "flow_context";
const COURIER: &str = "courier_message";

/// What a template made of each context.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Evaluated {
    template: String,
    bodies: Vec<(String, Value)>,
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/templates/{name}.json"))
}

fn committed(name: &str) -> Evaluated {
    serde_json::from_str(&std::fs::read_to_string(file(name)).unwrap()).unwrap()
}

/// Every recorded context of a web hook, with its name.
fn contexts() -> Vec<(String, Value)> {
    let all = RECORDED.iter().filter_map(|(server, recording)| {
        let context: Value = serde_json::from_slice(&body(recording)).ok()?;
        // The one of the password migration is for another type.
        let is_context = context.get("request_cookies").is_some() && context.get("password").is_none();
        is_context.then(|| (format!("{server}/{}.{}", recording.operation, recording.case), context))
    });
    all.collect()
}

/// One context for each kind of call and server, with cookies and without.
fn chosen() -> Vec<(String, Value)> {
    let mut seen = BTreeSet::new();
    let has_cookies = |context: &Value| context["request_cookies"] != json!({});
    let mut all = contexts();
    all.retain(|(name, context)| seen.insert((name.rsplit_once('.').unwrap().0.to_owned(), has_cookies(context))));
    all
}

/// What the courier passes: as recorded where its own template shows it, else as the source of Kratos has it.
fn messages() -> Vec<(String, Value)> {
    let recorded: Value = serde_json::from_slice(&body(named("kratos-26.2.0/hook.courier-email.ok"))).unwrap();
    let context = |kind: &str, data: Value| {
        let context = json!({
            "recipient": "ada@example.org", "subject": "Your code", "body": "It is 123456.", "template_type": kind,
            "template_data": data, "message_type": "email",
        });
        (kind.to_owned(), context)
    };
    let mut recovery = context(
        recorded["template_type"].as_str().unwrap(),
        json!({"to": recorded["to"], "recovery_code": recorded["recovery_code"], "identity": {"id": "x"}}),
    );
    for key in ["recipient", "subject", "body"] {
        recovery.1[key] = recorded[key].clone();
    }
    let mut html =
        context("login_code_valid", json!({"to": "ada@example.org", "login_code": "123456", "identity": {}}));
    html.1["html_body"] = "<b>123456</b>".into();
    vec![
        recovery,
        html,
        context("registration_code_valid", json!({"to": "a@b", "registration_code": "123456", "traits": {}})),
        context("verification_valid", json!({"to": "a@b", "verification_url": "http://127.0.0.1/verify?token=123456"})),
        context("stub", Value::Object(serde_json::Map::new())),
    ]
}

/// What `jsonnet` makes of contexts. `None` if it is not installed.
fn evaluate(template: &str, contexts: Vec<(String, Value)>) -> Option<Evaluated> {
    let folder = std::env::temp_dir().join(format!("ory-sdk-templates-{}-{}", std::process::id(), template.len()));
    std::fs::create_dir_all(&folder).unwrap();
    let (source, input) = (folder.join("template.jsonnet"), folder.join("context.json"));
    std::fs::write(&source, template).unwrap();
    let mut bodies = Vec::new();
    for (name, context) in contexts {
        std::fs::write(&input, context.to_string()).unwrap();
        let argument = format!("ctx={}", input.display());
        let Ok(output) = Command::new("jsonnet").arg("--tla-code-file").arg(argument).arg(&source).output() else {
            println!("skipped: there is no jsonnet");
            return None;
        };
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        bodies.push((name, serde_json::from_slice(&output.stdout).unwrap()));
    }
    std::fs::remove_dir_all(&folder).unwrap();
    Some(Evaluated { template: template.to_owned(), bodies })
}

/// Checks what the template of a flow made of a context.
fn check_flow(name: &str, context: &Value, made: &Value) {
    let call = read_text::<FlowContext>(made.to_string()).unwrap_or_else(|why| panic!("{name}: {why}"));
    let whole = read_text::<FlowContext>(context.to_string()).unwrap();
    // It passes all that the type reads, but for some headers.
    assert_eq!(format!("{call:?}"), format!("{whole:?}"), "{name}");
    assert_eq!(call.flow.transient_payload, whole.flow.transient_payload, "{name}");
    assert_eq!(call.header("user-agent"), whole.header("user-agent"), "{name}");
    assert!(
        call.header("content-length").is_none() && whole.header("content-length").is_some()
            || whole.request_method == "GET"
    );
    let (identity, of_whole) = (call.identity.as_ref(), whole.identity.as_ref());
    assert_eq!(identity.map(|it| &it.traits), of_whole.map(|it| &it.traits), "{name}");
    assert_eq!(identity.map(|it| &it.verifiable_addresses), of_whole.map(|it| &it.verifiable_addresses), "{name}");
    is_part_of(made, context, name);
    for hidden in ["request_cookies", "ui", "schema_url"] {
        assert!(!made.to_string().contains(&format!("\"{hidden}\"")), "{name} {hidden}");
    }
    let cookies = context["request_cookies"].as_object().unwrap().values();
    let nodes = context["flow"]["ui"]["nodes"].as_array().into_iter().flatten();
    let csrf = nodes.filter(|node| node["attributes"]["name"] == "csrf_token").map(|node| &node["attributes"]["value"]);
    for secret in cookies.chain(csrf).filter_map(Value::as_str).filter(|secret| !secret.is_empty()) {
        assert!(!made.to_string().contains(secret), "{name}");
    }
}

/// Nothing is made up or changed.
fn is_part_of(part: &Value, whole: &Value, name: &str) {
    match part {
        Value::Object(map) => map.iter().for_each(|(key, value)| is_part_of(value, &whole[key], name)),
        other => assert_eq!(other, whole, "{name}"),
    }
}

#[test]
fn the_template_of_flows_passes_no_secret() {
    let Evaluated { template, bodies } = committed(FLOW);
    assert_eq!(template, FlowContext::TEMPLATE, "the template changed: write the bodies anew");
    let contexts = chosen();
    assert_eq!(bodies.len(), contexts.len());
    assert!(bodies.len() > 15, "{}", bodies.len());
    let mut cookies = 0;
    for ((name, made), (of, context)) in bodies.iter().zip(&contexts) {
        assert_eq!(name, of);
        check_flow(name, context, made);
        cookies += context["request_cookies"].as_object().unwrap().len();
    }
    assert!(cookies > 0, "no context has cookies");
    let Some(now) = evaluate(FlowContext::TEMPLATE, self::contexts()) else { return };
    for ((name, made), (_, context)) in now.bodies.iter().zip(&self::contexts()) {
        check_flow(name, context, made);
    }
    assert!(bodies.iter().all(|body| now.bodies.contains(body)));
}

#[test]
fn the_template_of_messages_passes_every_code() {
    let Evaluated { template, bodies } = committed(COURIER);
    assert_eq!(template, CourierMessage::TEMPLATE, "the template changed: write the bodies anew");
    let mut codes = 0;
    for ((kind, made), (of, context)) in bodies.iter().zip(&messages()) {
        let call = read_text::<CourierMessage>(made.to_string()).unwrap_or_else(|why| panic!("{kind}: {why}"));
        assert_eq!((kind, call.kind()), (of, context["template_type"].as_str().unwrap()));
        assert_eq!(call.subject.as_ref().unwrap().expose(), context["subject"]);
        assert_eq!(call.html_body.is_some(), context.get("html_body").is_some());
        let data = context["template_data"].as_object().unwrap();
        let code = data.iter().find(|(key, _)| key.ends_with("_code")).map(|(_, code)| code.as_str().unwrap());
        assert_eq!(call.code().map(|code| code.expose()), code, "{kind}");
        assert_eq!(call.url().is_some(), kind == "verification_valid", "{kind}");
        codes += usize::from(code.is_some());
    }
    assert_eq!((bodies.len(), codes), (5, 3));
    // All that Kratos' own template passes is as there.
    let own: Value = serde_json::from_slice(&body(named("kratos-26.2.0/hook.courier-email.ok"))).unwrap();
    is_part_of(&own, &bodies[0].1, COURIER);
    if let Some(now) = evaluate(CourierMessage::TEMPLATE, messages()) {
        assert_eq!(now, committed(COURIER));
    }
}

/// Without the variable this only compares.
#[test]
#[ignore = "needs jsonnet, and writes tests/data/templates with ORY_SDK_WRITE_BODIES"]
fn write_bodies() {
    let all = [(FLOW, FlowContext::TEMPLATE, chosen()), (COURIER, CourierMessage::TEMPLATE, messages())];
    for (name, template, contexts) in all {
        let made = evaluate(template, contexts).expect("jsonnet is not installed");
        if std::env::var_os("ORY_SDK_WRITE_BODIES").is_some() {
            std::fs::write(file(name), serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
        }
        assert_eq!(committed(name), made);
    }
}
