//! The crates `oauth2` and `openidconnect` beside this one, in programs of their own: their features would hold for all
//! other tests.

use std::process::Command;

use serde_json::json;

use crate::support::workspace::{self, OWN_WORKSPACE, cargo};

const WITH_OAUTH2: &str = include_str!("../../data/programs/with_oauth2.rs");
const WITH_OPENIDCONNECT: &str = include_str!("../../data/programs/with_openidconnect.rs");

#[test]
fn the_guides_show_the_programs() {
    for (guide, program) in [
        (include_str!("../../../src/docs/calls_between_services.md"), WITH_OAUTH2),
        (include_str!("../../../src/docs/code_flow.md"), WITH_OPENIDCONNECT),
    ] {
        let (_, block) = guide.split_once("```rust,ignore\n").unwrap();
        let (block, _) = block.split_once("```").unwrap();
        assert!(block.lines().count() > 5);
        for part in block.split("\n\n") {
            let indented: String = part.lines().map(|line| format!("    {line}\n")).collect();
            assert!(program.contains(&indented), "{indented}");
        }
    }
}

#[test]
#[ignore = "needs the crate `oauth2`, which nothing else here does: .ci/run runs it"]
fn with_oauth2() {
    run("oauth2", "5", WITH_OAUTH2);
}

#[test]
#[ignore = "needs the crate `openidconnect`, which nothing else here does: .ci/run runs it"]
fn with_openidconnect() {
    run("openidconnect", "4", WITH_OPENIDCONNECT);
}

/// Builds and runs a program that uses the other crate.
fn run(other: &str, version: &str, program: &str) {
    let folder = workspace::root().join(format!("with-{other}"));
    let path = json!(env!("CARGO_MANIFEST_DIR"));
    // Both have the same features of this crate, so that it is built once.
    let manifest = format!(
        r#"[package]
name = "with-{other}"
version = "0.0.0"
edition = "2024"

[dependencies]
{other} = {{ version = "{version}", default-features = false }}
ory-sdk = {{ path = {path}, default-features = false, features = ["jwt", "testing"] }}
tokio = {{ version = "1", default-features = false, features = ["macros", "rt"] }}
{OWN_WORKSPACE}"#
    );
    workspace::write(&folder.join("Cargo.toml"), manifest.as_bytes());
    workspace::write(&folder.join("src/main.rs"), program.as_bytes());
    workspace::lock(&folder);
    // Everything else here is built offline, from this crate's own packages.
    let fetched = Command::new(env!("CARGO")).args(["fetch", "--quiet"]).current_dir(&folder).output().unwrap();
    let output = cargo(&folder, &["run"]).output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{} {}", said(&fetched.stderr), said(&output.stderr));
    assert_eq!(said(&output.stdout), format!("{other}: ok\n"));
}
