//! Whether the tests run in the package that is published, or in the repository.

use std::path::Path;

/// The package lacks what is a crate of its own, such as the fuzz targets with their corpus. Cargo adds this file to it.
pub fn is_published() -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml.orig").exists()
}
