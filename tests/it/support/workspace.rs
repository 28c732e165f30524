//! Cargo packages that a test writes and builds: a user's program, or a copy of this crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

/// Appended to a `Cargo.toml`. The folder is inside another workspace, so it needs its own.
pub const OWN_WORKSPACE: &str = "\n[workspace]\n";

/// The folder of these packages.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("another-contract")
}

/// A cargo command in a folder, without the variables of this process that change a build. All packages share one
/// target directory, so that dependencies are built once. It is not the one that the tests run from.
pub fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(["--offline", "--quiet"]).args(arguments).current_dir(folder);
    command.env("CARGO_TARGET_DIR", root().join("target"));
    // Debug information is not needed. The manifest may have a profile of its own.
    command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_PROFILE_DEV_INCREMENTAL", "false");
    for (name, _) in std::env::vars() {
        if name.starts_with("ORY_") || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_FEATURE_") {
            command.env_remove(name);
        }
    }
    command
}

/// Writes a file and its folders. A file that is the same already is left alone, so that cargo builds nothing twice.
pub fn write(path: &Path, text: &[u8]) {
    if fs::read(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Gives a package the versions of this crate's dependencies, which are available offline.
pub fn lock(folder: &Path) {
    if let Ok(text) = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock")) {
        write(&folder.join("Cargo.lock"), &text);
    }
}

/// A user's workspace with a document.
pub struct Workspace {
    pub folder: PathBuf,
    pub document: String,
}

impl Workspace {
    /// `files` are paths and texts. In `Cargo.toml`, the dependency `ory-sdk = "0.1"` becomes this crate.
    pub fn new(name: &str, document: &Value, files: &[(&str, String)]) -> Self {
        let folder = root().join(name);
        let _ = fs::remove_dir_all(&folder);
        for (path, text) in files {
            let mut text = text.clone();
            if *path == "Cargo.toml" {
                text = text.replace("ory-sdk = \"0.1\"\n", &dependency());
                assert!(text.contains("path = "), "{text}");
                text.push_str(OWN_WORKSPACE);
            }
            write(&folder.join(path), text.as_bytes());
        }
        let document = serde_json::to_string_pretty(document).unwrap();
        write(&folder.join("ory/openapi.json"), document.as_bytes());
        let hash: String =
            hmac_sha256::Hash::hash(document.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        write(&folder.join("ory/openapi.json.sha256"), format!("{hash}  ory/openapi.json\n").as_bytes());
        lock(&folder);
        Self { folder, document }
    }

    pub fn cargo(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        cargo(&self.folder, arguments).envs(variables.iter().copied()).output().unwrap()
    }

    /// Runs a cargo command that must succeed and returns its output.
    pub async fn prints(&self, arguments: &[&str], variables: &[(&str, &str)]) -> String {
        // Keeps the servers of this test responding meanwhile.
        let output = tokio::task::block_in_place(|| self.cargo(arguments, variables));
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "cargo {}:\n{out}\n{err}", arguments.join(" "));
        out.into_owned()
    }

    /// Runs a build that must fail and returns what it prints to stderr.
    pub fn refuses(&self, variables: &[(&str, &str)]) -> String {
        let output = self.cargo(&["build"], variables);
        assert!(!output.status.success(), "it was built");
        String::from_utf8(output.stderr).unwrap()
    }
}

/// This crate without TLS: the C code of TLS takes longer to build than everything else here.
fn dependency() -> String {
    let path = json!(env!("CARGO_MANIFEST_DIR"));
    let features = r#"["frontend", "identity", "oauth2", "permission"]"#;
    format!("ory-sdk = {{ path = {path}, default-features = false, features = {features} }}\n")
}
