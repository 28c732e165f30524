//! Builds and runs a program with a document that leaves out much of what servers take, as Ory's own documents do.
//!
//! The document is derived from `openapi.yaml`. Its token endpoint lacks most fields, one operation lacks its body, and one
//! is not in `openapi.yaml` at all.

use serde_json::{Value, json};

use super::another_contract::unmark;
use crate::build::compile;
use crate::build::kinds::Area;
use crate::support::server::{Reply, Server};
use crate::support::spec::Spec;
use crate::support::workspace::Workspace;

const TOKEN: &str = "/oauth2/token";
const REVOKE: &str = "/oauth2/revoke";
const REJECT: &str = "/admin/oauth2/auth/requests/logout/reject";
const DEVICE: &str = "/oauth2/device/auth";

const MANIFEST: &str = r#"[package]
name = "program"
version = "0.1.0"
edition = "2024"

[dependencies]
ory-sdk = "0.1"
tokio = { version = "1", features = ["macros", "rt"] }
"#;

const CONFIG: &str = r#"[env]
ORY_OPENAPI = { value = "ory/openapi.json", relative = true }
"#;

const PROGRAM: &str = r#"use ory_sdk::serde_json::json;
use ory_sdk::{Client, types};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ory = Client::from_env()?;
    // Fields that the document leaves out.
    let body = types::PerformOAuth2TokenFlowBody::builder()
        .grant_type("client_credentials")
        .scope("read write")
        .audience("api")
        .client_secret("hunter2")
        .build()?;
    println!("{body:?}");
    println!("{:?}", ory.perform_oauth2_token_flow().body(body).await?);
    let body = json!({"grant_type": "client_credentials", "scope": "read", "assertion": "a.b.c"});
    ory.perform_oauth2_token_flow().body(body).await?;
    let revoke = types::RevokeOAuth2TokenBody::builder().token("hunter2").client_secret("hunter2");
    println!("{revoke:?} {:?}", revoke.clone().build()?);
    ory.revoke_oauth2_token().body(revoke.build()?).await?;
    // A body that the document leaves out.
    ory.admin_reject_oauth2_logout_request().logout_challenge("c").body_map(|body| body.error("access_denied")).await?;
    // A key that no field has is refused, at any depth.
    for body in [json!({"grant_type": "password", "scopes": "read"}), json!({"grantType": "password"})] {
        println!("{}", ory.perform_oauth2_token_flow().body(body).await.unwrap_err());
    }
    let body = json!({"schema_id": "default", "traits": {}, "credentials": {"password": {"config": {"hash": "hunter2"}}}});
    println!("{}", ory.admin_create_identity().body(body).await.unwrap_err());
    // A form replaces the typed body, and is the body of an operation that has none.
    ory.perform_oauth2_token_flow().form([("grant_type", "password"), ("scopes", "read")]).await?;
    let device = ory.start_device_flow().form([("client_id", "tv"), ("scope", "openid offline")]);
    println!("{device:?}");
    println!("{:?}", device.await?);
    ory.start_device_flow().json_body(json!({"client_id": "tv"})).await?;
    Ok(())
}
"#;

/// The document in the form of Ory's own.
fn document() -> Value {
    let mut document = Spec::load().document;
    let paths = document["paths"].as_object_mut().unwrap();
    paths.retain(|path, _| [TOKEN, REVOKE, REJECT, "/admin/identities"].contains(&path.as_str()));
    let form = |required: &str, fields: &[&str]| {
        let fields = fields.iter().map(|name| ((*name).to_owned(), json!({"type": "string"})));
        let fields: serde_json::Map<String, Value> = fields.collect();
        let schema = json!({"type": "object", "required": [required], "properties": fields});
        json!({"content": {"application/x-www-form-urlencoded": {"schema": schema}}})
    };
    let fields = ["client_id", "code", "grant_type", "redirect_uri", "refresh_token"];
    paths[TOKEN]["post"]["requestBody"] = form("grant_type", &fields);
    paths[REVOKE]["post"]["requestBody"] = form("token", &["token"]);
    paths[REJECT]["put"].as_object_mut().unwrap().remove("requestBody");
    let started = json!({"type": "object", "properties": {
        "device_code": {"type": "string"}, "user_code": {"type": "string"}, "interval": {"type": "integer"}}});
    let content = json!({"application/json": {"schema": started}});
    let device = json!({"operationId": "startDeviceFlow", "responses": {"200": {"description": "Started.", "content": content}}});
    paths.insert(DEVICE.to_owned(), json!({"post": device}));
    unmark(&mut document);
    document
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_sends_what_its_document_leaves_out() {
    let server = Server::start(|request| {
        let target = request.target.split('?').next().unwrap();
        match target {
            TOKEN => Reply::json(200, &json!({"access_token": "hunter2", "token_type": "bearer", "expires_in": 60})),
            DEVICE => Reply::json(200, &json!({"device_code": "hunter2", "user_code": "hunter2", "interval": 5})),
            REJECT => Reply::new(204, &[], ""),
            _ => Reply::new(200, &[], ""),
        }
    })
    .await;
    let files = [("Cargo.toml", MANIFEST), (".cargo/config.toml", CONFIG), ("src/main.rs", PROGRAM)];
    let workspace = Workspace::new("lent", &document(), &files.map(|(path, text)| (path, text.to_owned())));
    let out = workspace.prints(&["run"], &[("ORY_SDK_URL", &server.url())]).await;
    assert!(!out.contains("hunter2"), "{out}");
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].starts_with("PerformOAuth2TokenFlowBody {") && lines[0].contains("\"read write\""), "{out}");
    assert!(lines[1].contains("token_type: Some(\"bearer\")"), "{out}");
    let refused = |key: &str, path: &str| {
        let found = lines.iter().any(|line| line.contains(&format!("unknown key `{key}`")) && line.contains(path));
        assert!(found, "{key}: {out}");
    };
    refused("scopes", "performOAuth2TokenFlow");
    refused("grantType", "performOAuth2TokenFlow");
    refused("hash", "`credentials.password.config`");
    let sent: Vec<(String, Option<String>, String)> = server
        .seen()
        .iter()
        .map(|request| {
            let kind = request.header("content-type").map(str::to_owned);
            (request.target.clone(), kind, request.text().to_owned())
        })
        .collect();
    let row = |target: &str, kind: &str, body: &str| (target.to_owned(), Some(kind.to_owned()), body.to_owned());
    let (form, json) = ("application/x-www-form-urlencoded", "application/json");
    assert_eq!(
        sent,
        [
            row(TOKEN, form, "audience=api&client_secret=hunter2&grant_type=client_credentials&scope=read+write"),
            row(TOKEN, form, "assertion=a.b.c&grant_type=client_credentials&scope=read"),
            row(REVOKE, form, "client_secret=hunter2&token=hunter2"),
            row(&format!("{REJECT}?logout_challenge=c"), json, r#"{"error":"access_denied"}"#),
            row(TOKEN, form, "grant_type=password&scopes=read"),
            row(DEVICE, form, "client_id=tv&scope=openid+offline"),
            row(DEVICE, json, r#"{"client_id":"tv"}"#),
        ]
    );
    // The report names each addition.
    let report = compile(&workspace.document, &Area::KNOWN).unwrap().report;
    for line in [
        "operation performOAuth2TokenFlow, body: scope: a field that servers take: added",
        "operation performOAuth2TokenFlow, body: code: a secret",
        "operation adminRejectOAuth2LogoutRequest: a body, which servers take: added (application/json)",
    ] {
        assert!(report.lines().any(|other| other == line), "{line}\n{report}");
    }
}
