//! The README and the guides agree with the contract and with Cargo.toml.

use ory_sdk::contract::{Area, operations};

const README: &str = include_str!("../../README.md");
const MANIFEST: &str = include_str!("../../Cargo.toml");
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
    let features = MANIFEST.split("[features]").nth(1).unwrap().split("\n\n").next().unwrap();
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
    assert_eq!(count, 24);
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
