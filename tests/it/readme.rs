//! The README names every operation, so that nobody who comes from Ruby looks for one in vain.

const README: &str = include_str!("../../README.md");

/// The first code word of each cell of a table's row.
fn rows() -> Vec<Vec<&'static str>> {
    let lines = README.lines().filter(|line| line.starts_with("| "));
    lines.map(|line| line.split('|').map(|cell| cell.trim().trim_matches('`')).collect()).collect()
}

#[test]
fn every_operation_stands_in_the_table() {
    let rows = rows();
    let mut expected = Vec::new();
    for operation in ory_sdk::operations() {
        let area = operation.area.to_string();
        let ruby = crate::build::names::ruby_name(operation.id);
        let found = rows.iter().any(|row| row.get(1..4) == Some(&[area.as_str(), ruby.as_str(), operation.name]));
        assert!(found, "| {area} | `{ruby}` | `{}` |", operation.name);
        if let Some(legacy) = operation.legacy {
            let ruby = crate::build::names::ruby_name(legacy);
            let found =
                rows.iter().any(|row| row.get(1..3) == Some(&[ruby.as_str(), operation.name]) && row.len() == 4);
            assert!(found, "| `{ruby}` | `{}` |", operation.name);
            expected.push(ruby);
        }
    }
    assert_eq!(expected.len(), 35);
}
