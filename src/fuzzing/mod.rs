//! What holds for whatever a server sends. Each function takes any bytes and panics where something does not hold:
//! the fuzzer of `tests/fuzz` looks for such bytes, and the test below runs over those that it started from and found.

#![allow(missing_docs, clippy::unwrap_used)]

mod answers;
mod headers;
mod texts;

pub use answers::{error, flow};
pub use headers::{cookies, link, rate_limit, walk};
pub use texts::{duration, token, url};

/// What is planted where nobody may see it.
const PLANTED: &str = "hunter2-was-planted";

/// A first byte that chooses, and the rest. Digits choose by their value, so that seeds can be read.
fn choice(data: &[u8]) -> (usize, &[u8]) {
    match data.split_first() {
        Some((first, rest)) => (usize::from(first.wrapping_sub(b'0')), rest),
        None => (0, data),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    type Check = fn(&[u8]);

    const CHECKS: [(&str, Check); 9] = [
        ("error", super::error),
        ("flow", super::flow),
        ("link", super::link),
        ("walk", super::walk),
        ("cookies", super::cookies),
        ("rate_limit", super::rate_limit),
        ("duration", super::duration),
        ("token", super::token),
        ("url", super::url),
    ];

    /// The seeds and what was found have an extension; what a fuzzer keeps for itself has none.
    fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let kept = files.filter(|path| path.extension().is_some());
        kept.map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect()
    }

    #[test]
    fn seeds_hold() {
        for (target, check) in CHECKS {
            let seeds = seeds(target);
            assert!(seeds.len() > 2, "{target} has {} seeds", seeds.len());
            for (file, seed) in seeds {
                eprintln!("{file}");
                check(&seed);
                // And where it breaks off.
                (0..seed.len()).step_by(1 + seed.len() / 32).for_each(|end| check(&seed[..end]));
            }
        }
    }
}
