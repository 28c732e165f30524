//! Other HTTP clients in a program that uses this crate. Features of dependencies hold for a whole program, so each test
//! builds one of its own.

use std::process::Output;

use serde_json::json;

use crate::support::workspace::{self, OWN_WORKSPACE, cargo};

/// Writes a program that depends on this crate, and on reqwest with features that this one leaves off.
fn write(name: &str, features: &str, source: &str) {
    let folder = workspace::root().join(name);
    let path = json!(env!("CARGO_MANIFEST_DIR"));
    let manifest = format!(
        r#"[package]
name = "{name}"
version = "0.0.0"
edition = "2024"

[dependencies]
ory-sdk = {{ path = {path}{features} }}
reqwest = {{ version = "0.13.5", default-features = false, features = ["gzip", "http2"] }}
rustls = {{ version = "0.23", default-features = false }}
tokio = {{ version = "1", default-features = false, features = ["macros", "rt"] }}
{OWN_WORKSPACE}"#
    );
    workspace::write(&folder.join("Cargo.toml"), manifest.as_bytes());
    workspace::write(&folder.join("src/main.rs"), source.as_bytes());
    workspace::lock(&folder);
}

/// Runs a program, and returns what it prints if it succeeds.
fn prints(name: &str, argument: &str) -> String {
    let Output { status, stdout, stderr } =
        cargo(&workspace::root().join(name), &["run"]).args(["--", argument]).output().unwrap();
    assert!(status.success(), "{name} {argument}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// They work as without this crate, in any order of construction.
#[test]
#[ignore = "builds TLS, which takes minutes: .ci/run runs it"]
fn other_clients_work_as_without_this_crate() {
    write("other-clients", "", include_str!("../../data/programs/other_clients.rs"));
    for order in ["ours-first", "theirs-first", "rustls-first", "rustls-last", "install-first", "install-last"] {
        assert_eq!(prints("other-clients", order), format!("{order}: ok\n"));
    }
}

#[test]
#[ignore = "builds TLS, which takes minutes: .ci/run runs it"]
fn with_ring_a_changed_client_needs_a_provider() {
    let features = r#", default-features = false, features = ["frontend", "rustls-ring"]"#;
    write("with-ring", features, include_str!("../../data/programs/with_ring.rs"));
    let said = prints("with-ring", "");
    assert!(said.contains("`customize`") && said.contains("install_default()"), "{said}");
}
