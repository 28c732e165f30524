//! The layout of `src/` and `build/`: which folder may use which, how `mod.rs` files look, and how long files are.
//! `CONTRIBUTING.md` explains the rules.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of `src/` from the lowest layer up: each may use only the ones before it.
const ROOMS: [&str; 25] = [
    "platform",
    "privacy",
    "crypto",
    "input",
    "contract",
    "wire",
    "cursor",
    "routing",
    "credentials",
    "flow",
    "response",
    "error",
    "call",
    "transport",
    "client",
    "lists",
    "codegen",
    "generated",
    "sessions",
    "web",
    "jwt",
    "tokens",
    "actions",
    "testing",
    "fuzzing",
];

const LONGEST: usize = 400;

struct Source {
    /// Relative to the root of the crate.
    path: PathBuf,
    /// The text without comment lines.
    code: String,
    lines: usize,
}

impl Source {
    /// The top-level folder or file of `src/` that this file belongs to.
    fn room(&self) -> String {
        let inside = self.path.components().nth(1).unwrap().as_os_str().to_string_lossy().into_owned();
        inside.trim_end_matches(".rs").to_owned()
    }

    fn is_mod(&self) -> bool {
        self.path.ends_with("mod.rs")
    }
}

fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut open, mut found) = (vec![root.join(folder)], Vec::new());
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let code = code.collect::<Vec<_>>().join("\n");
            found.push(Source { path: path.strip_prefix(root).unwrap().to_owned(), lines: text.lines().count(), code });
        }
    }
    assert!(found.len() > 10, "{folder} has files");
    found
}

/// The names that follow `crate::` in code, including each name in a braced group.
fn used(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let group = rest.strip_prefix('{').and_then(|inner| inner.split_once('}')).map(|(inner, _)| inner);
        for part in group.unwrap_or(rest).split(if group.is_some() { ',' } else { '\0' }) {
            let word: String = part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            names.push(word);
        }
    }
    names
}

#[test]
fn no_room_uses_one_above_it() {
    let rank = |room: &str| ROOMS.iter().position(|known| *known == room);
    for source in sources("src") {
        let room = source.room();
        if room == "lib" || room == "docs" {
            continue;
        }
        let own = rank(&room).unwrap_or_else(|| panic!("{} stands in no known room", source.path.display()));
        for name in used(&source.code) {
            if let Some(used) = rank(&name) {
                assert!(used <= own, "{} uses {name}, which stands above {room}", source.path.display());
            }
        }
    }
}

#[test]
fn nobody_imports_the_front_door() {
    for source in sources("src") {
        if ["lib", "testing", "fuzzing"].contains(&source.room().as_str()) {
            continue;
        }
        let by_front_door = used(&source.code).into_iter().find(|name| name.starts_with(char::is_uppercase));
        assert_eq!(by_front_door, None, "{} imports it from the root of the crate", source.path.display());
    }
}

/// The clock of `std` and everything of tokio panic in a browser, where the rooms for services do not exist.
#[test]
fn only_the_platform_has_clocks_and_timers() {
    for source in sources("src") {
        let is_test = source.path.file_stem().is_some_and(|name| name.to_string_lossy().ends_with("tests"));
        if is_test
            || ["platform", "sessions", "web", "jwt", "tokens", "testing", "fuzzing"].contains(&source.room().as_str())
        {
            continue;
        }
        let code = source.code.split("#[cfg(test)]\nmod tests").next().unwrap();
        let wrong = ["tokio::", "SystemTime", "std::time::Instant", "time::{Duration, Instant}"];
        let found = wrong.iter().find(|name| code.contains(**name));
        assert_eq!(found, None, "{}: use `platform`", source.path.display());
    }
}

#[test]
fn a_mod_file_with_children_defines_no_type() {
    for source in sources("src").into_iter().chain(sources("build")).filter(Source::is_mod) {
        let has = |starts: &[&str]| {
            let mut lines =
                source.code.lines().map(|line| line.trim_start_matches("pub ").trim_start_matches("pub(crate) "));
            lines.find(|line| starts.iter().any(|start| line.starts_with(start))).map(str::to_owned)
        };
        let defined = has(&["struct ", "enum ", "trait ", "type ", "impl ", "impl<"]);
        assert!(has(&["mod "]).is_none() || defined.is_none(), "{}: {defined:?}", source.path.display());
    }
}

#[test]
fn files_are_short() {
    for source in sources("src").into_iter().chain(sources("build")) {
        assert!(source.lines <= LONGEST, "{} has {} lines", source.path.display(), source.lines);
    }
}

#[test]
fn no_source_is_included_from_tests() {
    for source in sources("src") {
        let mut includes = source.code.lines().filter(|line| line.contains("#[path") || line.contains("include"));
        assert!(!includes.any(|line| line.contains("tests/")), "{}", source.path.display());
    }
}
