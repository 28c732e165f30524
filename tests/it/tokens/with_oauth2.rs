//! The crate `oauth2` beside this one, in a program of its own: its features would hold for all other tests.

use std::process::Command;

use serde_json::json;

use crate::support::workspace::{self, OWN_WORKSPACE, cargo};

const PROGRAM: &str = include_str!("../../data/programs/with_oauth2.rs");
const GUIDE: &str = include_str!("../../../src/docs/calls_between_services.md");

#[test]
fn the_guide_shows_the_program() {
    let (_, block) = GUIDE.split_once("```rust,ignore\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    assert!(block.lines().count() > 5);
    let indented: String = block.lines().map(|line| format!("    {line}\n")).collect();
    assert!(PROGRAM.contains(&indented), "{indented}");
}

#[test]
#[ignore = "needs the crate `oauth2`, which nothing else here does: .ci/run runs it"]
fn with_oauth2() {
    let folder = workspace::root().join("with-oauth2");
    let path = json!(env!("CARGO_MANIFEST_DIR"));
    let manifest = format!(
        r#"[package]
name = "with-oauth2"
version = "0.0.0"
edition = "2024"

[dependencies]
oauth2 = {{ version = "5", default-features = false }}
ory-sdk = {{ path = {path}, default-features = false, features = ["oauth2", "testing"] }}
tokio = {{ version = "1", default-features = false, features = ["macros", "rt"] }}
{OWN_WORKSPACE}"#
    );
    workspace::write(&folder.join("Cargo.toml"), manifest.as_bytes());
    workspace::write(&folder.join("src/main.rs"), PROGRAM.as_bytes());
    workspace::lock(&folder);
    // Everything else here is built offline, from this crate's own packages.
    let fetched = Command::new(env!("CARGO")).args(["fetch", "--quiet"]).current_dir(&folder).output().unwrap();
    let output = cargo(&folder, &["run"]).output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{} {}", said(&fetched.stderr), said(&output.stderr));
    assert_eq!(said(&output.stdout), "oauth2: ok\n");
}
