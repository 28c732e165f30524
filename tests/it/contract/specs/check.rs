//! Compiles the whole crate with another document and collects what the compiler and rustdoc report.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// What the compiler and rustdoc report about this crate, compiled with another document.
#[derive(Debug, Default)]
pub struct Verdict {
    /// As rendered by the compiler.
    pub warnings: Vec<String>,
    pub errors: Vec<String>,
}

/// Runs `cargo check`, then `cargo doc` if `with_docs` is set and the check passed. All documents share one target
/// directory, so that dependencies are built once.
pub fn whole_crate(document: &Path, with_docs: bool, features: &[&str]) -> Verdict {
    let mut verdict = Verdict::default();
    run(&["check", "--lib"], document, features, &mut verdict);
    if with_docs && verdict.errors.is_empty() {
        run(&["doc", "--lib", "--no-deps"], document, features, &mut verdict);
    }
    verdict
}

fn run(command: &[&str], document: &Path, features: &[&str], verdict: &mut Verdict) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("any-contract");
    let Output { status, stdout, stderr } = Command::new(cargo)
        .args(command)
        .args(["--quiet", "--message-format=json"])
        .args(features)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_TARGET_DIR", target)
        .env("ORY_OPENAPI", document.canonicalize().unwrap())
        .output()
        .expect("cargo runs");
    let before = verdict.errors.len();
    for line in String::from_utf8_lossy(&stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        // Only messages about this crate. The summary at the end of a run has no span and is not counted as a warning.
        if message["reason"] != "compiler-message" || message["target"]["name"] != "ory_sdk" {
            continue;
        }
        let message = &message["message"];
        let has_place = message["spans"].as_array().is_some_and(|spans| !spans.is_empty());
        let rendered = message["rendered"].as_str().unwrap_or_default().to_owned();
        match message["level"].as_str() {
            Some("warning") if has_place => verdict.warnings.push(rendered),
            Some("error") => verdict.errors.push(rendered),
            _ => {}
        }
    }
    if !status.success() && verdict.errors.len() == before {
        verdict.errors.push(String::from_utf8_lossy(&stderr).into_owned());
    }
}
