//! Compiles the contract into the client: `openapi.yaml`, or the document that `ORY_OPENAPI` names.

#[path = "build/mod.rs"]
mod build;

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use build::kinds::Area;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=ORY_OPENAPI");
    let contract = contract()?;
    println!("cargo::rerun-if-changed={}", contract.display());
    // Cargo looks at every file below a folder.
    for path in ["build", "src/contract/kinds.rs"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let text = fs::read_to_string(&contract).map_err(|why| format!("{}: {why}", contract.display()))?;
    let areas: Vec<Area> = Area::KNOWN
        .into_iter()
        .filter(|area| env::var_os(format!("CARGO_FEATURE_{}", area.as_str().to_uppercase())).is_some())
        .collect();
    if areas.is_empty() {
        return Err(format!(
            "no area of the API is switched on: choose features among {}",
            Area::KNOWN.map(|area| area.as_str()).join(", ")
        )
        .into());
    }
    // With less than the whole contract, parts of the hand-written layer have no caller.
    println!("cargo::rustc-check-cfg=cfg(ory_partial)");
    if areas.len() < Area::KNOWN.len() || contract != Path::new("openapi.yaml") {
        println!("cargo::rustc-cfg=ory_partial");
    }
    let compiled = build::compile(&text, &areas).map_err(|fault| format!("{}: {fault}", contract.display()))?;
    if env::var_os("CARGO_FEATURE_SESSIONS").is_some() && !compiled.code.contains("pub fn to_session ") {
        let why = "the feature `sessions` asks Kratos by the operation toSession, which this document does not have";
        return Err(format!("{}: {why}", contract.display()).into());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(out.join("ory.rs"), compiled.code)?;
    fs::write(out.join("table.rs"), compiled.table)?;
    fs::write(out.join("operations.md"), compiled.table_docs)?;
    fs::write(out.join("todays_names.md"), compiled.names_guide)?;
    fs::write(out.join("report.txt"), format!("{} operations compiled\n{}", compiled.operations, compiled.report))?;
    Ok(())
}

/// The document to compile. A relative path would be looked for in this crate's folder, not in the user's.
fn contract() -> Result<PathBuf, Box<dyn Error>> {
    let Some(named) = env::var_os("ORY_OPENAPI").filter(|value| !value.is_empty()) else {
        return Ok(Path::new("openapi.yaml").to_owned());
    };
    let path = PathBuf::from(named);
    if path.is_relative() {
        return Err(format!(
            "ORY_OPENAPI is the relative path {:?}, which would be looked for in this crate's folder. Give an absolute \
             path, or in your workspace's .cargo/config.toml:\n\n[env]\nORY_OPENAPI = {{ value = {path:?}, relative = true }}\n",
            path.display()
        )
        .into());
    }
    Ok(path)
}
