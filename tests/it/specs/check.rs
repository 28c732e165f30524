//! The whole crate with another document: the compiler and rustdoc say whether it is code.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// What compiler and rustdoc said of this crate, compiled with a document of another's.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Each as the compiler renders it.
    pub warnings: Vec<String>,
    pub errors: Vec<String>,
}

/// Runs `cargo check`, and `cargo doc` where it is wanted too. All documents share one target directory, so that
/// dependencies are built once.
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
        // Only what is said of this crate; the last line of a run repeats that there were some.
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
