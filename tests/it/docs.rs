//! The README and the guides agree with the contract and with Cargo.toml.

use std::path::{Path, PathBuf};

use ory_sdk::contract::{Area, operations};

use crate::support::package;

const README: &str = include_str!("../../README.md");
const MODULES: &str = include_str!("../../src/docs/mod.rs");
const GUIDE: &str = include_str!("../../src/docs/from_ruby.md");

/// The cells of every table row, without backticks.
fn rows() -> Vec<Vec<&'static str>> {
    let lines = GUIDE.lines().filter(|line| line.starts_with("| "));
    lines.map(|line| line.split('|').map(|cell| cell.trim().trim_matches('`')).collect()).collect()
}

#[test]
fn every_operation_with_another_name_is_in_the_guide() {
    let rows = rows();
    let mut others = 0;
    for operation in ory_sdk::contract::operations() {
        for id in [Some(operation.id), operation.legacy].into_iter().flatten() {
            let ruby = crate::build::names::ruby_name(id);
            let found = rows.iter().any(|row| row.get(1..3) == Some(&[ruby.as_str(), operation.name]));
            let differs = ruby != operation.name;
            assert_eq!(found, differs, "| `{ruby}` | `{}` |", operation.name);
            others += usize::from(differs);
        }
    }
    assert_eq!(others, 37);
}

#[test]
fn the_readme_lists_every_feature() {
    let rows: Vec<&str> = README.lines().filter(|line| line.starts_with("| `")).collect();
    let manifest = std::fs::read_to_string(package::manifest()).unwrap();
    let features = manifest.split("[features]").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = features.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    let default = names.clone().find(|(name, _)| *name == "default").unwrap().1;
    let mut count = 0;
    for (name, _) in names.filter(|(name, _)| *name != "default") {
        let on = if default.contains(&format!("\"{name}\"")) { "yes" } else { "no" };
        let row = rows.iter().find(|row| row.starts_with(&format!("| `{name}` | {on} | ")));
        let row = row.unwrap_or_else(|| panic!("the README has no row `{name}` with default {on}"));
        if let Some(area) = Area::KNOWN.iter().find(|area| area.as_str() == name) {
            let number = operations().iter().filter(|operation| operation.area == *area).count();
            let text = format!(": {number} operation{} |", if number == 1 { "" } else { "s" });
            assert!(row.ends_with(&text), "{row} should end with {text}");
        }
        count += 1;
    }
    assert_eq!(count, 26);
}

#[test]
fn the_readme_fits_on_a_page() {
    let lines = README.lines().count();
    assert!(lines <= 200, "{lines} lines");
}

#[test]
fn todays_names_lead_to_operations_and_types() {
    let guide = include_str!(concat!(env!("OUT_DIR"), "/todays_names.md"));
    for row in [
        "| `createBrowserLoginFlow` | [`initialize_self_service_login_flow_for_browsers`](crate::Client::initialize_self_service_login_flow_for_browsers) |",
        "| `listSessions` | [`admin_list_sessions`](crate::Client::admin_list_sessions) |",
        "| `loginFlow` | [`SelfServiceLoginFlow`](crate::types::SelfServiceLoginFlow) |",
        "| `updateLoginFlowBody` | [`SubmitSelfServiceLoginFlowBody`](crate::types::SubmitSelfServiceLoginFlowBody) |",
    ] {
        assert!(guide.lines().any(|line| line == row), "{row}");
    }
    assert!(guide.lines().filter(|line| line.starts_with("| `")).count() > 150);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder that have this extension.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let (mut open, mut found) = (vec![root().join(folder)], Vec::new());
    while let Some(folder) = open.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                // A crate of its own has its own rules.
                true if path.join("Cargo.toml").exists() => {}
                true => open.push(path),
                false if path.extension().is_some_and(|own| own == extension) => found.push(path),
                false => {}
            }
        }
    }
    found
}

#[test]
fn each_example_has_a_row_in_the_readme() {
    let section = README.split("## Guides and examples").nth(1).unwrap().split("\n## ").next().unwrap();
    let index: Vec<&str> = section.lines().filter(|line| line.starts_with("| ") && line.ends_with("` |")).collect();
    let mut names: Vec<String> = Vec::new();
    for path in std::fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().path()) {
        if path.extension().is_some() || path.join("main.rs").exists() {
            names.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    for name in &names {
        let rows = index.iter().filter(|row| row.ends_with(&format!("| `{name}` |"))).count();
        assert_eq!(rows, 1, "rows of the example {name} in the README");
    }
    assert_eq!(names.len(), index.len(), "{index:?}");
}

#[test]
fn examples_are_short() {
    for path in files("examples", "rs") {
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines < 100, "{} has {lines} lines", path.display());
    }
}

/// The targets of the links of a Markdown file.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// rustdoc checks the links of the guides to items. These are all others.
#[test]
fn links_lead_somewhere() {
    const DOCS: &str = "https://docs.rs/ory-sdk/latest/ory_sdk/";
    const PAGES: [&str; 7] = [
        "README",
        "CHANGELOG",
        "CONTRIBUTING",
        "SECURITY",
        ".github/pull_request_template",
        "benches/README",
        "tests/fuzz/README",
    ];
    if package::is_published() {
        return;
    }
    let mut pages = files("src/docs", "md");
    pages.extend(PAGES.map(|page| root().join(format!("{page}.md"))));
    let mut checked = 0;
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in links(&text) {
            if let Some(item) = link.strip_prefix(DOCS) {
                let item = item.split('#').next().unwrap();
                let is_there = match item.strip_prefix("docs/") {
                    Some(guide) => MODULES.contains(&format!("pub mod {} {{}}", guide.trim_end_matches('/'))),
                    None => ["contract/", "sessions/", "struct.ClientBuilder.html"].contains(&item),
                };
                assert!(is_there, "{}: {link}", page.display());
            } else if link.contains("::") || link.starts_with("https://") || link.starts_with('#') {
                continue;
            } else {
                let file = page.parent().unwrap().join(link.split('#').next().unwrap());
                assert!(file.exists(), "{}: {link}", page.display());
            }
            checked += 1;
        }
        // Examples and files that a text names without a link.
        for word in text.split(|c: char| c.is_whitespace() || "`(),".contains(c)) {
            if word.starts_with("examples/") && word.ends_with(".rs") {
                assert!(root().join(word).exists(), "{}: {word}", page.display());
                checked += 1;
            }
        }
    }
    assert!(checked > 30, "{checked}");
}
