//! Selects the documents that the whole crate is compiled with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The chosen files: `all`, a number of them spread evenly, or by default the newest of each major line.
pub fn choose<'a>(files: &'a [PathBuf], wish: Option<&str>) -> Vec<&'a PathBuf> {
    match wish {
        Some("all") => files.iter().collect(),
        Some(number) => {
            let number: usize = number.parse().expect("ORY_SDK_SPECS_CHECK is a number or `all`");
            (0..number.min(files.len())).map(|index| &files[index * files.len() / number]).collect()
        }
        None => {
            let mut newest: BTreeMap<Vec<String>, (Vec<u64>, &PathBuf)> = BTreeMap::new();
            for file in files {
                let (line, version) = line_and_version(file);
                let entry = newest.entry(line).or_insert((version.clone(), file));
                if entry.0 <= version {
                    *entry = (version, file);
                }
            }
            newest.into_values().map(|(_, file)| file).collect()
        }
    }
}

/// `client-v1.22.63.json` belongs to the line `client 1`. Before 1.0 the second number marks breaking changes, so
/// `kratos-v0.13.1.json` belongs to `kratos 0 13`. A name without a version is a separate line.
fn line_and_version(file: &Path) -> (Vec<String>, Vec<u64>) {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let Some((product, version)) = name.rsplit_once("-v") else { return (vec![name.into_owned()], Vec::new()) };
    let numbers: Vec<u64> = version.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    let breaking = if numbers.first() == Some(&0) { 2 } else { 1 };
    let line = numbers.iter().take(breaking).map(u64::to_string);
    let mut version_of_line = numbers.clone();
    // A release is newer than its alphas.
    if !version.contains("-") {
        version_of_line.push(u64::MAX);
    }
    (std::iter::once(product.to_owned()).chain(line).collect(), version_of_line)
}

#[test]
fn each_major_lines_newest() {
    let files = [
        "a-v0.2.0-alpha.5.json",
        "a-v0.2.0-alpha.60.json",
        "a-v0.3.0.json",
        "a-v1.9.1.json",
        "a-v1.10.0.json",
        "b.yaml",
    ];
    let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
    let chosen: Vec<String> = choose(&files, None).iter().map(|file| file.display().to_string()).collect();
    assert_eq!(chosen, ["a-v0.2.0-alpha.60.json", "a-v0.3.0.json", "a-v1.10.0.json", "b.yaml"]);
    assert_eq!(choose(&files, Some("all")).len(), 6);
    assert_eq!(choose(&files, Some("2")), [&files[0], &files[3]]);
}
