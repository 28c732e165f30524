//! Whether the tests run in the package that is published, or in the repository.

use std::path::{Path, PathBuf};

/// `Cargo.toml` as it was before Cargo wrote it anew for the package.
const ORIGINAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml.orig");

/// The package lacks what is a crate of its own, such as the fuzz targets with their corpus.
pub fn is_published() -> bool {
    Path::new(ORIGINAL).exists()
}

/// The manifest as it is written in the repository.
pub fn manifest() -> PathBuf {
    let file = if is_published() { ORIGINAL } else { concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml") };
    file.into()
}
