//! How many packages each feature adds for its users.

use std::collections::BTreeSet;
use std::process::Command;

/// The names of the packages that a user builds with these features on Linux.
fn packages(features: &str) -> BTreeSet<String> {
    let mut tree = Command::new(env!("CARGO"));
    tree.args(["tree", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    tree.args(["--target", "x86_64-unknown-linux-gnu", "--features", features]);
    let output = tree.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// The packages that these features add to the default ones.
fn added(features: &str) -> Vec<String> {
    packages(features).difference(&packages("")).cloned().collect()
}

/// The guide `connections` has these numbers.
#[test]
fn transport_features_add_what_the_guide_says() {
    assert_eq!(added("gzip").len(), 11, "{:?}", added("gzip"));
    assert_eq!(added("http2").len(), 7, "{:?}", added("http2"));
}

#[test]
fn the_web_features_add_three_packages() {
    assert_eq!(added("sessions"), ["equivalent", "hashbrown", "quick_cache"]);
    assert_eq!(added("web"), ["equivalent", "hashbrown", "quick_cache"]);
    assert_eq!(added("tokens"), ["equivalent", "hashbrown", "quick_cache"]);
    // Whoever uses axum has these already.
    let of_axum = ["axum", "axum-core", "matchit", "mime"];
    let added: Vec<String> = added("axum").into_iter().filter(|name| !of_axum.contains(&name.as_str())).collect();
    assert_eq!(added, ["equivalent", "hashbrown", "quick_cache"]);
}
