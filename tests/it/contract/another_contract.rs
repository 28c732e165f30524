//! Builds and runs the program on the page `another_contract` with three documents.
//!
//! All three are derived from `openapi.yaml`. One is the same document as JSON. Another uses the names of another
//! release for operations, schemas and tags, and has no `x-` extensions or password formats, like the documents that
//! Ory publishes. The third is small and has an area that the crate does not know.

use ory_sdk::testing::StandIn;
use serde_json::{Value, json};

use crate::support::server::{Reply, Server};
use crate::support::spec::Spec;
use crate::support::workspace::{Workspace, write};

const PAGE: &str = include_str!("../../../src/docs/another_contract.md");

/// The files on the page: each code block with the file name on the line before it.
fn files() -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut lines = PAGE.lines();
    let mut named = None;
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            found.extend(named.take().map(|name| (name, block.join("\n") + "\n")));
        } else if let Some(rest) = line.strip_prefix('`') {
            named = rest.split_once('`').map(|(name, _)| name).filter(|name| name.contains('.'));
        }
    }
    found
}

/// A workspace with the files from the page. `rename` lists pairs of a name on the page and the document's name for it.
fn workspace(name: &str, document: &Value, rename: &[(&str, &str)], program: &[&str]) -> Workspace {
    let mut chosen = files();
    chosen.retain(|(path, _)| !path.starts_with("src/") || program.contains(path));
    for (_, text) in chosen.iter_mut().filter(|(path, _)| path.starts_with("src/")) {
        for (from, to) in rename {
            *text = text.replace(from, to);
        }
    }
    Workspace::new(name, document, &chosen)
}

/// Counts the operations of a document that have one of these tags of `openapi.yaml`.
fn count(document: &Value, tags: &[&str]) -> usize {
    let items = document["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values());
    operations.filter(|operation| tags.contains(&operation["tags"][0].as_str().unwrap())).count()
}

/// The document with the names of another release.
fn renamed(document: &Value) -> Value {
    let mut document = document.clone();
    document["info"]["title"] = json!("Ory Kratos and Hydra");
    document["info"]["version"] = json!("v0.0.1-alpha.9");
    let schemas = document["components"]["schemas"].take();
    document["components"]["schemas"] =
        schemas.as_object().unwrap().iter().map(|(name, schema)| (other_name(name), schema.clone())).collect();
    rename(&mut document, &mut |key, text| {
        if let Some(name) = text.strip_prefix("#/components/schemas/") {
            *text = format!("#/components/schemas/{}", other_name(name));
        } else if key == "operationId" {
            *text = OPERATIONS.iter().find(|(from, _)| from == text).map_or(text.clone(), |(_, to)| (*to).to_owned());
        }
    });
    for item in document["paths"].as_object_mut().unwrap().values_mut() {
        item.as_object_mut().unwrap().values_mut().for_each(|operation| operation["tags"] = json!(["v0alpha2"]));
    }
    unmark(&mut document);
    document
}

/// Removes what Ory's own documents do not have: `x-` extensions and password formats.
pub fn unmark(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, value| !(key.starts_with("x-") || key == "format" && value == "password"));
            map.values_mut().for_each(unmark);
        }
        Value::Array(items) => items.iter_mut().for_each(unmark),
        _ => {}
    }
}

/// The program's output without the line that shows a response. That line must not contain a session token.
fn without_the_response(out: &str) -> String {
    let (shown, lines): (Vec<&str>, Vec<&str>) = out.lines().partition(|line| line.starts_with("Response"));
    assert_eq!(shown.len(), 1, "{out}");
    assert!(shown[0].contains("session_token") && !shown[0].contains("ory_st_"), "{out}");
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Operations that have another name in the other release. `METHODS` has their names in Rust.
const OPERATIONS: [(&str, &str); 4] = [
    ("initializeSelfServiceLoginFlowWithoutBrowser", "createNativeLoginFlow"),
    ("submitSelfServiceLoginFlow", "updateLoginFlow"),
    ("adminListIdentities", "listIdentities"),
    ("adminGetIdentity", "getIdentity"),
];
const METHODS: [(&str, &str); 4] = [
    ("initialize_self_service_login_flow_without_browser", "create_native_login_flow"),
    ("submit_self_service_login_flow", "update_login_flow"),
    ("admin_list_identities", "list_identities"),
    ("admin_get_identity", "get_identity"),
];

fn other_name(schema: &str) -> String {
    match schema.strip_prefix("selfService") {
        Some(rest) => rest.to_owned(),
        None => format!("{schema}V2"),
    }
}

/// Calls `change` on every string that is an object's value, with its key.
fn rename(value: &mut Value, change: &mut dyn FnMut(&str, &mut String)) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) => change(key, text),
                    other => rename(other, change),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, change)),
        _ => {}
    }
}

/// A document with what the program needs, an operation of another server, and an enum value that `openapi.yaml` does
/// not have.
fn small(document: &Value) -> Value {
    let mut document = document.clone();
    document["info"] = json!({"title": "Small", "version": "26.9"});
    let wanted: Vec<&str> = OPERATIONS.iter().map(|(id, _)| *id).chain(["toSession"]).collect();
    let paths = document["paths"].as_object_mut().unwrap();
    for item in paths.values_mut() {
        let operations = item.as_object_mut().unwrap();
        operations.retain(|_, operation| wanted.contains(&operation["operationId"].as_str().unwrap()));
    }
    paths.retain(|_, item| item != &json!({}));
    assert_eq!(paths.len(), wanted.len());
    let text = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "string"}});
    paths.insert(
        "/relation-tuples".to_owned(),
        json!({"get": {
            "tags": ["relationship"],
            "operationId": "getRelationships",
            "parameters": [text("namespace"), text("object"), text("page_token"), text("page_size")],
            "responses": {
                "200": {"description": "", "content": {"application/json": {"schema": {
                    "$ref": "#/components/schemas/relationships",
                }}}},
                "default": {"description": "", "content": {"application/json": {"schema": {}}}},
            },
        }}),
    );
    let texts: serde_json::Map<String, Value> = ["object", "relation", "subject_id"]
        .map(|name| (name.to_owned(), json!({"type": "string"})))
        .into_iter()
        .collect();
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    let names: Vec<String> = texts.keys().cloned().collect();
    let tuple = json!({"type": "object", "required": names, "properties": texts});
    schemas.insert("relationship".to_owned(), tuple);
    let list = json!({"type": "array", "items": {"$ref": "#/components/schemas/relationship"}});
    let page = json!({"relation_tuples": list, "next_page_token": {"type": "string"}});
    schemas.insert("relationships".to_owned(), json!({"type": "object", "properties": page}));
    schemas["identityState"]["enum"].as_array_mut().unwrap().push(json!("on_holiday"));
    document
}

/// Registers three users. The program signs in one of them.
async fn people() -> StandIn {
    let stand_in = StandIn::start().await.unwrap();
    let client = stand_in.client_builder().build().unwrap();
    for name in ["jane", "john", "jim"] {
        let flow = client.initialize_self_service_registration_flow_without_browser().send().await.unwrap();
        let traits = json!({"email": format!("{name}@example.org")});
        let body = json!({"method": "password", "password": "correct horse battery staple", "traits": traits});
        client.submit_self_service_registration_flow().flow(flow.id.to_string()).json_body(body).send().await.unwrap();
    }
    stand_in
}

/// What the program prints after the first line, with every document.
const PRINTED: &str = "signed in: true\na page of 2\na page of 1\nnobody has this id\n";

#[tokio::test(flavor = "multi_thread")]
async fn the_program_of_the_page_runs_with_three_documents() {
    let names: Vec<&str> = files().iter().map(|(name, _)| *name).collect();
    let expected = ["Cargo.toml", ".cargo/config.toml", "src/main.rs", "src/bin/relations.rs", "tests/contract.rs"];
    assert_eq!(names, expected);
    let stand_in = people().await;
    let everything = [("ORY_SDK_URL", stand_in.url())];
    let document = Spec::load().document;
    let main = ["run", "--bin", "program"];

    // The crate's own document, as JSON.
    let operations = count(&document, &["frontend", "identity", "oauth2", "permission"]);
    let own = workspace("own", &document, &[], &["src/main.rs"]);
    let version = document["info"]["version"].as_str().unwrap();
    let first = format!("compiled from Ory {version}: {operations} operations\n");
    assert_eq!(without_the_response(&own.prints(&main, &everything).await), format!("{first}{PRINTED}"));
    own.prints(&["test"], &[]).await;

    // Both the build and the page's test notice a changed document.
    write(&own.folder.join("ory/openapi.json"), own.document.replace(version, "0.0.0-changed").as_bytes());
    let first = format!("compiled from Ory 0.0.0-changed: {operations} operations\n");
    assert_eq!(without_the_response(&own.prints(&main, &everything).await), format!("{first}{PRINTED}"));
    let output = tokio::task::block_in_place(|| own.cargo(&["test", "--test", "contract"], &[]));
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success() && out.contains("it_is_the_document_that_was_chosen"), "{out}");

    // The build names a document that it cannot find.
    let relative = own.refuses(&[("ORY_OPENAPI", "ory/openapi.json")]);
    let config = files().into_iter().find(|(name, _)| *name == ".cargo/config.toml").unwrap().1;
    // Cargo indents the output of a build script.
    assert!(config.lines().all(|line| relative.lines().any(|said| said.trim() == line)), "{relative}");
    let missing = own.folder.join("nowhere.json").display().to_string();
    let said = own.refuses(&[("ORY_OPENAPI", &missing)]);
    assert!(said.contains(&format!("error: {missing}: ")), "{said}");

    // Names of another release. Its tags do not name areas, so the paths decide the area.
    let renamed = workspace("renamed", &renamed(&document), &METHODS, &["src/main.rs"]);
    let out = without_the_response(&renamed.prints(&main, &everything).await);
    let (first, rest) = out.split_once('\n').unwrap();
    assert!(first.starts_with("compiled from Ory Kratos and Hydra v0.0.1-alpha.9: "), "{first}");
    assert_eq!(rest, PRINTED);
    renamed.prints(&["test"], &[]).await;

    // The small document, with an operation of another server.
    let program = ["src/main.rs", "src/bin/relations.rs"];
    let small = workspace("small", &small(&document), &[], &program);
    let first = "compiled from Small 26.9: 6 operations\n";
    assert_eq!(without_the_response(&small.prints(&main, &everything).await), format!("{first}{PRINTED}"));
    let keto = Server::start(|request| {
        let (who, next) = if request.target.contains("page_token") { ("john", "") } else { ("jane", "a b") };
        let tuple = json!({"object": "readme", "relation": "reader", "subject_id": who, "more": 1});
        Reply::json(200, &json!({"relation_tuples": [tuple], "next_page_token": next}))
    })
    .await;
    let out = small.prints(&["run", "--bin", "relations"], &[("ORY_KETO_READ_URL", &keto.url())]).await;
    assert_eq!(out, "Some(\"jane\") is reader of readme\nSome(\"john\") is reader of readme\n");
    let targets: Vec<String> = keto.seen().into_iter().map(|request| request.target).collect();
    assert_eq!(
        targets,
        ["/relation-tuples?namespace=documents", "/relation-tuples?namespace=documents&page_token=a+b"]
    );
    small.prints(&["test"], &[]).await;
}
