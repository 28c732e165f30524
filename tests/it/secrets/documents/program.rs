//! A program that decodes and prints values of every type of several documents: a copy of this crate with their types
//! added. Types need private parts of the crate, and one build for all documents costs less than one for each.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::emitted::Emitted;
use crate::support::package;
use crate::support::workspace::{OWN_WORKSPACE, cargo, lock, root, write};

/// What is copied of this crate.
const COPIED: [&str; 7] = ["Cargo.toml", "README.md", "build", "build.rs", "examples", "openapi.yaml", "src"];

/// The module with the types of all documents, which the copy of the crate gets.
const DOCUMENTS: &str = r##"#![allow(missing_docs, missing_debug_implementations, unreachable_pub)]

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub struct Show {
    pub values: Value,
}

impl Show {
    fn each<T: DeserializeOwned + Serialize + Debug>(&self, name: &str) {
        for value in self.values[name].as_array().unwrap() {
            let line = match serde_json::from_str::<T>(&value.to_string()) {
                Ok(value) => json!({"type": name, "shown": format!("{value:?}{value:#?}"),
                    "kept": serde_json::to_string(&value).unwrap()}),
                Err(why) => json!({"type": name, "refused": format!("{why}: {value}")}),
            };
            emit(&line);
        }
    }
}

#[allow(clippy::print_stdout)]
fn emit(line: &Value) {
    println!("{line}");
}
"##;

/// The types of a document to print, and their values by name.
pub struct Input<'a> {
    pub types: &'a Emitted,
    pub names: Vec<String>,
    pub values: Value,
}

/// Builds and runs the program. For each document it returns a line for each value: the type, what `Debug` shows of
/// the value, and the value as JSON.
pub fn run(documents: &[Input<'_>]) -> Vec<Vec<Value>> {
    let folder = root().join("documents");
    let mut kept = BTreeSet::new();
    let mut file = |path: PathBuf, text: &[u8]| {
        write(&path, text);
        kept.insert(path);
    };
    for path in COPIED {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(path), &folder.join(path), &mut file);
    }
    let add = |path: &Path, text: &str| fs::read_to_string(path).unwrap() + text;
    let manifest = add(&package::manifest(), OWN_WORKSPACE);
    file(folder.join("Cargo.toml"), manifest.as_bytes());
    let front =
        add(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")), "\n#[doc(hidden)]\npub mod documents;\n");
    file(folder.join("src/lib.rs"), front.as_bytes());
    let (mut module, mut calls) = (DOCUMENTS.to_owned(), String::new());
    for (index, Input { types, names, values }) in documents.iter().enumerate() {
        let here = format!("crate :: documents :: d{index} :: types");
        let code = types.code_of(names).replace("crate :: generated :: types", &here);
        let calls_of: String = names.iter().map(|name| format!("show.each::<types::{name}>(\"{name}\");")).collect();
        let code =
            format!("pub mod types {{ {code} }}\npub fn all(show: &super::Show) {{ let _ = show; {calls_of} }}\n");
        file(folder.join(format!("src/documents/d{index}.rs")), code.as_bytes());
        file(folder.join(format!("values/d{index}.json")), values.to_string().as_bytes());
        writeln!(module, "pub mod d{index} {{ include!(\"documents/d{index}.rs\"); }}").unwrap();
        writeln!(calls, "run({index}, ory_sdk::documents::d{index}::all);").unwrap();
    }
    file(folder.join("src/documents.rs"), module.as_bytes());
    let main = format!(
        "use ory_sdk::documents::Show;\n\
         fn run(index: usize, all: fn(&Show)) {{\n\
             let path = format!(\"{{}}/values/d{{index}}.json\", env!(\"CARGO_MANIFEST_DIR\"));\n\
             println!(\"document {{index}}\");\n\
             all(&Show {{ values: std::fs::read_to_string(path).unwrap().parse().unwrap() }});\n\
         }}\n\
         fn main() {{ {calls} }}\n"
    );
    file(folder.join("src/bin/show.rs"), main.as_bytes());
    remove_others(&folder, &kept);
    lock(&folder);
    let arguments = ["run", "--bin", "show", "--no-default-features", "--features", "frontend"];
    let output = cargo(&folder, &arguments).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    let parts = out.split("document ").skip(1);
    parts.map(|part| part.lines().skip(1).map(|line| line.parse().unwrap()).collect()).collect()
}

fn copy(from: &Path, to: &Path, file: &mut impl FnMut(PathBuf, &[u8])) {
    if !from.is_dir() {
        // Other text is written to these.
        if !["Cargo.toml", "src/lib.rs"].iter().any(|path| from.ends_with(path)) {
            file(to.to_owned(), &fs::read(from).unwrap());
        }
        return;
    }
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy(&entry.path(), &to.join(entry.file_name()), file);
    }
}

/// Removes what an earlier run wrote and this one did not.
fn remove_others(folder: &Path, kept: &BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            remove_others(&path, kept);
        } else if !kept.contains(&path) {
            fs::remove_file(&path).unwrap();
        }
    }
}
