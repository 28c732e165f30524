//! Promises that this crate keeps for any input. Each function takes bytes and panics if a promise is broken.
//!
//! The fuzzer in `tests/fuzz` looks for such bytes. The test below runs over its seeds and over what it found.

#![allow(missing_docs, clippy::unwrap_used)]

mod actions;
mod bodies;
mod callers;
mod headers;
mod memory;
mod seed;
mod stand_in;
mod texts;
mod tokens;

pub use actions::actions;
pub use bodies::{error, flow};
pub use callers::{cursor, request, settings};
pub use headers::{cookies, link, rate_limit, walk};
pub use memory::memory;
pub use stand_in::stand_in;
pub use texts::{duration, token, url};
pub use tokens::{jwt, key_set};

#[cfg(test)]
mod tests {
    use std::path::Path;

    type Check = fn(&[u8]);

    const CHECKS: [(&str, Check); 17] = [
        ("error", super::error),
        ("flow", super::flow),
        ("link", super::link),
        ("walk", super::walk),
        ("cookies", super::cookies),
        ("rate_limit", super::rate_limit),
        ("duration", super::duration),
        ("token", super::token),
        ("url", super::url),
        ("cursor", super::cursor),
        ("request", super::request),
        ("settings", super::settings),
        ("stand_in", super::stand_in),
        ("jwt", super::jwt),
        ("key_set", super::key_set),
        ("actions", super::actions),
        // Nothing is measured here: the tests of `wire::memory` do that in a process of their own.
        ("memory", |data| assert!(super::memory(data, 1 << 14) >= 1 << 14)),
    ];

    /// The inputs of a target. Those with a file extension count; the fuzzer's own have none.
    fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let kept = files.filter(|path| path.extension().is_some());
        kept.map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect()
    }

    #[test]
    fn seeds_break_no_promise() {
        // The package that is published has no corpus, since the fuzz targets are a crate of their own. Cargo adds this file.
        if Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml.orig").exists() {
            return;
        }
        for (target, check) in CHECKS {
            let seeds = seeds(target);
            assert!(seeds.len() > 2, "{target} has {} seeds", seeds.len());
            for (file, seed) in seeds {
                eprintln!("{file}");
                check(&seed);
                // Truncated input must not break a promise either.
                (0..seed.len()).step_by(1 + seed.len() / 32).for_each(|end| check(&seed[..end]));
            }
        }
    }
}
